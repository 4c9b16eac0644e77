/** `pos-mis-dll`: the strings of the MIS DLL, bare or as our bridge frames them (device-protocols 5.2). */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireDirection, WireKey } from '../wire-key.ts';
import { BRIDGE_OVERHEAD_BYTES, BridgeDecoder, frameForBridge, textOf } from './mis-dll-bridge.codec.ts';
import {
  decodeDllRequest,
  decodeDllResponse,
  DLL_CARD_COLUMN,
  DLL_REQUEST_BYTES,
  DLL_RESPONSE_BYTES,
  DLL_TYPES,
  encodeDllRequest,
  encodeDllResponse,
  type DllRequest,
  type DllResponse,
} from './mis-dll.codec.ts';
import { isRecord } from './mis-meaning.ts';

const STX = 0x02;

interface Part {
  readonly text: Uint8Array;
  readonly at: number;
  readonly isFramed: boolean;
}

/** The strings in a run of bytes. Which width one has shows in its end: the whole run must fit. */
function partsOf(bytes: Uint8Array): Result<Part[]> {
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length;) {
    const part = partAt(bytes, at);
    if (!part.ok) return part;
    parts.push(part.value);
    at = part.value.at + part.value.text.length + (part.value.isFramed ? BRIDGE_OVERHEAD_BYTES - 1 : 0);
  }
  return parts.length > 0 ? ok(parts) : fail('device.garbage', 'no bytes');
}

function partAt(bytes: Uint8Array, at: number): Result<Part> {
  const isFramed = bytes[at] === STX;
  let wrong = '';
  for (const width of [DLL_REQUEST_BYTES, DLL_RESPONSE_BYTES]) {
    const raw = bytes.subarray(at, at + width + (isFramed ? BRIDGE_OVERHEAD_BYTES : 0));
    const text = isFramed ? textOf(raw) : raw;
    if (text?.length !== width) continue;
    const read = meaningOfText(text);
    if (read.ok) return ok({ text, at: isFramed ? at + 1 : at, isFramed });
    wrong = `, as ${width} bytes: ${read.problem.detail ?? ''}`;
  }
  const left = bytes.length - at;
  return fail(
    'device.garbage',
    `byte ${at}: neither a request nor a response begins here (${left} bytes left)${wrong}`,
  );
}

function meaningOfText(text: Uint8Array): Result<Meaning> {
  if (text.length === DLL_REQUEST_BYTES) {
    const request = decodeDllRequest(text);
    return request.ok ? ok({ direction: 'toDevice', ...request.value }) : request;
  }
  const response = decodeDllResponse(text);
  if (!response.ok) return response;
  return ok({ direction: 'fromDevice', approved: response.value.resultCode === '00', ...response.value });
}

function decode(bytes: Uint8Array): Result<Meaning> {
  const parts = partsOf(bytes);
  if (!parts.ok) return parts;
  const meanings: Meaning[] = [];
  for (const { text, isFramed } of parts.value) {
    const meaning = meaningOfText(text);
    if (!meaning.ok) return meaning;
    meanings.push(isFramed ? { framedForBridge: meaning.value } : meaning.value);
  }
  return ok(meanings.length === 1 ? (meanings[0] ?? null) : meanings);
}

function encode(meaning: unknown): Result<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const one of Array.isArray(meaning) ? (meaning as unknown[]) : [meaning]) {
    const bytes = encodeOne(one);
    if (!bytes.ok) return bytes;
    parts.push(bytes.value);
  }
  return ok(Uint8Array.from(Buffer.concat(parts)));
}

function encodeOne(one: unknown): Result<Uint8Array> {
  if (!isRecord(one)) return fail('kiosk.badMessage', 'a string is an object of its fields');
  if ('framedForBridge' in one) {
    const text = encodeOne(one['framedForBridge']);
    return text.ok ? ok(frameForBridge(text.value)) : text;
  }
  const { direction, type } = one;
  if (direction === 'fromDevice') return encodeDllResponse(one as unknown as DllResponse);
  if (typeof type !== 'string' || !Object.hasOwn(DLL_TYPES, type))
    return fail('kiosk.badMessage', 'no such transaction');
  return encodeDllRequest(one as unknown as DllRequest);
}

/** The card number becomes asterisks and the frame is sealed anew; what is no string of the DLL is blanked whole. */
function mask(_direction: WireDirection, bytes: Uint8Array): Uint8Array {
  const masked = Uint8Array.from(bytes);
  const parts = partsOf(bytes);
  if (!parts.ok) return masked.fill(0x2a);
  for (const { text, at, isFramed } of parts.value) {
    if (text.length !== DLL_RESPONSE_BYTES) continue;
    masked.fill(0x2a, at + DLL_CARD_COLUMN.offset, at + DLL_CARD_COLUMN.offset + DLL_CARD_COLUMN.width);
    if (isFramed) masked.set(frameForBridge(masked.slice(at, at + text.length)), at - 1);
  }
  return masked;
}

export const MIS_DLL_KEY: WireKey = {
  key: 'pos-mis-dll',
  protocol: 'MIS DLL strings, 59 and 148 bytes, GBK (device-protocols 5.2)',
  decode,
  encode,
  mask,
  stream: () => new BridgeDecoder(),
};
