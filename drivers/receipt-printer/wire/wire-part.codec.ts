/** Pieces a printer's frame is made of: each reads its bytes into named facts and writes the facts back. */
import type { Meaning } from '../../wire-key.ts';

export type Facts = { readonly [name: string]: Meaning | undefined };
/** What was read and how many bytes it took, or why it cannot be. */
export type Reading = { readonly length: number; readonly facts: Facts } | { readonly reason: string };

export interface Part {
  /** Reads at the beginning of `bytes`. */
  read(bytes: Uint8Array): Reading;
  /** Undefined when the facts do not give these bytes. */
  write(facts: Facts): Uint8Array | undefined;
}

export const CUT_SHORT: Reading = { reason: 'cut short' };

/** Ends the reason of bytes that should have been others: perhaps it is another command. */
export const EXPECTED = ' expected';

export function bad(reason: string): Reading {
  return { reason };
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function isByte(value: Meaning | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xff;
}

/** One number. */
export function byte(name: string, isAllowed: (value: number) => boolean = () => true): Part {
  return {
    read([value]) {
      if (value === undefined) return CUT_SHORT;
      return isAllowed(value) ? { length: 1, facts: { [name]: value } } : bad(`${name} cannot be ${value}`);
    },
    write(facts) {
      const value = facts[name];
      return isByte(value) && isAllowed(value) ? Uint8Array.of(value) : undefined;
    },
  };
}

/** Two bytes, little-endian. */
export function word(name: string): Part {
  return {
    read([low, high]) {
      if (low === undefined || high === undefined) return CUT_SHORT;
      return { length: 2, facts: { [name]: low + high * 256 } };
    },
    write(facts) {
      const value = facts[name];
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffff) return undefined;
      return Uint8Array.of(value & 0xff, value >> 8);
    },
  };
}

/** Bytes that are always the same. */
export function fixed(hex: string): Part {
  const wanted = bytesOf(hex);
  return {
    read(bytes) {
      const at = wanted.findIndex((value, place) => bytes[place] !== value);
      if (at >= 0 && at < bytes.length) return bad(hex + EXPECTED);
      return bytes.length < wanted.length ? CUT_SHORT : { length: wanted.length, facts: {} };
    },
    write: () => wanted,
  };
}

/**
 * A number that stands for a word. With `digits` the printer takes the character of the number as well ('0' for 0), which
 * is kept as `digitParameter`.
 */
export function choice(name: string, words: Readonly<Record<number, string | boolean>>, digits = false): Part {
  return {
    read([value]) {
      if (value === undefined) return CUT_SHORT;
      const plain = words[value];
      if (plain !== undefined) return { length: 1, facts: { [name]: plain } };
      const digit = digits && value >= 48 ? words[value - 48] : undefined;
      if (digit !== undefined) return { length: 1, facts: { [name]: digit, digitParameter: true } };
      return bad(`${name} cannot be ${value}`);
    },
    write(facts) {
      const value = Object.keys(words).find((key) => words[Number(key)] === facts[name]);
      if (value === undefined) return undefined;
      return Uint8Array.of(Number(value) + (facts['digitParameter'] === true ? 48 : 0));
    },
  };
}

/** Bits by name; those without a name are kept in `other` where it is given, else they cannot be. */
export function flags(masks: Readonly<Record<string, number>>, options: FlagOptions = {}): Part {
  const { base = 0, baseMask = base, other } = options;
  const named = Object.values(masks).reduce((all, mask) => all | mask, baseMask);
  return {
    read([value]) {
      if (value === undefined) return CUT_SHORT;
      if ((value & baseMask) !== base) return bad(`the fixed bits of ${hexByte(value)} are wrong`);
      const rest = value & ~named;
      if (rest !== 0 && other === undefined) return bad(`${hexByte(value)} sets bits that mean nothing`);
      const facts: Record<string, Meaning> = {};
      for (const [name, mask] of Object.entries(masks)) {
        const set = value & mask;
        if (set !== 0 && set !== mask) return bad(`the bits of ${name} in ${hexByte(value)} differ`);
        facts[name] = set !== 0;
      }
      if (rest !== 0 && other !== undefined) facts[other] = rest;
      return { length: 1, facts };
    },
    write(facts) {
      let value = base;
      for (const [name, mask] of Object.entries(masks)) {
        if (typeof facts[name] !== 'boolean') return undefined;
        if (facts[name]) value |= mask;
      }
      const rest = other === undefined ? 0 : (facts[other] ?? 0);
      return isByte(rest) ? Uint8Array.of(value | rest) : undefined;
    },
  };
}

