/**
 * `npm run journey -- parking|ticket [--offline] [--kill POINT]`: plays a resident without a screen, on real processes
 * and wires, prints the trail and a last line of JSON; exit 1 when money, paper and record do not agree.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { KILL_POINTS } from '../engine/ledger/kill-points.ts';
import { rehearse } from './journey/rehearse.ts';

const USAGE = `usage: npm run journey -- parking|ticket [--offline] [--kill POINT]\npoints: ${KILL_POINTS.join(' ')}\n`;

function refuse(): never {
  process.stderr.write(USAGE);
  process.exit(64);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { offline: { type: 'boolean', default: false }, kill: { type: 'string' } },
});
const journey = positionals[0];
if (journey !== 'parking' && journey !== 'ticket') refuse();
if (values.kill !== undefined && !(KILL_POINTS as readonly string[]).includes(values.kill)) refuse();

const dataDir = mkdtempSync(join(tmpdir(), 'kiosk-journey-'));
try {
  const { verdict, went } = await rehearse({
    journey,
    offline: values.offline,
    ...(values.kill === undefined ? {} : { kill: values.kill }),
    dataDir,
    say: (line) => process.stdout.write(`${line}\n`),
  });
  const { saleRequests: _inTheTrail, ...line } = verdict;
  process.stdout.write(`${JSON.stringify(line)}\n`);
  process.exitCode = went ? 0 : 1;
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
