/**
 * Central ingest: the whole platform (signature, digest, shape, chain, what the records mean, checkpoint) on SQLite, beside
 * the least that Fastify and PostgreSQL do to store the same bodies once, in the same run and in shuffled rounds. Ratios are
 * taken inside a round; CPU is counted for the whole server, its threads and its database's processes included.
 */
import { join } from 'node:path';
import { drive, answered, type Driven } from '../../tests/attacks/support/drive.ts';
import { Draw } from '../../tests/attacks/support/draw.ts';
import { preparePlatform, type PlatformProcess } from '../../tests/attacks/support/platform-process.ts';
import { SendingTerminal } from '../../tests/attacks/support/sending-terminal.ts';
import { prepareBatches, prepareHeartbeats, type Prepared } from '../../tests/attacks/platform-load/prepared.ts';
import { untilWatched } from '../../tests/attacks/support/watched.ts';
import { startPostgresServer, type PostgresServer } from '../../tests/support/postgres-server.ts';
import { compared, type Figure } from '../report.ts';
import { median, rounded, shuffled } from '../stats.ts';
import { cpuMs, cpuMsWithChildren } from './cpu-time.ts';
import { startReference, type ReferenceProcess } from './reference-process.ts';

const CONNECTIONS = 16;
const TERMINALS_PER_CONNECTION = 4;
const PER_BATCH = 100;
const ROUNDS = 5;
const ROUND_MS = 2_000;
const BATCHES = 90;
const HEARTBEATS = 1_600;
/** 1.3 records a transaction, 50 transactions an hour, one heartbeat a minute (money-and-sync 5.2). */
const RECORDS_PER_S = (50 * 1.3) / 3_600;
const HEARTBEATS_PER_S = 1 / 60;

interface Contender {
  readonly port: number;
  /** Which of a round's prepared lists it is sent. */
  readonly sent: keyof Prepared;
  cpuMs(): number;
  /** Resolves when it has done what its requests set off beside their answers. */
  readonly settled?: () => Promise<void>;
}

interface Measured {
  readonly perS: number;
  readonly cpuUs: number;
}

type Round<Name extends string> = Readonly<Record<Name, Measured>>;

export async function measurePlatform(directory: string): Promise<readonly Figure[]> {
  const perRound = await Promise.all(Array.from({ length: ROUNDS + 1 }, (_, round) => makeTerminals(round)));
  const platform = await preparePlatform({ terminals: perRound.flat(2).map(({ keys }) => keys) });
  const server = await startPostgresServer();
  const postgres = await startReference({ store: 'postgres', url: await server.newDatabase() });
  const parse = await startReference({ store: 'none' });
  const sqlite = await startReference({ store: 'sqlite', path: join(directory, 'reference.sqlite') });
  try {
    await platform.start();
    const contenders = contendersOf({ platform, server, postgres, parse, sqlite });
    const draw = new Draw(1);
    const batches: Round<Name>[] = [];
    const heartbeats: Round<Name>[] = [];
    for (const lists of perRound) {
      const prepared = await prepareBatches(lists, BATCHES, PER_BATCH, draw);
      batches.push(await round(contenders, prepared, PER_BATCH));
      heartbeats.push(await round(contenders, await prepareHeartbeats(lists, HEARTBEATS), 1));
    }
    // the first round warms up
    return figures(batches.slice(1), heartbeats.slice(1));
  } finally {
    await platform.kill('SIGKILL');
    for (const reference of [postgres, parse, sqlite]) await reference.close();
    await server.close();
    platform.remove();
  }
}

type Name = 'ours' | 'postgres' | 'parse' | 'sqlite';

interface Servers {
  readonly platform: PlatformProcess;
  readonly server: PostgresServer;
  readonly postgres: ReferenceProcess;
  readonly parse: ReferenceProcess;
  readonly sqlite: ReferenceProcess;
}

function contendersOf({ platform, server, postgres, parse, sqlite }: Servers): Readonly<Record<Name, Contender>> {
  return {
    ours: {
      port: platform.port,
      sent: 'signed',
      cpuMs: () => cpuMs(platform.pid()),
      settled: () => untilWatched(platform.databasePath),
    },
    postgres: {
      port: postgres.port,
      sent: 'plain',
      cpuMs: () => cpuMs(postgres.pid) + cpuMsWithChildren(server.pid()),
    },
    parse: { port: parse.port, sent: 'plain', cpuMs: () => cpuMs(parse.pid) },
    sqlite: { port: sqlite.port, sent: 'plain', cpuMs: () => cpuMs(sqlite.pid) },
  };
}

