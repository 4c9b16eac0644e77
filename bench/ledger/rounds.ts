/** Contenders in turn, in another order each round, so that a slow disk or a busy machine meets all of them alike. */
import { median, quantile, rounded, shuffled, sum } from '../stats.ts';

export type Acts<Name extends string> = Readonly<Record<Name, () => void>>;
/** Each act's time, µs. */
export type Round<Name extends string> = Readonly<Record<Name, readonly number[]>>;

export function runRounds<Name extends string>(
  acts: Acts<Name>,
  count: { readonly rounds: number; readonly inRound: number },
): readonly Round<Name>[] {
  const names = Object.keys(acts) as Name[];
  return Array.from({ length: count.rounds }, () => {
    const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
    for (const name of shuffled(names)) {
      for (let n = 0; n < count.inRound; n++) {
        const before = performance.now();
        acts[name]();
        times[name].push((performance.now() - before) * 1_000);
      }
    }
    return times;
  });
}

/** How often one happens in the time the other happens once: the middle of the rounds' ratios of total times. */
export function rateRatio<Name extends string>(rounds: readonly Round<Name>[], ours: Name, floor: Name): number {
  return median(rounds.map((times) => sum(times[floor]) / sum(times[ours])));
}

export function medianRatio<Name extends string>(rounds: readonly Round<Name>[], ours: Name, floor: Name): number {
  return median(rounds.map((times) => median(times[floor]) / median(times[ours])));
}

/** `each`: how many events one act stands for. */
export function rate<Name extends string>(rounds: readonly Round<Name>[], name: Name, each = 1): string {
  const perActUs = median(rounds.map((times) => sum(times[name]) / times[name].length));
  return `${rounded((1e6 / perActUs) * each, 0)}/s`;
}

export function spread<Name extends string>(rounds: readonly Round<Name>[], name: Name): string {
  const all = rounds.flatMap((times) => times[name]);
  return `${rounded(quantile(all, 0.5), 0)} / ${rounded(quantile(all, 0.99), 0)} µs`;
}
