/**
 * One life of a kiosk's engine room in a process of its own: settles what the last one left open, then serves residents
 * until it is killed, by itself at a kill point or from outside. Argument: a `KioskLife`.
 */
import { writeSync } from 'node:fs';
import { createEffects } from '../../../engine/ledger/effects.ts';
import type { KillPoint } from '../../../engine/ledger/kill-points.ts';
import { openLedger, type Ledger } from '../../../engine/ledger/ledger.ts';
import { recover, type RecoveryStanding } from '../../../engine/ledger/recovery.ts';
import { SimulatedClock, settled } from '../../support/simulated-clock.ts';
import { tellingLedger } from '../support/acknowledged.ts';
import { Draw } from '../support/draw.ts';
import { sealOf, serveResident } from '../support/residents.ts';
import type { KioskLife, Said } from './kiosk-life.ts';
import { sellingAgain } from './plants.ts';
import { Wire } from './wire.ts';

const SOCKET = 3;
const STEP_MS = 500;
const BATCH = 20;
/** After so many residents without the wanted point the process dies where it is. */
const RESIDENTS = 8;

const life = JSON.parse(process.argv[2] ?? '{}') as KioskLife;
const clock = new SimulatedClock(life.wallStartMs);
const draw = new Draw(life.seed);
const wire = new Wire(SOCKET);
let phase: 'start' | 'service' = 'start';
let isArmed = life.die?.phase === 'start';
let passed = 0;

wire.onLost(() => process.exit(1));
await live();

async function live(): Promise<void> {
  const opened = openLedger({ path: life.path, blackBoxPath: life.blackBoxPath, clock, chance: draw, probe });
  if (!opened.ok) throw new Error(`the ledger does not open: ${JSON.stringify(opened.problem)}`);
  const ledger = tellingLedger(opened.value, ({ txn }) => {
    say({ done: opened.value.outbox.head().written, ...(txn && { txn: txn.id }) });
  });
  const kiosk = {
    ledger,
    devices: life.plant ? sellingAgain(wire) : wire,
    clock,
    chance: draw,
    probe,
    seal: sealOf(draw),
  };
  await untilSettled(startAgain(kiosk));
  await untilSettled(tellPlatform(ledger));
  if (life.isLast) {
    opened.value.close();
    process.exit(0);
  }
  await wire.opened();
  phase = 'service';
  // a start that never came by its point: the next one will do
  if (life.die?.phase === 'start') [isArmed, passed] = [true, Number.POSITIVE_INFINITY];
  else isArmed = life.die !== undefined;
  const counter = { ledger, effects: createEffects(kiosk), draw, ...(life.wish && { wish: life.wish }) };
  for (let resident = 0; resident < RESIDENTS; resident++) {
    const operation = await untilSettled(serveResident(counter));
    if (operation !== undefined) await wire.leaves(operation);
    await untilSettled(tellPlatform(ledger));
  }
  die('the end');
}

function probe(point: KillPoint): void {
  if (!isArmed || !life.die) return;
  if (passed < Number.POSITIVE_INFINITY && (point !== life.die.point || ++passed < life.die.nth)) return;
  die(point);
}

function die(at: KillPoint | 'the end'): never {
  say({ died: at, phase });
  process.kill(process.pid, 'SIGKILL');
  throw new Error('still alive');
}

/** By hand and at once: what is said stands in the pipe before the next line runs. */
function say(said: Said): void {
  writeSync(1, `${JSON.stringify(said)}\n`);
}

async function startAgain(kiosk: Parameters<typeof recover>[0]): Promise<void> {
  const report = await recover(kiosk);
  const isOpen = ({ paidServicesClosed, paperInDoubt }: RecoveryStanding): boolean =>
    !paidServicesClosed && !paperInDoubt;
  const stop = new AbortController();
  if (isOpen(report)) return;
  await report.resume(stop.signal, (standing) => {
    if (isOpen(standing)) stop.abort();
  });
}

async function tellPlatform({ outbox, incarnation }: Ledger): Promise<void> {
  while (outbox.unacknowledged() > 0) {
    const { prevHash, records } = outbox.pending(BATCH);
    const first = records[0];
    if (!first) return;
    const { head } = await wire.sendBatch({ incarnation, prevHash, records: [...records] });
    const taken = outbox.acknowledge(head);
    if (!taken.ok) throw new Error(`the platform's head is refused: ${taken.problem.code}`);
  }
}

/** Time stands still while the outside is asked, and runs when there is nothing else to wait for. */
async function untilSettled<Value>(promise: Promise<Value>): Promise<Value> {
  let isSettled = false;
  const mark = (): void => {
    isSettled = true;
  };
  promise.then(mark, mark);
  for (;;) {
    await settled();
    if (isSettled) return promise;
    await (wire.outstanding === 0 ? clock.run(STEP_MS) : wire.nextAnswer());
  }
}
