/**
 * Numbers that are never given twice. They are counted in memory and written with the next commit; that is safe because
 * nothing leaves the terminal with a number before the intent that carries it is committed.
 */
import type { Store } from './store.ts';

export interface Numbers {
  /** `trade`: unique for ever, at most 32 characters. `echo`: the four digits of it the MIS frame carries. */
  newTrade(): { readonly trade: string; readonly echo: string };
  /** Names one physical print. */
  newJob(): string;
  /** Names one operation of a resident: the `txn` of the journal, the `operation` of events. */
  newOperation(): string;
  /** Within a commit: writes the counters if one moved. */
  persist(): void;
}

/** Enough of the incarnation to keep two databases of one terminal apart. */
const SHORT = 12;

interface Counters {
  trades: number;
  jobs: number;
  operations: number;
}

export function createNumbers(store: Store, incarnation: string): Numbers {
  const { db } = store;
  const short = incarnation.slice(0, SHORT);
  const counters = db.prepare('SELECT trades, jobs, operations FROM meta').get() as Counters;
  const write = db.prepare('UPDATE meta SET trades = ?, jobs = ?, operations = ?');
  let isDirty = false;
  // After a rollback the numbers stay used up in memory; they only have to be written again.
  store.onRollback(() => {
    isDirty = true;
  });

  function next(counter: keyof Counters): number {
    isDirty = true;
    return ++counters[counter];
  }

  return {
    newTrade() {
      const number = next('trades');
      return { trade: `${short}-${number}`, echo: String(number % 10_000).padStart(4, '0') };
    },
    newJob: () => `${short}-p${next('jobs')}`,
    newOperation: () => `${short}-o${next('operations')}`,
    persist() {
      if (!isDirty) return;
      write.run(counters.trades, counters.jobs, counters.operations);
      isDirty = false;
    },
  };
}
