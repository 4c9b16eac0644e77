/**
 * A line of APDUs as a person meets it: commands and answers, either direction, alone or one behind the other
 * (device-protocols 2.1 to 2.6). APDUs carry no length of their own in front, so a run is taken apart by what fits.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireDirection } from '../wire-key.ts';
import {
  damageIn,
  isAnswerMeaning,
  readAnswer,
  writeAnswer,
  type AnswerReading,
  type Family,
} from './apdu-answers.codec.ts';
import { isCommandMeaning, readCommand, writeCommand, type CommandReading } from './apdu-commands.codec.ts';
import type { Fields } from './card-layout.codec.ts';

/** More than this is no line of hex a person brings; taking a run apart is quadratic. */
const MAX_RUN_BYTES = 2_048;
const MAX_COMMAND_BYTES = 5 + 255 + 1;
const MAX_ANSWER_BYTES = 258;

/** One APDU, or a list of them; `device.garbage` with the offset of what is wrong. */
export function decodeApdus(bytes: Uint8Array, family?: Family): Result<Meaning> {
  const one = decodeOne(bytes, family);
  if (one.kind === 'sure') return ok(one.meaning);
  const run = bytes.length <= MAX_RUN_BYTES ? splitRun(bytes, family) : undefined;
  if (run) return ok(run);
  return one.kind === 'garbage' ? fail('device.garbage', `byte ${one.at}: ${one.why}`) : ok(one.meaning);
}

/** `device.garbage` for a meaning that `decodeApdus` does not give. */
export function encodeApdus(meaning: unknown): Result<Uint8Array> {
  const parts = (Array.isArray(meaning) ? meaning : [meaning]).map(encodeOne);
  if (parts.length === 0 || parts.includes(undefined)) return fail('device.garbage', 'no meaning of an APDU');
  return ok(Uint8Array.from(parts.flatMap((part) => [...(part ?? [])])));
}

/** What may stand in a log or a recording: class, instruction, lengths and status word; all else is 00, the length the same. */
export function maskApdu(direction: WireDirection, bytes: Uint8Array): Uint8Array {
  const masked = new Uint8Array(bytes.length);
  if (direction === 'fromDevice') {
    masked.set(bytes.slice(-2), Math.max(0, bytes.length - 2));
    return masked;
  }
  masked.set(bytes.slice(0, 2));
  if (bytes.length > 4) masked.set(bytes.slice(4, 5), 4);
  const le = 5 + (bytes[4] ?? 0);
  if (bytes.length === le + 1) masked.set(bytes.slice(le), le);
  return masked;
}

type One =
  | { readonly kind: 'sure'; readonly meaning: Fields }
  | { readonly kind: 'unsure'; readonly meaning: Fields }
  | { readonly kind: 'garbage'; readonly at: number; readonly why: string };

function decodeOne(bytes: Uint8Array, family: Family | undefined): One {
  const command = readCommand(bytes);
  if (command.ok) return { kind: 'sure', meaning: command.meaning };
  const answer = readAnswer(bytes, family);
  if (answer.ok && answer.isRecognised) return { kind: 'sure', meaning: answer.meaning };
  return doubtful(bytes, command, answer, family);
}

/** Neither a known command nor a known answer: which of the two it was meant to be decides what is wrong with it. */
function doubtful(
  bytes: Uint8Array,
  command: Extract<CommandReading, { ok: false }>,
  answer: AnswerReading,
  family: Family | undefined,
): One {
  if (command.isCommand) return { kind: 'garbage', at: command.at, why: command.why };
  if (!answer.ok) {
    const isHeader = command.at > 0 && bytes.length >= 4;
    return {
      kind: 'garbage',
      at: answer.at,
      why: isHeader ? `${answer.why}, and ${command.why} at byte ${command.at}` : answer.why,
    };
  }
  const damage = family === 'ssse' ? damageIn(bytes) : undefined;
  return damage ? { kind: 'garbage', ...damage } : { kind: 'unsure', meaning: answer.meaning };
}

/** Every piece must be something known; the longest run of pieces that reaches the end is found by trying. */
function splitRun(bytes: Uint8Array, family: Family | undefined): readonly Fields[] | undefined {
  const deadEnds = new Set<number>();
  function from(at: number): readonly Fields[] | undefined {
    if (at === bytes.length) return [];
    if (deadEnds.has(at)) return undefined;
    for (const { end, meaning } of pieces(bytes, at, family)) {
      const rest = from(end);
      if (rest) return [meaning, ...rest];
    }
    deadEnds.add(at);
    return undefined;
  }
  const found = from(0);
  return found && found.length > 1 ? found : undefined;
}

function* pieces(
  bytes: Uint8Array,
  at: number,
  family: Family | undefined,
): Generator<{ end: number; meaning: Fields }> {
  for (let end = at + 4; end <= Math.min(bytes.length, at + MAX_COMMAND_BYTES); end += 1) {
    const command = readCommand(bytes.subarray(at, end));
    if (command.ok) yield { end, meaning: command.meaning };
  }
  for (let end = at + 2; end <= Math.min(bytes.length, at + MAX_ANSWER_BYTES); end += 1) {
    const answer = readAnswer(bytes.subarray(at, end), family);
    if (answer.ok && answer.isRecognised) yield { end, meaning: answer.meaning };
  }
}

function encodeOne(meaning: unknown): Uint8Array | undefined {
  if (isCommandMeaning(meaning)) return writeCommand(meaning);
  return isAnswerMeaning(meaning) ? writeAnswer(meaning) : undefined;
}
