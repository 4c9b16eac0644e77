/** CODE128 as GS k 73 carries it: the host names the code sets itself (device-protocols 4.2). */
export interface Code128 {
  /** Start, data, check. */
  readonly symbols: readonly number[];
  readonly text: string;
}

const START = { A: 103, B: 104, C: 105 } as const;
const SWITCH = { A: 101, B: 100, C: 99 } as const;
type CodeSet = keyof typeof START;
/** Second byte of `{A`, `{B`, `{C`. */
const SETS: ReadonlyMap<number, CodeSet> = new Map([
  [0x41, 'A'],
  [0x42, 'B'],
  [0x43, 'C'],
]);

/** Undefined when the data does not begin with a code set or holds what the set cannot say: the printer prints nothing. */
export function parseCode128(data: Uint8Array): Code128 | undefined {
  const symbols: number[] = [];
  let text = '';
  let set: CodeSet | undefined;
  let offset = 0;
  while (offset < data.length) {
    const step = readStep(data.subarray(offset), set);
    if (!step) return undefined;
    if (step.symbol !== undefined) symbols.push(step.symbol);
    text += step.text;
    set = step.set;
    offset += step.length;
  }
  if (symbols.length < 2) return undefined;
  const check = symbols.reduce((sum, symbol, place) => sum + symbol * Math.max(1, place), 0) % 103;
  return { symbols: [...symbols, check], text };
}

interface Step {
  readonly set: CodeSet;
  /** None when the named set is the one that holds already. */
  readonly symbol: number | undefined;
  readonly text: string;
  readonly length: number;
}

const BRACE = 0x7b;

function readStep(data: Uint8Array, set: CodeSet | undefined): Step | undefined {
  const [byte = 0, second = 0] = data;
  const named = byte === BRACE ? SETS.get(second) : undefined;
  if (named) {
    const symbol = set === undefined ? START[named] : named === set ? undefined : SWITCH[named];
    return { set: named, symbol, text: '', length: 2 };
  }
  if (set === undefined) return undefined;
  if (byte === BRACE && set !== 'C') return second === BRACE ? character(set, BRACE, 2) : undefined;
  return character(set, byte, 1);
}

/** In set C a byte of 0-99 is a pair of digits. */
function character(set: CodeSet, byte: number, length: number): Step | undefined {
  const symbol = SYMBOLS[set](byte);
  if (symbol === undefined) return undefined;
  const text = set === 'C' ? String(byte).padStart(2, '0') : String.fromCharCode(byte);
  return { set, symbol, text, length };
}

const SYMBOLS: Readonly<Record<CodeSet, (byte: number) => number | undefined>> = {
  A: symbolInA,
  B: symbolInB,
  C: (byte) => (byte <= 99 ? byte : undefined),
};

function symbolInA(byte: number): number | undefined {
  if (byte < 0x20) return byte + 64;
  return byte < 0x60 ? byte - 32 : undefined;
}

function symbolInB(byte: number): number | undefined {
  return byte >= 0x20 && byte < 0x80 ? byte - 32 : undefined;
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
