import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'station-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(config: string, stdio: 'pipe' | 'ipc' = 'pipe', stdin: 'ignore' | 'pipe' = 'ignore') {
  const file = join(folder, `${stdio}.yaml`);
  writeFileSync(file, config);
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, '--config', file], { stdio: [stdin, 'pipe', 'pipe', stdio] });
  if (!child.stdout || !child.stderr) throw new Error('no pipes');
  return { child, stdout: child.stdout, stderr: child.stderr };
}

const CONFIG = `
controlPort: 0
devices:
  - { id: pay-1, class: payment-terminal, model: mis-tlv, listen: { kind: tcp, port: 0 } }
`;

it('says in one line that it is ready, and ends on SIGTERM', async () => {
  const station = run(`simulation: ${CONFIG.replaceAll('\n', '\n  ')}`);
  const [line] = (await once(station.stdout, 'data')) as [Buffer];
  const ready = JSON.parse(String(line)) as { ready: boolean; page: string };
  expect(ready).toMatchObject({ ready: true, devices: [{ id: 'pay-1' }] });
  expect((await fetch(`${ready.page}api/state`)).status).toBe(200);
  station.child.kill('SIGTERM');
  expect(await once(station.child, 'exit')).toEqual([0, null]);
});

it('ends when its parent is killed: all it hears is the end of its stdin', async () => {
  const station = run(CONFIG, 'pipe', 'pipe');
  await once(station.stdout, 'data');
  station.child.stdin?.end();
  expect(await once(station.child, 'exit')).toEqual([0, null]);
});

it('ends when its parent goes', async () => {
  const station = run(CONFIG, 'ipc');
  await once(station.stdout, 'data');
  station.child.disconnect();
  expect(await once(station.child, 'exit')).toEqual([0, null]);
});

it('names the wrong key of its configuration', async () => {
  const station = run(CONFIG.replace('port: 0 }', 'prot: 0 }'));
  const [line] = (await once(station.stderr, 'data')) as [Buffer];
  expect(String(line)).toContain('prot');
  expect((await once(station.child, 'exit'))[0]).toBe(2);
});

it('says which port is taken', async () => {
  const first = run(CONFIG);
  const [line] = (await once(first.stdout, 'data')) as [Buffer];
  const { page } = JSON.parse(String(line)) as { page: string };
  const second = run(CONFIG.replace('controlPort: 0', `controlPort: ${new URL(page).port}`));
  const [words] = (await once(second.stderr, 'data')) as [Buffer];
  expect(String(words)).toContain(`127.0.0.1:${new URL(page).port}`);
  expect((await once(second.child, 'exit'))[0]).toBe(1);
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');
});
