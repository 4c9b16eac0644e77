/**
 * How much one platform takes on two cores, beside the least that Fastify and SQLite can do: batches of 20 records, signed,
 * chained, decided, stored and acknowledged; and heartbeats. Nothing may be answered that is not stored.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { startReference } from '../../../bench/platform/reference-process.ts';
import { median, quantile } from '../../../bench/stats.ts';
import { openDatabase } from '../../../platform/database/open-database.ts';
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { answered, drive, type Driven } from '../support/drive.ts';
import { Draw, seedOf } from '../support/draw.ts';
import { preparePlatform } from '../support/platform-process.ts';
import { SendingTerminal } from '../support/sending-terminal.ts';
import { untilWatched } from '../support/watched.ts';
import { prepareBatches, prepareHeartbeats, type Prepared } from './prepared.ts';

const PER_BATCH = 20;
const CONNECTIONS = 64;
const TERMINALS_PER_CONNECTION = 4;
const BATCHES_PER_S = 2_000;
const HEARTBEATS_PER_S = 15_000;
const P99_MS = 150;

interface Size {
  readonly rounds: number;
  readonly roundMs: number;
  /** Prepared for each connection and round: more than can be sent. */
  readonly batches: number;
  readonly heartbeats: number;
  /** Whether heartbeats are counted only after all batches were looked at: up to ten seconds more a round. */
  readonly waitsForWatch: boolean;
}
/** `rounds` with the one that warms up: a server in service has run for longer than a few seconds. */
const SIZES: Readonly<Record<AttackOptions['size'], Size>> = {
  short: { rounds: 2, roundMs: 1_500, batches: 12, heartbeats: 60, waitsForWatch: false },
  full: { rounds: 5, roundMs: 4_000, batches: 220, heartbeats: 1_400, waitsForWatch: true },
};

