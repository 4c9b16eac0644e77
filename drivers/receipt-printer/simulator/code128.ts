/** CODE128 as GS k 73 carries it: the host names the code sets itself (device-protocols 4.2). */
export interface Code128 {
  /** Start, data, check. */
  readonly symbols: readonly number[];
  readonly text: string;
}

const START = { A: 103, B: 104, C: 105 } as const;
const SWITCH = { A: 101, B: 100, C: 99 } as const;
type CodeSet = keyof typeof START;

/** Undefined when the data does not begin with a code set or holds what the set cannot say: the printer prints nothing. */
export function parseCode128(data: Uint8Array): Code128 | undefined {
  const symbols: number[] = [];
  let text = '';
  let set: CodeSet | undefined;
  let offset = 0;
  while (offset < data.length) {
    const escape = data[offset] === 0x7b ? String.fromCharCode(data[offset + 1] ?? 0) : undefined;
    if (escape === 'A' || escape === 'B' || escape === 'C') {
      if (escape !== set) symbols.push(set === undefined ? START[escape] : SWITCH[escape]);
      set = escape;
      offset += 2;
      continue;
    }
    if (set === undefined || (escape !== undefined && escape !== '{')) return undefined;
    const step = symbolOf(set, data, offset);
    if (!step) return undefined;
    symbols.push(step.symbol);
    text += step.text;
    offset += escape === '{' && set !== 'C' ? 2 : step.length;
  }
  if (symbols.length < 2) return undefined;
  const check = symbols.reduce((sum, symbol, place) => sum + symbol * Math.max(1, place), 0) % 103;
  return { symbols: [...symbols, check], text };
}

function symbolOf(set: CodeSet, data: Uint8Array, offset: number) {
  const byte = data[offset] ?? 0;
  if (set === 'C') {
    // GS k carries a pair of digits as one byte 0-99
    return byte <= 99 ? { symbol: byte, text: String(byte).padStart(2, '0'), length: 1 } : undefined;
  }
  const text = String.fromCharCode(byte);
  if (set === 'A') {
    if (byte < 0x20) return { symbol: byte + 64, text, length: 1 };
    return byte < 0x60 ? { symbol: byte - 32, text, length: 1 } : undefined;
  }
  return byte >= 0x20 && byte < 0x80 ? { symbol: byte - 32, text, length: 1 } : undefined;
}

/** Widths of bar, space, bar ... of the symbols 0-105 and the stop. */
export const CODE128_PATTERNS: readonly string[] = (
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 ' +
  '123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 ' +
  '232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 ' +
  '313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 ' +
  '111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 ' +
  '111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 ' +
  '114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112'
).split(' ');
export const CODE128_STOP = 106;
