/** `npm run soak`: a kiosk with residents who never stop and a platform under load, each in a process whose memory is watched. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { systemClock } from '../../../contract/clock.system.ts';
import { pause } from '../../../contract/clock.ts';
import { testTerminal } from '../../support/test-identity.ts';
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { Draw } from '../support/draw.ts';
import { LeanConnection } from '../support/lean-http.ts';
import { preparePlatform, type PlatformProcess } from '../support/platform-process.ts';
import { SendingTerminal } from '../support/sending-terminal.ts';
import { slopeOfSecondHalf, type Sample } from './slope.ts';

export interface KioskArguments {
  readonly directory: string;
  readonly baseUrl: string;
  readonly terminal: string;
}

const SECONDS = { short: 12, full: 100 } as const;
const GOAL_MB_PER_MINUTE = 0.5;
/** Shorter than this no slope says anything: caches fill and the collector has not settled. */
const JUDGED_SECONDS = 60;
/**
 * Under the same load, before a run that is judged: page caches, compiled code and what the allocator keeps grow at first, and
 * so does what the platform remembers of each request, for the five minutes in which it could be sent again.
 */
const WARM_UP_SECONDS = 300;
/** Of both processes, so that what a collector will take back is not counted. */
const COLLECTED = ['--expose-gc', '--import', join(import.meta.dirname, 'collect.main.ts')];
/** Only a leak in every visit or request grows so much. */
const OBVIOUS_MB = 400;
const SAMPLE_MS = 250;
const SENDERS = 4;
const BATCH_RECORDS = 20;
const MEBIBYTE = 1024 * 1024;
const PAGE_BYTES = 4096;
const KIOSK = 'soak-kiosk-01';

export const soak: Attack = {
  name: 'soak',
  promise: 'the memory of kiosk and platform does not grow while residents and terminals keep coming',
  usage: '--seconds N',
  run,
};

interface Counts {
  readonly visits: number;
  readonly paid: number;
  readonly stuck: number;
  readonly ledgerBytes: number;
}