export const platformLoad: Attack = {
  name: 'platform-load',
  promise: `${BATCHES_PER_S} batches of ${PER_BATCH} and ${HEARTBEATS_PER_S} heartbeats a second on two cores, p99 ${P99_MS} ms`,
  async run({ size, seed, say }) {
    const { rounds, ...plan } = SIZES[size];
    // new terminals in each round: what was prepared and not sent would be a gap in the next
    const perRound: Lists[] = [];
    for (let round = 0; round < rounds; round += 1) perRound.push(await makeTerminals(round));
    const platform = await preparePlatform({ terminals: perRound.flat(2).map(({ keys }) => keys) });
    const directory = mkdtempSync(join(tmpdir(), 'platform-load-'));
    const bare = await startReference({ store: 'sqlite', path: join(directory, 'bare.sqlite') });
    const seen: Seen = { batches: [], bareBatches: [], heartbeats: [], bareHeartbeats: [] };
    try {
      await platform.start();
      const draw = new Draw(seedOf(seed, 0));
      const settled = plan.waitsForWatch ? () => untilWatched(platform.databasePath) : undefined;
      const servers = { ours: platform.port, bare: bare.port, settled };
      for (const lists of perRound) {
        const batches = await prepareBatches(lists, plan.batches, PER_BATCH, draw);
        const heartbeats = await prepareHeartbeats(lists, plan.heartbeats);
        await driveRound(seen, servers, plan.roundMs, batches, heartbeats);
        say(`round ${seen.batches.length} of ${rounds}`);
      }
      await platform.kill('SIGTERM');
      return report(seen, await countStored(platform.databasePath), platform.complaints(), size);
    } finally {
      await platform.kill('SIGKILL');
      await bare.close();
      platform.remove();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

type Lists = readonly (readonly SendingTerminal[])[];

interface Seen {
  readonly batches: Driven[];
  readonly bareBatches: Driven[];
  readonly heartbeats: Driven[];
  readonly bareHeartbeats: Driven[];
}

/** In another order every round, so that none is always the first. */
async function driveRound(
  seen: Seen,
  servers: { readonly ours: number; readonly bare: number; readonly settled: (() => Promise<void>) | undefined },
  limitMs: number,
  batches: Prepared,
  heartbeats: Prepared,
): Promise<void> {
  const acts = [
    async () => void seen.batches.push(await drive({ port: servers.ours, lists: batches.signed, limitMs })),
    async () => void seen.bareBatches.push(await drive({ port: servers.bare, lists: batches.plain, limitMs })),
    async () => {
      await servers.settled?.();
      seen.heartbeats.push(await drive({ port: servers.ours, lists: heartbeats.signed, limitMs }));
    },
    async () => void seen.bareHeartbeats.push(await drive({ port: servers.bare, lists: heartbeats.plain, limitMs })),
  ];
  const turn = seen.batches.length % acts.length;
  for (const act of [...acts.slice(turn), ...acts.slice(0, turn)]) await act();
}

async function makeTerminals(round: number): Promise<Lists> {
  const lists: SendingTerminal[][] = [];
  for (let list = 0; list < CONNECTIONS; list += 1) {
    const own: SendingTerminal[] = [];
    for (let index = 0; index < TERMINALS_PER_CONNECTION; index += 1)
      own.push(await SendingTerminal.named(`load-${round}-${list}-${index}`));
    lists.push(own);
  }
  return lists;
}

async function countStored(sqlitePath: string): Promise<number> {
  const database = await openDatabase({ sqlitePath });
  try {
    const { count } = await database
      .selectFrom('record_batches')
      .select(sql<number>`SUM(last_seq - first_seq + 1)`.as('count'))
      .executeTakeFirstOrThrow();
    return count;
  } finally {
    await database.destroy();
  }
}

function report(seen: Seen, stored: number, complaints: string, size: AttackOptions['size']): AttackReport {
  const rate = ([, ...rounds]: readonly Driven[]): number =>
    Math.round(median(rounds.map((one) => answered(one) / one.seconds)));
  const p99 = ([, ...rounds]: readonly Driven[]): number =>
    Math.round(median(rounds.map(({ latenciesMs }) => quantile(latenciesMs, 0.99))));
  const sent = seen.batches.reduce((sum, one) => sum + answered(one), 0) * PER_BATCH;
  const violations = [...seen.batches, ...seen.heartbeats].flatMap((one) => strangeAnswers(one));
  if (sent !== stored) violations.push(`${sent} records were acknowledged, ${stored} are stored`);
  if (complaints !== '') violations.push(`the platform complained: ${complaints.slice(0, 500)}`);
  const figures = {
    'batches of 20 a second': rate(seen.batches),
    'batches: p99, ms': p99(seen.batches),
    'bare insert, batches a second': rate(seen.bareBatches),
    'bare insert: p99, ms': p99(seen.bareBatches),
    'heartbeats a second': rate(seen.heartbeats),
    'heartbeats: p99, ms': p99(seen.heartbeats),
    'bare heartbeats a second': rate(seen.bareHeartbeats),
    'records acknowledged and stored': stored,
  };
  const missed = size === 'short' ? [] : missedOf(figures);
  return { figures, violations, missed };
}

/** Under load it may ask to be left alone for a while (503); anything else was not asked for. */
function strangeAnswers({ statuses }: Driven): readonly string[] {
  return [...statuses]
    .filter(([status]) => status !== 200 && status !== 503)
    .map(([status, count]) => `${count} requests were answered ${status === 0 ? 'with a broken line' : status}`);
}

function missedOf(figures: Readonly<Record<string, number>>): readonly string[] {
  const limits: readonly (readonly [string, number, 'least' | 'most'])[] = [
    ['batches of 20 a second', BATCHES_PER_S, 'least'],
    ['batches: p99, ms', P99_MS, 'most'],
    ['heartbeats a second', HEARTBEATS_PER_S, 'least'],
    ['heartbeats: p99, ms', P99_MS, 'most'],
  ];
  return limits.flatMap(([name, limit, side]) => {
    const value = figures[name] ?? Number.NaN;
    const isReached = side === 'least' ? value >= limit : value <= limit;
    return isReached ? [] : [`${name}: ${value}, not ${limit}`];
  });
}
