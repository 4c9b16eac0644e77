/** What a maintainer reads: is there a reader, does a card lie on it, and does the kiosk know it. Nothing personal. */
import type { SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import type { SelfTestLine } from '../../contract/driver.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { PROBLEMS } from '../../contract/problem.catalogue.ts';
import type { CardLink } from './card-link.ts';

export async function* testSmartCardReader(
  link: CardLink,
  profileIds: readonly string[],
  read: () => Promise<Outcome<SmartCardReply>>,
): AsyncGenerator<SelfTestLine> {
  const { state, presence, problem } = link.condition;
  const isOnline = state === 'online';
  const detail = isOnline ? `${link.address} online` : `${link.address} ${state} ${problem?.detail ?? ''}`;
  yield { step: 'reader', result: isOnline ? 'pass' : 'fail', detail: detail.trim().slice(0, 300) };
  const known = profileIds.join(', ') || 'none';
  yield { step: 'profiles', result: profileIds.length > 0 ? 'pass' : 'fail', detail: known.slice(0, 300) };
  if (!isOnline) return;
  if (presence !== 'present') {
    yield { step: 'card', result: 'skip', detail: 'no card on the reader: lay one down and test again' };
    return;
  }
  yield cardLine(await read());
}

function cardLine(outcome: Outcome<SmartCardReply>): SelfTestLine {
  if (outcome.kind === 'done') return { step: 'card', result: 'pass', detail: `read as ${outcome.reply.profile}` };
  const { code, detail } = outcome.problem;
  const { number, maintainer } = PROBLEMS[code];
  // an expired or foreign card proves the reader as well as any
  const result = code === 'card.unknown' || code === 'card.expired' ? 'pass' : 'fail';
  return { step: 'card', result, detail: `${number} ${maintainer} ${detail ?? ''}`.trim().slice(0, 300) };
}
