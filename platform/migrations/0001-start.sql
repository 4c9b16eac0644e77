-- Who may speak, and when each was last heard. Tokens are kept as SHA-256 only.
CREATE TABLE terminals (
  terminal TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
  last_seen_ms INTEGER
) STRICT;

-- How far each stream of each incarnation stands; moves only in the commit that stores the rows below it.
CREATE TABLE heads (
  terminal TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (terminal, incarnation, stream)
) STRICT;

-- Everything a terminal ever reported, byte for byte as it was hashed. Never updated, never deleted.
CREATE TABLE records (
  arrival INTEGER PRIMARY KEY AUTOINCREMENT,
  terminal TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  type TEXT NOT NULL,
  event TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  parked_reason TEXT,
  UNIQUE (terminal, incarnation, stream, seq)
) STRICT;
CREATE INDEX records_parked ON records (arrival) WHERE parked_reason IS NOT NULL;

-- A second history for a place in the chain that is already taken: kept for a person to look at.
CREATE TABLE quarantine (
  terminal TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  known_hash TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  batch TEXT NOT NULL,
  PRIMARY KEY (terminal, incarnation, stream, seq, hash)
) STRICT;

-- What the records mean. Business keys make each effect count once, whatever incarnation tells of it.
CREATE TABLE payments (
  terminal TEXT NOT NULL,
  trade TEXT NOT NULL,
  service TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('paid', 'cancelled', 'reversed')),
  quote TEXT,
  settled_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  arrival INTEGER NOT NULL,
  PRIMARY KEY (terminal, trade)
) STRICT;

CREATE TABLE tickets (
  terminal TEXT NOT NULL,
  operation TEXT NOT NULL,
  queue TEXT NOT NULL,
  day TEXT NOT NULL,
  number TEXT,
  offline INTEGER NOT NULL,
  issued_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  arrival INTEGER NOT NULL,
  PRIMARY KEY (terminal, operation),
  UNIQUE (queue, day, number)
) STRICT;

CREATE TABLE prints (
  terminal TEXT NOT NULL,
  job TEXT NOT NULL,
  template TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('printed', 'notPrinted')),
  settled_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  arrival INTEGER NOT NULL,
  PRIMARY KEY (terminal, job)
) STRICT;

CREATE TABLE cases (
  terminal TEXT NOT NULL,
  code TEXT NOT NULL,
  operation TEXT NOT NULL,
  reason TEXT NOT NULL,
  amount_cents INTEGER,
  trade TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'paid', 'cancelled', 'reversed')),
  opened_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  arrival INTEGER NOT NULL,
  PRIMARY KEY (terminal, code)
) STRICT;

CREATE TABLE ratings (
  arrival INTEGER PRIMARY KEY,
  terminal TEXT NOT NULL,
  service TEXT NOT NULL,
  stars INTEGER NOT NULL,
  rated_at TEXT NOT NULL
) STRICT;

-- Queue numbers: one counter per queue and day, leased in ranges that never overlap.
CREATE TABLE queue_days (
  queue TEXT NOT NULL,
  day TEXT NOT NULL,
  next_number INTEGER NOT NULL,
  desk_issued INTEGER NOT NULL,
  called INTEGER NOT NULL,
  PRIMARY KEY (queue, day)
) STRICT;

CREATE TABLE ticket_blocks (
  block TEXT PRIMARY KEY,
  terminal TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  requested_size INTEGER NOT NULL,
  queue TEXT NOT NULL,
  day TEXT NOT NULL,
  prefix TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  leased_ms INTEGER NOT NULL,
  UNIQUE (terminal, idempotency_key),
  UNIQUE (queue, day, first)
) STRICT;

-- The parking operator's side. The plate stands here and nowhere else.
CREATE TABLE stays (
  stay INTEGER PRIMARY KEY AUTOINCREMENT,
  plate TEXT NOT NULL,
  place TEXT NOT NULL,
  entered_ms INTEGER NOT NULL,
  left_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX stays_open ON stays (plate) WHERE left_ms IS NULL;

-- One quote per stay, price basis and range of started hours: asking again gives the same quote.
CREATE TABLE quotes (
  quote TEXT PRIMARY KEY,
  stay INTEGER NOT NULL REFERENCES stays (stay),
  why TEXT NOT NULL CHECK (why IN ('livelihoodCard', 'noCard')),
  from_hour INTEGER NOT NULL,
  to_hour INTEGER NOT NULL,
  full_cents INTEGER NOT NULL,
  discount_cents INTEGER NOT NULL,
  due_cents INTEGER NOT NULL,
  grace_minutes INTEGER NOT NULL,
  quoted_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX quotes_stay ON quotes (stay);

-- What was paid for a stay: its started hours up to `to_hour`, and the time in which the car may leave.
CREATE TABLE graces (
  terminal TEXT NOT NULL,
  trade TEXT NOT NULL,
  stay INTEGER NOT NULL REFERENCES stays (stay),
  to_hour INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  paid_at TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal, trade)
) STRICT;
CREATE INDEX graces_stay ON graces (stay);
