import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAsset, type AssetSource } from './static-assets.ts';

const base = mkdtempSync(join(tmpdir(), 'assets-'));
const source: AssetSource = {
  rootDir: join(base, 'renderer'),
  own: new Map([['/own.css', { type: 'text/css', body: 'p{}' }]]),
};

beforeAll(() => {
  mkdirSync(join(base, 'renderer', 'assets'), { recursive: true });
  mkdirSync(join(base, 'renderer-evil'));
  mkdirSync(join(base, 'renderer', 'folder.js'));
  writeFileSync(join(base, 'renderer', 'index.html'), '<p>kiosk</p>');
  writeFileSync(join(base, 'renderer', 'assets', 'main-a1B2.js'), 'void 0');
  writeFileSync(join(base, 'renderer', '.secret.js'), 'secret');
  writeFileSync(join(base, 'renderer', 'main.js.map'), '{}');
  writeFileSync(join(base, 'renderer', 'data.json'), '{}');
  writeFileSync(join(base, 'outside.js'), 'secret');
  writeFileSync(join(base, 'renderer-evil', 'x.js'), 'secret');
  symlinkSync(join(base, 'outside.js'), join(base, 'renderer', 'link.js'));
  symlinkSync(join(base, 'renderer-evil'), join(base, 'renderer', 'sibling'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('static assets', () => {
  it.each([
    ['/index.html', 'text/html; charset=utf-8'],
    ['/assets/main-a1B2.js', 'text/javascript; charset=utf-8'],
    ['/own.css', 'text/css'],
  ])('gives %s', async (path, type) => {
    expect(await readAsset(source, path)).toMatchObject({ type });
  });

  it.each([
    '/',
    '/missing.js',
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/..%2foutside.js',
    '/assets%2fmain-a1B2.js',
    '/index.html%00.js',
    '/index.html\0.js',
    '/..\\outside.js',
    '//etc/passwd.js',
    '/.secret.js',
    '/main.js.map',
    '/data.json',
    '/link.js',
    '/sibling/x.js',
    '/folder.js',
    '/assets/constructor',
    '/index.html?x',
  ])('refuses %s', async (path) => {
    expect(await readAsset(source, path)).toBeUndefined();
  });
});
