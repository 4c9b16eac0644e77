/** What stands after a rehearsal, by three witnesses: the ledger, the station's devices, the platform. */
import { DatabaseSync } from 'node:sqlite';
import type { Txn } from '../../engine/ledger/journal.schema.ts';
import type { SeenSale } from './agreement.ts';
import type { StationState } from './station-client.ts';

export interface Witnesses {
  /** Steps of the journal in order, `txn step`. */
  readonly trail: readonly string[];
  readonly states: readonly string[];
  /** In the order in which they began. */
  readonly txns: readonly Txn[];
  /** Sales that the payment terminal approved and did not void. */
  readonly charges: number;
  readonly saleRequests: number;
  readonly receipts: number;
  readonly sales: readonly SeenSale[];
  readonly unsent: number;
}

/** Reads the ledger with another library than the one that wrote it, after the engine has let go of it. */
export function readLedger(path: string): Pick<Witnesses, 'trail' | 'states' | 'txns' | 'unsent'> {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const trail = db.prepare(`SELECT txn, step FROM journal WHERE txn <> '' ORDER BY seq`).all() as {
      txn: string;
      step: string;
    }[];
    const rows = db
      .prepare('SELECT txn.body FROM txn ORDER BY (SELECT min(seq) FROM journal WHERE journal.txn = txn.id)')
      .all() as { body: string }[];
    const txns = rows.map(({ body }) => JSON.parse(body) as Txn);
    const unsent = db
      .prepare(
        `SELECT (SELECT coalesce(max(ledger_seq), 0) FROM journal) - acked AS n FROM stream WHERE name = 'ledger'`,
      )
      .get() as {
      n: number;
    };
    return {
      trail: trail.map(({ txn, step }) => `${txn} ${step}`),
      states: txns.map(({ state }) => state),
      txns,
      unsent: unsent.n,
    };
  } finally {
    db.close();
  }
}

export function readStation(state: StationState): Pick<Witnesses, 'charges' | 'saleRequests' | 'receipts' | 'sales'> {
  const device = (deviceClass: string) => state.devices.find((entry) => entry.class === deviceClass)?.state ?? {};
  const terminal = device('payment-terminal') as {
    approved?: number;
    voided?: number;
    saleRequests?: number;
    sales?: readonly SeenSale[];
  };
  const printer = device('receipt-printer') as { slipsCut?: number };
  return {
    charges: (terminal.approved ?? 0) - (terminal.voided ?? 0),
    saleRequests: terminal.saleRequests ?? 0,
    receipts: printer.slipsCut ?? 0,
    sales: terminal.sales ?? [],
  };
}

/** The end of the last transaction in one word. */
export function endOf(states: readonly string[]): string {
  const last = states.at(-1);
  if (last === undefined) return 'nothing';
  return last === 'flagged' ? 'case' : last;
}
