/** The tables of `migrations/`, as Kysely sees them. */
import type { Generated, Kysely, Transaction } from 'kysely';
import type { Finger } from '../../contract/check.schema.ts';
import type { AttachmentTables } from './attachment-tables.types.ts';
import type { TrustTables } from './trust-tables.types.ts';
import type { OperationsTables, PresenceColumns } from './operations-tables.types.ts';

/** Which ledger record told of it last, and when that came. Platform time, ms; `seq` orders within the incarnation. */
interface Origin {
  terminal_id: string;
  received_ms: number;
  incarnation: string;
  seq: number;
}

export interface Tables extends AttachmentTables, OperationsTables, TrustTables {
  terminals: {
    terminal_id: string;
    state: 'active' | 'suspended';
    station: string | null;
    /** JSON of what the machine said of itself when it was enrolled. */
    facts: string | null;
  };
  presences: {
    terminal_id: string;
    last_seen_ms: number;
    /** JSON of the last report. */
    report: string | null;
    report_ms: number | null;
    clock_offset_ms: number | null;
  } & PresenceColumns;
  turns: { terminal_id: string; turn: number };
  incarnations: {
    terminal_id: string;
    incarnation: string;
    first_ms: number;
    predecessor: string | null;
    predecessor_seq: number | null;
    predecessor_hash: string | null;
    doubt: string | null;
  };
  heads: {
    terminal_id: string;
    incarnation: string;
    stream: string;
    seq: number;
    hash: string;
    moved_ms: number;
  };
  /** Read with `ingest/stored-records.ts`, which takes them apart. */
  record_batches: {
    terminal_id: string;
    incarnation: string;
    stream: string;
    first_seq: number;
    last_seq: number;
    prev_hash: string;
    events: string;
    received_ms: number;
  };
  record_remarks: {
    terminal_id: string;
    incarnation: string;
    stream: string;
    seq: number;
    type: string;
    received_ms: number;
    parked_reason: string | null;
    clock_doubt: string | null;
  };
  sealed_parts: {
    terminal_id: string;
    incarnation: string;
    stream: string;
    seq: number;
    sealed: string;
    received_ms: number;
  };
  quarantine: {
    terminal_id: string;
    incarnation: string;
    stream: string;
    seq: number;
    hash: string;
    known_hash: string;
    received_ms: number;
    batch: string;
  };
  payments: Origin & {
    trade: string;
    operation: string;
    service: string;
    amount_cents: number;
    state: 'asked' | 'paid' | 'cancelled' | 'reversed';
    quote: string | null;
    asked_at: string | null;
    asked_ms: number | null;
    settled_at: string | null;
  };
  tickets: Origin & {
    operation: string;
    queue: string;
    day: string;
    number: string | null;
    offline: number;
    issued_at: string;
  };
  prints: Origin & {
    job: string;
    operation: string;
    template: string;
    state: 'printed' | 'notPrinted';
    settled_at: string;
    /** Which copy it is, from 1; null for an original. */
    copy: number | null;
  };
  acts: Origin & {
    job: string;
    operation: string;
    act: 'unlock' | 'dispense' | 'retain';
    target: string;
    state: 'done' | 'notDone';
    settled_at: string;
  };
  forms: Origin & {
    operation: string;
    service: string;
    form: string;
    form_version: string;
    personal: string;
    submitted_at: string;
  };
  cases: Origin & {
    code: string;
    operation: string;
    reason: string;
    amount_cents: number | null;
    trade: string | null;
    state: 'open' | 'paid' | 'cancelled' | 'reversed' | 'delivered' | 'refunded';
    opened_at: string;
    closed_at: string | null;
    closed_by: string | null;
  };
  ratings: Origin & { service: string; stars: number; rated_at: string };
  audit: Origin & { at: string; actor: string; action: string; target: string | null; detail: string | null };
  metrics: { terminal_id: string; name: string; label: string; value: number; at: string; received_ms: number };
  queue_days: { queue: string; day: string; next_number: number; desk_issued: number; called: number };
  ticket_blocks: {
    terminal_id: string;
    block: string;
    idempotency_key: string;
    requested_size: number;
    queue: string;
    day: string;
    prefix: string;
    first: number;
    last: number;
    leased_ms: number;
  };
  stays: { stay: Generated<number>; plate: string; place: string; entered_ms: number; left_ms: number | null };
  quotes: {
    quote: string;
    stay: number;
    why: 'livelihoodCard' | 'noCard';
    from_hour: number;
    to_hour: number;
    full_cents: number;
    discount_cents: number;
    due_cents: number;
    grace_minutes: number;
    quoted_ms: number;
  };
  residents: {
    resident: string;
    code_hash: string | null;
    rehearsed_face: 'match' | 'noMatch' | null;
    face_model: string | null;
    face_reference: string | null;
  };
  resident_cards: { subject: string; resident: string };
  resident_fingers: { resident: string; finger: Finger; template: string };
  finger_attempts: {
    terminal_id: string;
    session: string;
    resident: string;
    opened_ms: number;
    result: 'match' | 'noMatch' | 'notCompared' | null;
  };
  identity_failures: { failure: Generated<number>; resident: string; kind: 'notLive' | 'wrongCode'; at_ms: number };
  owner_notices: { notice: Generated<number>; resident: string; kind: 'paused' | 'fingerLocked'; at_ms: number };
  graces: {
    terminal_id: string;
    trade: string;
    stay: number;
    to_hour: number;
    state: 'open' | 'closed';
    paid_at: string;
    until_ms: number;
  };
}

export type PlatformDatabase = Kysely<Tables>;
/** Inside a transaction: a rejection must throw here, or half of it is committed. */
export type Commit = Transaction<Tables>;
