/** `pos-mis-serial`: whole runs of MIS frames and control bytes, either direction (device-protocols 5.1). */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireDirection, WireKey } from '../wire-key.ts';
import { encodeMeaningFrame, isPersonalTag, isRecord, meaningOfFields } from './mis-meaning.ts';
import { decodeTlv, MisDecoder } from './mis-tlv.codec.ts';

const CONTROLS: Readonly<Record<number, string>> = { 0x06: 'ack', 0x15: 'nak', 0x04: 'eot' };
const STX = 0x02;
const ETX = 0x03;
const MAX_FRAME_BYTES = 1_024;
const DETAILS = 0xdf06;

/** A frame or a control byte; `data` is where the TLV stands. */
type Part =
  | { readonly kind: 'control'; readonly control: string; readonly length: 1 }
  | { readonly kind: 'frame'; readonly data: Uint8Array; readonly length: number };

function partAt(bytes: Uint8Array, at: number): Result<Part> {
  const garbage = (offset: number, reason: string) => fail('device.garbage', `byte ${at + offset}: ${reason}`);
  const [first = 0, high, low] = bytes.subarray(at);
  const control = CONTROLS[first];
  if (control !== undefined) return ok({ kind: 'control', control, length: 1 });
  if (first !== STX) return garbage(0, `${hex([first])} begins no frame`);
  if (high === undefined || low === undefined) return garbage(1, 'cut off in the length');
  const digits = hex([high, low]);
  if (!/^\d{4}$/.test(digits)) return garbage(1, `the length ${digits} is not decimal`);
  const dataBytes = Number(digits);
  const length = dataBytes + 5;
  if (length > MAX_FRAME_BYTES) return garbage(1, `${length} bytes are more than a frame may have`);
  const frame = bytes.subarray(at, at + length);
  if (frame.length < length) return garbage(frame.length, `cut off: ${length - frame.length} bytes are missing`);
  if (frame[length - 2] !== ETX)
    return garbage(length - 2, `${hex(frame.subarray(-2, -1))} stands where 03 ends the data`);
  const lrc = frame.subarray(1, -1).reduce((sum, byte) => sum ^ byte, 0);
  if (frame[length - 1] !== lrc)
    return garbage(length - 1, `LRC is ${hex(frame.subarray(-1))}, should be ${hex([lrc])}`);
  return ok({ kind: 'frame', data: frame.subarray(3, -2), length });
}

function decode(bytes: Uint8Array): Result<Meaning> {
  const meanings: Meaning[] = [];
  for (let at = 0; at < bytes.length;) {
    const part = partAt(bytes, at);
    if (!part.ok) return part;
    const meaning = meaningOf(part.value, at);
    if (!meaning.ok) return meaning;
    meanings.push(meaning.value);
    at += part.value.length;
  }
  if (meanings.length === 0) return fail('device.garbage', 'no bytes');
  return ok(meanings.length === 1 ? (meanings[0] ?? null) : meanings);
}

function meaningOf(part: Part, at: number): Result<Meaning> {
  if (part.kind === 'control') return ok({ control: part.control });
  const fields = decodeTlv(part.data);
  if (!fields || fields.length === 0) return fail('device.garbage', `byte ${at + 3}: the data is no TLV`);
  const meaning = meaningOfFields(fields);
  const type = meaning['messageType'];
  if (type !== 'request' && type !== 'response') return ok(meaning);
  return ok({ direction: type === 'request' ? 'toDevice' : 'fromDevice', ...meaning });
}

function encode(meaning: unknown): Result<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const one of Array.isArray(meaning) ? (meaning as unknown[]) : [meaning]) {
    if (!isRecord(one)) return fail('kiosk.badMessage', 'a frame is an object');
    const control = Object.entries(CONTROLS).find(([, name]) => name === one['control']);
    const bytes = control ? ok(Uint8Array.of(Number(control[0]))) : encodeMeaningFrame(one);
    if (!bytes.ok) return bytes;
    parts.push(bytes.value);
  }
  return ok(Uint8Array.from(Buffer.concat(parts)));
}

/** Card, expiry and payment code become asterisks and the frame is sealed anew; what is no whole frame is blanked whole. */
function mask(_direction: WireDirection, bytes: Uint8Array): Uint8Array {
  const masked = Uint8Array.from(bytes);
  for (let at = 0; at < bytes.length;) {
    const part = partAt(bytes, at);
    if (!part.ok || (part.value.kind === 'frame' && !decodeTlv(part.value.data))) return masked.fill(0x2a, at);
    if (part.value.kind === 'frame') {
      blankPersonal(masked.subarray(at + 3, at + part.value.length - 2));
      const sealed = masked.subarray(at + 1, at + part.value.length - 1);
      masked[at + part.value.length - 1] = sealed.reduce((sum, byte) => sum ^ byte, 0);
    }
    at += part.value.length;
  }
  return masked;
}

/** `data` is well-formed TLV; written in place. */
function blankPersonal(data: Uint8Array): void {
  for (let at = 0; at < data.length;) {
    const tag = ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
    const first = data[at + 2] ?? 0;
    const extra = first > 0x80 ? first - 0x80 : 0;
    const start = at + 3 + extra;
    const length = extra === 0 ? first : Number(`0x${hex(data.subarray(at + 3, start))}`);
    const value = data.subarray(start, start + length);
    if (tag === DETAILS && decodeTlv(value)) blankPersonal(value);
    else if (isPersonalTag(tag) || tag === DETAILS) value.fill(0x2a);
    at = start + length;
  }
}

function hex(bytes: Iterable<number>): string {
  return Buffer.from([...bytes])
    .toString('hex')
    .toUpperCase();
}

export const MIS_SERIAL_KEY: WireKey = {
  key: 'pos-mis-serial',
  protocol: 'MIS/ECR serial frames with TLV and one-byte LRC (device-protocols 5.1)',
  decode,
  encode,
  mask,
  stream: () => {
    const decoder = new MisDecoder();
    return {
      // Noise, and control bytes beside a false start, are judged by what arrives with them; frames never are.
      push: (chunk) => decoder.push(chunk).filter(({ kind }) => kind === 'frame' || kind === 'damaged'),
      get pendingBytes() {
        return decoder.pendingBytes;
      },
    };
  },
};
