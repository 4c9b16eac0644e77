/** What the platform's own rows say of some operations of one terminal, in the words of `contract/invariants.ts`. */
import type { InvariantFacts } from '../../contract/invariants/facts.types.ts';
import type { PlatformDatabase } from '../database/tables.ts';

export async function readInvariantFacts(
  database: PlatformDatabase,
  terminal: string,
  operations: readonly string[],
  nowMs: number,
): Promise<InvariantFacts> {
  const of = { terminal, operations };
  const payments = await database
    .selectFrom('payments')
    .select(['trade', 'operation', 'amount_cents', 'state', 'received_ms', 'asked_ms'])
    .where('terminal_id', '=', terminal)
    .where('operation', 'in', [...operations])
    .execute();
  const cases = await database
    .selectFrom('cases')
    .select(['code', 'operation', 'trade', 'reason', 'state'])
    .where('terminal_id', '=', terminal)
    .where('operation', 'in', [...operations])
    .execute();
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

/** Slips that say what happened and are not what was paid for. */
const NOTICES = new Set(['claim-slip', 'window-slip']);

type Outputs = NonNullable<NonNullable<InvariantFacts['platform']>['prints']>;

/** Slips, doors and cards; a card taken in is no output. */
export async function readOutputs(
  database: PlatformDatabase,
  { terminal, operations }: { readonly terminal: string; readonly operations: readonly string[] },
): Promise<Outputs> {
  const prints = await database
    .selectFrom('prints')
    .select(['job', 'operation', 'template', 'state'])
    .where('terminal_id', '=', terminal)
    .where('operation', 'in', [...operations])
    .execute();
  const acts = await database
    .selectFrom('acts')
    .select(['job', 'operation', 'target', 'state'])
    .where('terminal_id', '=', terminal)
    .where('operation', 'in', [...operations])
    .where('act', '!=', 'retain')
    .execute();
  return [
    ...prints.map(({ job, operation, template, state }) => ({
      ...{ job, operation, what: template, notice: NOTICES.has(template) },
      state: state === 'printed' ? ('done' as const) : ('notDone' as const),
    })),
    ...acts.map(({ job, operation, target, state }) => ({ job, operation, what: target, state })),
  ];
}
