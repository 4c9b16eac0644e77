/** The pure fold of journal entries to the state of a transaction (money-and-sync 2.1). An illegal entry is a bug. */
import type { EntryOf, JournalEntry, JournalStep, Txn, TxnState } from './journal.schema.ts';

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
    txn.state === 'created' && !txn.charge && !txn.delivery
      ? { ...txn, state: 'charging', charge: { ...sale, state: 'asked' } }
      : undefined,
  'charge.paid': (txn, { step: _step, ...payment }) =>
    txn.charge?.state === 'asked'
      ? { ...txn, state: 'charged', charge: { ...txn.charge, ...payment, state: 'paid' } }
      : undefined,
  'charge.cancelled': (txn) => withCharge(txn, ['asked'], 'cancelled', 'cancelled'),
  'ticket.issued': (txn, { step: _step, ...ticket }) =>
    txn.state === 'created' && !txn.ticket && !txn.charge ? { ...txn, state: 'ticketed', ticket } : undefined,
  'deliver.intent': beginDelivery,
  'deliver.done': (txn) =>
    txn.state === 'delivering' ? { ...withDelivery(txn, 'done'), state: 'delivered' } : undefined,
  'deliver.failed': (txn) =>
    txn.state === 'delivering' ? { ...withDelivery(txn, 'failed'), state: beforeDelivery(txn) } : undefined,
  'deliver.waived': (txn) => (txn.state === 'charged' ? { ...txn, state: 'delivered' } : undefined),
  'reverse.intent': (txn) =>
    txn.state === 'charged' || txn.state === 'flagged'
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
  const mayPrint: readonly TxnState[] = ['created', 'ticketed', 'charged', 'flagged'];
  if (!isPaidOrFree || !mayPrint.includes(txn.state) || txn.delivery?.job === job.job) return undefined;
  return { ...txn, state: 'delivering', delivery: { ...job, state: 'started' }, prints: txn.prints + 1 };
}

/** Where a transaction stands when it is sure that its print left nothing behind. */
function beforeDelivery(txn: Txn): TxnState {
  if (txn.case) return 'flagged';
  if (txn.charge) return 'charged';
  return txn.ticket ? 'ticketed' : 'created';
}

const FLAGGED_FROM: readonly TxnState[] = ['charging', 'charged', 'delivering', 'reversing'];

function openCase(txn: Txn, { code, reason }: EntryOf<'flag'>): Txn | undefined {
  const isInDelivery = txn.delivery?.state === 'started';
  const mayFlag = FLAGGED_FROM.includes(txn.state) && (txn.case === undefined || isInDelivery);
  if (!mayFlag) return undefined;
  const flagged: Txn = { ...txn, state: 'flagged', case: txn.case ?? { code, reason } };
  return isInDelivery ? withDelivery(flagged, reason === 'print.failed' ? 'failed' : 'doubt') : flagged;
}

function closeCase(txn: Txn, outcome: EntryOf<'flag.closed'>['outcome']): Txn {
  const settled = outcome === 'delivered' ? 'paid' : outcome;
  return { ...txn, state: outcome, ...(txn.charge && { charge: { ...txn.charge, state: settled } }) };
}
