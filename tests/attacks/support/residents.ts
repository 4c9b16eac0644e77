/** What residents do at a kiosk, drawn by chance: pay and print, open a door, hand something in, take a number, rate. */
import { hash } from 'node:crypto';
import type { Effects } from '../../../engine/ledger/effects.ts';
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import type { Seal } from '../../../engine/ledger/sealed-parts.ts';
import type { Faults } from '../../../engine/ledger/test-support/fake-devices.ts';
import { RECEIPT } from '../../../engine/ledger/test-support/test-ledger.ts';
import type { Draw } from './draw.ts';

export interface Counter {
  readonly ledger: Ledger;
  readonly effects: Effects;
  readonly draw: Draw;
  /** What they all come for; anything when absent. */
  readonly wish?: Wish;
}

export type Wish = 'moneyBack' | 'door' | 'form';

const DAY = '2026-01-05';
const SERVICES = ['parking', 'copies', 'heating'];

/**
 * One resident, from the first act to the last; ends early where a device or the ledger refuses. Gives the operation, for
 * somebody who came for one.
 */
export async function serveResident(counter: Counter): Promise<string | undefined> {
  const { wish, draw } = counter;
  if (wish === 'moneyBack') return pay(counter, 'moneyBack');
  if (wish === 'door') return draw.hits(50) ? collect(counter, counter.ledger.newOperation()) : pay(counter, 'door');
  if (wish === 'form') return handIn(counter);
  const visits = [pay, pay, pay, pay, takeNumber, handIn, rate, hearPlatform];
  return draw.pick(visits)(counter);
}

/** What goes wrong in the cabinet while one resident is served; mostly nothing. */
export function drawFaults(draw: Draw): Partial<Faults> {
  if (draw.hits(60)) return {};
  return draw.pick<Partial<Faults>>([
    { sale: 'replyLost' },
    { sale: 'requestLost' },
    { sale: 'decline' },
    { sale: 'declineReplyLost' },
    { sale: 'replyLost', queryFails: 9 },
    { print: 'printedReplyLost' },
    { print: 'requestLost' },
    { print: 'paperOut' },
    { print: 'jam' },
    { print: 'printedReplyLost', cannotTell: true },
    { door: 'openedReplyLost' },
    { door: 'requestLost', doorSensor: true },
    { printerAway: true },
    { reverseRequestLost: 2, reverseReplyLost: 1 },
    { reverseRefused: true },
  ]);
}

/** Looks like a sealed part; nobody opens it here. */
export function sealOf(draw: Draw): Seal {
  return (content) => {
    const sealed = Buffer.from(draw.bytes(96)).toString('base64');
    return Promise.resolve({ commitment: hash('sha256', sealed + JSON.stringify(content)), sealed });
  };
}

/** The door of an operation: no two have the same. */
export function doorOf(operation: string): number {
  return Number(operation.slice(operation.lastIndexOf('-o') + 2));
}

async function pay(counter: Counter, wish = counter.draw.pick(['slip', 'slip', 'slip', 'moneyBack', 'waive', 'door'])) {
  const { ledger, effects, draw } = counter;
  const { signal } = new AbortController();
  const txn = ledger.newOperation();
  const sale = {
    txn,
    service: draw.pick(SERVICES),
    amountCents: 1 + draw.below(99_999),
    quote: `q-${draw.below(1_000)}`,
  };
  const paid = await effects.charge(sale, signal);
  if (paid.kind !== 'paid') return txn;
  if (wish === 'moneyBack') await effects.reverse({ txn, reason: 'changed their mind' }, signal);
  else if (wish === 'waive') void effects.waive({ txn, reason: 'no slip wanted' });
  else {
    const more = wish === 'door' ? { more: 1 } : {};
    const printed = await effects.print({ txn, template: sale.service, receipt: RECEIPT, ...more }, signal);
    if (wish === 'door' && printed.kind === 'printed') await collect(counter, txn);
  }
  return txn;
}

async function collect({ effects }: Counter, txn: string): Promise<string> {
  await effects.unlock({ txn, door: doorOf(txn) }, new AbortController().signal);
  return txn;
}

async function handIn({ ledger, effects, draw }: Counter): Promise<string> {
  const txn = ledger.newOperation();
  const content = { answers: [draw.below(1_000), draw.below(1_000)] };
  await effects.submit({ txn, service: 'housing', form: 'repair', formVersion: '3', content });
  return txn;
}

async function takeNumber({ ledger, effects, draw }: Counter): Promise<string> {
  const [queue, txn] = [draw.pick(['social', 'housing']), ledger.newOperation()];
  if (ledger.tickets.remaining(queue, DAY) === 0) {
    const first = 1 + draw.below(900) * 10;
    const block = { block: `${queue}-${first}`, queue, prefix: queue === 'social' ? 'S' : 'H', day: DAY };
    void ledger.tickets.store({ ...block, first, last: first + 9 });
  }
  const issued = ledger.tickets.issue({ queue, day: DAY, operation: txn, offline: draw.hits(20) });
  if (issued.ok) await effects.print({ txn, template: 'ticket', receipt: RECEIPT }, new AbortController().signal);
  return txn;
}

function rate({ ledger, draw }: Counter): Promise<undefined> {
  const at = '2026-01-05T08:00:00.000Z';
  void ledger.record([{ type: 'Rated', at, service: draw.pick(SERVICES), stars: 1 + draw.below(5) }]);
  void ledger.record([{ type: 'Metric', at, name: 'paper', value: draw.below(100) }], 'metrics');
  return Promise.resolve(undefined);
}

/** Nobody is here: the platform is heard. */
function hearPlatform({ ledger, draw }: Counter): Promise<undefined> {
  const sent = ledger.outbox.pending(1 + draw.below(20)).records.at(-1);
  if (sent) void ledger.outbox.acknowledge({ seq: sent.seq, hash: sent.hash });
  const prices = { parking: 500 + draw.below(1_000) };
  void ledger.documents.put('prices', String(draw.below(1_000_000)), prices);
  void ledger.prune();
  return Promise.resolve(undefined);
}
