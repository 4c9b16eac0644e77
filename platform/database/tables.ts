/** The tables of `migrations/`, as Kysely sees them. */
import type { Generated, Kysely, Transaction } from 'kysely';
import type { Finger } from '../../contract/check.schema.ts';

interface Origin {
  terminal: string;
  received_ms: number;
  /** Row of `records` that told of it; grows in the order of arrival. */
  arrival: number;
}

export interface Tables {
  terminals: { terminal: string; token_hash: string; state: 'active' | 'suspended'; last_seen_ms: number | null };
  heads: { terminal: string; incarnation: string; stream: string; seq: number; hash: string };
  records: {
    arrival: Generated<number>;
    terminal: string;
    incarnation: string;
    stream: string;
    seq: number;
    hash: string;
    type: string;
    event: string;
    received_ms: number;
    parked_reason: string | null;
  };
  quarantine: {
    terminal: string;
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
    service: string;
    amount_cents: number;
    state: 'paid' | 'cancelled' | 'reversed';
    quote: string | null;
    settled_at: string;
  };
  tickets: Origin & {
    operation: string;
    queue: string;
    day: string;
    number: string | null;
    offline: number;
    issued_at: string;
  };
  prints: Origin & { job: string; template: string; state: 'printed' | 'notPrinted'; settled_at: string };
  cases: Origin & {
    code: string;
    operation: string;
    reason: string;
    amount_cents: number | null;
    trade: string | null;
    state: 'open' | 'paid' | 'cancelled' | 'reversed';
    opened_at: string;
  };
  ratings: { arrival: number; terminal: string; service: string; stars: number; rated_at: string };
  queue_days: { queue: string; day: string; next_number: number; desk_issued: number; called: number };
  ticket_blocks: {
    block: string;
    terminal: string;
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
    terminal: string;
    session: string;
    resident: string;
    opened_ms: number;
    result: 'match' | 'noMatch' | 'notCompared' | null;
  };
  identity_failures: { failure: Generated<number>; resident: string; kind: 'notLive' | 'wrongCode'; at_ms: number };
  owner_notices: { notice: Generated<number>; resident: string; kind: 'paused' | 'fingerLocked'; at_ms: number };
  graces: {
    terminal: string;
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
