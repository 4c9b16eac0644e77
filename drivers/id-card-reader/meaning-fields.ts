/** Reading a meaning that a person, or a file, has handed over: nothing about it is certain. */
import type { Meaning } from '../wire-key.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type Facts = Readonly<Record<string, Meaning>>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function hexText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
}

export function hexBytes(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^(?:[0-9A-Fa-f]{2})*$/.test(value)) return undefined;
  return Uint8Array.from(Buffer.from(value, 'hex'));
}
