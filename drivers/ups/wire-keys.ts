/** The protocol of upsd for people with a line of hex. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireKey } from '../wire-key.ts';
import { NutDecoder, readLine, writeLine, type NutMessage } from './nut.codec.ts';
import { statusNames } from './ups-status.ts';

const LF = 0x0a;
const ASTERISK = 0x2a;

export const WIRE_KEYS: readonly WireKey[] = [
  {
    key: 'nut',
    protocol: 'Network UPS Tools, RFC 9271 section 4: lines between upsd and its clients',
    decode,
    encode,
    mask: (_direction, bytes) => masked(bytes),
    stream: () => new NutDecoder(),
  },
];

/** One line gives its meaning, several give a list. */
function decode(bytes: Uint8Array): Result<Meaning> {
  const meanings: Meaning[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LF, start);
    if (end < 0) return fail('device.garbage', `byte ${bytes.length}: the line does not end`);
    const line = readLine(bytes.subarray(start, end));
    if (!line.ok) return fail('device.garbage', `line from byte ${start}: ${line.problem.detail ?? ''}`);
    meanings.push(meaningOf(line.value));
    start = end + 1;
  }
  const [first] = meanings;
  if (first === undefined) return fail('device.garbage', 'byte 0: no line');
  return ok(meanings.length === 1 ? first : meanings);
}

function meaningOf(message: NutMessage): Meaning {
  if (message.kind !== 'variable' || message['name'] !== 'ups.status') return { ...message };
  return { ...message, says: statusNames(message['value'] ?? '') };
}

function encode(meaning: unknown): Result<Uint8Array> {
  const list: readonly unknown[] = Array.isArray(meaning) ? meaning : [meaning];
  const lines: Uint8Array[] = [];
  for (const entry of list) {
    if (!isMessage(entry)) return fail('device.garbage', 'a line has a kind and a from');
    const line = writeLine(entry);
    if (!line.ok) return line;
    lines.push(line.value);
  }
  return ok(Buffer.concat(lines));
}

function isMessage(value: unknown): value is NutMessage {
  return typeof value === 'object' && value !== null && 'kind' in value && 'from' in value;
}

/** User name and password stay out of recordings, also of a line cut in two: all behind the word is blanked. */
function masked(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const text = Buffer.from(bytes).toString('latin1');
  for (const match of text.matchAll(/(?<=(?:USERNAME|PASSWORD) )[^\n]+/g))
    copy.fill(ASTERISK, match.index, match.index + match[0].length);
  return copy;
}
