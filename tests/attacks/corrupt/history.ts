/** A terminal with a past: residents who paid, printed, were refused, came back; three backups; and acts that were never ended. */
import type { TerminalEvent } from '../../../contract/terminal-event.schema.ts';
import type { Faults } from '../../../engine/ledger/test-support/fake-devices.ts';
import { NO_FAULTS } from '../../../engine/ledger/test-support/fake-devices.ts';
import { RECEIPT } from '../../../engine/ledger/test-support/test-ledger.ts';
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import { SafeRig } from '../../../engine/ledger/safety/test-support/safe-rig.ts';
import { Cabinet } from '../support/cabinet.ts';
import { Draw } from '../support/draw.ts';
import { ReferencePlatform } from '../support/reference-platform.ts';
import { sendAll } from './send-all.ts';

/** More than a start walks, so that old damage is left to the night. */
const RATINGS = 1_100;
const RESIDENTS = 36;
const never = new AbortController().signal;

export interface History {
  readonly rig: SafeRig;
  readonly cabinet: Cabinet;
  readonly platform: ReferencePlatform;
  /** Every operation there ever was. */
  readonly operations: readonly string[];
  /** Prints nobody paid for: the black box does not know them. */
  readonly freeJobs: ReadonlySet<string>;
  /** As a killed process left it, as one that ended left it, and the write-ahead log of an hour before the kill. */
  readonly crashed: string;
  readonly ended: string;
  readonly oldLog: string;
}

const PLANS: readonly Partial<Faults>[] = [
  {},
  {},
  {},
  { sale: 'decline' },
  { sale: 'replyLost' },
  { print: 'printedReplyLost' },
  { print: 'paperOut' },
  { print: 'printedReplyLost', cannotTell: true },
];

export async function liveHistory(seed: number): Promise<History> {
  const rig = new SafeRig();
  const draw = new Draw(seed);
  const cabinet = new Cabinet();
  const platform = new ReferencePlatform();
  const operations: string[] = [];
  const freeJobs = new Set<string>();
  let oldLog = '';
  const { ledger } = await rig.open();
  for (let count = 0; count < RATINGS; count++) void ledger.record([rating(rig, 1 + draw.below(5))]);
  leaseNumbers(ledger);
  for (let resident = 0; resident < RESIDENTS; resident++) {
    Object.assign(cabinet.faults, NO_FAULTS, draw.pick(PLANS));
    const operation = await serve(rig, ledger, cabinet, draw);
    operations.push(operation);
    const { charge, delivery } = ledger.txn(operation);
    if (!charge && delivery) freeJobs.add(delivery.job);
    if (resident % 12 === 8) await rig.backUp(ledger);
    // the line is cut for the rest of the day
    if (resident === 20) sendAll(ledger, platform);
    if (resident === 30) oldLog = `${keepCopy(rig)}/data/ledger.db-wal`;
  }
  Object.assign(cabinet.faults, NO_FAULTS);
  operations.push(...leaveOpen(ledger, cabinet));
  const crashed = keepCopy(rig);
  ledger.close();
  return { rig, cabinet, platform, operations, freeJobs, crashed, ended: rig.first, oldLog };
}

/** The files as they are now, in a directory of their own; the life goes on in the first. */
function keepCopy(rig: SafeRig): string {
  rig.crash();
  const copy = rig.directory;
  rig.directory = rig.first;
  return copy;
}

/** One visit; its operation. */
async function serve(rig: SafeRig, ledger: Ledger, cabinet: Cabinet, draw: Draw): Promise<string> {
  const operation = ledger.newOperation();
  const effects = rig.effects(ledger, cabinet);
  if (draw.hits(20)) {
    void ledger.tickets.issue({ queue: 'health', day: '2026-01-05', operation, offline: false });
    await rig.clock.runUntil(effects.print({ txn: operation, template: 'ticket', receipt: RECEIPT }, never));
  } else {
    const sale = { txn: operation, service: 'parking', amountCents: 100 + draw.below(900), quote: `q-${operation}` };
    const paid = await rig.clock.runUntil(effects.charge(sale, never));
    if (paid.kind === 'paid' && draw.hits(15)) await rig.clock.runUntil(effects.reverse({ txn: operation }, never));
    else if (paid.kind === 'paid') {
      await rig.clock.runUntil(effects.print({ txn: operation, template: 'parking', receipt: RECEIPT }, never));
    }
  }
  cabinet.take(operation);
  await rig.clock.run(60_000);
  return operation;
}

/** What the power cut found: asked and not known, paid and not printed, begun to print, begun to give back. */
function leaveOpen(ledger: Ledger, cabinet: Cabinet): readonly string[] {
  const sale = (): string => {
    const operation = ledger.newOperation();
    const { trade, echo } = ledger.newTrade();
    const charge = { trade, echo, amountCents: 720, service: 'parking' } as const;
    const asked = { type: 'ChargeAsked', at: AT, operation, trade, service: 'parking', amountCents: 720 } as const;
    written(ledger.append(operation, { step: 'charge.intent', ...charge }, [asked]));
    void cabinet.execute('payment-terminal', { kind: 'sale', trade, echo, amountCents: 720 }, LIMITS);
    return operation;
  };
  const paid = (): string => {
    const operation = sale();
    const { trade = '' } = ledger.txn(operation).charge ?? {};
    const settled = { type: 'ChargeSettled', at: AT, operation, trade, service: 'parking', amountCents: 720 } as const;
    written(ledger.append(operation, { step: 'charge.paid', voucher: '000123' }, [{ ...settled, state: 'paid' }]));
    return operation;
  };
  const printing = paid();
  const job = ledger.newJob();
  written(ledger.append(printing, { step: 'deliver.intent', job, template: 'parking', checkpoint: 'cuts=0' }, []));
  void cabinet.execute('receipt-printer', { kind: 'print', job, receipt: RECEIPT }, LIMITS);
  const reversing = paid();
  written(ledger.append(reversing, { step: 'reverse.intent', reason: 'asked for' }, []));
  return [printing, reversing, paid(), sale()];
}

const AT = '2026-01-05T01:00:00.000Z';
const LIMITS = { deadline: Number.MAX_SAFE_INTEGER, signal: never };

function written(result: { readonly ok: boolean }): void {
  if (!result.ok) throw new Error('the history could not be written');
}

function rating(rig: SafeRig, stars: number): TerminalEvent {
  return { type: 'Rated', at: new Date(rig.clock.wallMs()).toISOString(), service: 'parking', stars };
}

function leaseNumbers(ledger: Ledger): void {
  written(ledger.tickets.store({ block: 'b-1', queue: 'health', prefix: 'C', first: 1, last: 90, day: '2026-01-05' }));
}
