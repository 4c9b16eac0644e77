-- People of the demonstration, all made up. A card is known by its digest only: SHA-256 of `identity:<kind>:<number>`.
CREATE TABLE residents (
  resident TEXT PRIMARY KEY,
  -- SHA-256 of the six-digit code that the owner was sent; null when nothing waits for them.
  code_hash TEXT,
  -- What the stand-in for a certified face matcher answers for this person; null: no face is kept.
  rehearsed_face TEXT CHECK (rehearsed_face IN ('match', 'noMatch')),
  -- For a model on a terminal, base64, with the model that made it.
  face_model TEXT,
  face_reference TEXT
);

CREATE TABLE resident_cards (
  subject TEXT PRIMARY KEY,
  resident TEXT NOT NULL REFERENCES residents (resident)
);

CREATE TABLE resident_fingers (
  resident TEXT NOT NULL REFERENCES residents (resident),
  finger TEXT NOT NULL,
  template TEXT NOT NULL,
  PRIMARY KEY (resident, finger)
);

-- One attempt a session: opened when the templates were handed out. Without an end it counts as not matching, or a cut
-- cable would be a way to try for ever.
CREATE TABLE finger_attempts (
  terminal_id TEXT NOT NULL,
  session TEXT NOT NULL,
  resident TEXT NOT NULL REFERENCES residents (resident),
  opened_ms BIGINT NOT NULL,
  result TEXT CHECK (result IN ('match', 'noMatch', 'notCompared')),
  PRIMARY KEY (terminal_id, session, resident)
);
CREATE INDEX finger_attempts_resident ON finger_attempts (resident, opened_ms);

-- A face that was not live, a code that was wrong: three within ten minutes close face and code for ten minutes.
CREATE TABLE identity_failures (
  failure BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  resident TEXT NOT NULL REFERENCES residents (resident),
  kind TEXT NOT NULL CHECK (kind IN ('notLive', 'wrongCode')),
  at_ms BIGINT NOT NULL
);
CREATE INDEX identity_failures_resident ON identity_failures (resident, at_ms);

-- What the owner is told; a message service takes it from here.
CREATE TABLE owner_notices (
  notice BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  resident TEXT NOT NULL REFERENCES residents (resident),
  kind TEXT NOT NULL CHECK (kind IN ('paused', 'fingerLocked')),
  at_ms BIGINT NOT NULL
);
