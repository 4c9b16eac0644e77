/**
 * What is known of a group of batches, and what becomes of it. Deciding reads and changes only this; what was changed is what
 * is written. So a batch sees what the one before it in the group has done, and one that is refused has touched nothing.
 */
import type { SetTable, Row } from '../database/row-sets.ts';
import type { Tables } from '../database/tables.ts';
import * as ingest from './ingest-tables.ts';
import type { StreamName } from './stored-records.ts';

/** Rows of one table by their key, read or new. */
export interface DraftTable<Name extends keyof Tables> {
  readonly table: SetTable<Name>;
  get(...key: readonly (string | number)[]): Row<Name> | undefined;
  /** All that share the other key of the table; see `emptyDraft`. */
  like(...key: readonly (string | number | null)[]): readonly Row<Name>[];
  set(row: Row<Name>): void;
  /** Takes rows over as read from the database. */
  learn(rows: readonly Row<Name>[]): void;
  /** What has to be written. */
  changed(): readonly Row<Name>[];
}

/** Between the parts of a key; ids that hold it are refused before. */
const SEPARATOR = '\u0000';

function draftOf<Name extends keyof Tables>(
  table: SetTable<Name>,
  otherKey: readonly (keyof Tables[Name] & string)[] = [],
): DraftTable<Name> {
  const rows = new Map<string, Row<Name>>();
  const changed = new Map<string, Row<Name>>();
  const alike = new Map<string, Map<string, Row<Name>>>();
  function keep(row: Row<Name>): string {
    const key = keyOf(row, table.key);
    rows.set(key, row);
    if (otherKey.length === 0) return key;
    const other = keyOf(row, otherKey);
    const group = alike.get(other);
    if (group) group.set(key, row);
    else alike.set(other, new Map([[key, row]]));
    return key;
  }
  return {
    table,
    get: (...parts) => rows.get(parts.join(SEPARATOR)),
    like: (...parts) => [...(alike.get(parts.join(SEPARATOR))?.values() ?? [])],
    set(row) {
      changed.set(keep(row), row);
    },
    learn(read) {
      for (const row of read) keep(row);
    },
    changed: () => [...changed.values()],
  };
}

function keyOf(row: Readonly<Record<string, unknown>>, columns: readonly string[]): string {
  let key = '';
  for (const column of columns) key += `${key === '' ? '' : SEPARATOR}${String(row[column])}`;
  return key;
}

/** What stands in the streams, as far as it was read or is new: a few runs of places that follow each other. */
export class KnownPlaces {
  readonly #runs = new Map<string, Run[]>();
  readonly #parked = new Map<string, string>();

  hashAt(stream: StreamName, seq: number): string | undefined {
    const run = this.#runs
      .get(streamKey(stream))
      ?.find(({ first, hashes }) => seq >= first && seq < first + hashes.length);
    return run?.hashes[seq - run.first];
  }

  /** Why the record there was parked, if it was. */
  parkedAt(stream: StreamName, seq: number): string | undefined {
    return this.#parked.size === 0 ? undefined : this.#parked.get(`${streamKey(stream)}${SEPARATOR}${seq}`);
  }

  add(stream: StreamName, first: number, hashes: readonly string[]): void {
    const key = streamKey(stream);
    const run = { first, hashes };
    const runs = this.#runs.get(key);
    if (runs) runs.push(run);
    else this.#runs.set(key, [run]);
  }

  park(stream: StreamName, seq: number, reason: string): void {
    this.#parked.set(`${streamKey(stream)}${SEPARATOR}${seq}`, reason);
  }
}

interface Run {
  readonly first: number;
  readonly hashes: readonly string[];
}

function streamKey({ terminal, incarnation, stream }: StreamName): string {
  return `${terminal}${SEPARATOR}${incarnation}${SEPARATOR}${stream}`;
}

export interface Draft {
  readonly heads: DraftTable<'heads'>;
  readonly incarnations: DraftTable<'incarnations'>;
  readonly quarantine: DraftTable<'quarantine'>;
  readonly payments: DraftTable<'payments'>;
  readonly tickets: DraftTable<'tickets'>;
  readonly blocks: DraftTable<'ticket_blocks'>;
  readonly prints: DraftTable<'prints'>;
  readonly acts: DraftTable<'acts'>;
  readonly forms: DraftTable<'forms'>;
  readonly cases: DraftTable<'cases'>;
  readonly metrics: DraftTable<'metrics'>;
  readonly quotes: DraftTable<'quotes'>;
  readonly graces: DraftTable<'graces'>;
  readonly places: KnownPlaces;
  /** Rows that are new by construction. */
  readonly batches: Row<'record_batches'>[];
  readonly remarks: Row<'record_remarks'>[];
  readonly sealed: Row<'sealed_parts'>[];
  readonly ratings: Row<'ratings'>[];
  readonly audit: Row<'audit'>[];
}

export function emptyDraft(): Draft {
  return {
    heads: draftOf(ingest.HEADS),
    incarnations: draftOf(ingest.INCARNATIONS, ['terminal_id']),
    quarantine: draftOf(ingest.QUARANTINE),
    payments: draftOf(ingest.PAYMENTS),
    tickets: draftOf(ingest.TICKETS, ['terminal_id', 'queue', 'day', 'number']),
    blocks: draftOf(ingest.TICKET_BLOCKS),
    prints: draftOf(ingest.PRINTS),
    acts: draftOf(ingest.ACTS),
    forms: draftOf(ingest.FORMS),
    cases: draftOf(ingest.CASES, ['terminal_id', 'trade']),
    metrics: draftOf(ingest.METRICS),
    quotes: draftOf(ingest.QUOTES),
    graces: draftOf(ingest.GRACES, ['stay']),
    places: new KnownPlaces(),
    batches: [],
    remarks: [],
    sealed: [],
    ratings: [],
    audit: [],
  };
}
