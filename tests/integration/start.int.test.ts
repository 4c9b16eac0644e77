import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemBeganOf } from '../../scripts/start/instance-lock.ts';
import { testTerminal } from '../support/test-identity.ts';

const STUBS = resolve(import.meta.dirname, '..', 'support', 'start-stubs');
const START_HERE = join(STUBS, 'start-here.ts');
const READY = {
  platform: { ready: true },
  station: { ready: true, page: 'http://127.0.0.1:1002' },
  'browser-host': { ready: true, url: 'http://127.0.0.1:1003/launch', browser: false },
};
const CODE = 'ABCD-EFGH-JKMN';
type Program = keyof typeof READY;
const PROGRAMS = Object.keys(READY) as Program[];

let root = '';
const started: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kiosk-start-'));
  for (const program of PROGRAMS) {
    mkdirSync(join(root, program));
    const stub = JSON.stringify(join(STUBS, 'stub-program.ts'));
    writeFileSync(join(root, program, 'main.ts'), `import { runStub } from ${stub};\nrunStub(import.meta.dirname);\n`);
    behave(program, program === 'platform' ? { code: CODE } : { ready: READY[program] });
  }
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const { pid } of PROGRAMS.flatMap(startsOf)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  rmSync(root, { recursive: true });
});

function behave(program: Program, behaviour: object): void {
  writeFileSync(join(root, program, 'behaviour.json'), JSON.stringify(behaviour));
}

function startsOf(program: Program): readonly { pid: number; argv: string[] }[] {
  const file = join(root, program, 'started.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { pid: number; argv: string[] });
}

interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  output(): string;
}

function npmStart(...args: string[]): Run {
  return watch(spawn(process.execPath, [START_HERE, root, ...args]));
}

function watch(child: ChildProcessWithoutNullStreams): Run {
  started.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, exit: new Promise((done) => child.on('close', done)) };
}

async function untilRunning(run: Run): Promise<void> {
  await expect.poll(run.output).toContain('Ctrl-C');
}

describe('npm start', () => {
  it('starts everything, says where, and leaves no process after SIGTERM', async () => {
    behave('browser-host', { ready: READY['browser-host'], straggler: true });
    const run = npmStart();
    await untilRunning(run);
    for (const url of ['http://127.0.0.1:1002', 'http://127.0.0.1:1003/launch']) expect(run.output()).toContain(url);
    expect(run.output()).toMatch(/Platform +http:\/\/127\.0\.0\.1:\d+/);
    expect(run.output().trim().split('\n').length).toBeLessThanOrEqual(15);
    run.child.kill('SIGTERM');
    expect(await run.exit).toBe(0);
    const pids = PROGRAMS.flatMap(startsOf).map((entry) => entry.pid);
    expect(pids).toHaveLength(4);
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
    expect(existsSync(join(root, '.data', 'start.lock'))).toBe(false);
  });

  it('asks the platform for a code and lays it where the kiosk looks, in a file of the owner, never in an argument', async () => {
    const run = npmStart('--no-browser', '--site', 'west-village');
    await untilRunning(run);
    const codeFile = join(root, '.data', 'enrolment-code');
    expect(readFileSync(codeFile, 'utf8')).toBe(`${CODE}\n`);
    expect(statSync(codeFile).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(PROGRAMS.flatMap(startsOf))).not.toContain(CODE);
    expect(run.output()).not.toContain(CODE);
    const argv = startsOf('browser-host')[0]?.argv ?? [];
    expect(argv).toContain('--no-browser');
    expect(argv).toContain(`--data=${join(root, '.data')}`);
    expect(argv.find((arg) => arg.startsWith('--platform='))).toMatch(/^--platform=http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('keeps an identity that is there, and asks for no code', async () => {
    const { record } = await testTerminal('west-village-01');
    const text = JSON.stringify(record);
    mkdirSync(join(root, '.data'));
    writeFileSync(join(root, '.data', 'identity.json'), text);
    const run = npmStart('--no-browser', '--site', 'west-village');
    await untilRunning(run);
    expect(existsSync(join(root, '.data', 'enrolment-code'))).toBe(false);
    expect(readFileSync(join(root, '.data', 'identity.json'), 'utf8')).toBe(text);
  });

  it('refuses a second start and names the first', async () => {
    const first = npmStart();
    await untilRunning(first);
    const second = npmStart();
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain(`process ${first.child.pid}`);
    expect(second.output()).toContain('http://127.0.0.1:1003');
    expect(startsOf('platform')).toHaveLength(1);
  });

  it('starts over the lock of a start that was killed', async () => {
    const first = npmStart();
    await untilRunning(first);
    first.child.kill('SIGKILL');
    await first.exit;
    const second = npmStart();
    await untilRunning(second);
    expect(startsOf('platform')).toHaveLength(2);
  });

  it('names a part that cannot start, with its last words, and stops the others', async () => {
    behave('station', { stderr: 'port 4001 is taken', exitCode: 3 });
    const run = npmStart();
    expect(await run.exit).toBe(1);
    expect(run.output()).toContain('The station ended with code 3');
    expect(run.output()).toContain('port 4001 is taken');
    expect(startsOf('browser-host')).toEqual([]);
    await expect.poll(() => PROGRAMS.flatMap(startsOf).filter((entry) => isAlive(entry.pid))).toEqual([]);
  });

  it('stops everything when one part dies later', async () => {
    const run = npmStart();
    await untilRunning(run);
    process.kill(startsOf('platform')[0]?.pid ?? 0, 'SIGKILL');
    expect(await run.exit).toBe(1);
    expect(run.output()).toContain('The platform was ended by SIGKILL');
    await expect.poll(() => PROGRAMS.flatMap(startsOf).filter((entry) => isAlive(entry.pid))).toEqual([]);
  });

  it('ends when the bootstrap that started it was killed', async () => {
    const script = `require('node:child_process').spawn(process.execPath, ${JSON.stringify([START_HERE, root])}, {
      stdio: 'inherit', env: { ...process.env, KIOSK_BOOTSTRAP: String(process.pid) } });`;
    const run = watch(spawn(process.execPath, ['-e', script]));
    await untilRunning(run);
    run.child.kill('SIGKILL');
    await expect.poll(() => PROGRAMS.flatMap(startsOf).filter((entry) => isAlive(entry.pid))).toEqual([]);
  });

  it('stops cleanly while it is still starting', async () => {
    behave('station', {});
    const run = npmStart();
    await expect.poll(() => startsOf('station').length).toBe(1);
    run.child.kill('SIGINT');
    expect(await run.exit).toBe(0);
    expect(startsOf('browser-host')).toEqual([]);
    await expect.poll(() => PROGRAMS.flatMap(startsOf).filter((entry) => isAlive(entry.pid))).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  return systemBeganOf(pid) !== undefined;
}
