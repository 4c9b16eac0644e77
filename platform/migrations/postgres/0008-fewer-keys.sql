-- A rating is looked for by time alone, so its key begins with it: what arrives together is written together, whosever it is.
-- Of tickets only a number that was given out is held unique. Each key of a terminal is a page of its own in every commit.
ALTER TABLE ratings DROP CONSTRAINT ratings_pkey, ADD PRIMARY KEY (received_ms, terminal_id, incarnation, seq);

ALTER TABLE tickets DROP CONSTRAINT tickets_terminal_id_queue_day_number_key;
-- Blocks never overlap and a number is taken from a block of its own terminal only, so this makes it unique for all.
CREATE UNIQUE INDEX tickets_number ON tickets (terminal_id, queue, day, number) WHERE number IS NOT NULL;
