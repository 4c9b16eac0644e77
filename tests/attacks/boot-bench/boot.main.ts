/**
 * A start of the kiosk without a screen: `node boot.main.ts DIRECTORY`. Opens the ledger through the ladder, settles what is
 * open with devices that answer after two milliseconds, and says on stdout what it found and what the devices hold then.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../../contract/clock.ts';
import { systemChance, systemClock } from '../../../contract/clock.system.ts';
import type { EffectDevices } from '../../../engine/ledger/effect-context.ts';
import { recover } from '../../../engine/ledger/recovery.ts';
import { openKeptLedger } from '../../../engine/ledger/safety/ledger-keeper.ts';
import { FakeDevices } from '../../../engine/ledger/test-support/fake-devices.ts';
import type { DeviceMemory } from './open-acts.ts';

const ANSWER_MS = 2;

const directory = process.argv[2] ?? '.';
const memory = JSON.parse(readFileSync(join(directory, 'devices.json'), 'utf8')) as DeviceMemory;
const known = new FakeDevices();
for (const [trade, state] of memory.trades) known.trades.set(trade, state);
known.slips.push(...memory.slips);
const devices: EffectDevices = {
  async execute(deviceClass, command, limits) {
    await pause(systemClock, ANSWER_MS);
    return known.execute(deviceClass, command, limits);
  },
};

const opened = await openKeptLedger({
  path: join(directory, 'ledger.db'),
  blackBoxPath: join(directory, 'black-box.log'),
  backupDirectory: join(directory, 'backups'),
  clock: systemClock,
  chance: systemChance,
  onProblem: (found) => process.stderr.write(`${JSON.stringify(found)}\n`),
});
if (!opened.ok) throw new Error(`${opened.problem.code} ${opened.problem.detail ?? ''}`);
const { ledger } = opened.value;
const foundOpen = ledger.openTxns().length;
const report = await recover({ ledger, devices, clock: systemClock, chance: systemChance });
const held: DeviceMemory = { trades: [...known.trades], slips: known.slips };
const { user, system } = process.cpuUsage();
const cpuMs = Math.round((user + system) / 1_000);
process.stdout.write(`${JSON.stringify({ foundOpen, pending: report.pending.length, cpuMs, held })}\n`);
await opened.value.stop();
