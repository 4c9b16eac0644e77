import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nameFindings } from './file-role.ts';
import { runRules } from './run-rules.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kiosk-rules-'));
  const compilerOptions = { target: 'es2022', module: 'nodenext', lib: ['es2022'], types: [], strict: true };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
});
afterEach(() => rmSync(root, { recursive: true }));

function check(path: string, ...lines: string[]): readonly string[] {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), lines.join('\n'));
  return runRules(root, [path]).map((line) => line.replace(/: .*/, ''));
}

const RESULT = `type Result = { ok: true; value: number } | { ok: false; problem: string };
type Outcome = { kind: 'done' } | { kind: 'failed' } | { kind: 'unknown' };
declare function act(): Result;
declare function print(): Promise<Outcome>;`;

describe('our own rules', () => {
  it('catches a module that reads the clock', () => {
    const lines = ['export const a = new Date();', 'export const b = Date();', 'export const c = new Date(0);'];
    expect(check('engine/a.ts', ...lines)).toEqual(['engine/a.ts:1 direct-time', 'engine/a.ts:2 direct-time']);
  });

  it('lets adapters, mains and tests read the clock', () => {
    for (const path of ['engine/clock.system.ts', 'platform/main.ts', 'engine/a.test.ts', 'bench/a.ts']) {
      expect(check(path, 'export const a = new Date();')).toEqual([]);
    }
  });

  it('catches a dropped Result and a dropped Outcome', () => {
    const found = check('engine/a.ts', RESULT, 'act();', 'await print();', 'export {};');
    expect(found).toEqual(['engine/a.ts:5 dropped-result', 'engine/a.ts:6 dropped-result']);
  });

  it('lets a Result be used, returned or dropped on purpose', () => {
    const used = ['export const a = act();', 'void act();', 'export const b = () => print();'];
    expect(check('engine/a.ts', RESULT, ...used)).toEqual([]);
  });

  it('catches node-hid’s synchronous class, not its asynchronous one', () => {
    const lines = [
      'declare const hid: any;',
      'export const a = new hid.HID(1);',
      'export const b = hid.HIDAsync.open(1);',
    ];
    expect(check('drivers/a.ts', ...lines)).toEqual(['drivers/a.ts:2 synchronous-hid']);
  });

  it('catches markup made from strings in the renderer', () => {
    const lines = ['declare const node: Record<string, string>;', "node.innerHTML = '<b>';", 'export {};'];
    expect(check('renderer/a.ts', ...lines)).toEqual(['renderer/a.ts:2 raw-markup']);
  });

  it('catches a disable comment without a reason, and one for a whole file', () => {
    const off = 'oxlint-disable';
    const lines = [
      `// ${off}-next-line no-console`,
      `// ${off}-next-line no-console -- the only place that prints`,
      `/* ${off} no-console -- the only place that prints */`,
      'export {};',
    ];
    expect(check('engine/a.ts', ...lines)).toEqual([
      'engine/a.ts:1 reasoned-disable',
      'engine/a.ts:3 reasoned-disable',
    ]);
  });

  it('catches names that escape their role', () => {
    for (const name of ['escpos.codec.ts', 'escpos.codec.test.ts', 'app.tsx', 'css.d.ts', '../x/a-b.prop.test.ts']) {
      expect(nameFindings(name.slice(name.lastIndexOf('/') + 1))).toEqual([]);
    }
    for (const name of ['escpos.codek.ts', 'App.tsx', 'my_file.ts', 'a.simulater.test.ts']) {
      expect(nameFindings(name)).toHaveLength(1);
    }
  });
});
