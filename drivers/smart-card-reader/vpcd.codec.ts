/** vpcd framing: two bytes of length, big-endian, then the payload, the same both ways (device-protocols 2.7). */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireDirection } from '../wire-key.ts';
import { decodeApdus, encodeApdus, maskApdu } from './apdu.codec.ts';
import { isAtr } from './atr.ts';
import { bytesOf, fieldsOf, hexOf } from './card-layout.codec.ts';

/** Payloads of one byte are controls; power and reset have no answer. */
export const VPCD_POWER_OFF = 0x00;
export const VPCD_POWER_ON = 0x01;
export const VPCD_GET_ATR = 0x04;

const CONTROLS: Readonly<Record<number, string>> = { 0: 'powerOff', 1: 'powerOn', 2: 'reset', 4: 'getAtr' };

/** 256 bytes of data and a status word, or a command with 255 bytes of data and Le: nothing short is longer. */
const MAX_PAYLOAD_BYTES = 261;

/** Header and payload in one piece: as two segments, Nagle and delayed acknowledgement cost 44 ms a command. */
export function encodeVpcd(payload: Uint8Array): Uint8Array {
  return Uint8Array.of(payload.length >> 8, payload.length & 0xff, ...payload);
}

export class VpcdDecoder {
  #rest: Uint8Array = new Uint8Array();
  #isBroken = false;

  get pendingBytes(): number {
    return this.#rest.length;
  }

  /**
   * The payloads completed by this chunk. `isBroken`: a length of zero or beyond any message; there is no way back into step
   * and the card has to be dropped; whatever comes after it is not read.
   */
  push(chunk: Uint8Array): { readonly payloads: readonly Uint8Array[]; readonly isBroken: boolean } {
    if (this.#isBroken) return { payloads: [], isBroken: true };
    const bytes = Uint8Array.of(...this.#rest, ...chunk);
    const payloads: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const high = bytes[at];
      const low = bytes[at + 1];
      if (high === undefined || low === undefined) break;
      const length = (high << 8) | low;
      if (length === 0 || length > MAX_PAYLOAD_BYTES) {
        this.#rest = new Uint8Array();
        this.#isBroken = true;
        return { payloads, isBroken: true };
      }
      if (bytes.length < at + 2 + length) break;
      payloads.push(bytes.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
    this.#rest = bytes.slice(at);
    return { payloads, isBroken: false };
  }
}

/** One message, or a list of them. */
export function decodeVpcd(bytes: Uint8Array): Result<Meaning> {
  const messages: Meaning[] = [];
  for (let at = 0; at < bytes.length || messages.length === 0;) {
    const payload = payloadAt(bytes, at);
    if (!payload.ok) return payload;
    const message = decodePayload(payload.value);
    if (!message.ok) return fail('device.garbage', `message at byte ${at}: ${message.problem.detail ?? ''}`);
    messages.push(message.value);
    at += 2 + payload.value.length;
  }
  const [only] = messages;
  return ok(messages.length === 1 && only !== undefined ? only : messages);
}

function payloadAt(bytes: Uint8Array, at: number): Result<Uint8Array> {
  const left = bytes.length - at - 2;
  if (left < 0) return fail('device.garbage', `byte ${at}: no whole length`);
  const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (length === 0 || length > MAX_PAYLOAD_BYTES) {
    return fail('device.garbage', `byte ${at}: a message has no ${length} bytes`);
  }
  if (left < length) return fail('device.garbage', `byte ${at}: the length says ${length}, ${left} bytes follow`);
  return ok(bytes.subarray(at + 2, at + 2 + length));
}

export function encodeVpcdMeaning(meaning: unknown): Result<Uint8Array> {
  const parts: number[] = [];
  const messages: readonly unknown[] = Array.isArray(meaning) ? meaning : [meaning];
  for (const message of messages) {
    const payload = encodePayload(message);
    if (!payload.ok) return payload;
    parts.push(...encodeVpcd(payload.value));
  }
  return ok(Uint8Array.from(parts));
}

/** Lengths and controls stay; an ATR names its card and is blanked; what stands in no whole message is blanked too. */
export function maskVpcd(direction: WireDirection, bytes: Uint8Array): Uint8Array {
  const masked = new Uint8Array(bytes.length);
  for (let at = 0; at + 2 <= bytes.length;) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const payload = bytes.subarray(at + 2, at + 2 + length);
    masked.set(bytes.subarray(at, at + 2), at);
    if (length === 0 || payload.length < length) break;
    if (length === 1) masked.set(payload, at + 2);
    else if (!isAtr(payload)) masked.set(maskApdu(direction, payload), at + 2);
    at += 2 + length;
  }
  return masked;
}

function decodePayload(payload: Uint8Array): Result<Meaning> {
  const [control] = payload;
  if (payload.length === 1 && control !== undefined) {
    const name = CONTROLS[control];
    return name
      ? ok({ control: name, direction: 'toDevice' })
      : fail('device.garbage', `control ${hexOf(payload)} is not defined`);
  }
  if (isAtr(payload)) return ok({ atr: hexOf(payload), direction: 'fromDevice' });
  const apdu = decodeApdus(payload);
  return apdu.ok ? ok({ apdu: apdu.value }) : apdu;
}

function encodePayload(message: unknown): Result<Uint8Array> {
  const { control, atr, apdu } = fieldsOf(message) ?? {};
  if (apdu !== undefined) return encodeApdus(apdu);
  const code = Object.keys(CONTROLS).find((key) => CONTROLS[Number(key)] === control);
  if (code !== undefined) return ok(Uint8Array.of(Number(code)));
  const bytes = typeof atr === 'string' ? bytesOf(atr) : undefined;
  return bytes && bytes.length > 1 ? ok(bytes) : fail('device.garbage', 'no meaning of a vpcd message');
}
