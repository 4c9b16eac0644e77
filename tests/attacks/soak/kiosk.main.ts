/**
 * A whole kiosk without a screen, with devices that answer at once and residents who never stop coming:
 * `node kiosk.main.ts JSON`. Says `ready` on stdout, then one line of counts whenever it reads one; ends with its stdin.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemChance, systemClock } from '../../../contract/clock.system.ts';
import { pause } from '../../../contract/clock.ts';
import type { Intent } from '../../../contract/intent.schema.ts';
import { ok } from '../../../contract/outcome.schema.ts';
import { createLocalDeviceHost } from '../../../engine/devices/device-host.ts';
import { startEngine, type Engine } from '../../../engine/engine.ts';
import type { KioskConfig } from '../../../kiosk-config/load.ts';
import { nextMove, type Persona } from '../../../scripts/journey/resident.ts';
import { demoConfig } from '../../support/flow-bench.ts';
import { testTerminal } from '../../support/test-identity.ts';
import { InstantDevice } from './instant-devices.ts';
import type { KioskArguments } from './soak.ts';

/** A page that does not change within this time is left. */
const STUCK_MS = 5_000;
const LOOK_MS = 20;

const { directory, baseUrl, terminal } = JSON.parse(process.argv[2] ?? '{}') as KioskArguments;
const counts = { visits: 0, paid: 0, stuck: 0 };
const cabinet = new Map<string, InstantDevice>();
const engine = await start();
process.stdout.write('ready\n');
const stdin = createInterface(process.stdin);
stdin.on('line', () => process.stdout.write(`${JSON.stringify({ ...counts, ledgerBytes: engine.ledger.bytes() })}\n`));
const over = new AbortController();
stdin.once('close', () => over.abort());
for (let visitor = 0; !over.signal.aborted; visitor++) await visit(visitor);
await engine.close();

async function start(): Promise<Engine> {
  const { identity, record } = await testTerminal(terminal);
  const config = withThreeDevices(demoConfig());
  const started = await startEngine({
    config,
    clock: systemClock,
    chance: systemChance,
    ledgerPath: join(directory, 'ledger.db'),
    blackBoxPath: join(directory, 'black-box.log'),
    backupDirectory: join(directory, 'backups'),
    onLedgerProblem: (found) => process.stderr.write(`${JSON.stringify(found)}\n`),
    platform: { baseUrl, identity, identityStore: { read: () => ok(record), write: () => ok(undefined) } },
    fetch: globalThis.fetch,
    startDeviceHost: () => createLocalDeviceHost(openInstant, systemClock),
  });
  if (!started.ok) throw new Error(`${started.problem.code} ${started.problem.detail ?? ''}`);
  return started.value;
}

function openInstant(config: ConstructorParameters<typeof InstantDevice>[0]) {
  const device = new InstantDevice(config);
  cabinet.set(config.id, device);
  return ok(device);
}

function withThreeDevices(config: KioskConfig): KioskConfig {
  const devices = config.site.devices.filter(({ id }) => ['card-1', 'receipt-1', 'pay-1'].includes(id));
  return { ...config, site: { ...config.site, devices } };
}

/** Comes, pays for the car or takes a number, and goes; whatever the glass says. */
async function visit(visitor: number): Promise<void> {
  const plate = `粤A${String(10_000 + (visitor % 80_000))}`;
  const persona: Persona = { journey: visitor % 4 === 0 ? 'ticket' : 'parking', plate, card: 'livelihood' };
  if (persona.journey === 'parking') await carArrives(plate);
  let last = '';
  let sinceMs = systemClock.now();
  while (!over.signal.aborted) {
    const { screen, page } = engine.view();
    const name = `${page}/${screen.kind}/${'state' in screen ? screen.state : ''}`;
    const move = nextMove(engine.view(), persona);
    if (name === last && systemClock.now() - sinceMs < STUCK_MS) {
      await pause(systemClock, LOOK_MS, over.signal);
      continue;
    }
    if (name === last || move.kind === 'leave') {
      if (name === last) counts.stuck++;
      engine.send({ kind: 'end', page } as Intent);
      if (screen.kind === 'goodbye') counts.paid += persona.journey === 'parking' ? 1 : 0;
      break;
    }
    [last, sinceMs] = [name, systemClock.now()];
    if (move.kind === 'touch') engine.send({ ...move.touch, page } as Intent);
    if (move.kind === 'hands') cabinet.get(move.device)?.media(move.action === 'insert' ? 'present' : 'notPresent');
    await pause(systemClock, 0, over.signal);
  }
  for (const id of ['card-1', 'receipt-1']) cabinet.get(id)?.media('notPresent');
  counts.visits++;
}

async function carArrives(plate: string): Promise<void> {
  const body = JSON.stringify({ plate, place: 'dafushan-north', parkedMinutes: 165 });
  const headers = { 'content-type': 'application/json' };
  // a platform under load may be slow; the resident then hears that no car is found, and goes
  await fetch(`${baseUrl}/v1/ops/parking/arrivals`, { method: 'POST', headers, body }).catch(() => undefined);
}
