/** What stands after a rehearsal, by three witnesses: the ledger, the station's devices, the platform. */
import { DatabaseSync } from 'node:sqlite';
import type { StationState } from './station-client.ts';

export interface Witnesses {
  /** Steps of the journal in order, `txn step`. */
  readonly trail: readonly string[];
  readonly states: readonly string[];
  /** Sales that the payment terminal approved and did not void. */
  readonly charges: number;
  readonly saleRequests: number;
  readonly receipts: number;
  readonly unsent: number;
}

/** Reads the ledger with another library than the one that wrote it, after the engine has let go of it. */
export function readLedger(path: string): Pick<Witnesses, 'trail' | 'states' | 'unsent'> {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const trail = db.prepare('SELECT txn, step FROM journal ORDER BY seq').all() as { txn: string; step: string }[];
    const states = db
      .prepare('SELECT txn.state FROM txn ORDER BY (SELECT min(seq) FROM journal WHERE journal.txn = txn.id)')
      .all() as { state: string }[];
    const unsent = db.prepare('SELECT count(*) AS n FROM outbox WHERE seq > (SELECT acked FROM meta)').get() as {
      n: number;
    };
    return {
      trail: trail.map(({ txn, step }) => `${txn} ${step}`),
      states: states.map(({ state }) => state),
      unsent: unsent.n,
    };
  } finally {
    db.close();
  }
}

export function readStation(state: StationState): Pick<Witnesses, 'charges' | 'saleRequests' | 'receipts'> {
  const device = (deviceClass: string) => state.devices.find((entry) => entry.class === deviceClass)?.state ?? {};
  const terminal = device('payment-terminal') as { approved?: number; voided?: number; saleRequests?: number };
  const printer = device('receipt-printer') as { slipsCut?: number };
  return {
    charges: (terminal.approved ?? 0) - (terminal.voided ?? 0),
    saleRequests: terminal.saleRequests ?? 0,
    receipts: printer.slipsCut ?? 0,
  };
}

/** The end of the last transaction in one word. */
export function endOf(states: readonly string[]): string {
  const last = states.at(-1);
  if (last === undefined) return 'nothing';
  return last === 'flagged' ? 'case' : last;
}
