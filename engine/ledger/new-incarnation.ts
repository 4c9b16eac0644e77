/**
 * A database that was restored, or of which the platform knows another history, goes on under a new name (money-and-sync 0, 4).
 * Its streams begin at 1 again with every record that is not acknowledged; what happened to the rest is left as it was told.
 */
import type { Chance } from '../../contract/clock.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import type { Stream, StreamEvent } from '../../contract/terminal-event.schema.ts';
import { hexOf, type Identity, type Predecessor } from './identity.ts';
import type { Journal } from './journal.ts';
import type { Outbox } from './outbox.ts';
import { ZERO_HASH } from './record-hash.ts';
import type { Store } from './store.ts';
import type { TxnTable } from './txn-table.ts';

/** Records that are told again by one row. */
const ROW_RECORDS = 100;
/** Metrics may be lost. */
const TOLD_AGAIN: readonly Stream[] = ['ledger', 'audit'];
const NOTHING = { seq: 0, hash: ZERO_HASH } as const;

export interface IncarnationParts {
  readonly store: Store;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly txns: TxnTable;
  readonly identity: Identity;
  readonly chance: Chance;
}

/**
 * One commit. The rows so far move to `journal_before`, unchanged; queue numbers leased to the old name are given up, because
 * nobody knows which of them are on slips. `continued` names another database than this one as the one before. Afterwards the
 * file must be opened again: numbers and chains in memory are those of the old name.
 */
export function beginIncarnation(parts: IncarnationParts, continued?: string): Result<undefined> {
  const { store, journal, outbox, txns, identity, chance } = parts;
  const again = TOLD_AGAIN.map((stream) => ({ stream, events: waitingIn(outbox, stream) }));
  const predecessor = continued === undefined ? asPredecessor(identity, outbox) : fromNothing(continued);
  const { db } = store;
  return store.commit(() => {
    txns.save();
    db.prepare('INSERT INTO journal_before SELECT ?, * FROM journal').run(identity.incarnation);
    db.prepare(
      `UPDATE meta SET base_seq = seq, base_hash = hash
       FROM (SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1)`,
    ).run();
    db.prepare('UPDATE meta SET incarnation = ?, predecessor = ?, saved = base_seq').run(
      hexOf(chance, 16),
      JSON.stringify(predecessor),
    );
    db.exec(`
      DELETE FROM journal;
      UPDATE stream SET acked = 0, base_seq = 0, base_hash = zeroblob(32);
      DELETE FROM ticket_block;
    `);
    db.prepare("UPDATE audit_kept SET incarnation = ? WHERE incarnation = ''").run(identity.incarnation);
    journal.reload();
    for (const { stream, events } of again) {
      for (let first = 0; first < events.length; first += ROW_RECORDS) {
        journal.add({ stream, events: events.slice(first, first + ROW_RECORDS) });
      }
    }
    return undefined;
  });
}

function waitingIn(outbox: Outbox, stream: Stream): readonly StreamEvent[] {
  return outbox.pending(outbox.unacknowledged(stream), stream).records.map(({ event }) => event);
}

function asPredecessor({ incarnation }: Identity, outbox: Outbox): Predecessor {
  const head = (stream: Stream) => outbox.head(stream).acknowledged;
  return { incarnation, heads: { ledger: head('ledger'), audit: head('audit'), metrics: head('metrics') } };
}

/** A database that is gone: its name is known, its records are not. */
function fromNothing(incarnation: string): Predecessor {
  return { incarnation, heads: { ledger: NOTHING, audit: NOTHING, metrics: NOTHING } };
}
