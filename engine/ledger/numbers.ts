/**
 * Numbers that are never given twice. They are reserved by the batch: the file holds how far this run may count, and a
 * commit writes it again only when a batch is used up. A restart goes on after the batch, so numbers have gaps.
 */
import { later } from './later.ts';
import type { Store } from './store.ts';

export interface Numbers {
  /** `trade`: unique for ever, at most 32 characters. `echo`: the four digits of it the MIS frame carries. */
  newTrade(): { readonly trade: string; readonly echo: string };
  /** Names one physical print. */
  newJob(): string;
  /** Names one operation of a resident: the `txn` of the journal, the `operation` of events. */
  newOperation(): string;
  /**
   * Within a commit: writes how far numbers may be counted when one has moved past it. Nothing leaves the terminal with a
   * number before the commit of the intent that carries it, so that is early enough.
   */
  persist(): void;
}

/** Enough of the incarnation to keep two databases of one terminal apart. */
const SHORT = 12;
const BATCH = 64;
const ECHOES = 10_000;

interface Counters {
  trades: number;
  jobs: number;
  operations: number;
}

export function createNumbers(store: Store, incarnation: string): Numbers {
  const { db } = store;
  const short = incarnation.slice(0, SHORT);
  // A new database must not begin where the last one did: the payment terminal remembers its last sale by the echo
  // alone, and would take the new trade for that one.
  const firstEcho = Number.parseInt(short, 16) % ECHOES;
  const read = later(db, 'SELECT trades, jobs, operations FROM meta');
  const write = later(db, 'UPDATE meta SET trades = ?, jobs = ?, operations = ?');
  const counted = read.get() as Counters;
  let reserved: Counters = { ...counted };
  store.onRollback(() => {
    reserved = read.get() as Counters;
  });

  return {
    newTrade() {
      const number = ++counted.trades;
      return { trade: `${short}-${number}`, echo: String((firstEcho + number) % ECHOES).padStart(4, '0') };
    },
    newJob: () => `${short}-p${++counted.jobs}`,
    newOperation: () => `${short}-o${++counted.operations}`,
    persist() {
      const { trades, jobs, operations } = counted;
      if (trades <= reserved.trades && jobs <= reserved.jobs && operations <= reserved.operations) return;
      reserved = { trades: trades + BATCH, jobs: jobs + BATCH, operations: operations + BATCH };
      write.run(reserved.trades, reserved.jobs, reserved.operations);
    },
  };
}
