-- Bytes that terminals send in parts, sealed to the platform's key. Named by their SHA-256: the same bytes of a terminal stand
-- here once, whatever it calls them.
CREATE TABLE attachment_contents (
  terminal_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  received_bytes INTEGER NOT NULL,
  -- `stored`: all of it is here, and its hash was checked.
  state TEXT NOT NULL CHECK (state IN ('open', 'stored')),
  -- An open one that is not touched for long is forgotten.
  touched_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, sha256)
) STRICT;

CREATE TABLE attachment_parts (
  terminal_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  first_byte INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (terminal_id, sha256, first_byte)
) STRICT;

-- What the terminal's records call them.
CREATE TABLE attachments (
  terminal_id TEXT NOT NULL,
  attachment TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  begun_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, attachment)
) STRICT;
