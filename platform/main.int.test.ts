import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = new URL('./main.ts', import.meta.url).pathname;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'platform-main-'));
  await writeFile(join(folder, 'terminals.json'), '[{"id":"kiosk-1","token":"a-token-that-is-long"}]');
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
});
