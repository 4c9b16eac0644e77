-- What a terminal's last report says, as columns.
ALTER TABLE presences ADD COLUMN backlog INTEGER GENERATED ALWAYS AS (report ->> 'backlog') VIRTUAL;
ALTER TABLE presences ADD COLUMN oldest_ms INTEGER GENERATED ALWAYS AS (report ->> 'oldestMs') VIRTUAL;
ALTER TABLE presences ADD COLUMN clock_error_ms INTEGER GENERATED ALWAYS AS (report ->> 'clockErrorMs') VIRTUAL;
ALTER TABLE presences ADD COLUMN disk_rung INTEGER GENERATED ALWAYS AS (report ->> 'diskRung') VIRTUAL;
ALTER TABLE presences ADD COLUMN devices_down TEXT GENERATED ALWAYS AS (report ->> 'devicesDown') VIRTUAL;

-- What the watch learnt of each terminal. A version stands here only when its health checks passed (F66).
CREATE TABLE terminal_facts (
  terminal_id TEXT PRIMARY KEY,
  version TEXT,
  version_ms INTEGER
) STRICT;

-- The platform time up to which charges were looked at a second time, after their time to end. One row, on every shard.
CREATE TABLE watch_looks (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  looked_ms INTEGER NOT NULL
) STRICT;
INSERT INTO watch_looks (id, looked_ms) VALUES (1, 0);

-- A person has seen what stood behind an alarm at that time; only what came later counts.
CREATE TABLE seen_alarms (
  terminal_id TEXT NOT NULL,
  alarm TEXT NOT NULL,
  seen_by TEXT NOT NULL,
  seen_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, alarm)
) STRICT;

-- How far the watch has read each stream: by the terminal's own sequence, never by a serial of the database.
CREATE TABLE watch_cursors (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, incarnation, stream)
) STRICT;

-- Invariants (I1-I10) that were seen broken, each once.
CREATE TABLE violations (
  terminal_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  invariant TEXT NOT NULL,
  detail TEXT NOT NULL,
  seen_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, operation, invariant)
) STRICT;

-- Who looks after a case, and what they wrote when they closed it; outcome and closer stand in `cases`.
CREATE TABLE case_work (
  terminal_id TEXT NOT NULL,
  code TEXT NOT NULL,
  taken_by TEXT NOT NULL,
  taken_ms INTEGER NOT NULL,
  closed_ms INTEGER,
  note TEXT,
  PRIMARY KEY (terminal_id, code)
) STRICT;

-- The provider's bill, line by line, as it was imported; importing it again changes nothing.
CREATE TABLE bill_lines (
  terminal_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  trade TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('paid', 'reversed')),
  day TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  imported_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, provider, trade, kind)
) STRICT;
CREATE INDEX bill_lines_day ON bill_lines (provider, day);

-- What does not agree between bill, ledger and paper. Each opens one case.
CREATE TABLE bill_findings (
  terminal_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  trade TEXT NOT NULL,
  finding TEXT NOT NULL CHECK (finding IN ('paidNotDelivered', 'deliveredNotPaid', 'reversedButBilled', 'unknownToUs')),
  day TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  code TEXT NOT NULL,
  found_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, provider, trade, finding)
) STRICT;
CREATE INDEX bill_findings_day ON bill_findings (provider, day);

-- What staff asked of a terminal. Told with every heartbeat until it is answered or has expired.
CREATE TABLE operations (
  terminal_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  command TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  answered_ms INTEGER,
  answer TEXT,
  PRIMARY KEY (terminal_id, operation)
) STRICT;
CREATE INDEX operations_open ON operations (expires_ms) WHERE answered_ms IS NULL;

-- What the fleet page and the watch ask for.
CREATE INDEX payments_of_operation ON payments (terminal_id, operation);
CREATE INDEX prints_of_operation ON prints (terminal_id, operation);
CREATE INDEX acts_of_operation ON acts (terminal_id, operation);
CREATE INDEX cases_of_operation ON cases (terminal_id, operation);
CREATE INDEX cases_code ON cases (code);
CREATE INDEX payments_doubtful_of_terminal ON payments (terminal_id, asked_ms) WHERE state = 'asked';
CREATE INDEX cases_open_of_terminal ON cases (terminal_id, received_ms) WHERE state = 'open';
