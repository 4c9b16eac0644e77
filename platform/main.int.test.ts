import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { testTerminal } from '../tests/support/test-identity.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = new URL('./main.ts', import.meta.url).pathname;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'platform-main-'));
  const { enrolled } = await testTerminal('kiosk-1');
  await writeFile(join(folder, 'terminals.json'), JSON.stringify([enrolled]));
});
afterEach(() => rm(folder, { recursive: true }));

function start(): ChildProcess {
  const parameters = [
    MAIN,
    '--data',
    join(folder, 'data'),
    '--port',
    '0',
    '--terminals',
    join(folder, 'terminals.json'),
  ];
  return spawn(process.execPath, parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function ready(platform: ChildProcess): Promise<string> {
  if (!platform.stdout) throw new Error('stdout is a pipe');
  const [line] = (await once(createInterface(platform.stdout), 'line')) as [string];
  return (JSON.parse(line) as { url: string }).url;
}

describe('the platform as a process', () => {
  it.each([
    ['SIGTERM', (platform: ChildProcess) => platform.kill('SIGTERM')],
    ['SIGINT', (platform: ChildProcess) => platform.kill('SIGINT')],
    ['its parent’s end of stdin closing', (platform: ChildProcess) => platform.stdin?.end()],
  ])('says when it is ready, and ends cleanly on %s', async (_name, end) => {
    const platform = start();
    const ended = once(platform, 'exit');
    expect((await fetch(`${await ready(platform)}/v1/ops/summary`)).status).toBe(200);
    end(platform);
    expect(await ended).toEqual([0, null]);
  });

  it('makes its keys once, for its owner only, and keeps them', async () => {
    const keyFile = join(folder, 'data', 'platform-keys.json');
    const bytes: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      const platform = start();
      const ended = once(platform, 'exit');
      await ready(platform);
      bytes.push(await readFile(keyFile, 'utf8'));
      platform.kill('SIGTERM');
      await ended;
    }
    expect(bytes[1]).toBe(bytes[0]);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  });
});
