/** The first words on a new wire: the password, what the module is, and how one tells that it owes no answer. */
import { CODES, isSame, type Acknowledge, type SyncQuestion } from './zfm-line.ts';
import type { Answer, ZfmTalk } from './zfm-talk.ts';

/** A module that was just switched on hears nothing for half a second to a second (device-protocols 3.1). */
const POWER_UP_MS = 500;

/** Does nothing on a line that was greeted. */
export async function greet(talk: ZfmTalk): Promise<Answer<undefined>> {
  const { line, turn } = talk;
  if (line.isGreeted) return { ok: true, value: undefined };
  await turn.scope.pause(POWER_UP_MS);
  const verified = await talk.verifyPassword();
  if (!verified.ok) return verified;
  const parameters = await askTwice(talk, 'ReadSysPara');
  if (!parameters.ok) return parameters;
  const random = await askTwice(talk, 'GetRandom');
  if (!random.ok) return random;
  line.sync = chooseSync(parameters.value, random.value);
  line.isGreeted = true;
  return { ok: true, value: undefined };
}

type Pair = readonly [Acknowledge, Acknowledge];

/** Some clones refuse these; a refusal is believed the second time, the first may be a packet that came through spoiled. */
async function askTwice(talk: ZfmTalk, question: 'ReadSysPara' | 'GetRandom'): Promise<Answer<Pair>> {
  const first = await talk.ask(question, 'any');
  if (!first.ok) return first;
  const second = await talk.ask(question, 'any');
  return second.ok ? { ok: true, value: [first.value, second.value] } : second;
}

function chooseSync(parameters: Pair, random: Pair): SyncQuestion {
  const [one, two] = random;
  if (one.code === CODES.success && two.code === CODES.success && !isSame(one, two)) return 'GetRandom';
  return parameters[1].code === CODES.success ? 'ReadSysPara' : 'silence';
}
