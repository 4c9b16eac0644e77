/** What the platform's own rows say of some operations, in the words of `contract/invariants.ts`. */
import type { PlatformFact } from '../../contract/invariants/facts.types.ts';
import { findColumns } from '../database/row-sets.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { ACTS, CASES, PAYMENTS, PRINTS } from '../ingest/ingest-tables.ts';

/** Only what is looked at is read, because the watch reads it of all that arrives. */
const PAYMENT_COLUMNS = [
  'terminal_id',
  'trade',
  'operation',
  'amount_cents',
  'state',
  'asked_ms',
  'received_ms',
] as const;
const CASE_COLUMNS = ['terminal_id', 'code', 'operation', 'trade', 'reason', 'state'] as const;
const PRINT_COLUMNS = ['terminal_id', 'job', 'operation', 'template', 'state', 'copy'] as const;
const ACT_COLUMNS = ['terminal_id', 'job', 'operation', 'act', 'target', 'state'] as const;
const BY_OPERATION = ['terminal_id', 'operation'] as const;

export type OperationsByTerminal = ReadonlyMap<string, ReadonlySet<string>>;

/** For each terminal that was asked for, one with operations or without. */
export async function readPlatformFacts(
  database: PlatformDatabase,
  operations: OperationsByTerminal,
  nowMs: number,
): Promise<ReadonlyMap<string, PlatformFact>> {
  const keys = [...operations].flatMap(([terminal, own]) =>
    [...own].map((operation) => [terminal, operation] as const),
  );
  const payments = byTerminal(await findColumns(database, PAYMENTS, PAYMENT_COLUMNS, BY_OPERATION, keys));
  const cases = byTerminal(await findColumns(database, CASES, CASE_COLUMNS, BY_OPERATION, keys));
  const outputs = await readOutputs(database, keys);
  const facts = (terminal: string): PlatformFact => ({
    payments: (payments.get(terminal) ?? []).map((row) => ({
      trade: row.trade,
      operation: row.operation,
      amountCents: row.amount_cents,
      state: row.state,
      ageMs: nowMs - (row.state === 'asked' ? (row.asked_ms ?? row.received_ms) : row.received_ms),
    })),
    prints: outputs.get(terminal) ?? [],
    cases: (cases.get(terminal) ?? []).map(({ code, operation, trade, reason, state }) => ({
      ...{ code, operation, reason, open: state === 'open' },
      ...(trade === null ? {} : { trade }),
    })),
  });
  return new Map([...operations.keys()].map((terminal) => [terminal, facts(terminal)]));
}

/** Terminal and operation. */
type OperationKey = readonly [string, string];

function byTerminal<Found extends { readonly terminal_id: string }>(
  rows: readonly Found[],
): ReadonlyMap<string, readonly Found[]> {
  return Map.groupBy(rows, ({ terminal_id }) => terminal_id);
}

/** Slips that say what happened and are not what was paid for. */
const NOTICES = new Set(['claim-slip', 'window-slip']);

type Outputs = NonNullable<PlatformFact['prints']>;

/** Slips, doors and cards, by terminal; a card taken in is no output. */
export async function readOutputs(
  database: PlatformDatabase,
  keys: readonly OperationKey[],
): Promise<ReadonlyMap<string, Outputs>> {
  const prints = byTerminal(await findColumns(database, PRINTS, PRINT_COLUMNS, BY_OPERATION, keys));
  const acts = byTerminal(await findColumns(database, ACTS, ACT_COLUMNS, BY_OPERATION, keys));
  const outputs = (terminal: string): Outputs => [
    ...(prints.get(terminal) ?? []).map(({ job, operation, template, state, copy }) => ({
      ...{ job, operation, what: template, notice: NOTICES.has(template), ...(copy !== null && { copy }) },
      state: state === 'printed' ? ('done' as const) : ('notDone' as const),
    })),
    ...(acts.get(terminal) ?? [])
      .filter(({ act }) => act !== 'retain')
      .map(({ job, operation, target, state }) => ({ job, operation, what: target, state })),
  ];
  return new Map([...new Set([...prints.keys(), ...acts.keys()])].map((terminal) => [terminal, outputs(terminal)]));
}