async function makeTerminals(round: number): Promise<readonly (readonly SendingTerminal[])[]> {
  const named = (list: number, index: number) => SendingTerminal.named(`bench-${round}-${list}-${index}`);
  return Promise.all(
    Array.from({ length: CONNECTIONS }, (_list, list) =>
      Promise.all(Array.from({ length: TERMINALS_PER_CONNECTION }, (_terminal, index) => named(list, index))),
    ),
  );
}

async function round(
  contenders: Readonly<Record<Name, Contender>>,
  prepared: Prepared,
  each: number,
): Promise<Round<Name>> {
  const measured: Partial<Record<Name, Measured>> = {};
  for (const name of shuffled(['ours', 'postgres', 'parse', 'sqlite'] as const)) {
    const { port, sent, cpuMs: cpu, settled } = contenders[name];
    const before = cpu();
    const driven = await drive({ port, lists: prepared[sent], limitMs: ROUND_MS });
    await settled?.();
    measured[name] = measuredOf(name, driven, cpu() - before, each);
  }
  return measured as Round<Name>;
}

function measuredOf(name: Name, driven: Driven, usedMs: number, each: number): Measured {
  const answers = answered(driven);
  if (driven.statuses.size !== 1 || answers === 0)
    throw new Error(`${name} answered ${JSON.stringify([...driven.statuses])}`);
  return { perS: (answers * each) / driven.seconds, cpuUs: (usedMs * 1_000) / (answers * each) };
}

function figures(batches: readonly Round<Name>[], heartbeats: readonly Round<Name>[]): readonly Figure[] {
  const middle = (rounds: readonly Round<Name>[], name: Name, what: keyof Measured) =>
    median(rounds.map((one) => one[name][what]));
  const ratio = (rounds: readonly Round<Name>[], what: keyof Measured, floor: Name) =>
    median(rounds.map((one) => one.ours[what] / one[floor][what]));
  const rate = (rounds: readonly Round<Name>[], name: Name) => `${rounded(middle(rounds, name, 'perS'), 0)}/s`;
  const cpu = (rounds: readonly Round<Name>[], name: Name) => `${rounded(middle(rounds, name, 'cpuUs'), 1)} µs`;
  const usPerS =
    RECORDS_PER_S * middle(batches, 'ours', 'cpuUs') + HEARTBEATS_PER_S * middle(heartbeats, 'ours', 'cpuUs');
  return [
    compared({
      name: 'ingest, 100 a batch: records, against Fastify + PostgreSQL',
      ...{ ours: rate(batches, 'ours'), floor: rate(batches, 'postgres') },
      ...{ ratio: ratio(batches, 'perS', 'postgres'), aim: '>= 1.4' },
    }),
    compared({
      name: 'ingest: CPU a record, against Fastify + PostgreSQL',
      ...{ ours: cpu(batches, 'ours'), floor: cpu(batches, 'postgres') },
      ...{ ratio: ratio(batches, 'cpuUs', 'postgres'), aim: '<= 0.5' },
    }),
    {
      name: 'ingest: CPU a record, against Fastify + SQLite, commit per request',
      ...{ ours: cpu(batches, 'ours'), floor: cpu(batches, 'sqlite') },
      ratio: ratio(batches, 'cpuUs', 'sqlite'),
    },
    {
      name: 'ingest: CPU a record, against reading alone',
      ...{ ours: cpu(batches, 'ours'), floor: cpu(batches, 'parse') },
      ratio: ratio(batches, 'cpuUs', 'parse'),
    },
    compared({
      name: 'heartbeat: CPU, against reading alone',
      ...{ ours: cpu(heartbeats, 'ours'), floor: cpu(heartbeats, 'parse') },
      ...{ ratio: ratio(heartbeats, 'cpuUs', 'parse'), aim: '<= 1.5' },
    }),
    {
      name: 'heartbeats, against Fastify + PostgreSQL',
      ...{ ours: rate(heartbeats, 'ours'), floor: rate(heartbeats, 'postgres') },
      ratio: ratio(heartbeats, 'perS', 'postgres'),
    },
    { name: 'terminals on one node by CPU, half of one core', ours: String(Math.floor(500_000 / usPerS)) },
  ];
}
