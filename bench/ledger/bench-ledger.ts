/** Our ledger as the bench drives it: a sale and its end in turn, an event of about 300 bytes each. */
import { systemChance, systemClock } from '../../contract/clock.system.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { openLedger, type Ledger } from '../../engine/ledger/ledger.ts';
import type { JournalEntry } from '../../engine/ledger/journal.schema.ts';

const AT = '2026-01-05T00:00:00.000Z';
/** As in service: the platform's time is known. */
const TIME = { offsetMs: 12, errorMs: 40 };

export function openBenchLedger(path: string): Ledger {
  const opened = openLedger({ path, clock: systemClock, chance: systemChance, timeOf: () => TIME });
  if (!opened.ok) throw new Error(`the ledger does not open: ${opened.problem.code} ${opened.problem.detail ?? ''}`);
  return opened.value;
}

interface Step {
  readonly txn: string;
  readonly entry: JournalEntry;
  readonly event: TerminalEvent;
}

/** The next step of one resident after the other. */
export function stepsOf(ledger: Ledger): () => Step {
  let open: { readonly txn: string; readonly trade: string } | undefined;
  return () => {
    if (open) {
      const { txn, trade } = open;
      open = undefined;
      const payment = { voucher: '000123', reference: '120000000123', cardMasked: '620000******0005' };
      const sale = { operation: txn, trade, service: 'parking', amountCents: 960, quote: `q-${txn}` };
      const event = { type: 'ChargeSettled', at: AT, ...sale, state: 'paid', ...payment } as const;
      return { txn, entry: { step: 'charge.paid', ...payment }, event };
    }
    const txn = ledger.newOperation();
    const { trade, echo } = ledger.newTrade();
    open = { txn, trade };
    const sale = { trade, service: 'parking', amountCents: 960 };
    const event = { type: 'ChargeAsked', at: AT, operation: txn, ...sale } as const;
    return { txn, entry: { step: 'charge.intent', echo, quote: `q-${txn}`, ...sale }, event };
  };
}

/** One durable commit with one event. */
export function committer(ledger: Ledger): () => void {
  const next = stepsOf(ledger);
  return () => {
    const { txn, entry, event } = next();
    const written = ledger.append(txn, entry, [event]);
    if (!written.ok) throw new Error(`a commit was refused: ${JSON.stringify(written)}`);
  };
}

/** Takes `limit` records as the uplink does, and has the platform acknowledge them. Throws when there are not so many. */
export function sendOnce(ledger: Ledger, limit: number): void {
  const { records } = ledger.outbox.pending(limit);
  const last = records.at(-1);
  if (!last || records.length < limit) throw new Error('nothing left to send');
  if (!ledger.outbox.acknowledge({ seq: last.seq, hash: last.hash }).ok) throw new Error('not acknowledged');
}
