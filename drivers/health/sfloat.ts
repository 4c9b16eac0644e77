/**
 * SFLOAT of IEEE 11073: 16 bits, the top four a signed power of ten, the rest a signed mantissa (device-protocols 7.5). Five
 * patterns are no numbers.
 */
export type Special = 'notANumber' | 'notAtThisResolution' | 'plusInfinity' | 'minusInfinity' | 'reserved';
export type Sfloat = { readonly value: number; readonly exponent: number } | { readonly special: Special };

const SPECIALS: ReadonlyMap<number, Special> = new Map([
  [0x07ff, 'notANumber'],
  [0x0800, 'notAtThisResolution'],
  [0x07fe, 'plusInfinity'],
  [0x0802, 'minusInfinity'],
  [0x0801, 'reserved'],
]);

export function readSfloat(raw: number): Sfloat {
  const special = SPECIALS.get(raw);
  if (special) return { special };
  const exponent = signed(raw >> 12, 4);
  const mantissa = signed(raw & 0x0fff, 12);
  // A division is exact where a multiplication by 0.1 is not: 107 -> 10.7.
  return { value: exponent < 0 ? mantissa / 10 ** -exponent : mantissa * 10 ** exponent, exponent };
}

/** Undefined when the value does not fit twelve bits at that exponent. */
export function writeSfloat(float: Sfloat): number | undefined {
  if ('special' in float) return [...SPECIALS].find(([, name]) => name === float.special)?.[0];
  const mantissa = Math.round(float.value * 10 ** -float.exponent);
  if (mantissa < -2048 || mantissa > 2047 || float.exponent < -8 || float.exponent > 7) return undefined;
  return ((float.exponent & 0x0f) << 12) | (mantissa & 0x0fff);
}

function signed(value: number, bits: number): number {
  return value >= 1 << (bits - 1) ? value - (1 << bits) : value;
}
