/**
 * The exhaustive logical crash test (money-and-sync 2.7, layer A): the process "dies" at every kill point of a payment
 * with its slip, then again at every kill point of the recovery, under every fault plan; then the invariants must hold.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { createEffects } from './effects.ts';
import type { TxnState } from './journal.schema.ts';
import type { KillPoint } from './kill-points.ts';
import type { Ledger } from './ledger.ts';
import { recordHash, ZERO_HASH } from './record-hash.ts';
import { recover } from './recovery.ts';
import { FakeDevices, type Faults } from './test-support/fake-devices.ts';
import { eventNames, eventsOf, RECEIPT, seededChance, TestLedgers } from './test-support/test-ledger.ts';

class Killed extends Error {}

interface Run {
  readonly devices: FakeDevices;
  readonly clock: SimulatedClock;
  path: string;
}

const FAULT_PLANS: Readonly<Record<string, Partial<Faults>>> = {
  'nothing goes wrong': {},
  'the answer to the sale is lost': { sale: 'replyLost' },
  'the sale never arrives': { sale: 'requestLost' },
  'the sale is declined': { sale: 'decline' },
  'the decline is lost': { sale: 'declineReplyLost' },
  'the terminal refuses': { sale: 'refused' },
  'the answer is lost and the terminal away for a while': { sale: 'replyLost', queryFails: 9 },
  'the slip comes out and its answer is lost': { print: 'printedReplyLost' },
  'the print never arrives': { print: 'requestLost' },
  'no paper': { print: 'paperOut' },
  'a jam': { print: 'jam' },
  'the printer is away': { printerAway: true },
  'the printer cannot tell': { print: 'printedReplyLost', cannotTell: true },
  'the printer is away at start-up': { print: 'requestLost', settleAway: 4, retractAway: 2 },
  'reversals get lost': { reverseRequestLost: 2, reverseReplyLost: 1 },
  'reversals are refused': { reverseRefused: true },
};

/** Hundreds of runs a test; about two seconds each on an idle machine. */
const TIMEOUT_MS = 120_000;

let ledgers: TestLedgers;
beforeAll(() => {
  ledgers = new TestLedgers();
});
afterAll(() => ledgers.dispose());

/** Opens the file, lets `work` run until the n-th kill point (or to its end) and leaves the file as a kill leaves it. */
async function live(run: Run, killAt: number, work: (ledger: Ledger, probe: () => void) => Promise<void>) {
  let passed = 0;
  const points: KillPoint[] = [];
  const probe = (point?: KillPoint): void => {
    if (point) points.push(point);
    if (++passed === killAt) throw new Killed();
  };
  const ledger = ledgers.open({ path: run.path, clock: run.clock, chance: seededChance(passed + 7), probe });
  let wasKilled = false;
  try {
    await run.clock.runUntil(work(ledger, probe), 3_600_000);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    wasKilled = true;
  }
  run.path = ledgers.crashCopy(run.path);
  ledger.close();
  return { wasKilled, points };
}

async function payAndPrint(run: Run, ledger: Ledger, probe: () => void): Promise<void> {
  const effects = createEffects({ ledger, devices: run.devices, clock: run.clock, chance: seededChance(3), probe });
  const { signal } = new AbortController();
  const paid = await effects.charge({ txn: 'op', service: 'parking', amountCents: 960, quote: 'q-1' }, signal);
  if (paid.kind === 'paid') await effects.print({ txn: 'op', template: 'parking', receipt: RECEIPT }, signal);
}

async function recoverFully(run: Run, ledger: Ledger, probe: () => void): Promise<void> {
  const report = await recover({ ledger, devices: run.devices, clock: run.clock, chance: seededChance(5), probe });
  const stop = new AbortController();
  await report.resume(stop.signal, ({ paidServicesClosed, paperInDoubt }) => {
    if (!paidServicesClosed && !paperInDoubt) stop.abort();
  });
}

function newRun(faults: Partial<Faults>): Run {
  return { devices: new FakeDevices(faults), clock: new SimulatedClock(), path: ledgers.path(`run-${runs++}.sqlite`) };
}
let runs = 0;

