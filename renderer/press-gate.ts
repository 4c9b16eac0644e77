/**
 * Decides whether a press counts. Two rules: what starts something can be pressed once per page, and for 400 ms after
 * a page change a touch near the last one is the second half of a double tap, not an answer to the new page.
 */
import type { Clock } from '../contract/clock.ts';

export const SAME_SPOT_MS = 400;

export interface Spot {
  readonly xPx: number;
  readonly yPx: number;
}

export class PressGate {
  readonly #clock: Clock;
  readonly #nearPx: () => number;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #lastSpot: Spot | null = null;
  #spentOn = 0;
  #page = 0;

  /** `nearPx` tells how close two touches must be to be the same spot, at the present scale of the glass. */
  constructor(clock: Clock, nearPx: () => number) {
    this.#clock = clock;
    this.#nearPx = nearPx;
  }

  pageChanged(page: number): void {
    if (page === this.#page) return;
    this.#page = page;
    this.#changedAtMs = this.#clock.now();
  }

  /** A finger came down. False: it is the echo of the last one and must be swallowed. */
  touch(spot: Spot): boolean {
    const last = this.#lastSpot;
    const early = this.#clock.now() - this.#changedAtMs < SAME_SPOT_MS;
    if (early && last && Math.hypot(spot.xPx - last.xPx, spot.yPx - last.yPx) <= this.#nearPx()) return false;
    this.#lastSpot = spot;
    return true;
  }

  /** Takes the page's one shot; false when it is gone. */
  spend(page: number): boolean {
    if (this.#spentOn === page) return false;
    this.#spentOn = page;
    return true;
  }

  /** The engine did not take the intent: the page may be answered again. */
  giveBack(page: number): void {
    if (this.#spentOn === page) this.#spentOn = 0;
  }
}