export interface FlagOptions {
  /** Bits that are always so, and which bits those are. */
  readonly base?: number;
  readonly baseMask?: number;
  /** Name under which unnamed bits are kept. */
  readonly other?: string;
}

export function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

/** Parts one after the other. */
export function sequence(...parts: readonly Part[]): Part {
  return {
    read(bytes) {
      let length = 0;
      let facts: Facts = {};
      for (const part of parts) {
        const reading = part.read(bytes.subarray(length));
        if ('reason' in reading) return reading;
        length += reading.length;
        facts = { ...facts, ...reading.facts };
      }
      return { length, facts };
    },
    write(facts) {
      const pieces = parts.map((part) => part.write(facts));
      return pieces.every((piece) => piece !== undefined) ? Uint8Array.from(Buffer.concat(pieces)) : undefined;
    },
  };
}

/** A part behind its own length; `extra` bytes of the length are not the part's (GS ( k counts its function bytes). */
export function counted(size: 1 | 2, part: Part): Part {
  return {
    read(bytes) {
      if (bytes.length < size) return CUT_SHORT;
      const length = (bytes[0] ?? 0) + (size === 2 ? (bytes[1] ?? 0) * 256 : 0);
      if (bytes.length < size + length) return CUT_SHORT;
      const reading = part.read(bytes.subarray(size, size + length));
      if ('reason' in reading) return reading === CUT_SHORT ? bad(`${length} bytes are too few`) : reading;
      if (reading.length !== length) return bad(`${length} bytes are more than it has parameters`);
      return { length: size + length, facts: reading.facts };
    },
    write(facts) {
      const content = part.write(facts);
      if (!content || content.length > (size === 1 ? 0xff : 0xffff)) return undefined;
      const head = size === 1 ? [content.length] : [content.length & 0xff, content.length >> 8];
      return Uint8Array.of(...head, ...content);
    },
  };
}

/** All that is left, as text when it is clean text in that coding, else as hex under `<name>Hex`. */
export function rest(name: string, coding: 'utf8' | 'latin1' = 'latin1'): Part {
  return {
    read(bytes) {
      const text = Buffer.from(bytes).toString(coding);
      const isText = isPrintable(text) && Buffer.from(text, coding).equals(bytes);
      return { length: bytes.length, facts: isText ? { [name]: text } : { [`${name}Hex`]: hexOf(bytes) } };
    },
    write(facts) {
      const text = facts[name];
      if (typeof text === 'string') return Uint8Array.from(Buffer.from(text, coding));
      const hex = facts[`${name}Hex`];
      return typeof hex === 'string' ? bytesOf(hex) : undefined;
    },
  };
}

function isPrintable(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return !/[\u0000-\u001F\u007F]/u.test(text);
}

/** A part behind which a certain byte stands. */
export function ended(by: number, part: Part): Part {
  return {
    read(bytes) {
      const end = bytes.indexOf(by);
      if (end < 0) return CUT_SHORT;
      const reading = part.read(bytes.subarray(0, end));
      return 'reason' in reading ? reading : { length: end + 1, facts: reading.facts };
    },
    write(facts) {
      const content = part.write(facts);
      return content && Uint8Array.of(...content, by);
    },
  };
}
