/** What the platform's own rows say of some operations of one terminal, in the words of `contract/invariants.ts`. */
import type { InvariantFacts } from '../../contract/invariants/facts.types.ts';
import { findColumns, type Row, type SetTable } from '../database/row-sets.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { ACTS, CASES, PAYMENTS, PRINTS } from '../ingest/ingest-tables.ts';

export async function readInvariantFacts(
  database: PlatformDatabase,
  terminal: string,
  operations: readonly string[],
  nowMs: number,
): Promise<InvariantFacts> {
  const of = { terminal, operations };
  const payments = await rowsOf(
    database,
    PAYMENTS,
    ['trade', 'operation', 'amount_cents', 'state', 'asked_ms', 'received_ms'],
    of,
  );
  const cases = await rowsOf(database, CASES, ['code', 'operation', 'trade', 'reason', 'state'], of);
  return {
    platform: {
      payments: payments.map((row) => ({
        trade: row.trade,
        operation: row.operation,
        amountCents: row.amount_cents,
        state: row.state,
        ageMs: nowMs - (row.state === 'asked' ? (row.asked_ms ?? row.received_ms) : row.received_ms),
      })),
      prints: await readOutputs(database, of),
      cases: cases.map(({ code, operation, trade, reason, state }) => ({
        ...{ code, operation, reason, open: state === 'open' },
        ...(trade === null ? {} : { trade }),
      })),
    },
  };
}

interface OperationsOf {
  readonly terminal: string;
  readonly operations: readonly string[];
}

/**
 * By sets of a few lengths: a statement for each number of operations would have to be prepared anew each time. Only what is
 * looked at is read, because the watch reads it of all that arrives.
 */
function rowsOf<Name extends 'payments' | 'cases' | 'prints' | 'acts', Shown extends keyof Row<Name> & string>(
  database: PlatformDatabase,
  table: SetTable<Name>,
  shown: readonly Shown[],
  { terminal, operations }: OperationsOf,
): Promise<readonly Pick<Row<Name>, Shown>[]> {
  const keys = operations.map((operation) => [terminal, operation]);
  return findColumns(database, table, shown, ['terminal_id', 'operation'], keys);
}

/** Slips that say what happened and are not what was paid for. */
const NOTICES = new Set(['claim-slip', 'window-slip']);

type Outputs = NonNullable<NonNullable<InvariantFacts['platform']>['prints']>;

/** Slips, doors and cards; a card taken in is no output. */
export async function readOutputs(database: PlatformDatabase, of: OperationsOf): Promise<Outputs> {
  const prints = await rowsOf(database, PRINTS, ['job', 'operation', 'template', 'state', 'copy'], of);
  const acts = await rowsOf(database, ACTS, ['job', 'operation', 'act', 'target', 'state'], of);
  return [
    ...prints.map(({ job, operation, template, state, copy }) => ({
      ...{ job, operation, what: template, notice: NOTICES.has(template), ...(copy !== null && { copy }) },
      state: state === 'printed' ? ('done' as const) : ('notDone' as const),
    })),
    ...acts
      .filter(({ act }) => act !== 'retain')
      .map(({ job, operation, target, state }) => ({ job, operation, what: target, state })),
  ];
}
