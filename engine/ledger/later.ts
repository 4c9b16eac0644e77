/**
 * Statements that are prepared when they are first run. A ledger knows some sixty of them and most starts run a third;
 * the others need not be prepared. That the tables are there is asked before (`checkSchema`). None gives its rows one by one:
 * meanwhile SQLite's driver would prepare no other.
 */
import type { Database, RunResult, Statement } from 'better-sqlite3';

export interface LaterStatement {
  run(...values: readonly unknown[]): RunResult;
  get(...values: readonly unknown[]): unknown;
  all(...values: readonly unknown[]): unknown[];
}

export function later(db: Database, sql: string): LaterStatement {
  return lazily(() => db.prepare(sql));
}

/** The same, giving the first column alone of each row. */
export function laterValue(db: Database, sql: string): LaterStatement {
  return lazily(() => db.prepare(sql).pluck());
}

function lazily(prepare: () => Statement): LaterStatement {
  let prepared: Statement | undefined;
  const ready = (): Statement => (prepared ??= prepare());
  return {
    run: (...values) => ready().run(...values),
    get: (...values) => ready().get(...values),
    all: (...values) => ready().all(...values),
  };
}
