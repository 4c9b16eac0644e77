/** The fields of a Bluetooth health value in their order: little-endian words, optional ones by flag bits. */
import type { Result } from '../../contract/outcome.schema.ts';
import { BLE_TIME_BYTES, readBleTime } from './ble-time.ts';
import { byteAt, garbage } from './garbage.ts';

export class FieldReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    this.at += 1;
    return byteAt(this.#bytes, this.at - 1);
  }

  word(): number {
    const low = this.byte();
    return low | (this.byte() << 8);
  }

  time(): Result<string> {
    this.at += BLE_TIME_BYTES;
    return readBleTime(this.#bytes, this.at - BLE_TIME_BYTES);
  }
}

export interface OptionalField {
  readonly flag: number;
  readonly size: number;
}

/** Reserved bits set, or a length that the flags do not ask for. */
export function layoutFault(
  bytes: Uint8Array,
  {
    knownFlags,
    fixedBytes,
    optional,
  }: {
    readonly knownFlags: number;
    readonly fixedBytes: number;
    readonly optional: readonly OptionalField[];
  },
): Result<never> | undefined {
  const flags = byteAt(bytes, 0);
  if (flags & ~knownFlags) return garbage(0, 'reserved flag bits are set');
  const expected = optional.reduce((sum, { flag, size }) => sum + (flags & flag ? size : 0), fixedBytes);
  return bytes.length === expected
    ? undefined
    : garbage(bytes.length, `flags ask for ${expected} bytes, ${bytes.length} came`);
}

export function littleEndian(word: number): number[] {
  return [word & 0xff, word >> 8];
}

/** The same without the keys that are undefined. */
export function defined<Value extends object>(value: Value): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<Value>;
}

/** What `write` makes of the value, nothing when there is none. */
export function ifThere<Value>(value: Value | undefined, write: (value: Value) => Iterable<number>): Iterable<number> {
  return value === undefined ? [] : write(value);
}

export function flagIf(isThere: boolean, flag: number): number {
  return isThere ? flag : 0;
}
