/** BER-TLV of what a card says on SELECT and of bank records (ISO 7816-4; device-protocols 2.3, 2.5). Short and two-byte tags. */
import { bytesOf, fieldsOf, hexOf } from './card-layout.codec.ts';

export interface Tlv {
  /** `9F0C`. */
  readonly tag: string;
  readonly value: Uint8Array;
  /** Of constructed tags. */
  readonly children?: readonly Tlv[];
}

const NAMES: Readonly<Record<string, string>> = {
  '4F': 'application identifier',
  '50': 'application label',
  '57': 'track 2 equivalent',
  '5A': 'card number',
  '61': 'application template',
  '6F': 'file control information',
  '70': 'record template',
  '84': 'name',
  '87': 'priority',
  '88': 'short file identifier',
  '9F08': 'version',
  '9F0C': 'issuer data (file 0015)',
  '9F11': 'code table',
  '9F12': 'preferred name',
  '9F38': 'processing options list',
  A5: 'proprietary',
  BF0C: 'issuer discretionary data',
};

/** A constructed tag inside a constructed tag, and so on: cards need four. */
const MAX_DEPTH = 6;

/** Undefined when the bytes are not whole TLVs from end to end. */
export function readTlvs(bytes: Uint8Array, depth = 0): readonly Tlv[] | undefined {
  const found: Tlv[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = readHead(bytes, at);
    if (!head) return undefined;
    const value = bytes.subarray(head.start, head.start + head.length);
    const children = head.isConstructed && depth < MAX_DEPTH ? readTlvs(value, depth + 1) : undefined;
    if (head.isConstructed && !children) return undefined;
    found.push(children ? { tag: head.tag, value, children } : { tag: head.tag, value });
    at = head.start + head.length;
  }
  return found;
}

export function findTlv(all: readonly Tlv[], path: readonly string[]): Uint8Array | undefined {
  const [tag, ...rest] = path;
  const found = all.find((candidate) => candidate.tag === tag);
  if (!found || rest.length === 0) return found?.value;
  return findTlv(found.children ?? [], rest);
}

/** Plain JSON: `{ tag, name, value }` with the value as hex, or `{ tag, name, children }`. */
export type TlvMeaning = {
  readonly tag: string;
  readonly name: string;
  readonly value?: string;
  readonly children?: readonly TlvMeaning[];
};

export function describeTlv({ tag, value, children }: Tlv): TlvMeaning {
  const name = NAMES[tag] ?? 'unknown';
  return children ? { tag, name, children: children.map(describeTlv) } : { tag, name, value: hexOf(value) };
}

/** The way back; undefined for anything that `describeTlv` does not give. */
export function writeTlvs(meaning: unknown): Uint8Array | undefined {
  if (!Array.isArray(meaning)) return undefined;
  const parts: number[] = [];
  for (const entry of meaning) {
    const { tag, value, children } = fieldsOf(entry) ?? {};
    const tagBytes = typeof tag === 'string' ? bytesOf(tag) : undefined;
    const body = typeof value === 'string' ? bytesOf(value) : writeTlvs(children);
    if (!tagBytes || !body || body.length > 0xff) return undefined;
    parts.push(...tagBytes, ...(body.length > 0x7f ? [0x81] : []), body.length, ...body);
  }
  return Uint8Array.from(parts);
}

function readHead(
  bytes: Uint8Array,
  at: number,
): { tag: string; isConstructed: boolean; start: number; length: number } | undefined {
  const first = bytes[at];
  if (first === undefined || first === 0x00 || first === 0xff) return undefined;
  const tagBytes = (first & 0x1f) === 0x1f ? 2 : 1;
  const lengthByte = bytes[at + tagBytes];
  if (lengthByte === undefined || lengthByte === 0x80 || lengthByte > 0x81) return undefined;
  const isLong = lengthByte === 0x81;
  const length = isLong ? bytes[at + tagBytes + 1] : lengthByte;
  const start = at + tagBytes + (isLong ? 2 : 1);
  if (length === undefined || start + length > bytes.length) return undefined;
  return { tag: hexOf(bytes.subarray(at, at + tagBytes)), isConstructed: (first & 0x20) !== 0, start, length };
}
