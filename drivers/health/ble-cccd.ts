/** Descriptor 2902, which the host writes to have a characteristic speak: `0200` = indications (device-protocols 7.5). */
import Type from 'typebox';
import { Value } from 'typebox/value';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';

const WORDS = ['off', 'notifications', 'indications', 'notificationsAndIndications'] as const;
const CccdMeaning = Type.Object(
  { kind: Type.Literal('setUpdates'), updates: Type.Enum([...WORDS]) },
  { additionalProperties: false },
);

export const ENABLE_INDICATIONS: Uint8Array = Uint8Array.of(2, 0);

/** Undefined when the bytes are no such write; no measurement is as short as two bytes. */
export function decodeCccd(bytes: Uint8Array): Result<Meaning> | undefined {
  const [low = 0, high = 0] = bytes;
  const updates = WORDS[low];
  return bytes.length === 2 && high === 0 && updates ? ok({ kind: 'setUpdates', updates }) : undefined;
}

export function encodeCccd(meaning: unknown): Uint8Array | undefined {
  return Value.Check(CccdMeaning, meaning) ? Uint8Array.of(WORDS.indexOf(meaning.updates), 0) : undefined;
}
