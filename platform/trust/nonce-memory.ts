/**
 * Which signed requests were seen, so that none counts twice. A request is only good within the window around its own
 * `created`; so what is remembered is kept by that time, and dropped when requests of that time are refused anyway. Eight
 * bytes each, in tables that grow up to a bound: beyond it requests are refused for a while, never waved through.
 */
import { SIGNATURE_WINDOW_MS } from '../../contract/http-signature.ts';

export type NonceVerdict = 'new' | 'seen' | 'full';

export interface NonceMemory {
  /** Times in ms, platform wall time. */
  take(keyId: string, nonce: string, createdMs: number, nowMs: number): NonceVerdict;
  /** Bytes of all tables. */
  sizeBytes(): number;
}

/** Two tables are in use at a time, three for a moment: 4 M requests each are 7,000 a second for ten minutes. */
const LARGEST_SLOTS = 2 ** 23;
const SMALLEST_SLOTS = 2 ** 10;
const BYTES_PER_SLOT = 8;

export function createNonceMemory(seed: number, largestSlots = LARGEST_SLOTS): NonceMemory {
  const spans = new Map<number, NonceTable>();
  return {
    take(keyId, nonce, createdMs, nowMs) {
      for (const span of spans.keys()) if ((span + 2) * SIGNATURE_WINDOW_MS < nowMs) spans.delete(span);
      const span = Math.floor(createdMs / SIGNATURE_WINDOW_MS);
      let table = spans.get(span);
      if (!table) spans.set(span, (table = new NonceTable(seed, largestSlots)));
      return table.take(`${keyId}\n${nonce}`);
    },
    sizeBytes: () => [...spans.values()].reduce((sum, table) => sum + table.slots * BYTES_PER_SLOT, 0),
  };
}

/** A set of 64-bit hashes by open addressing. Two requests that fall on one hash: once in 2 to the 40 at the bound. */
class NonceTable {
  readonly #seed: number;
  readonly #largestSlots: number;
  #words: Uint32Array;
  #count = 0;

  constructor(seed: number, largestSlots: number) {
    this.#seed = seed | 0;
    this.#largestSlots = largestSlots;
    this.#words = new Uint32Array(Math.min(SMALLEST_SLOTS, largestSlots) * 2);
  }

  get slots(): number {
    return this.#words.length / 2;
  }

  take(text: string): NonceVerdict {
    if (this.#count * 2 >= this.slots && !this.#grow()) return 'full';
    const [high, low] = hash(text, this.#seed);
    const slot = this.#place(high, low);
    if (this.#words[slot] !== 0 || this.#words[slot + 1] !== 0) return 'seen';
    this.#put(slot, high, low);
    return 'new';
  }

  /** Where the hash stands, or the empty place where it belongs. */
  #place(high: number, low: number): number {
    const mask = this.slots - 1;
    for (let index = low & mask; ; index = (index + 1) & mask) {
      const slot = index * 2;
      const isHere = this.#words[slot] === high && this.#words[slot + 1] === low;
      if (isHere || (this.#words[slot] === 0 && this.#words[slot + 1] === 0)) return slot;
    }
  }

  #put(slot: number, high: number, low: number): void {
    this.#words[slot] = high;
    this.#words[slot + 1] = low;
    this.#count += 1;
  }

  #grow(): boolean {
    if (this.slots >= this.#largestSlots) return false;
    const old = this.#words;
    this.#words = new Uint32Array(old.length * 2);
    this.#count = 0;
    for (let slot = 0; slot < old.length; slot += 2) {
      const [high = 0, low = 0] = [old[slot], old[slot + 1]];
      if (high !== 0 || low !== 0) this.#put(this.#place(high, low), high, low);
    }
    return true;
  }
}

/** Two lanes of MurmurHash's mixing, seeded by chance; never both 0, which means empty. */
function hash(text: string, seed: number): readonly [number, number] {
  let high = seed;
  let low = seed ^ 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0xcc9e2d51);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ code, 0x1b873593);
    low = ((low << 13) | (low >>> 19)) + high;
  }
  const ends = [finish(high ^ text.length), finish(low)] as const;
  return ends[0] === 0 && ends[1] === 0 ? [0, 1] : ends;
}

function finish(lane: number): number {
  let word = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
