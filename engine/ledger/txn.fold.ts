/** The pure fold of journal entries to the state of a transaction (money-and-sync 2.1). An illegal entry is a bug. */
import type { CaseReason, EntryOf, JournalEntry, JournalStep, Txn, TxnState } from './journal.schema.ts';

type Charge = NonNullable<Txn['charge']>;
type Delivery = NonNullable<Txn['delivery']>;
type Rules = { readonly [Step in JournalStep]: (txn: Txn, entry: EntryOf<Step>) => Txn | undefined };

/** A transaction of which nothing is written yet. */
export function newTxn(id: string): Txn {
  return { id, state: 'created', since: 0, prints: 0 };
}

/** The transaction after `entry`. Throws when the entry cannot follow: the journal never holds such a row. */
export function applyEntry(txn: Txn, entry: JournalEntry): Txn {
  const next = follow(txn, entry);
  if (!next) throw new Error(`${entry.step} cannot follow in state ${txn.state} of ${txn.id}`);
  return next;
}

export function canFollow(txn: Txn, entry: JournalEntry): boolean {
  return follow(txn, entry) !== undefined;
}

function follow(txn: Txn, entry: JournalEntry): Txn | undefined {
  const rule = RULES[entry.step] as (txn: Txn, entry: JournalEntry) => Txn | undefined;
  return rule(txn, entry);
}

/** `applyEntry` for row `seq` of the journal: the first row of a transaction is the one it counts from. */
export function applyRow(txn: Txn, entry: JournalEntry, seq: number): Txn {
  const next = applyEntry(txn, entry);
  return txn.since === 0 ? { ...next, since: seq } : next;
}

/** Whether the outside world still has to be asked or told something: what recovery works on. */
export function isOpen(txn: Txn): boolean {
  if (txn.delivery?.state === 'started') return true;
  if (txn.charge?.state === 'asked' || txn.charge?.state === 'reversing') return true;
  return txn.state === 'charged' && txn.case === undefined;
}

/** Open and not yet in the hands of staff: paid services stay closed while there is one. */
export function blocksPaidServices(txn: Txn): boolean {
  return isOpen(txn) && txn.charge !== undefined && txn.case === undefined;
}

/** Whether the resident's money is, or may be, with us. */
export function holdsMoney(txn: Txn): boolean {
  return txn.charge !== undefined && txn.charge.state !== 'cancelled' && txn.charge.state !== 'reversed';
}

const RULES: Rules = {
  'charge.intent': (txn, { step: _step, ...sale }) =>
    (txn.state === 'created' || txn.state === 'submitted') && !txn.charge && !txn.delivery
      ? { ...txn, state: 'charging', charge: { ...sale, state: 'asked' } }
      : undefined,
  'charge.paid': (txn, { step: _step, ...payment }) =>
    txn.charge?.state === 'asked'
      ? { ...txn, state: 'charged', charge: { ...txn.charge, ...payment, state: 'paid' } }
      : undefined,
  'charge.cancelled': (txn) => withCharge(txn, ['asked'], 'cancelled', 'cancelled'),
  'ticket.issued': (txn, { step: _step, ...ticket }) =>
    txn.state === 'created' && !txn.ticket && !txn.charge ? { ...txn, state: 'ticketed', ticket } : undefined,
  'form.submitted': (txn, { step: _step, ...form }) =>
    (txn.state === 'created' || txn.state === 'ticketed') && !txn.form
      ? { ...txn, state: txn.ticket ? 'ticketed' : 'submitted', form }
      : undefined,
  'deliver.intent': beginDelivery,
  'deliver.done': endDelivery,
  'deliver.failed': (txn) =>
    txn.state === 'delivering' ? { ...withDelivery(txn, 'failed'), state: beforeDelivery(txn) } : undefined,
  'deliver.waived': (txn) => (txn.state === 'charged' ? { ...txn, state: 'delivered' } : undefined),
  // of what came out in part, staff alone give money back
  'reverse.intent': (txn) =>
    (txn.state === 'charged' && !txn.given) || txn.state === 'flagged'
      ? withCharge(txn, ['paid'], 'reversing', 'reversing')
      : undefined,
  'reverse.done': (txn) => withCharge(txn, ['reversing'], 'reversed', 'reversed'),
  flag: openCase,
  'flag.closed': (txn, { outcome }) => {
    const isWithStaff = txn.case !== undefined && (txn.state === 'flagged' || txn.state === 'charged');
    return isWithStaff ? closeCase(txn, outcome) : undefined;
  },
};

