import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROJECT = resolve(import.meta.dirname, '..', '..');
const LOCK = { packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { optional: true } } };

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kiosk-bootstrap-'));
  cpSync(join(PROJECT, 'scripts', 'bootstrap.mjs'), join(root, 'scripts', 'bootstrap.mjs'));
  cpSync(join(PROJECT, 'scripts', 'bootstrap'), join(root, 'scripts', 'bootstrap'), { recursive: true });
  write('scripts/probe.ts', `console.log('ran', process.argv.slice(2).join(' ')); process.exit(7);`);
  write('scripts/endless.ts', `process.kill(process.ppid, 'SIGTERM'); setInterval(() => {}, 1000);`);
  write('package.json', '{"type":"module","dependencies":{"a":"1.0.0"}}');
  write('package-lock.json', JSON.stringify(LOCK));
  fakeNpm('mkdir -p node_modules && echo "$@" >> npm-calls');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function fakeNpm(script: string): void {
  write('bin/npm', `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, 'bin', 'npm'), 0o755);
}

function bootstrap(...args: string[]): { code: number | null; output: string } {
  const PATH = [join(root, 'bin'), process.env['PATH']].join(delimiter);
  const run = spawnSync(process.execPath, [join(root, 'scripts', 'bootstrap.mjs'), ...args], {
    env: { ...process.env, PATH },
    encoding: 'utf8',
  });
  return { code: run.status, output: run.stdout + run.stderr };
}

function npmCalls(): readonly string[] {
  const file = join(root, 'npm-calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

describe('the bootstrap', () => {
  it('installs once, hands arguments on and keeps the exit code', () => {
    expect(bootstrap('probe', 'x', 'y')).toMatchObject({
      code: 7,
      output: expect.stringContaining('ran x y') as string,
    });
    expect(bootstrap('probe').code).toBe(7);
    expect(npmCalls()).toEqual(['ci --no-audit --no-fund --loglevel=error']);
  });

  it('installs again when the lockfile has changed, not when a script has', () => {
    bootstrap('probe');
    write('package.json', '{"type":"module","scripts":{"x":"y"},"dependencies":{"a":"1.0.0"}}');
    bootstrap('probe');
    expect(npmCalls()).toHaveLength(1);
    write('package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '2.0.0' } } }));
    bootstrap('probe');
    expect(npmCalls()).toHaveLength(2);
  });

  it('leaves alone what somebody installed with npm', () => {
    write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }));
    expect(bootstrap('probe').code).toBe(7);
    expect(npmCalls()).toEqual([]);
  });

  it('does not take an older version for installed', () => {
    write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '0.9.0' } } }));
    bootstrap('probe');
    expect(npmCalls()).toHaveLength(1);
  });

  it('says that the network is missing and which command to run then', () => {
    fakeNpm('echo "npm error code ENOTFOUND" >&2; exit 1');
    const { code, output } = bootstrap('probe');
    expect(code).toBe(1);
    expect(output).toContain('cannot be reached');
    expect(output).toContain('npm ci');
    expect(output).not.toContain('ran');
  });

  it('installs the PC/SC library beside, and goes on without it when that fails', () => {
    write('drivers/smart-card-reader/pcsc/package.json', '{"dependencies":{"p":"1.0.0"}}');
    fakeNpm('case "$1" in ci) mkdir -p node_modules;; *) echo "$@" >> npm-calls; exit 1;; esac');
    const { code, output } = bootstrap('probe');
    expect(code).toBe(7);
    expect(npmCalls()).toEqual(['install --no-save --no-audit --no-fund --prefix drivers/smart-card-reader/pcsc']);
    expect(output).toContain('smart-card readers stay unavailable');
  });

  it('refuses a script that does not exist, also by path', () => {
    for (const name of ['absent', '../bin/npm', '']) expect(bootstrap(name).code).toBe(1);
    expect(npmCalls()).toEqual([]);
  });

  it('hands a signal on and ends as its script did', () => {
    expect(bootstrap('endless').code).toBe(128 + 15);
  });
});
