import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildPageGuard } from '../scripts/build-page-guard.ts';

const ROOT = resolve(import.meta.dirname, '..');
const dataDir = mkdtempSync(join(tmpdir(), 'kiosk-data-'));
const ARGUMENTS = [
  join(ROOT, 'browser-host', 'main.ts'),
  ...['--data', dataDir, '--site', 'demo-village', '--no-browser'],
  ...['--engine', join(ROOT, 'tests', 'support', 'stub-engine.ts')],
  ...['--renderer', join(ROOT, 'tests', 'support', 'stub-renderer')],
];

beforeAll(async () => void (await buildPageGuard()));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Ready {
  readonly ready: true;
  readonly url: string;
  readonly engine: number;
}

async function readyLine(child: ChildProcess): Promise<Ready> {
  if (!child.stdout) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const said = JSON.parse(line) as Partial<Ready>;
    if (said.ready) return said as Ready;
  }
  throw new Error('it ended without being ready');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const gone = (pid: number) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 45_000, interval: 50 });

describe('browser host command', () => {
  it('says a URL that works once, and ends without leaving its engine', async () => {
    const child = spawn(process.execPath, ARGUMENTS, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ready = await readyLine(child);
    expect([(await fetch(ready.url)).status, (await fetch(ready.url)).status]).toEqual([200, 403]);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(isAlive(ready.engine)).toBe(false);
  }, 20_000);

  it('ends with the process that started it, even when that was killed', async () => {
    const script = `const { spawn } = require('node:child_process');
      spawn(process.execPath, ${JSON.stringify(ARGUMENTS)}, { stdio: ['ignore', 'inherit', 'inherit'] });`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ready = await readyLine(parent);
    parent.kill('SIGKILL');
    await gone(ready.engine);
  }, 20_000);

  it('says what is wrong with its options', async () => {
    const child = spawn(process.execPath, [ARGUMENTS[0] as string, '--port', '99999', '--data', dataDir], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    expect(await once(child, 'close')).toEqual([64, null]);
    expect(errors).toContain('--port is no port');
  }, 20_000);
});
