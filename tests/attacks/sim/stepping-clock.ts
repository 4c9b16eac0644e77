/** A simulated clock whose wall time somebody sets: the monotonic one goes on. */
import { SimulatedClock } from '../../support/simulated-clock.ts';

export class SteppingClock extends SimulatedClock {
  #shiftMs = 0;

  override wallMs(): number {
    return super.wallMs() + this.#shiftMs;
  }

  /** What it really is. */
  trueMs(): number {
    return super.wallMs();
  }

  /** Wall time is wrong by so much from here on. */
  shift(ms: number): void {
    this.#shiftMs = ms;
  }
}

const ZONE_MS = 8 * 3_600_000;

export function localDay(wallMs: number): string {
  return new Date(wallMs + ZONE_MS).toISOString().slice(0, 10);
}
