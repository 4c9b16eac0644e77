/** One ledger under injected failures, from its start to whatever end, and what is left of it. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BundledProgram } from '../support/bundled-program.ts';
import { runNode } from '../support/run-node.ts';
import type { LedgerFiles, Wrong } from '../support/try-out.ts';
import { afterwards } from './afterwards.ts';
import { injectedPath, sqlitePaths, straceCommand, type Injection } from './injection.ts';
import type { Heard, Teller } from './teller.ts';

export type Files = 'ledger' | 'blackBox' | 'database';

export interface Case {
  readonly number: number;
  readonly seed: number;
  readonly injection: Injection;
  /** On which files. */
  readonly files: Files;
  /** On a disk that a killed ledger was left on, or on an empty one. */
  readonly isUsed: boolean;
  readonly closes: boolean;
}

export interface Bench {
  readonly program: BundledProgram;
  readonly scratch: string;
  /** A directory with the files of a ledger that was killed, and what that one had said. */
  readonly used: string;
  readonly usedHeard: readonly Heard[];
}

export interface CaseResult {
  /** The failure struck; otherwise the run shows nothing. */
  readonly isEffective: boolean;
  readonly heard: readonly Heard[];
  readonly wrong: Wrong | undefined;
}

const RESIDENTS = 8;
const WALL_START_MS = Date.UTC(2026, 0, 6);

export async function runCase(bench: Bench, one: Case): Promise<CaseResult> {
  const directory = join(bench.scratch, `case-${one.number}`);
  const files = filesIn(directory);
  layOut(files, one.isUsed ? bench.used : undefined);
  const trace = join(bench.scratch, `trace-${one.number}`);
  try {
    const wrap = straceCommand(pathsOf(files, one.files), trace, one.injection);
    const heard = await tell(bench.program, tellerOf(files, one), wrap);
    const isKill = one.injection.what === 'kill';
    const struck = injectedPath(trace);
    const isEffective = isKill ? !heard.some(({ is }) => is === 'through') : struck !== undefined;
    const before = one.isUsed ? bench.usedHeard : [];
    const isName = struck === dirname(files.path);
    return { isEffective, heard, wrong: afterwards(files, { ...one, before, heard, isName }) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
    rmSync(trace, { force: true });
  }
}

/** An empty disk, or a copy of a used one. */
export function layOut({ path, blackBoxPath }: LedgerFiles, used?: string): void {
  if (used !== undefined) cpSync(used, join(path, '../..'), { recursive: true });
  else for (const file of [path, blackBoxPath]) mkdirSync(dirname(file), { recursive: true });
}

export function pathsOf({ path, blackBoxPath }: LedgerFiles, which: Files): readonly string[] {
  if (which === 'ledger') return sqlitePaths(path);
  return which === 'database' ? [path] : [blackBoxPath, join(blackBoxPath, '..')];
}

export function filesIn(directory: string): LedgerFiles {
  return { path: join(directory, 'data', 'kiosk.sqlite'), blackBoxPath: join(directory, 'money', 'black-box.log') };
}

export function tellerOf(files: LedgerFiles, { seed, closes }: Pick<Case, 'seed' | 'closes'>): Teller {
  return { ...files, seed, closes, wallStartMs: WALL_START_MS, residents: RESIDENTS };
}

/** What the process said, to its last word. */
export async function tell(
  program: BundledProgram,
  teller: Teller,
  wrap: readonly string[],
): Promise<readonly Heard[]> {
  const { stdout, stderr, status } = await runNode(program.path, teller, { env: program.env, wrap });
  if (/PTRACE|ptrace|Operation not permitted/.test(stderr) || stderr.startsWith('strace:')) {
    throw new Error(`strace may not trace here (a container needs --cap-add=SYS_PTRACE): ${stderr.slice(0, 300)}`);
  }
  const heard = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Heard);
  // strace ends as its program does: by the signal, or with 128 + 9
  return status === null || status === 137 ? heard : [...heard, { is: 'broken', why: stderr.slice(0, 600) }];
}
