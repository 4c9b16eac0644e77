/** Numbers that follow from a seed alone, so that whatever broke can be broken again. */
import type { Chance } from '../../../contract/clock.ts';

export class Draw implements Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** mulberry32: 0 up to 2^32 - 1. */
  next(): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 up to `limit` - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** True in `percent` of 100. */
  hits(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to draw from');
    return item;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next() & 0xff);
  }
}

/** The seed of part `index` of the run with `seed`. */
export function seedOf(seed: number, index: number): number {
  return new Draw(seed ^ Math.imul(index + 1, 0x9e_37_79_b1)).next();
}
