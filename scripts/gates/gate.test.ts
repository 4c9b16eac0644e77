import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemBeganOf } from '../start/instance-lock.ts';
import { runGates, testGate, toolGate } from './gate.ts';
import { ONE_FAILED, ONE_PASSED, type Tally } from './tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'kiosk-gates-'));
const report = join(folder, 'report.json');
const node = (source: string): { command: string; args: string[]; timeoutMs: number } => ({
  command: process.execPath,
  args: ['-e', source],
  timeoutMs: 20_000,
});
const count = (value: unknown): Tally => value as Tally;
const writeReport = (tally: Tally): string =>
  `require('node:fs').writeFileSync(${JSON.stringify(report)}, ${JSON.stringify(JSON.stringify(tally))});`;

afterAll(() => rmSync(folder, { recursive: true }));

describe('gates', () => {
  it('fails a tool by its exit code', async () => {
    expect((await toolGate('a', node('')).run()).tally).toEqual(ONE_PASSED);
    expect((await toolGate('a', node('process.exit(3)')).run()).tally).toEqual(ONE_FAILED);
  });

  it('fails a tool that does not exist', async () => {
    const gate = toolGate('a', { command: join(folder, 'absent'), args: [], timeoutMs: 1_000 });
    expect((await gate.run()).tally).toEqual(ONE_FAILED);
  });

  it('ends a tool that never ends, together with its child', async () => {
    const child = `const c = require('node:child_process').spawn('sleep', ['600']); console.log(c.pid);
      process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
    const result = await toolGate('a', { ...node(child), timeoutMs: 500 }).run();
    expect(result.tally).toEqual(ONE_FAILED);
    const pid = Number.parseInt(result.output, 10);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('fails a runner that ends well and leaves no report', async () => {
    expect((await testGate('a', node(''), report, count).run()).tally).toEqual(ONE_FAILED);
  });

  it('fails a runner that ends badly and reports only green tests', async () => {
    const call = node(`${writeReport({ passed: 7, failed: 0, skipped: 0 })} process.exit(1)`);
    expect((await testGate('a', call, report, count).run()).tally).toEqual({ passed: 7, failed: 1, skipped: 0 });
  });

  it('does not count the report of an earlier run', async () => {
    await testGate('a', node(writeReport({ passed: 7, failed: 0, skipped: 0 })), report, count).run();
    expect((await testGate('a', node(''), report, count).run()).tally).toEqual(ONE_FAILED);
  });

  it('goes on after a gate that throws', async () => {
    const lines: string[] = [];
    const broken = { name: 'broken', run: () => Promise.reject(new Error('no such folder')) };
    const results = await runGates([broken, toolGate('fine', node(''))], (line) => lines.push(line));
    expect(results.map((result) => result.tally)).toEqual([ONE_FAILED, ONE_PASSED]);
    expect(lines.join('\n')).toContain('no such folder');
  });
});

function isAlive(pid: number): boolean {
  return systemBeganOf(pid) !== undefined;
}
