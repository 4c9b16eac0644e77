/** What an image holds of the platform's store, and what is wrong with it. */
import type Database from 'better-sqlite3';
import type { BatchRequest } from '../../../contract/platform-api.schema.ts';
import type { Tables } from '../../../platform/database/tables.ts';
import { takeApart } from '../../../platform/ingest/stored-records.ts';
import type { Wrong } from '../support/try-out.ts';

type Records = BatchRequest['records'];
type HeadRow = Pick<Tables['heads'], 'terminal_id' | 'incarnation' | 'stream' | 'seq' | 'hash'>;
type BatchRow = Omit<Tables['record_batches'], 'received_ms'>;

export interface StoredChains {
  readonly heads: readonly HeadRow[];
  /** Those of a stream in their order. */
  readonly batches: readonly BatchRow[];
  /** By terminal, in the tables that are made of the records. */
  readonly made: ReadonlyMap<string, Made>;
  /** What SQLite has against its pages. */
  readonly damage: string | undefined;
}

/** Rows that certain records have made. */
export interface Made {
  asked: number;
  paid: number;
  printed: number;
  rated: number;
}

export const NOTHING_STORED: StoredChains = { heads: [], batches: [], made: new Map(), damage: undefined };

/** One terminal, by the time of the power cut. */
export interface Promised {
  readonly terminal: string;
  readonly incarnation: string;
  /** All it will ever send. */
  readonly records: Records;
  /** The furthest record that was acknowledged, and the furthest that was on its way. */
  readonly acknowledged: number;
  readonly given: number;
}

export function readStoredChains(db: Database.Database): StoredChains {
  const answer = db.pragma('integrity_check', { simple: true });
  const damage = answer === 'ok' ? undefined : `integrity check: ${String(answer)}`;
  // before the first of the scripts that make the tables
  if (db.pragma('user_version', { simple: true }) === 0) return { ...NOTHING_STORED, damage };
  const all = <Row>(text: string): readonly Row[] => db.prepare(text).all() as Row[];
  const heads = all<HeadRow>('SELECT terminal_id, incarnation, stream, seq, hash FROM heads');
  const batches = all<BatchRow>(
    `SELECT terminal_id, incarnation, stream, first_seq, last_seq, prev_hash, events FROM record_batches
     ORDER BY terminal_id, incarnation, stream, last_seq`,
  );
  const rows = all<{ terminal_id: string; kind: keyof Made; count: number }>(
    `SELECT terminal_id, 'asked' AS kind, count(*) AS count FROM payments WHERE asked_at IS NOT NULL GROUP BY terminal_id
     UNION ALL SELECT terminal_id, 'paid', count(*) FROM payments WHERE state = 'paid' GROUP BY terminal_id
     UNION ALL SELECT terminal_id, 'printed', count(*) FROM prints GROUP BY terminal_id
     UNION ALL SELECT terminal_id, 'rated', count(*) FROM ratings GROUP BY terminal_id`,
  );
  const made = new Map<string, Made>();
  for (const { terminal_id, kind, count } of rows) {
    const known = made.get(terminal_id) ?? noneMade();
    known[kind] = count;
    made.set(terminal_id, known);
  }
  return { heads, batches, made, damage };
}

/** Everything acknowledged is there, in order and as it was sent; nothing else is; and the tables say what the records say. */
export function wrongsOf(stored: StoredChains, promised: readonly Promised[]): readonly Wrong[] {
  if (stored.damage !== undefined) return [unsound(stored.damage)];
  const wrongs = promised.map((one) => wrongOf(stored, one));
  const known = new Map(promised.map(({ terminal, incarnation }) => [terminal, incarnation]));
  const stranger = [...stored.heads, ...stored.batches].find(
    (row) => known.get(row.terminal_id) !== row.incarnation || row.stream !== 'ledger',
  );
  if (stranger) wrongs.push(unsound(`${stranger.terminal_id} ${stranger.incarnation} ${stranger.stream} never sent`));
  return wrongs.filter((wrong) => wrong !== undefined);
}

function wrongOf(stored: StoredChains, { terminal, records, acknowledged, given }: Promised): Wrong | undefined {
  const isOwn = ({ terminal_id }: { readonly terminal_id: string }): boolean => terminal_id === terminal;
  const head = stored.heads.find(isOwn);
  const seq = head?.seq ?? 0;
  const detail = chainFault(stored.batches.filter(isOwn), records, seq);
  if (detail !== undefined) return unsound(`${terminal}: ${detail}`);
  if (seq < acknowledged)
    return { kind: 'lost', detail: `${terminal} is at ${seq}, though ${acknowledged} was acknowledged` };
  if (seq > given) return unsound(`${terminal} is at ${seq}, though it had sent no more than ${given}`);
  if (head && head.hash !== records[seq - 1]?.hash) return unsound(`${terminal}: the head has not the hash of ${seq}`);
  const [is, should] = [stored.made.get(terminal) ?? noneMade(), madeOf(records.slice(0, seq))];
  const wrong = (Object.keys(should) as (keyof Made)[]).find((kind) => is[kind] !== should[kind]);
  return wrong && unsound(`${terminal}: ${is[wrong]} ${wrong}, though its ${seq} records tell of ${should[wrong]}`);
}

/** The rows follow each other from 1 to the head, and hold what was sent. */
function chainFault(rows: readonly BatchRow[], sent: Records, head: number): string | undefined {
  let before = 0;
  for (const row of rows) {
    if (row.first_seq !== before + 1) return `record ${row.first_seq} follows ${before}`;
    for (const { seq, hash } of takeApart({ ...row, received_ms: 0 })) {
      if (hash !== sent[seq - 1]?.hash) return `record ${seq} is not the one that was sent`;
      before = seq;
    }
    if (row.last_seq !== before) return `a row up to ${row.last_seq} ends with ${before}`;
  }
  return before === head ? undefined : `the records end with ${before}, the head is ${head}`;
}

function madeOf(records: Records): Made {
  const made = noneMade();
  for (const { event } of records) {
    if (event.type === 'ChargeAsked') made.asked++;
    else if (event.type === 'ChargeSettled') made.paid++;
    else if (event.type === 'PrintSettled') made.printed++;
    else if (event.type === 'Rated') made.rated++;
  }
  return made;
}

function noneMade(): Made {
  return { asked: 0, paid: 0, printed: 0, rated: 0 };
}

function unsound(detail: string): Wrong {
  return { kind: 'unsound', detail };
}
