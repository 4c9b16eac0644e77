/** A hundred thousand terminals come back at once after four hours without the platform (money-and-sync 5.5). */
import type { Attack } from '../attack.ts';
import { runHerd, type HerdOptions, type HerdResult } from './herd.ts';
import { OURS, WORSE } from './policies.ts';

/** 50 payments an hour, four records each, four hours. */
const BACKLOG = 50 * 4 * 4;
const MINUTE_MS = 60_000;
const GOALS = { drainedMin: 10, refusedPerAccepted: 0.6 } as const;

/** The size of the crowd and of the platform, in the same proportion. */
const SIZES = {
  full: { terminals: 100_000, batchesPerS: 500, livePerS: 50 },
  short: { terminals: 10_000, batchesPerS: 50, livePerS: 5 },
} as const;

export const simHerd: Attack = {
  name: 'sim-herd',
  promise: '100,000 terminals back after 4 h: 90 % drained in 10 min, at most 0.6 refused for each accepted',
  run({ size, seed, say }) {
    const options: HerdOptions = { ...SIZES[size], backlog: BACKLOG, seed, limitMs: 60 * MINUTE_MS };
    const ours = runHerd(OURS, options);
    say(rowOf(OURS.name, ours));
    // A tenth of the crowd against a tenth of the platform: the same crush in a tenth of the time.
    for (const policy of size === 'full' ? WORSE : WORSE.slice(0, 2))
      say(rowOf(policy.name, runHerd(policy, { ...options, ...SIZES.short })));
    return Promise.resolve({
      figures: {
        terminals: options.terminals,
        'batches accepted': ours.accepted,
        'requests refused': ours.refused,
        'refused per accepted': round(ours.refused / ours.accepted),
        'peak requests/s': ours.peakPerS,
        '90 % drained, min': round((ours.drained90Ms ?? Number.NaN) / MINUTE_MS),
        'payment told, p99 s': round((ours.liveP99Ms ?? Number.NaN) / 1_000),
      },
      violations: ours.wrong === 0 ? [] : [`${ours.wrong} terminals whose records were lost or stored twice`],
      missed: missedBy(ours),
    });
  },
};

/** Goals a policy does not reach. */
export function missedBy({ accepted, refused, drained90Ms }: HerdResult): readonly string[] {
  const missed: string[] = [];
  if (drained90Ms === undefined || drained90Ms > GOALS.drainedMin * MINUTE_MS)
    missed.push(`90 % drained in ${GOALS.drainedMin} min`);
  if (refused > accepted * GOALS.refusedPerAccepted) missed.push(`refused/accepted <= ${GOALS.refusedPerAccepted}`);
  return missed;
}

function rowOf(name: string, { accepted, refused, peakPerS, drained90Ms, liveP99Ms }: HerdResult): string {
  const drained = drained90Ms === undefined ? 'never (1 h)' : `${round(drained90Ms / MINUTE_MS)} min`;
  const told = liveP99Ms === undefined ? '-' : `${round(liveP99Ms / 1_000)} s`;
  return `  ${name.padEnd(30)} peak ${String(peakPerS).padStart(6)}/s  refused/accepted ${String(round(refused / accepted)).padStart(6)}  90 % ${drained.padStart(11)}  payment p99 ${told}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
