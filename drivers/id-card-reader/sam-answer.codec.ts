/** What an answer of the security module holds: status, identity, read block, appended addresses (device-protocols 1.3 to 1.7). */
import { sealFrame } from './sam-frame.codec.ts';
import { OK, SAM_COMMANDS, type SamCommandName } from './sam-tables.ts';

export interface SamAnswer {
  /** SW3, the only status byte that says anything. */
  readonly code: number;
  readonly data: Uint8Array;
}

export interface ReadBlock {
  readonly text: Uint8Array;
  readonly photo: Uint8Array;
  /** Absent: not asked for. Empty: the card holds none. */
  readonly fingerprints: Uint8Array | undefined;
}

export const TEXT_BYTES = 256;
export const PHOTO_BYTES = 1_024;
export const ADDRESS_BYTES = 70;
const SAM_ID_BYTES = 16;

export function encodeCommand(name: SamCommandName): Uint8Array {
  return sealFrame(Uint8Array.from(SAM_COMMANDS[name]));
}

/** Undefined for a frame of the other direction: no command has the number 00. */
export function readAnswer(payload: Uint8Array): SamAnswer | undefined {
  const [sw1, sw2, code] = payload;
  if (sw1 !== 0 || sw2 !== 0 || code === undefined) return undefined;
  return { code, data: payload.subarray(3) };
}

/** By its own length words, which must add up: the third one is 0000 on a card without fingerprints. */
export function readBlock({ code, data }: SamAnswer): ReadBlock | undefined {
  if (code !== OK || data.length < 4) return undefined;
  const [textBytes, photoBytes, thirdWord] = [word(data, 0), word(data, 2), word(data, 4)];
  if (data.length === 4 + textBytes + photoBytes) return split(data, 4, textBytes, photoBytes);
  if (data.length === 6 + textBytes + photoBytes + thirdWord) return split(data, 6, textBytes, photoBytes);
  return undefined;
}

function split(data: Uint8Array, from: 4 | 6, textBytes: number, photoBytes: number): ReadBlock {
  const photoAt = from + textBytes;
  return {
    text: data.subarray(from, photoAt),
    photo: data.subarray(photoAt, photoAt + photoBytes),
    fingerprints: from === 6 ? data.subarray(photoAt + photoBytes) : undefined,
  };
}

/** `05.03-20200101-0012345678-0087654321`; the form by which inspections know a reader (1.6). */
export function readSamId({ code, data }: SamAnswer): string | undefined {
  if (code !== OK || data.length !== SAM_ID_BYTES) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const number = (at: number, digits: number): string => String(view.getUint32(at, true)).padStart(digits, '0');
  // of the first part the low byte alone is used
  const head = `${twoDigits(view.getUint8(0))}.${twoDigits(view.getUint16(2, true))}`;
  return `${head}-${number(4, 8)}-${number(8, 10)}-${number(12, 10)}`;
}

/** The sixteen bytes of an identity; undefined for what is none. */
export function writeSamId(samId: string): Uint8Array | undefined {
  const parts = /^(\d{2,3})\.(\d{2,5})-(\d{8,10})-(\d{10})-(\d{10})$/.exec(samId)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = parts;
  const data = new Uint8Array(SAM_ID_BYTES);
  const view = new DataView(data.buffer);
  view.setUint16(0, first, true);
  view.setUint16(2, second, true);
  [third, fourth, fifth].forEach((part, index) => view.setUint32(4 + 4 * index, part, true));
  return data;
}

/** The appended addresses in the card's order, the newest first; one or more of 70 bytes each (uncertainty 4). */
export function readAddresses({ code, data }: SamAnswer): readonly Uint8Array[] | undefined {
  if (code !== OK || data.length === 0 || data.length % ADDRESS_BYTES !== 0) return undefined;
  return Array.from({ length: data.length / ADDRESS_BYTES }, (_unused, index) =>
    data.subarray(index * ADDRESS_BYTES, (index + 1) * ADDRESS_BYTES),
  );
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
