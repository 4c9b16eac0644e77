/**
 * Statements that are prepared when they are first run. A ledger knows some sixty of them and most starts run a third;
 * the others need not be prepared. That the tables are there is asked before (`checkSchema`). Not to be run
 * for the first time while rows of another one are iterated: SQLite's driver prepares nothing then.
 */
import type { Database, RunResult, Statement } from 'better-sqlite3';

export interface LaterStatement {
  run(...values: readonly unknown[]): RunResult;
  get(...values: readonly unknown[]): unknown;
  all(...values: readonly unknown[]): unknown[];
  iterate(...values: readonly unknown[]): IterableIterator<unknown>;
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
    iterate: (...values) => ready().iterate(...values),
  };
}
