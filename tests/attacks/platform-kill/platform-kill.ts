/**
 * The platform dies under load, again and again: its process by SIGKILL, or the PostgreSQL server behind it as in a power cut.
 * What it acknowledged is there afterwards, each record once, in order, with what it means.
 */
import { pause } from '../../../contract/clock.ts';
import { systemClock } from '../../../contract/clock.system.ts';
import { databaseTarget, openDatabase } from '../../../platform/database/open-database.ts';
import { startPostgresServer, type PostgresServer } from '../../support/postgres-server.ts';
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { Draw, seedOf } from '../support/draw.ts';
import { preparePlatform, type PlatformProcess } from '../support/platform-process.ts';
import { SendingTerminal } from '../support/sending-terminal.ts';
import { judgeDatabase } from './judge.ts';
import { startSender, type Sender } from './sender.ts';

const TERMINALS = 16;
/** It is killed when it has acknowledged that much since it came back, and then at any moment of these. */
const LEAST_ACKNOWLEDGED = 60;
const SPREAD_ACKNOWLEDGED = 120;
const SPREAD_MS = 40;
const LOOK_MS = 5;

interface Size {
  readonly sqliteKills: number;
  readonly postgresStops: number;
}
const SIZES: Readonly<Record<AttackOptions['size'], Size>> = {
  short: { sqliteKills: 3, postgresStops: 1 },
  full: { sqliteKills: 25, postgresStops: 8 },
};

export const platformKill: Attack = {
  name: 'platform-kill',
  promise: 'no acknowledged record is lost when the platform or its database server is killed under load',
  async run(options) {
    const { sqliteKills, postgresStops } = SIZES[options.size];
    const onSqlite = await killPlatform(options, sqliteKills);
    const onPostgres = await stopServer(options, postgresStops);
    return {
      figures: { ...named('SQLite', onSqlite), ...named('PostgreSQL', onPostgres) },
      violations: [...onSqlite.violations, ...onPostgres.violations],
      missed: [],
    } satisfies AttackReport;
  },
};

interface Part {
  readonly deaths: number;
  readonly acknowledgements: number;
  readonly records: number;
  readonly unanswered: number;
  readonly unavailable: number;
  readonly violations: readonly string[];
}

function named(database: string, part: Part): Record<string, number> {
  return {
    [`${database}: kills`]: part.deaths,
    [`${database}: acknowledgements`]: part.acknowledgements,
    [`${database}: records acknowledged`]: part.records,
    [`${database}: requests without an answer`]: part.unanswered,
    [`${database}: answered 503`]: part.unavailable,
    [`${database}: violations`]: part.violations.length,
  };
}

async function killPlatform({ seed, say }: AttackOptions, kills: number): Promise<Part> {
  const terminals = await terminalsNamed('sqlite');
  const platform = await preparePlatform({ terminals: terminals.map(({ keys }) => keys) });
  const draw = new Draw(seedOf(seed, 1));
  try {
    await platform.start();
    const senders = startAll(terminals, platform.port, draw);
    for (let kill = 1; kill <= kills; kill += 1) {
      await untilBusy(senders, draw);
      await platform.kill('SIGKILL');
      await platform.start();
      if (kill % 5 === 0) say(`${kill} of ${kills} kills`);
    }
    return await finish(senders, platform, kills, platform.databasePath);
  } finally {
    await platform.kill('SIGKILL');
    platform.remove();
  }
}

async function stopServer({ seed, say }: AttackOptions, stops: number): Promise<Part> {
  const server = await startPostgresServer();
  const terminals = await terminalsNamed('postgres');
  const url = await server.newDatabase();
  const platform = await preparePlatform({ terminals: terminals.map(({ keys }) => keys), database: url });
  const draw = new Draw(seedOf(seed, 2));
  try {
    await platform.start();
    const pid = platform.pid();
    const senders = startAll(terminals, platform.port, draw);
    await stopAgainAndAgain(server, senders, { stops, draw, say });
    const part = await finish(senders, platform, stops, url);
    const died = platform.pid() === pid && platform.isRunning() ? [] : ['the platform died with its server'];
    return { ...part, violations: [...part.violations, ...died] };
  } finally {
    await platform.kill('SIGKILL');
    await server.close();
    platform.remove();
  }
}

async function stopAgainAndAgain(
  server: PostgresServer,
  senders: readonly Sender[],
  { stops, draw, say }: { readonly stops: number; readonly draw: Draw; readonly say: AttackOptions['say'] },
): Promise<void> {
  for (let stop = 1; stop <= stops; stop += 1) {
    await untilBusy(senders, draw);
    await server.stopImmediately();
    await server.start();
    say(`${stop} of ${stops} stops`);
  }
  await untilBusy(senders, draw);
}

/** The machine's speed does not decide how much is at stake: acknowledgements do. */
async function untilBusy(senders: readonly Sender[], draw: Draw): Promise<void> {
  const count = (): number => senders.reduce((sum, { counts }) => sum + counts.acknowledgements, 0);
  const goal = count() + LEAST_ACKNOWLEDGED + draw.below(SPREAD_ACKNOWLEDGED);
  while (count() < goal && senders.every(({ violations }) => violations.length === 0))
    await pause(systemClock, LOOK_MS);
  await pause(systemClock, draw.below(SPREAD_MS));
}

async function terminalsNamed(name: string): Promise<readonly SendingTerminal[]> {
  return Promise.all(Array.from({ length: TERMINALS }, (_, index) => SendingTerminal.named(`${name}-${index + 1}`)));
}

function startAll(terminals: readonly SendingTerminal[], port: number, draw: Draw): readonly Sender[] {
  return terminals.map((terminal) => startSender(terminal, port, new Draw(draw.next())));
}

/** Everything is sent to its end, the platform ends, and what it leaves behind is judged. */
async function finish(
  senders: readonly Sender[],
  platform: PlatformProcess,
  deaths: number,
  database: string,
): Promise<Part> {
  await Promise.all(senders.map((sender) => sender.drain()));
  const isAlive = platform.isRunning();
  const found = await judge(senders, database);
  const sum = (count: keyof Sender['counts']): number =>
    senders.reduce((total, { counts }) => total + counts[count], 0);
  return {
    deaths,
    acknowledgements: sum('acknowledgements'),
    records: sum('acknowledgedRecords'),
    unanswered: sum('unanswered'),
    unavailable: sum('unavailable'),
    violations: [
      ...senders.flatMap(({ violations }) => violations),
      ...found,
      ...(isAlive ? [] : [`the platform ended by itself: ${platform.complaints().slice(-500)}`]),
    ],
  };
}

async function judge(senders: readonly Sender[], address: string): Promise<readonly string[]> {
  const target = databaseTarget(address);
  const database = await openDatabase(target);
  try {
    return await judgeDatabase(
      database,
      senders.map(({ terminal }) => terminal),
      'sqlitePath' in target,
    );
  } finally {
    await database.destroy();
  }
}
