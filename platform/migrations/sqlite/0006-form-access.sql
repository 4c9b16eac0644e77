-- Who looked into the personal part of a form, or destroyed it, and what for. Written before anything is answered, never
-- updated, never deleted: it outlives what it tells of.
CREATE TABLE form_access (
  terminal_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  -- Counts the times this form was asked for, from 1.
  number INTEGER NOT NULL,
  act TEXT NOT NULL CHECK (act IN ('open', 'erase')),
  asked_by TEXT NOT NULL,
  why TEXT NOT NULL,
  asked_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, operation, number)
) STRICT;
