/** One platform under injected failures: terminals send to it until it has failed, and then to one whose disk works again. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../../contract/clock.ts';
import { systemClock } from '../../../contract/clock.system.ts';
import { openDatabase } from '../../../platform/database/open-database.ts';
import { judgeDatabase } from '../platform-kill/judge.ts';
import { startSender, type Sender } from '../platform-kill/sender.ts';
import { Draw } from '../support/draw.ts';
import { preparePlatform, type PlatformProcess } from '../support/platform-process.ts';
import { SendingTerminal } from '../support/sending-terminal.ts';
import {
  countCalls,
  injectedPath,
  sqlitePaths,
  straceCommand,
  watching,
  type Call,
  type Injection,
} from './injection.ts';

export interface PlatformCase {
  readonly number: number;
  readonly seed: number;
  readonly injection: Injection;
}

export interface PlatformResult {
  /** The failure struck; otherwise the run shows nothing. */
  readonly isEffective: boolean;
  /** It ended by itself, as it must once a sync has failed. */
  readonly ended: boolean;
  readonly refused: boolean;
  readonly unavailable: number;
  readonly acknowledged: number;
  readonly violations: readonly string[];
}

const TERMINALS = 4;
/** Acknowledgements after which a run without harm is over. */
const ACKNOWLEDGEMENTS = 80;
const LONGEST_MS = 60_000;
const LOOK_MS = 10;

export async function runPlatformCase(scratch: string, one: PlatformCase): Promise<PlatformResult> {
  const trace = join(scratch, `platform-${one.number}.trace`);
  return withPlatform(async (platform, terminals) => {
    const refusal = await startOn(platform, straceCommand(sqlitePaths(platform.databasePath), trace, one.injection));
    const senders = startAll(terminals, platform.port, one.seed);
    if (refusal === undefined) await untilOver(platform, senders);
    const ended = !platform.isRunning();
    const code = platform.exitCode();
    const isHung = !(await endsInTime(platform));
    const isEffective = one.injection.what === 'kill' ? ended : injectedPath(trace) !== undefined;
    const unavailable = sum(senders, 'unavailable');
    const found = [
      ...(isHung ? ['the platform did not end when it was told to'] : []),
      ...(isEffective && mustEnd(one.injection) && !ended ? ['a sync failed, and the platform went on'] : []),
      ...(ended && one.injection.what !== 'kill' && code !== 1 ? [`it ended by itself with ${String(code)}`] : []),
      ...(await afterwards(platform, senders)),
    ];
    return {
      ...{ isEffective, ended, unavailable, refused: refusal !== undefined },
      acknowledged: sum(senders, 'acknowledgedRecords'),
      violations: found.map((line) => `${line} (${refusal ?? platform.complaints().slice(0, 300)})`),
    };
  }).finally(() => rmSync(trace, { force: true }));
}

/** How often each call comes by in a run without harm. */
export async function countPlatformCalls(scratch: string, seed: number): Promise<ReadonlyMap<Call, number>> {
  const trace = join(scratch, 'platform-count.trace');
  return withPlatform(async (platform, terminals) => {
    const refusal = await startOn(platform, watching(sqlitePaths(platform.databasePath), trace));
    if (refusal !== undefined) throw new Error(`the platform does not start under strace: ${refusal}`);
    const senders = startAll(terminals, platform.port, seed);
    await untilOver(platform, senders);
    await endsInTime(platform);
    await afterwards(platform, senders);
    return countCalls(trace);
  });
}

type Work<Result> = (platform: PlatformProcess, terminals: readonly SendingTerminal[]) => Promise<Result>;

async function withPlatform<Result>(work: Work<Result>): Promise<Result> {
  const names = Array.from({ length: TERMINALS }, (_, index) => `failing-${index + 1}`);
  const terminals = await Promise.all(names.map((name) => SendingTerminal.named(name)));
  const platform = await preparePlatform({ terminals: terminals.map(({ keys }) => keys) });
  try {
    return await work(platform, terminals);
  } finally {
    await platform.kill('SIGKILL');
    platform.remove();
  }
}

/** Why it did not start, if it did not: a disk that fails at the start is refused with its reason. */
function startOn(platform: PlatformProcess, wrap: readonly string[]): Promise<string | undefined> {
  return platform.start(wrap).then(
    () => undefined,
    (error: unknown) => String(error),
  );
}

function startAll(terminals: readonly SendingTerminal[], port: number, seed: number): readonly Sender[] {
  const draw = new Draw(seed);
  return terminals.map((terminal) => startSender(terminal, port, new Draw(draw.next())));
}

async function untilOver(platform: PlatformProcess, senders: readonly Sender[]): Promise<void> {
  const beganMs = systemClock.now();
  while (platform.isRunning() && sum(senders, 'acknowledgements') < ACKNOWLEDGEMENTS) {
    if (systemClock.now() - beganMs > LONGEST_MS)
      throw new Error('a platform under attack answers nobody for a minute');
    await pause(systemClock, LOOK_MS);
  }
}

async function endsInTime(platform: PlatformProcess): Promise<boolean> {
  const late = new AbortController();
  const isLate = pause(systemClock, LONGEST_MS, late.signal).then(() => false);
  const inTime = await Promise.race([platform.end().then(() => true), isLate]);
  late.abort();
  return inTime;
}

/** A log that may not be on the disk is never built upon. */
function mustEnd({ call, what }: Injection): boolean {
  return call === 'fdatasync' && what !== 'kill';
}

/** On a disk that works: it starts, takes everything that was not acknowledged, and nothing that was is missing. */
async function afterwards(platform: PlatformProcess, senders: readonly Sender[]): Promise<readonly string[]> {
  await platform.start();
  await Promise.all(senders.map((sender) => sender.drain()));
  await platform.end();
  const database = await openDatabase({ sqlitePath: platform.databasePath });
  try {
    const terminals = senders.map(({ terminal }) => terminal);
    const judged = await judgeDatabase(database, terminals, true);
    return [...senders.flatMap(({ violations }) => violations), ...judged];
  } finally {
    await database.destroy();
  }
}

function sum(senders: readonly Sender[], count: keyof Sender['counts']): number {
  return senders.reduce((total, { counts }) => total + counts[count], 0);
}
