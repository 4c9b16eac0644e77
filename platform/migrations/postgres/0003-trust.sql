-- Terminals prove themselves with keys; nothing that could be shown again is kept.
ALTER TABLE terminals ADD COLUMN station TEXT;
ALTER TABLE terminals ADD COLUMN facts TEXT;

-- Public keys, raw, base64. A terminal that changes its keys has two rows until the older one ends.
CREATE TABLE terminal_keys (
  terminal_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  signing_key TEXT NOT NULL,
  agreement_key TEXT NOT NULL,
  made_ms BIGINT NOT NULL,
  ends_ms BIGINT,
  PRIMARY KEY (terminal_id, fingerprint)
);

-- Codes that were handed out. Kept is what the proofs are checked with, not the code.
CREATE TABLE enrolment_codes (
  terminal_id TEXT NOT NULL,
  code_id TEXT NOT NULL,
  code_key TEXT NOT NULL,
  station TEXT NOT NULL,
  expires_ms BIGINT NOT NULL,
  used_ms BIGINT,
  used_fingerprint TEXT,
  PRIMARY KEY (terminal_id, code_id)
);
CREATE INDEX enrolment_codes_id ON enrolment_codes (code_id);

-- Wrong codes at a station, one after the other. Small, on every shard.
CREATE TABLE enrolment_tries (
  station TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  locked_until_ms BIGINT NOT NULL
);

-- Grows whenever somebody loses the right to speak: each node then forgets the keys it remembers. One row, on every shard.
CREATE TABLE trust_epochs (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  epoch BIGINT NOT NULL
);
INSERT INTO trust_epochs (id, epoch) VALUES (1, 0);

-- Signed documents for terminals: a version never changes. On every shard.
CREATE TABLE documents (
  sha256 TEXT NOT NULL,
  channel TEXT NOT NULL,
  version BIGINT NOT NULL,
  body TEXT NOT NULL,
  signatures TEXT NOT NULL,
  hard_expires_ms BIGINT,
  published_ms BIGINT NOT NULL,
  PRIMARY KEY (channel, version)
);

-- The root's word on who may sign which channels; the newest holds. On every shard.
CREATE TABLE delegations (
  version BIGINT PRIMARY KEY,
  body TEXT NOT NULL,
  signatures TEXT NOT NULL
);

-- Grows with every change of what any terminal should have: the time of the change, so that a platform restored from its
-- backup goes on above what terminals have seen. One row, on every shard.
CREATE TABLE manifest_versions (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  version BIGINT NOT NULL
);
INSERT INTO manifest_versions (id, version) VALUES (1, 1);

-- What a terminal should have, per channel: the newest release that has come as far as its ring. Ring 1 is a hand-picked few,
-- ring 2 one in twenty, ring 3 all. `halted`: too many of a ring refused it.
CREATE TABLE rollouts (
  channel TEXT NOT NULL,
  version BIGINT NOT NULL,
  ring BIGINT NOT NULL CHECK (ring BETWEEN 1 AND 3),
  state TEXT NOT NULL CHECK (state IN ('rolling', 'halted')),
  started_ms BIGINT NOT NULL,
  PRIMARY KEY (channel, version)
);

-- Ring 1, by name.
CREATE TABLE first_ring (
  terminal_id TEXT PRIMARY KEY
);

-- What became of a document at a terminal, by its own word.
CREATE TABLE document_reports (
  terminal_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('applied', 'refused', 'rolledBack')),
  detail TEXT,
  reported_ms BIGINT NOT NULL,
  PRIMARY KEY (terminal_id, channel, version)
);
CREATE INDEX document_reports_version ON document_reports (channel, version, state);
