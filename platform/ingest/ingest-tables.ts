/** The tables that batches are read against and written to, with the types PostgreSQL wants to be told. */
import type { SetTable } from '../database/row-sets.ts';

const text = 'text' as const;
const bigint = 'bigint' as const;
const integer = 'integer' as const;

/** Which record told of it, and when that came. */
const origin = { terminal_id: text, received_ms: bigint, incarnation: text, seq: bigint };
const place = { terminal_id: text, incarnation: text, stream: text, seq: bigint };

export const HEADS: SetTable<'heads'> = {
  name: 'heads',
  columns: { ...place, hash: text, moved_ms: bigint },
  key: ['terminal_id', 'incarnation', 'stream'],
  update: ['seq', 'hash', 'moved_ms'],
};
export const INCARNATIONS: SetTable<'incarnations'> = {
  name: 'incarnations',
  columns: {
    terminal_id: text,
    incarnation: text,
    first_ms: bigint,
    predecessor: text,
    predecessor_seq: bigint,
    predecessor_hash: text,
    doubt: text,
  },
  key: ['terminal_id', 'incarnation'],
  update: ['predecessor', 'predecessor_seq', 'predecessor_hash', 'doubt'],
};
/** A place is written once; a second row for it would be a bug, and fails. */
export const RECORD_BATCHES: SetTable<'record_batches'> = {
  name: 'record_batches',
  columns: {
    terminal_id: text,
    incarnation: text,
    stream: text,
    first_seq: bigint,
    last_seq: bigint,
    prev_hash: text,
    events: text,
    received_ms: bigint,
  },
  key: [],
  update: [],
};
export const RECORD_REMARKS: SetTable<'record_remarks'> = {
  name: 'record_remarks',
  columns: { ...place, type: text, received_ms: bigint, parked_reason: text, clock_doubt: text },
  key: [],
  update: [],
};
export const SEALED_PARTS: SetTable<'sealed_parts'> = {
  name: 'sealed_parts',
  columns: { ...place, sealed: text, received_ms: bigint },
  key: [],
  update: [],
};
export const QUARANTINE: SetTable<'quarantine'> = {
  name: 'quarantine',
  columns: { ...place, hash: text, known_hash: text, received_ms: bigint, batch: text },
  key: ['terminal_id', 'incarnation', 'stream', 'seq', 'hash'],
  update: [],
};
export const PAYMENTS: SetTable<'payments'> = {
  name: 'payments',
  columns: {
    ...origin,
    trade: text,
    operation: text,
    service: text,
    amount_cents: integer,
    state: text,
    quote: text,
    asked_at: text,
    asked_ms: bigint,
    settled_at: text,
  },
  key: ['terminal_id', 'trade'],
  update: ['state', 'quote', 'asked_at', 'asked_ms', 'settled_at', 'received_ms', 'incarnation', 'seq'],
};
export const TICKETS: SetTable<'tickets'> = {
  name: 'tickets',
  columns: { ...origin, operation: text, queue: text, day: text, number: text, offline: integer, issued_at: text },
  key: ['terminal_id', 'operation'],
  update: [],
};
export const TICKET_BLOCKS: SetTable<'ticket_blocks'> = {
  name: 'ticket_blocks',
  columns: {
    terminal_id: text,
    block: text,
    idempotency_key: text,
    requested_size: integer,
    queue: text,
    day: text,
    prefix: text,
    first: integer,
    last: integer,
    leased_ms: bigint,
  },
  key: ['terminal_id', 'block'],
  update: [],
};
export const PRINTS: SetTable<'prints'> = {
  name: 'prints',
  columns: { ...origin, job: text, operation: text, template: text, state: text, settled_at: text, copy: integer },
  key: ['terminal_id', 'job'],
  update: [],
};
export const ACTS: SetTable<'acts'> = {
  name: 'acts',
  columns: { ...origin, job: text, operation: text, act: text, target: text, state: text, settled_at: text },
  key: ['terminal_id', 'job'],
  update: [],
};
export const FORMS: SetTable<'forms'> = {
  name: 'forms',
  columns: {
    ...origin,
    operation: text,
    service: text,
    form: text,
    form_version: text,
    personal: text,
    submitted_at: text,
  },
  key: ['terminal_id', 'operation'],
  update: [],
};
export const CASES: SetTable<'cases'> = {
  name: 'cases',
  columns: {
    ...origin,
    code: text,
    operation: text,
    reason: text,
    amount_cents: integer,
    trade: text,
    state: text,
    opened_at: text,
    closed_at: text,
    closed_by: text,
  },
  key: ['terminal_id', 'code'],
  update: ['state', 'closed_at', 'closed_by'],
};
export const RATINGS: SetTable<'ratings'> = {
  name: 'ratings',
  columns: { ...origin, service: text, stars: integer, rated_at: text },
  key: [],
  update: [],
};
export const AUDIT: SetTable<'audit'> = {
  name: 'audit',
  columns: { ...origin, at: text, actor: text, action: text, target: text, detail: text },
  key: [],
  update: [],
};
export const METRICS: SetTable<'metrics'> = {
  name: 'metrics',
  columns: {
    terminal_id: text,
    name: text,
    label: text,
    value: 'double precision',
    at: text,
    received_ms: bigint,
  },
  key: ['terminal_id', 'name', 'label'],
  update: ['value', 'at', 'received_ms'],
};
/** The car park's, not the terminal's: a stay may be paid at any of them. */
export const QUOTES: SetTable<'quotes'> = {
  name: 'quotes',
  columns: {
    quote: text,
    stay: bigint,
    why: text,
    from_hour: integer,
    to_hour: integer,
    full_cents: integer,
    discount_cents: integer,
    due_cents: integer,
    grace_minutes: integer,
    quoted_ms: bigint,
  },
  key: ['quote'],
  update: [],
};
export const GRACES: SetTable<'graces'> = {
  name: 'graces',
  columns: {
    terminal_id: text,
    trade: text,
    stay: bigint,
    to_hour: integer,
    state: text,
    paid_at: text,
    until_ms: bigint,
  },
  key: ['terminal_id', 'trade'],
  update: ['state'],
};