/** What the platform must have heard of a transaction that ended so. */
const TOLD: Partial<Record<TxnState, readonly string[]>> = {
  cancelled: ['ChargeSettled.cancelled'],
  delivered: ['ChargeSettled.paid', 'PrintSettled.printed'],
  reversed: ['ChargeSettled.paid', 'ChargeSettled.reversed'],
  flagged: ['CaseOpened'],
};

/** I1 to I7 of money-and-sync 2.5, as far as they show on one terminal. */
function checkInvariants(run: Run, faults: Partial<Faults>): void {
  const { devices } = run;
  const ledger = ledgers.open({ path: run.path, clock: run.clock });
  const txn = ledger.txn('op');
  const names = eventNames(ledger);

  expect(devices.count('sale'), 'I1: one sale at most').toBeLessThanOrEqual(1);
  expect(devices.count('print'), 'I2: one print at most').toBeLessThanOrEqual(1);
  const isAtAnEnd = ['created', 'cancelled', 'delivered', 'reversed', 'flagged'].includes(txn.state);
  expect(isAtAnEnd || txn.case !== undefined, `I3: ended, not ${txn.state}`).toBe(true);
  const isHeld = txn.state === 'delivered' || (txn.case !== undefined && txn.charge?.state !== 'reversed');
  if (devices.captured > 0) expect(isHeld, `I4: money is with us in ${txn.state}`).toBe(true);
  else expect(txn.state, 'I4: no money is with us').not.toBe('delivered');
  if (txn.state === 'delivered') expect(devices.slips, 'I4: a slip came out').toHaveLength(1);
  if (txn.state === 'reversed') expect(devices.slips, 'I5: nothing delivered and reversed').toHaveLength(0);

  let hash = ZERO_HASH;
  for (const record of ledger.outbox.pending(100).records) {
    hash = recordHash(hash, record.event);
    expect(record.hash, 'I6: the chain is whole').toBe(hash);
  }
  expect(new Set(names).size, `I6: each state once in ${names.join(' ')}`).toBe(names.length);
  for (const event of TOLD[txn.state] ?? []) expect(names, `I6: ${txn.state} was told`).toContain(event);
  if (txn.case)
    expect(eventsOf(ledger).some((event) => event.type === 'CaseOpened' && event.code === txn.case?.code)).toBe(true);
  const explainsCase = faults.print ?? faults.printerAway ?? faults.reverseRefused ?? faults.queryFails;
  if (explainsCase === undefined) expect(txn.case, 'I7: no needless case').toBeUndefined();
  ledger.close();
}

describe('a crash at any point of a payment with its slip', () => {
  for (const [name, faults] of Object.entries(FAULT_PLANS)) {
    it(
      `breaks no invariant when ${name}`,
      async () => {
        for (let first = 1; ; first++) {
          const run = newRun(faults);
          const { wasKilled } = await live(run, first, (ledger, probe) => payAndPrint(run, ledger, probe));
          await live(run, 0, (ledger, probe) => recoverFully(run, ledger, probe));
          checkInvariants(run, faults);
          if (!wasKilled) break;
        }
      },
      TIMEOUT_MS,
    );
  }
});

describe('a second crash at any point of the recovery', () => {
  for (const name of [
    'the answer to the sale is lost',
    'the print never arrives',
    'reversals get lost',
    'the printer cannot tell',
  ]) {
    it(
      `breaks no invariant when ${name}`,
      async () => {
        const faults = FAULT_PLANS[name] ?? {};
        for (let first = 1; ; first++) {
          let wasKilled = false;
          for (let second = 1; ; second++) {
            const run = newRun(faults);
            ({ wasKilled } = await live(run, first, (ledger, probe) => payAndPrint(run, ledger, probe)));
            const again = await live(run, second, (ledger, probe) => recoverFully(run, ledger, probe));
            await live(run, 0, (ledger, probe) => recoverFully(run, ledger, probe));
            checkInvariants(run, faults);
            if (!again.wasKilled) break;
          }
          if (!wasKilled) break;
        }
      },
      TIMEOUT_MS,
    );
  }
});
