/** What residents of a simulation come for. */
import { NO_FAULTS } from '../../../engine/ledger/test-support/fake-devices.ts';
import { RECEIPT } from '../../../engine/ledger/test-support/test-ledger.ts';
import { NO_DOOR_FAULTS, type DoorFaults } from '../support/cabinet.ts';
import type { Draw } from '../support/draw.ts';
import { drawFaults } from '../support/residents.ts';
import { QUEUES, type Machine } from './machine.ts';
import { localDay } from './stepping-clock.ts';

const KINDS = [
  'pay',
  'pay',
  'pay',
  'pay',
  'number',
  'number',
  'number',
  'submit',
  'collect',
  'giveBack',
  'waive',
  'rate',
];
const PRICES = [300, 960, 1_200, 4_000];
/** How long a resident in doubt is asked after in the background. */
const LATE_MS = 120_000;
const NEVER = new AbortController().signal;

/** Door to the operation that asked for it. */
export type Doors = Map<number, string>;

/** One visit; returns the operation it was. */
export async function visit(machine: Machine, operation: string, doors: Doors): Promise<void> {
  const kind = machine.draw.pick(KINDS);
  if (kind === 'number') return takeNumber(machine, operation);
  if (kind === 'rate') return rate(machine);
  if (kind === 'submit') return submit(machine, operation);
  if (kind === 'collect') return collect(machine, operation, doors);
  return payFor(machine, operation, kind);
}

async function payFor({ running, draw, clock }: Machine, txn: string, kind: string): Promise<void> {
  const { effects } = running;
  const charged = await effects.charge({ txn, service: 'parking', amountCents: draw.pick(PRICES) }, NEVER);
  if (charged.kind === 'case') {
    const late = new AbortController();
    clock.after(LATE_MS, () => late.abort());
    await effects.lateCharge(txn, late.signal);
  }
  if (charged.kind !== 'paid') return;
  if (kind === 'waive') void effects.waive({ txn, reason: 'no paper wanted' });
  else if (kind === 'giveBack') await effects.reverse({ txn, reason: 'changed their mind' }, NEVER);
  else await effects.print({ txn, template: 'parking', receipt: RECEIPT }, NEVER);
}

async function takeNumber({ running, draw, clock, line }: Machine, operation: string): Promise<void> {
  const { ledger, effects, keeper } = running;
  await keeper.topUp();
  const offline = line.requestsLost > 0;
  const day = localDay(clock.wallMs());
  const issued = ledger.tickets.issue({ queue: draw.pick(QUEUES), day, operation, offline });
  if (issued.ok) await effects.print({ txn: operation, template: 'ticket', receipt: RECEIPT }, NEVER);
}

async function submit({ running, draw, clock }: Machine, txn: string): Promise<void> {
  const { ledger, effects } = running;
  const personal = Buffer.from(draw.bytes(32)).toString('hex');
  const form = { service: 'benefit', form: 'benefit-claim', formVersion: '3', personal };
  const at = new Date(clock.wallMs()).toISOString();
  const event = { type: 'FormSubmitted', at, operation: txn, ...form } as const;
  const written = ledger.append(txn, { step: 'form.submitted', ...form }, [event]);
  if (written.ok) await effects.print({ txn, template: 'window-slip', receipt: RECEIPT }, NEVER);
}

async function collect({ running }: Machine, txn: string, doors: Doors): Promise<void> {
  const door = doors.size + 1;
  doors.set(door, txn);
  await running.effects.unlock({ txn, door }, NEVER);
}

function rate({ running, draw, clock }: Machine): Promise<void> {
  const at = new Date(clock.wallMs()).toISOString();
  void running.ledger.record([{ type: 'Rated', at, service: 'parking', stars: 1 + draw.below(5) }]);
  return Promise.resolve();
}

/** What goes wrong in the cabinet while this resident is here; returns the names of it. */
export function breakDevices({ cabinet, draw }: Machine): readonly string[] {
  const drawn = { ...drawFaults(draw), ...drawDoorFaults(draw) };
  Object.assign(cabinet.faults, NO_FAULTS, NO_DOOR_FAULTS, drawn);
  return Object.entries(drawn).map(([name, value]) => (typeof value === 'string' ? `${name}: ${value}` : name));
}

export function mendDevices({ cabinet }: Machine): void {
  Object.assign(cabinet.faults, NO_FAULTS, NO_DOOR_FAULTS);
}

function drawDoorFaults(draw: Draw): Partial<DoorFaults> {
  if (draw.hits(95)) return {};
  return draw.pick<Partial<DoorFaults>>([
    { door: 'openedReplyLost' },
    { door: 'openedReplyLost', doorAway: 4 },
    { door: 'requestLost' },
    { door: 'requestLost', doorBlind: true },
    { door: 'stuck' },
  ]);
}
