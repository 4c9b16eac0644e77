/** The tables of `0004-operations.sql` and `0006-form-access.sql`, as Kysely sees them. */
import type { ColumnType } from 'kysely';

type Derived<Value> = ColumnType<Value, never, never>;

/** What the database takes out of a terminal's last report. */
export interface PresenceColumns {
  backlog: Derived<number | null>;
  oldest_ms: Derived<number | null>;
  clock_error_ms: Derived<number | null>;
  disk_rung: Derived<number | null>;
  /** JSON array of device names. */
  devices_down: Derived<string | null>;
}

export interface OperationsTables {
  terminal_facts: {
    terminal_id: string;
    version: string | null;
    version_ms: number | null;
  };
  /** One row. */
  watch_looks: { id: number; looked_ms: number };
  seen_alarms: { terminal_id: string; alarm: string; seen_by: string; seen_ms: number };
  watch_cursors: { terminal_id: string; incarnation: string; stream: string; seq: number };
  violations: { terminal_id: string; operation: string; invariant: string; detail: string; seen_ms: number };
  case_work: {
    terminal_id: string;
    code: string;
    taken_by: string;
    taken_ms: number;
    closed_ms: number | null;
    note: string | null;
  };
  bill_lines: {
    terminal_id: string;
    provider: string;
    trade: string;
    kind: 'paid' | 'reversed';
    day: string;
    amount_cents: number;
    imported_ms: number;
  };
  bill_findings: {
    terminal_id: string;
    provider: string;
    trade: string;
    finding: 'paidNotDelivered' | 'deliveredNotPaid' | 'reversedButBilled' | 'unknownToUs';
    day: string;
    amount_cents: number;
    code: string;
    found_ms: number;
  };
  operations: {
    terminal_id: string;
    operation: string;
    /** JSON of the command. */
    command: string;
    asked_by: string;
    asked_ms: number;
    expires_ms: number;
    answered_ms: number | null;
    answer: string | null;
  };
  form_access: {
    terminal_id: string;
    operation: string;
    number: number;
    act: 'open' | 'erase';
    asked_by: string;
    why: string;
    asked_ms: number;
  };
}
