/**
 * `npm run sim -- --kiosk-days 3650 --seed N`: years of a station on the simulated clock. Ledger, effects, recovery, uplink
 * and ticket blocks are the product's, and so is the platform's deciding core; devices, wire and disk are simulated.
 */
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { shareOut } from '../support/lanes.ts';
import type { Life } from './kiosk-life.ts';
import { digestOf, type Tally } from './tally.ts';

const KIOSK_DAYS = 3_650;
const SHORT_KIOSK_DAYS = 24;
const SECONDS = 300;
/** Days of one life: each begins with an empty disk, so that pieces can be lived side by side. */
const DAYS = 10;
const SHORT_DAYS = 6;

export const sim: Attack = {
  name: 'sim',
  promise: 'years of residents with failing devices, power, lines, disks and clocks: every yuan and every page agrees',
  usage: '--kiosk-days N',
  run,
};

async function run({ size, seed, args, say }: AttackOptions): Promise<AttackReport> {
  const beganAt = process.hrtime.bigint();
  const wanted = Number(args['kiosk-days'] ?? (size === 'full' ? KIOSK_DAYS : SHORT_KIOSK_DAYS));
  const lives = livesOf(seed, wanted, size === 'full' ? DAYS : SHORT_DAYS);
  let done = 0;
  const tallies = await shareOut<Life, Tally>(new URL('lane.main.ts', import.meta.url), lives, () => {
    if (++done % 30 === 0) say(`${done} of ${lives.length} kiosks`);
  });
  const seconds = Number(process.hrtime.bigint() - beganAt) / 1e9;
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  const faults: Record<string, number> = {};
  for (const tally of tallies) {
    for (const [name, times] of Object.entries(tally.faults)) faults[name] = (faults[name] ?? 0) + times;
  }
  return {
    figures: {
      'kiosk-days': wanted,
      transactions: sum(({ transactions }) => transactions),
      'records told': sum(({ records }) => records),
      'power cuts': sum(({ powerCuts }) => powerCuts),
      'faults of devices, line, disk, clock, platform': Object.values(faults).reduce(
        (total, times) => total + times,
        0,
      ),
      'kinds of faults': Object.entries(faults)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, times]) => `${name} ${times}`)
        .join(', '),
      digest: digestOf(
        '',
        tallies.map(({ digest }) => digest),
      ).slice(0, 16),
      'kiosk-days per minute': Math.round((wanted * 60) / seconds),
    },
    violations: tallies.flatMap(({ violations }) => violations),
    missed:
      size === 'full' && seconds * KIOSK_DAYS > SECONDS * wanted
        ? [`${Math.round(seconds)} s for ${wanted} kiosk-days`]
        : [],
  };
}

function livesOf(seed: number, kioskDays: number, days: number): readonly Life[] {
  return Array.from({ length: Math.ceil(kioskDays / days) }, (_, kiosk) => ({
    seed,
    kiosk,
    days: Math.min(days, kioskDays - kiosk * days),
  }));
}
