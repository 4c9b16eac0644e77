/** `npm run boot:bench`: from the start of a process to the last of a hundred open transactions settled. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemChance, systemClock } from '../../../contract/clock.system.ts';
import { checkInvariants } from '../../../contract/invariants.ts';
import type { TradeFact } from '../../../contract/invariants/facts.types.ts';
import { openLedger } from '../../../engine/ledger/ledger.ts';
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { operationFact } from '../support/ledger-facts.ts';
import { leaveOpen, type DeviceMemory } from './open-acts.ts';

const OPEN = 100;
const GOAL_MS = 2_000;
const RUNS = { short: 2, full: 15 } as const;
const CHILD_END_MS = 60_000;

export const bootBench: Attack = {
  name: 'boot-bench',
  promise: `${OPEN} open transactions are settled within ${GOAL_MS / 1_000} s of the start of the process`,
  run,
};

interface Boot {
  readonly ms: number;
  /** Work of the process until then, in all its threads. */
  readonly cpuMs: number;
  readonly foundOpen: number;
  readonly violations: readonly string[];
}

async function run({ size, say }: AttackOptions): Promise<AttackReport> {
  const boots: Boot[] = [];
  for (let count = 0; count < RUNS[size]; count++) {
    const boot = await bootOnce();
    boots.push(boot);
    say(`start ${count + 1}: ${Math.round(boot.ms)} ms`);
  }
  const times = boots.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const slowest = times.at(-1) ?? 0;
  return {
    figures: {
      starts: boots.length,
      'open transactions of each': Math.min(...boots.map(({ foundOpen }) => foundOpen)),
      'median, ms': Math.round(times[times.length >> 1] ?? 0),
      'slowest, ms': Math.round(slowest),
      'CPU of a start, ms': Math.min(...boots.map(({ cpuMs }) => cpuMs)),
    },
    violations: boots.flatMap(({ violations }) => violations),
    missed: slowest > GOAL_MS ? [`slowest start ${Math.round(slowest)} ms, goal ${GOAL_MS} ms`] : [],
  };
}

async function bootOnce(): Promise<Boot> {
  const root = mkdtempSync(join(tmpdir(), 'boot-bench-'));
  const directory = join(root, 'start');
  try {
    const operations = prepare(join(root, 'life'), directory);
    const began = systemClock.now();
    const { firstLineMs, line } = await start(directory);
    const said = JSON.parse(line) as { foundOpen: number; pending: number; cpuMs: number; held: DeviceMemory };
    const { foundOpen, pending, cpuMs, held } = said;
    const violations = judge(directory, operations, held);
    if (foundOpen !== OPEN) violations.push(`${foundOpen} of ${OPEN} were found open`);
    if (pending > 0) violations.push(`${pending} are not settled`);
    return { ms: firstLineMs - began, cpuMs, foundOpen, violations };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Leaves in `left` the files of a machine that was killed: nothing is closed. */
function prepare(directory: string, left: string): readonly string[] {
  mkdirSync(directory);
  const opened = openLedger({
    path: join(directory, 'ledger.db'),
    blackBoxPath: join(directory, 'black-box.log'),
    clock: systemClock,
    chance: systemChance,
  });
  if (!opened.ok) throw new Error(opened.problem.code);
  const memory = leaveOpen(opened.value, OPEN);
  const operations = opened.value.openTxns().map(({ id }) => id);
  cpSync(directory, left, { recursive: true });
  writeFileSync(join(left, 'devices.json'), JSON.stringify(memory));
  opened.value.close();
  return operations;
}

/** The first line of the child, and when it came. */
function start(directory: string): Promise<{ firstLineMs: number; line: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'boot.main.ts'), directory]);
  return new Promise((resolve, reject) => {
    let words = '';
    let errors = '';
    let firstLineMs: number | undefined;
    const limit = systemClock.after(CHILD_END_MS, () => child.kill('SIGKILL'));
    child.stdout.on('data', (chunk: Buffer) => {
      words += chunk.toString();
      if (words.includes('\n')) firstLineMs ??= systemClock.now();
    });
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.once('close', (code) => {
      systemClock.cancel(limit);
      if (code === 0 && firstLineMs !== undefined) resolve({ firstLineMs, line: words });
      else reject(new Error(`the start ended with ${code}: ${errors}`));
    });
  });
}

function judge(directory: string, operations: readonly string[], held: DeviceMemory): string[] {
  const opened = openLedger({ path: join(directory, 'ledger.db'), clock: systemClock, chance: systemChance });
  if (!opened.ok) return [`the ledger does not open afterwards: ${opened.problem.code}`];
  const terminal = { operations: operations.map((id) => operationFact(opened.value.txn(id))) };
  opened.value.close();
  const provider = held.trades.map(([trade, state]): TradeFact => ({
    trade,
    state: state === 'approved' ? 'captured' : state === 'reversed' ? 'reversed' : 'none',
    cents: 960,
  }));
  const world = held.slips.map((job) => ({ job, originals: 1, copies: 0, what: 'parking' }));
  return checkInvariants({ terminal, provider, world, bounds: { unfinishedMs: 0 } }).map(
    ({ invariant, operation = '', detail }) => `${invariant} ${operation} ${detail}`,
  );
}
