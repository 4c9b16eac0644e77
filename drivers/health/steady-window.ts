/**
 * When a stream of values may be believed. The rule: for four seconds every packet was whole and good (finger in, probe
 * sound, not searching, values plausible), at least twenty of them, no gap over a second, oxygen within 2 % and pulse within
 * 8 beats of each other. The reading is the median of those four seconds, so that no single packet decides it: the wire has
 * no checksum.
 */
export interface Sample {
  readonly pulseBpm: number | null;
  readonly spo2Percent: number | null;
  readonly finger: 'in' | 'out' | 'searching';
  readonly isDamaged: boolean;
  readonly isWeak: boolean;
}

export interface SteadyReading {
  readonly pulseBpm: number;
  readonly spo2Percent: number;
  readonly isWeak: boolean;
  readonly packets: number;
}

interface Kept {
  readonly atMs: number;
  readonly pulseBpm: number;
  readonly spo2Percent: number;
  readonly isWeak: boolean;
}

export const STEADY = { windowMs: 4_000, minPackets: 20, maxGapMs: 1_000, spo2Spread: 2, pulseSpread: 8 } as const;
const PULSE_BPM = [25, 250] as const;
const SPO2_PERCENT = [50, 100] as const;

export class SteadyWindow {
  #kept: Kept[] = [];
  /** Why there is no reading yet, for people. */
  lacking = 'nothing was heard';

  push(sample: Sample, atMs: number): SteadyReading | undefined {
    const kept = this.#judge(sample, atMs);
    if (!kept) {
      this.#kept = [];
      return undefined;
    }
    const gap = atMs - (this.#kept.at(-1)?.atMs ?? atMs);
    if (gap > STEADY.maxGapMs) this.#kept = [];
    this.#kept.push(kept);
    // What no longer agrees with the newest value, or is too old, is let go from the oldest on.
    while (!this.#agrees()) this.#kept.shift();
    const [oldest] = this.#kept;
    this.lacking = 'the values are not steady yet';
    if (!oldest || atMs - oldest.atMs < STEADY.windowMs || this.#kept.length < STEADY.minPackets) return undefined;
    const reading = {
      pulseBpm: median(this.#kept.map((one) => one.pulseBpm)),
      spo2Percent: median(this.#kept.map((one) => one.spo2Percent)),
      isWeak: this.#kept.filter((one) => one.isWeak).length * 2 > this.#kept.length,
      packets: this.#kept.length,
    };
    return reading;
  }

  #judge({ finger, isDamaged, pulseBpm, spo2Percent, isWeak }: Sample, atMs: number): Kept | undefined {
    if (isDamaged) return this.#refuse('packets are damaged');
    if (finger !== 'in')
      return this.#refuse(finger === 'out' ? 'no finger is in the probe' : 'the pulse is searched for');
    if (pulseBpm === null || spo2Percent === null) return this.#refuse('the device gives no value');
    const isSound = within(pulseBpm, PULSE_BPM) && within(spo2Percent, SPO2_PERCENT);
    return isSound ? { atMs, pulseBpm, spo2Percent, isWeak } : this.#refuse('the values are out of bounds');
  }

  #refuse(why: string): undefined {
    this.lacking = why;
    return undefined;
  }

  #agrees(): boolean {
    const { spo2Spread, pulseSpread } = STEADY;
    return (
      spread(this.#kept.map((one) => one.pulseBpm)) <= pulseSpread &&
      spread(this.#kept.map((one) => one.spo2Percent)) <= spo2Spread
    );
  }
}

function within(value: number, [minimum, maximum]: readonly [number, number]): boolean {
  return value >= minimum && value <= maximum;
}

function spread(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
}

/** One of the values, never something between two. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