async function run({ size, seed, args, say }: AttackOptions): Promise<AttackReport> {
  const seconds = Number(args['seconds'] ?? SECONDS[size]);
  const senders = await Promise.all(Array.from({ length: SENDERS }, (_, at) => SendingTerminal.named(`soak-${at}-01`)));
  const terminals = [await testTerminal(KIOSK), ...senders.map(({ keys }) => keys)];
  const platform = await preparePlatform({ terminals, nodeArguments: COLLECTED });
  const directory = mkdtempSync(join(tmpdir(), 'soak-'));
  try {
    await platform.start();
    const kiosk = await startKiosk({ directory, baseUrl: `http://127.0.0.1:${platform.port}`, terminal: KIOSK });
    const over = new AbortController();
    const load = senders.map((sender, at) => keepSending(platform, sender, new Draw(seed + at), over.signal));
    const pids = { platform: platform.pid(), kiosk: kiosk.pid };
    const warmUpSeconds = seconds >= JUDGED_SECONDS ? WARM_UP_SECONDS : 0;
    say(`${warmUpSeconds} s to warm up, then ${seconds} s that count`);
    await watch(pids, warmUpSeconds, say);
    const memory = await watch(pids, seconds, say);
    const counts = await kiosk.counts();
    over.abort();
    const sent = (await Promise.all(load)).reduce((sum, batches) => sum + batches, 0);
    await kiosk.end();
    return report({ seconds, warmUpSeconds, memory, counts, batches: sent, words: kiosk.words() });
  } finally {
    await platform.kill('SIGKILL');
    platform.remove();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Outcome {
  readonly seconds: number;
  /** Before them; visits and batches are of both. */
  readonly warmUpSeconds: number;
  readonly memory: Readonly<Record<Watched, readonly Sample[]>>;
  readonly counts: Counts;
  readonly batches: number;
  readonly words: string;
}
type Watched = 'platform' | 'kiosk';

function report({ seconds, warmUpSeconds, memory, counts, batches, words }: Outcome): AttackReport {
  const watched: readonly Watched[] = ['kiosk', 'platform'];
  const of = (name: Watched) => {
    const samples = memory[name];
    const bytes = samples.map((sample) => sample.bytes);
    return { grewMb: (Math.max(...bytes) - (bytes[0] ?? 0)) / MEBIBYTE, slope: slopeOfSecondHalf(samples), bytes };
  };
  const isJudged = seconds >= JUDGED_SECONDS;
  return {
    figures: {
      seconds,
      'seconds to warm up': warmUpSeconds,
      visits: counts.visits,
      'of these paid': counts.paid,
      'left because nothing happened': counts.stuck,
      'batches of the other terminals': batches,
      'ledger, MB': rounded(counts.ledgerBytes / MEBIBYTE),
      ...Object.fromEntries(
        watched.map((name) => [`${name}: at the end, MB`, rounded((of(name).bytes.at(-1) ?? 0) / MEBIBYTE)]),
      ),
      ...Object.fromEntries(
        watched.map((name) => [`${name}: slope of the second half, MB/min`, rounded(of(name).slope)]),
      ),
    },
    violations: [
      ...watched
        .filter((name) => of(name).grewMb > OBVIOUS_MB)
        .map((name) => `${name} grew by ${rounded(of(name).grewMb)} MB`),
      ...(counts.paid === 0 ? [`no resident got through: ${words.slice(-400)}`] : []),
      ...(batches === 0 ? ['no batch got through'] : []),
    ],
    missed: watched
      .filter((name) => isJudged && of(name).slope > GOAL_MB_PER_MINUTE)
      .map((name) => `${name} ${rounded(of(name).slope)} MB/min, goal ${GOAL_MB_PER_MINUTE}`),
  };
}

interface Kiosk {
  readonly pid: number;
  counts(): Promise<Counts>;
  words(): string;
  end(): Promise<void>;
}

async function startKiosk(argument: KioskArguments): Promise<Kiosk> {
  const program = join(import.meta.dirname, 'kiosk.main.ts');
  const child = spawn(process.execPath, [...COLLECTED, program, JSON.stringify(argument)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const lines = createInterface(child.stdout);
  await firstOf(lines, child, () => words);
  return {
    pid: child.pid ?? 0,
    words: () => words,
    async counts() {
      const line = firstOf(lines, child, () => words);
      child.stdin.write('counts\n');
      return JSON.parse(await line) as Counts;
    },
    async end() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

async function firstOf(lines: Interface, child: ChildProcess, words: () => string): Promise<string> {
  const stop = new AbortController();
  const ended = once(child, 'exit', { signal: stop.signal }).then(() => {
    throw new Error(`the kiosk ended: ${words().slice(-2_000)}`);
  });
  try {
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    return line;
  } finally {
    stop.abort();
    ended.catch(() => undefined);
  }
}

/** Batches and heartbeats as fast as they are taken; how many batches were. */
async function keepSending(
  platform: PlatformProcess,
  sender: SendingTerminal,
  draw: Draw,
  signal: AbortSignal,
): Promise<number> {
  const line = new LeanConnection(platform.port);
  let batches = 0;
  while (!signal.aborted) {
    const from = batches * BATCH_RECORDS + 1;
    sender.serveUntil(from - 1 + BATCH_RECORDS, draw);
    const batch = sender.batch(from, from - 1 + BATCH_RECORDS);
    const answer = await line.send(await sender.request(JSON.stringify(batch)));
    if (answer.status !== 200) throw new Error(`the platform answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    batches++;
    await line.send(await sender.request('{}', 'heartbeat'));
  }
  line.close();
  return batches;
}

async function watch(
  pids: Readonly<Record<Watched, number>>,
  seconds: number,
  say: (line: string) => void,
): Promise<Record<Watched, Sample[]>> {
  const samples: Record<Watched, Sample[]> = { platform: [], kiosk: [] };
  const beganMs = systemClock.now();
  let saidAt = 0;
  for (let atMs = 0; atMs < seconds * 1_000; atMs = systemClock.now() - beganMs) {
    for (const name of ['platform', 'kiosk'] as const) samples[name].push({ atMs, bytes: residentBytes(pids[name]) });
    if (atMs - saidAt >= 20_000) {
      saidAt = atMs;
      const now = (name: Watched) => rounded((samples[name].at(-1)?.bytes ?? 0) / MEBIBYTE);
      say(`${Math.round(atMs / 1_000)} s: kiosk ${now('kiosk')} MB, platform ${now('platform')} MB`);
    }
    await pause(systemClock, SAMPLE_MS);
  }
  return samples;
}

/** What of the process lies in memory. */
function residentBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
