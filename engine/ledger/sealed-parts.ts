/**
 * Personal parts of records, sealed to the platform before they came here: beside the chain, which covers their commitments,
 * so that they can be erased and the chain stays whole. They go up with their records, and are erased a day after the
 * platform has them: by then it will not ask for them again (money-and-sync 1.8).
 */
import type { Clock } from '../../contract/clock.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import type { StreamRecord } from '../../contract/terminal-event.schema.ts';
import { auditEvent } from './audit-event.ts';
import type { Journal } from './journal.ts';
import { later, laterValue } from './later.ts';
import type { Store } from './store.ts';

const KEPT_MS = 24 * 60 * 60 * 1000;
/** So many a commit at most. */
const CHUNK_ROWS = 200;

export interface SealedPart {
  /** SHA-256 over salt and content, hex; the same as in the record. */
  readonly commitment: string;
  /** Base64. */
  readonly sealed: string;
}
/** Seals plain JSON data to the platform's key (`engine/trust/sealing.ts`); the terminal itself cannot open it again. */
export type Seal = (content: unknown) => Promise<SealedPart>;

export interface SealedParts {
  /** Within the commit of its record, before it: the journal notes which record it belongs to. `sealed` in base64. */
  put(commitment: string, sealed: string): void;
  /** The record as it goes up. */
  attach(record: StreamRecord): StreamRecord;
  /** Erases one chunk of those that are a day old and with the platform; returns how many, and writes that down. */
  erase(): Result<number>;
}

export function createSealedParts(store: Store, clock: Clock, journal: Journal): SealedParts {
  const insert = later(store.db, 'INSERT INTO sealed_part (commitment, sealed, at) VALUES (?, ?, ?)');
  const select = laterValue(store.db, 'SELECT sealed FROM sealed_part WHERE commitment = ?');
  const remove = later(
    store.db,
    `DELETE FROM sealed_part WHERE commitment IN (
       SELECT commitment FROM sealed_part
       WHERE at < ? AND seq <= (SELECT acked FROM stream WHERE name = 'ledger') LIMIT ${CHUNK_ROWS})`,
  );
  return {
    put: (commitment, sealed) => void insert.run(commitment, sealed, Math.round(clock.wallMs())),
    attach(record) {
      if (record.event.type !== 'FormSubmitted') return record;
      const sealed = select.get(record.event.personal) as string | undefined;
      return sealed === undefined ? record : { ...record, sealed };
    },
    erase: () =>
      store.commit(() => {
        const { changes } = remove.run(Math.round(clock.wallMs()) - KEPT_MS);
        if (changes > 0) {
          journal.add({ stream: 'audit', events: [auditEvent(clock, 'personal.erased', `${changes} parts`)] });
        }
        return changes;
      }),
  };
}
