/**
 * `npm run bench [-- ledger|platform|devices|start|tap]`: the speed of the kiosk in ratios; see bench/README.md. Prints a table and
 * writes dist/bench.json; takes under eight minutes and leaves no process and no file elsewhere.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { measureDevices } from '../bench/devices/devices.ts';
import { measureLedger } from '../bench/ledger/ledger.ts';
import { describeMachine } from '../bench/machine.ts';
import { measurePlatform } from '../bench/platform/platform.ts';
import { table, type Figure } from '../bench/report.ts';
import { withPages } from '../bench/screens.ts';
import { CHROMIUM } from '../tests/e2e/support/browser.ts';

const PARTS = ['ledger', 'platform', 'devices', 'start', 'tap'] as const;
type Part = (typeof PARTS)[number];

const ROOT = resolve(import.meta.dirname, '..');
const LIMIT_MS = 9 * 60_000;

function wantedParts(): readonly Part[] {
  const [name, ...rest] = process.argv.slice(2);
  if (name === undefined) return PARTS;
  const part = PARTS.find((known) => known === name);
  if (part && rest.length === 0) return [part];
  process.stderr.write(`usage: npm run bench [-- ${PARTS.join('|')}]\n`);
  process.exit(64);
}

async function measure(parts: readonly Part[], directory: string): Promise<readonly Figure[]> {
  // the disk first, while nothing else runs
  const ofLedger = parts.includes('ledger') ? await measureLedger(directory) : [];
  const ofPlatform = parts.includes('platform') ? await measurePlatform(directory) : [];
  const ofDevices = parts.includes('devices') ? await measureDevices(directory) : [];
  const pages = parts.filter((part) => part === 'start' || part === 'tap');
  return [...ofLedger, ...ofPlatform, ...ofDevices, ...(pages.length > 0 ? await withPages(directory, pages) : [])];
}

const parts = wantedParts();
// not in memory: what is measured is the disk under the kiosk
const directory = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'kiosk-bench-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
// ends the children it has started as well: their stdin closes with us
const timer = setTimeout(() => {
  process.stderr.write('the bench took too long\n');
  process.exit(1);
}, LIMIT_MS);
const machine = describeMachine(directory, CHROMIUM);
console.log(
  Object.entries(machine)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · '),
);
const figures = await measure(parts, directory);
console.log(`\n${table(figures)}`);
mkdirSync(join(ROOT, 'dist'), { recursive: true });
const result = { at: new Date().toISOString(), machine, figures };
writeFileSync(join(ROOT, 'dist', 'bench.json'), `${JSON.stringify(result, undefined, 2)}\n`);
clearTimeout(timer);
