-- A rating is looked for by time alone, so its key begins with it: what arrives together is written together, whosever it is.
-- Of tickets only a number that was given out is held unique. Each key of a terminal is a page of its own in every commit.
ALTER TABLE ratings RENAME TO ratings_by_terminal;
CREATE TABLE ratings (
  terminal_id TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  service TEXT NOT NULL,
  stars INTEGER NOT NULL,
  rated_at TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  PRIMARY KEY (received_ms, terminal_id, incarnation, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO ratings (terminal_id, incarnation, seq, service, stars, rated_at, received_ms)
SELECT terminal_id, incarnation, seq, service, stars, rated_at, received_ms FROM ratings_by_terminal;
DROP TABLE ratings_by_terminal;

ALTER TABLE tickets RENAME TO tickets_before;
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
  PRIMARY KEY (terminal_id, operation)
) STRICT;
INSERT INTO tickets (terminal_id, operation, queue, day, number, offline, issued_at, received_ms, incarnation, seq)
SELECT terminal_id, operation, queue, day, number, offline, issued_at, received_ms, incarnation, seq FROM tickets_before
ORDER BY rowid;
DROP TABLE tickets_before;
CREATE INDEX tickets_day ON tickets (day, queue);
-- Blocks never overlap and a number is taken from a block of its own terminal only, so this makes it unique for all.
CREATE UNIQUE INDEX tickets_number ON tickets (terminal_id, queue, day, number) WHERE number IS NOT NULL;
