/** What the platform's own rows say of some operations of one terminal, in the words of `contract/invariants.ts`. */
import type { InvariantFacts } from '../../contract/invariants/facts.types.ts';
import { findRows, type Row, type SetTable } from '../database/row-sets.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { ACTS, CASES, PAYMENTS, PRINTS } from '../ingest/ingest-tables.ts';

export async function readInvariantFacts(
  database: PlatformDatabase,
  terminal: string,
  operations: readonly string[],
  nowMs: number,
): Promise<InvariantFacts> {
  const of = { terminal, operations };
  const payments = await rowsOf(database, PAYMENTS, of);
  const cases = await rowsOf(database, CASES, of);
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

/** By sets of a few lengths: a statement for each number of operations would have to be prepared anew each time. */
function rowsOf<Name extends 'payments' | 'cases' | 'prints' | 'acts'>(
  database: PlatformDatabase,
  table: SetTable<Name>,
  { terminal, operations }: OperationsOf,
): Promise<readonly Row<Name>[]> {
  const keys = operations.map((operation) => [terminal, operation]);
  return findRows(database, table, ['terminal_id', 'operation'], keys);
}

/** Slips that say what happened and are not what was paid for. */
const NOTICES = new Set(['claim-slip', 'window-slip']);

type Outputs = NonNullable<NonNullable<InvariantFacts['platform']>['prints']>;

/** Slips, doors and cards; a card taken in is no output. */
export async function readOutputs(database: PlatformDatabase, of: OperationsOf): Promise<Outputs> {
  const prints = await rowsOf(database, PRINTS, of);
  const acts = (await rowsOf(database, ACTS, of)).filter(({ act }) => act !== 'retain');
  return [
    ...prints.map(({ job, operation, template, state, copy }) => ({
      ...{ job, operation, what: template, notice: NOTICES.has(template), ...(copy !== null && { copy }) },
      state: state === 'printed' ? ('done' as const) : ('notDone' as const),
    })),
    ...acts.map(({ job, operation, target, state }) => ({ job, operation, what: target, state })),
  ];
}
