/** How every codec of this folder says that bytes are not its own: where, and why. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { parse } from '../../contract/check.ts';
import type { Static, TSchema } from 'typebox';
import type { Meaning } from '../wire-key.ts';

/** `device.garbage`; `at` counts bytes from 0. */
export function garbage(at: number, why: string): Result<never> {
  return fail('device.garbage', `byte ${at}: ${why}`);
}

/** One frame stands alone; several are a list. */
export function oneOrMany(meanings: readonly Meaning[]): Meaning {
  return meanings.length === 1 ? (meanings[0] ?? null) : meanings;
}

/** Encodes a meaning or a list of meanings, each checked against the schema first. */
export function encodeEach<Schema extends TSchema>(
  meaning: unknown,
  schema: Schema,
  encode: (one: Static<Schema>) => Uint8Array,
): Result<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const one of Array.isArray(meaning) ? (meaning as unknown[]) : [meaning]) {
    const checked = parse(schema, one);
    if (!checked.ok) return checked;
    parts.push(encode(checked.value));
  }
  return ok(Uint8Array.from(Buffer.concat(parts)));
}

/** 0 where the bytes have ended; for those who have looked at the length before. */
export function byteAt(bytes: ArrayLike<number>, at: number): number {
  return bytes[at] ?? 0;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