function withCharge(txn: Txn, from: readonly Charge['state'][], to: Charge['state'], state: TxnState): Txn | undefined {
  if (!txn.charge || !from.includes(txn.charge.state)) return undefined;
  return { ...txn, state, charge: { ...txn.charge, state: to } };
}

function withDelivery(txn: Txn, state: Delivery['state']): Txn {
  return txn.delivery ? { ...txn, delivery: { ...txn.delivery, state } } : txn;
}

function beginDelivery(txn: Txn, { step: _step, ...job }: EntryOf<'deliver.intent'>): Txn | undefined {
  const isPaidOrFree = txn.charge === undefined || txn.charge.state === 'paid';
  const mayBegin: readonly TxnState[] = ['created', 'ticketed', 'submitted', 'charged', 'flagged'];
  if (!isPaidOrFree || !mayBegin.includes(txn.state) || txn.delivery?.job === job.job) return undefined;
  const prints = txn.prints + ('template' in job ? 1 : 0);
  return { ...txn, state: 'delivering', delivery: { ...job, state: 'started' }, prints };
}

function endDelivery(txn: Txn): Txn | undefined {
  if (txn.state !== 'delivering' || !txn.delivery) return undefined;
  const done = withDelivery(txn, 'done');
  const given = [...(txn.given ?? []), nameOf(txn.delivery)].slice(-MOST_GIVEN);
  return { ...done, given, state: txn.delivery.more === undefined ? 'delivered' : beforeDelivery(txn) };
}

/** As its schema has it; only somebody who prints again and again gets there. */
const MOST_GIVEN = 9;

/** What staff read of a thing that came out. */
function nameOf(delivery: Delivery): string {
  return 'template' in delivery ? `print ${delivery.template}` : `${delivery.act} ${delivery.target}`;
}

/** How many of the same slip surely came out before this one: 0 for an original, and for whatever is no slip (I2). */
export function copyNumber({ given = [] }: Txn, delivery: Delivery): number {
  return 'template' in delivery ? given.filter((name) => name === nameOf(delivery)).length : 0;
}

/** Where a transaction stands when it is sure that its delivery left nothing behind, or that more is to come. */
function beforeDelivery(txn: Txn): TxnState {
  if (txn.case) return 'flagged';
  if (txn.charge) return 'charged';
  if (txn.ticket) return 'ticketed';
  return txn.form ? 'submitted' : 'created';
}

const FLAGGED_FROM: readonly TxnState[] = ['charging', 'charged', 'delivering', 'reversing'];

function openCase(txn: Txn, { code, reason }: EntryOf<'flag'>): Txn | undefined {
  const isInDelivery = txn.delivery?.state === 'started';
  const mayFlag = FLAGGED_FROM.includes(txn.state) && (txn.case === undefined || isInDelivery);
  if (!mayFlag) return undefined;
  const flagged: Txn = { ...txn, state: 'flagged', case: txn.case ?? { code, reason } };
  return isInDelivery ? withDelivery(flagged, isSure(reason) ? 'failed' : 'doubt') : flagged;
}

/** Nothing whole came out of the delivery that was under way. */
function isSure(reason: CaseReason): boolean {
  return reason === 'print.failed' || reason === 'act.failed' || reason === 'delivery.partial';
}

function closeCase(txn: Txn, outcome: EntryOf<'flag.closed'>['outcome']): Txn {
  const settled = outcome === 'delivered' ? 'paid' : outcome;
  return { ...txn, state: outcome, ...(txn.charge && { charge: { ...txn.charge, state: settled } }) };
}
