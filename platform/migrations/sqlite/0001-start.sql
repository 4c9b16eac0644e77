-- Who may speak. Tokens are kept as SHA-256 only.
CREATE TABLE terminals (
  terminal_id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('active', 'suspended'))
) STRICT;

-- When each was last heard, and what it said of itself; written in groups, apart from who may speak.
CREATE TABLE presences (
  terminal_id TEXT PRIMARY KEY,
  last_seen_ms INTEGER NOT NULL,
  -- JSON of the last heartbeat that held a report, and when it came.
  report TEXT,
  report_ms INTEGER,
  -- Platform time less the terminal's, as of the last batch that told.
  clock_offset_ms INTEGER
) STRICT, WITHOUT ROWID;

-- One row a terminal: whoever changes anything of it holds this row until the commit, so that any number of nodes agree.
CREATE TABLE turns (
  terminal_id TEXT PRIMARY KEY,
  turn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each database a terminal ever had, and the one before it that it named.
CREATE TABLE incarnations (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  first_ms INTEGER NOT NULL,
  predecessor TEXT,
  predecessor_seq INTEGER,
  predecessor_hash TEXT,
  -- What of the named predecessor is not what stands here.
  doubt TEXT,
  PRIMARY KEY (terminal_id, incarnation)
) STRICT, WITHOUT ROWID;

-- How far each stream of each incarnation stands; moves only in the commit that stores the rows below it.
CREATE TABLE heads (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  moved_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, incarnation, stream)
) STRICT, WITHOUT ROWID;

-- Everything a terminal ever reported, byte for byte as it was hashed: what came together stands in one row. The rows of a
-- stream follow each other without a gap; each hash follows from `prev_hash` and the texts. Never updated, never deleted.
CREATE TABLE record_batches (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  stream TEXT NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  prev_hash TEXT NOT NULL,
  -- Canonical JSON, one event a line.
  events TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, incarnation, stream, last_seq)
) STRICT;

-- What is to be said of single records; of almost all of them nothing is.
CREATE TABLE record_remarks (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  -- Why it means nothing to the business.
  parked_reason TEXT,
  -- Why the terminal's own time on it is not to be believed.
  clock_doubt TEXT,
  PRIMARY KEY (terminal_id, incarnation, stream, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_remarks_parked ON record_remarks (received_ms) WHERE parked_reason IS NOT NULL;
CREATE INDEX record_remarks_parked_of_terminal ON record_remarks (terminal_id, received_ms) WHERE parked_reason IS NOT NULL;

-- The personal part of a record, sealed to the platform's key. Apart from the record, so that it can be erased.
CREATE TABLE sealed_parts (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  sealed TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, incarnation, stream, seq)
) STRICT, WITHOUT ROWID;

-- A second history for a place in the chain that is already taken: kept for a person to look at.
CREATE TABLE quarantine (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  known_hash TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  batch TEXT NOT NULL,
  PRIMARY KEY (terminal_id, incarnation, stream, seq, hash)
) STRICT, WITHOUT ROWID;

-- What the records mean, in the order in which it came: rows of one commit stand together, whosever they are, and only the keys
-- are spread over the file. Business keys make each effect count once, whatever incarnation tells of it. `incarnation` and
-- `seq` name the ledger record that told of it last.
CREATE TABLE payments (
  terminal_id TEXT NOT NULL,
  trade TEXT NOT NULL,
  operation TEXT NOT NULL,
  service TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  -- `asked`: the terminal began a charge and has not told how it ended; money is in doubt.
  -- Not IN: of more than two values SQLite builds a table in memory, anew for each row that is written.
  state TEXT NOT NULL CHECK (state = 'asked' OR state = 'paid' OR state = 'cancelled' OR state = 'reversed'),
  quote TEXT,
  -- Terminal time and platform time of the asking; null when only the end was told.
  asked_at TEXT,
  asked_ms INTEGER,
  settled_at TEXT,
  received_ms INTEGER NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, trade)
) STRICT;
CREATE INDEX payments_doubtful ON payments (asked_ms) WHERE state = 'asked';
CREATE INDEX payments_received ON payments (received_ms);

CREATE TABLE tickets (
  terminal_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  queue TEXT NOT NULL,
  day TEXT NOT NULL,
  number TEXT,
  offline INTEGER NOT NULL,
  issued_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, operation),
  -- Blocks never overlap and a number is taken from a block of its own terminal only, so this makes it unique for all.
  UNIQUE (terminal_id, queue, day, number)
) STRICT;
CREATE INDEX tickets_day ON tickets (day, queue);

CREATE TABLE prints (
  terminal_id TEXT NOT NULL,
  job TEXT NOT NULL,
  operation TEXT NOT NULL,
  template TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('printed', 'notPrinted')),
  settled_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, job)
) STRICT;

-- Doors opened, cards given out or taken in.
CREATE TABLE acts (
  terminal_id TEXT NOT NULL,
  job TEXT NOT NULL,
  operation TEXT NOT NULL,
  act TEXT NOT NULL CHECK (act = 'unlock' OR act = 'dispense' OR act = 'retain'),
  target TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('done', 'notDone')),
  settled_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, job)
) STRICT;

-- What residents handed in. The contents are the sealed part of the same record; `personal` is the commitment to them.
CREATE TABLE forms (
  terminal_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  service TEXT NOT NULL,
  form TEXT NOT NULL,
  form_version TEXT NOT NULL,
  personal TEXT NOT NULL,
  submitted_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, operation)
) STRICT;

CREATE TABLE cases (
  terminal_id TEXT NOT NULL,
  code TEXT NOT NULL,
  operation TEXT NOT NULL,
  reason TEXT NOT NULL,
  amount_cents INTEGER,
  trade TEXT,
  state TEXT NOT NULL CHECK (
    state = 'open' OR state = 'paid' OR state = 'cancelled' OR state = 'reversed' OR state = 'delivered' OR state = 'refunded'
  ),
  opened_at TEXT NOT NULL,
  -- By staff at the machine; null while no person has decided.
  closed_at TEXT,
  closed_by TEXT,
  received_ms INTEGER NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, code)
) STRICT;
CREATE INDEX cases_trade ON cases (terminal_id, trade);
CREATE INDEX cases_open ON cases (received_ms) WHERE state = 'open';

CREATE TABLE ratings (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  service TEXT NOT NULL,
  stars INTEGER NOT NULL,
  rated_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, incarnation, seq)
) STRICT;

-- The audit stream, laid open for people.
CREATE TABLE audit (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT,
  detail TEXT,
  received_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, incarnation, seq)
) STRICT;
CREATE INDEX audit_action ON audit (action, received_ms);

-- The lossy stream: the latest value of each, nothing else is kept.
CREATE TABLE metrics (
  terminal_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Empty when it has none.
  label TEXT NOT NULL,
  value REAL NOT NULL,
  at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, name, label)
) STRICT, WITHOUT ROWID;

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
  terminal_id TEXT NOT NULL,
  block TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  requested_size INTEGER NOT NULL,
  queue TEXT NOT NULL,
  day TEXT NOT NULL,
  prefix TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  leased_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, block),
  UNIQUE (terminal_id, idempotency_key)
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
  terminal_id TEXT NOT NULL,
  trade TEXT NOT NULL,
  stay INTEGER NOT NULL REFERENCES stays (stay),
  to_hour INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  paid_at TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, trade)
) STRICT;
CREATE INDEX graces_stay ON graces (stay);
