/** Takes a provider's bill in, compares it (`bill.ts`), and opens a case for each entry that does not agree, once. */
import { createHash } from 'node:crypto';
import type { PlatformContext } from '../context.ts';
import type { Commit, PlatformDatabase, Tables } from '../database/tables.ts';
import { takeTurn } from '../database/turns.ts';
import { localDay } from '../local-time.ts';
import { reconcile, type BillLine, type Finding, type LedgerCharge } from './bill.ts';
import { readOutputs } from './invariant-facts.ts';

const CHUNK = 200;
const DAY_MS = 24 * 3_600_000;
/** The mainland has one zone, UTC+8. */
const ZONE_MS = 8 * 3_600_000;
/** What was told late: a terminal that was alone for three days. */
const LATE_MS = 4 * DAY_MS;
const CODE_DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export interface Reconciled {
  readonly lines: number;
  readonly findings: number;
  /** Of them, that nobody had seen before. */
  readonly opened: number;
}

/** `day`: `YYYY-MM-DD`, in the zone of the mainland. Done again with the same or a longer bill, it opens only what is new. */
export async function importBill(
  { database, clock }: Pick<PlatformContext, 'database' | 'clock'>,
  provider: string,
  day: string,
  lines: readonly BillLine[],
): Promise<Reconciled> {
  const nowMs = clock.wallMs();
  for (let from = 0; from < lines.length; from += CHUNK)
    await database
      .insertInto('bill_lines')
      .values(
        lines.slice(from, from + CHUNK).map(({ terminal, trade, kind, amountCents }) => ({
          ...{ terminal_id: terminal, provider, trade, kind, day },
          ...{ amount_cents: amountCents, imported_ms: nowMs },
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  const findings = reconcile(lines, await readCharges(database, day, lines));
  let opened = 0;
  for (const finding of findings)
    if (await database.transaction().execute((commit) => keep(commit, { provider, day, finding, nowMs }))) opened += 1;
  return { lines: lines.length, findings: findings.length, opened };
}

/** The day's own charges, and whatever the bill names besides. */
async function readCharges(
  database: PlatformDatabase,
  day: string,
  lines: readonly BillLine[],
): Promise<readonly LedgerCharge[]> {
  const beginMs = Date.parse(`${day}T00:00:00.000Z`) - ZONE_MS;
  const ofDay = await database
    .selectFrom('payments')
    .select(['terminal_id', 'trade', 'operation', 'state', 'amount_cents', 'asked_at', 'settled_at'])
    .where('received_ms', '>=', beginMs)
    .where('received_ms', '<', beginMs + DAY_MS + LATE_MS)
    .execute();
  const rows = new Map(
    ofDay
      .filter((row) => localDay(Date.parse(row.settled_at ?? row.asked_at ?? '')) === day)
      .map((row) => [`${row.terminal_id} ${row.trade}`, row]),
  );
  for (const [terminal, own] of Map.groupBy(lines, (line) => line.terminal))
    for (let from = 0; from < own.length; from += CHUNK) {
      const trades = own.slice(from, from + CHUNK).map(({ trade }) => trade);
      const found = await database
        .selectFrom('payments')
        .select(['terminal_id', 'trade', 'operation', 'state', 'amount_cents', 'asked_at', 'settled_at'])
        .where('terminal_id', '=', terminal)
        .where('trade', 'in', trades)
        .execute();
      for (const row of found) rows.set(`${row.terminal_id} ${row.trade}`, row);
    }
  return withOutputs(database, [...rows.values()]);
}

type PaymentRow = Pick<Tables['payments'], 'terminal_id' | 'trade' | 'operation' | 'state' | 'amount_cents'>;

async function withOutputs(database: PlatformDatabase, rows: readonly PaymentRow[]): Promise<readonly LedgerCharge[]> {
  const charges: LedgerCharge[] = [];
  for (const [terminal, own] of Map.groupBy(rows, (row) => row.terminal_id))
    for (let from = 0; from < own.length; from += CHUNK) {
      const some = own.slice(from, from + CHUNK);
      const keys = some.map(({ operation }) => [terminal, operation] as const);
      const outputs = (await readOutputs(database, keys)).get(terminal)?.filter(({ notice }) => notice !== true) ?? [];
      for (const { trade, operation, state, amount_cents } of some) {
        const states = outputs.filter((output) => output.operation === operation).map((output) => output.state);
        const output = states.includes('done') ? 'done' : states.length > 0 ? 'notDone' : 'nothing';
        charges.push({ trade, terminal, operation, state, amountCents: amount_cents, output });
      }
    }
  return charges;
}

interface Kept {
  readonly provider: string;
  readonly day: string;
  readonly finding: Finding;
  readonly nowMs: number;
}

/** False when it was found before. An open case of the same trade is taken for it; otherwise there is a new one. */
async function keep(commit: Commit, { provider, day, finding, nowMs }: Kept): Promise<boolean> {
  const { terminal, trade, amountCents, operation } = finding;
  await takeTurn(commit, terminal);
  const open = await commit
    .selectFrom('cases')
    .select('code')
    .where('terminal_id', '=', terminal)
    .where('trade', '=', trade)
    .where('state', '=', 'open')
    .executeTakeFirst();
  const code = open?.code ?? codeFor(provider, finding);
  const inserted = await commit
    .insertInto('bill_findings')
    .values({
      ...{ terminal_id: terminal, provider, trade, finding: finding.finding, day },
      ...{ amount_cents: amountCents, code, found_ms: nowMs },
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows !== 1n) return false;
  if (open) return true;
  await commit
    .insertInto('cases')
    .values({
      ...{ terminal_id: terminal, code, operation, trade, amount_cents: amountCents },
      reason: `bill.${finding.finding}`,
      state: 'open',
      ...{ opened_at: new Date(nowMs).toISOString(), closed_at: null, closed_by: null },
      // No record of the terminal told of it.
      ...{ received_ms: nowMs, incarnation: '', seq: 0 },
    })
    .execute();
  return true;
}

/** The same finding always has the same code. */
function codeFor(provider: string, { terminal, trade, finding }: Finding): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([provider, terminal, trade, finding]))
    .digest();
  const digits = [...bytes.subarray(0, 8)].map((byte) => CODE_DIGITS[byte % 32] ?? '0').join('');
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

const SHOWN = 200;

/** Newest day first. */
export async function readFindings({
  database,
}: Pick<PlatformContext, 'database'>): Promise<
  readonly (Omit<Tables['bill_findings'], 'terminal_id'> & { readonly terminal: string })[]
> {
  return database
    .selectFrom('bill_findings')
    .select(['terminal_id as terminal', 'provider', 'trade', 'finding', 'day', 'amount_cents', 'code', 'found_ms'])
    .orderBy('day', 'desc')
    .orderBy('found_ms', 'desc')
    .limit(SHOWN)
    .execute();
}
