/** Cases a person must decide: oldest first, found by the code the resident holds, taken, and closed with an outcome. */
import Type, { type Static } from 'typebox';
import type { PlatformContext } from '../context.ts';
import type { Commit, Tables } from '../database/tables.ts';
import { takeTurn } from '../database/turns.ts';
import { StaffName } from './staff-name.schema.ts';

export const WORKLIST_ROWS = 50;
const closed = { additionalProperties: false } as const;

export const TakeCaseRequest = Type.Object({ by: StaffName }, closed);
export type TakeCaseRequest = Static<typeof TakeCaseRequest>;
export const CloseCaseRequest = Type.Object(
  {
    by: StaffName,
    /** `refunded`: by another way than the provider's reversal, over the counter for instance. */
    outcome: Type.Enum(['delivered', 'reversed', 'cancelled', 'refunded']),
    note: Type.String({ minLength: 1, maxLength: 500 }),
  },
  closed,
);
export type CloseCaseRequest = Static<typeof CloseCaseRequest>;

export interface CaseRow extends Pick<
  Tables['cases'],
  'code' | 'operation' | 'reason' | 'amount_cents' | 'trade' | 'state' | 'received_ms' | 'closed_by'
> {
  readonly terminal: string;
  readonly taken_by: string | null;
  readonly taken_ms: number | null;
  readonly closed_ms: number | null;
  readonly note: string | null;
}

export interface WorklistQuery {
  /** As the resident reads it out; empty for all. */
  readonly code: string;
  readonly state: 'open' | 'closed';
  readonly page: number;
}

export interface Worklist {
  readonly rows: readonly CaseRow[];
  readonly open: number;
  readonly page: number;
  readonly hasMore: boolean;
}

/** With a code, that code in whatever state it is; otherwise the open ones oldest first, or the closed ones newest first. */
export async function readWorklist({ database }: PlatformContext, query: WorklistQuery): Promise<Worklist> {
  const page = Math.max(1, query.page);
  const code = normaliseCode(query.code);
  let select = selectCases({ database })
    .limit(WORKLIST_ROWS + 1)
    .offset((page - 1) * WORKLIST_ROWS);
  if (code !== '') select = select.where('cases.code', '=', code);
  else if (query.state === 'open')
    select = select.where('cases.state', '=', 'open').orderBy('cases.received_ms', 'asc');
  else select = select.where('case_work.closed_ms', 'is not', null).orderBy('case_work.closed_ms', 'desc');
  const rows = await select.orderBy('cases.terminal_id').execute();
  const { open } = await database
    .selectFrom('cases')
    .select((count) => count.fn.countAll<number>().as('open'))
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  return { rows: rows.slice(0, WORKLIST_ROWS), open: Number(open), page, hasMore: rows.length > WORKLIST_ROWS };
}

/** The open ones of one terminal, oldest first. */
export async function readWorklistOf(context: PlatformContext, terminal: string): Promise<readonly CaseRow[]> {
  return selectCases(context)
    .where('cases.terminal_id', '=', terminal)
    .where('cases.state', '=', 'open')
    .orderBy('cases.received_ms')
    .limit(WORKLIST_ROWS)
    .execute();
}

export async function readCase(
  { database }: Pick<PlatformContext, 'database'>,
  terminal: string,
  code: string,
): Promise<CaseRow | undefined> {
  return selectCases({ database })
    .where('cases.terminal_id', '=', terminal)
    .where('cases.code', '=', code)
    .executeTakeFirst();
}

function selectCases({ database }: Pick<PlatformContext, 'database'>) {
  return database
    .selectFrom('cases')
    .leftJoin('case_work', (join) =>
      join.onRef('case_work.terminal_id', '=', 'cases.terminal_id').onRef('case_work.code', '=', 'cases.code'),
    )
    .select(['cases.terminal_id as terminal', 'cases.code', 'cases.operation', 'cases.reason', 'cases.amount_cents'])
    .select(['cases.trade', 'cases.state', 'cases.received_ms', 'cases.closed_by'])
    .select(['case_work.taken_by', 'case_work.taken_ms', 'case_work.closed_ms', 'case_work.note']);
}

export type CaseAnswer = 'done' | 'unknown' | 'settled';

/** Somebody else may take it over; a settled one is nobody's work any more. */
export function takeCase(
  context: PlatformContext,
  terminal: string,
  code: string,
  { by }: TakeCaseRequest,
): Promise<CaseAnswer> {
  const taken = { taken_by: by, taken_ms: context.clock.wallMs() };
  return whileOpen(context, terminal, code, async (commit) => {
    await commit
      .insertInto('case_work')
      .values({ terminal_id: terminal, code, ...taken, closed_ms: null, note: null })
      .onConflict((conflict) => conflict.columns(['terminal_id', 'code']).doUpdateSet(taken))
      .execute();
  });
}

/** Once: the second person who closes it learns that it is settled. */
export function closeCase(
  context: PlatformContext,
  terminal: string,
  code: string,
  { by, outcome, note }: CloseCaseRequest,
): Promise<CaseAnswer> {
  const closedMs = context.clock.wallMs();
  return whileOpen(context, terminal, code, async (commit) => {
    await commit
      .updateTable('cases')
      .set({ state: outcome, closed_at: new Date(closedMs).toISOString(), closed_by: by })
      .where('terminal_id', '=', terminal)
      .where('code', '=', code)
      .execute();
    await commit
      .insertInto('case_work')
      .values({ terminal_id: terminal, code, taken_by: by, taken_ms: closedMs, closed_ms: closedMs, note })
      .onConflict((conflict) => conflict.columns(['terminal_id', 'code']).doUpdateSet({ closed_ms: closedMs, note }))
      .execute();
  });
}

/** Looked at before the terminal's turn is taken, so that a wrong address writes nothing, and once more while it is held. */
async function whileOpen(
  { database }: PlatformContext,
  terminal: string,
  code: string,
  act: (commit: Commit) => Promise<void>,
): Promise<CaseAnswer> {
  const known = await readCase({ database }, terminal, code);
  if (known?.state !== 'open') return known ? 'settled' : 'unknown';
  return database.transaction().execute(async (commit) => {
    await takeTurn(commit, terminal);
    if ((await readCase({ database: commit }, terminal, code))?.state !== 'open') return 'settled';
    await act(commit);
    return 'done';
  });
}

/** `ab12cd34`, `AB12-CD34` and `AB I2 CD34` are the same code: I and L are read as 1, O as 0 (Crockford's alphabet). */
export function normaliseCode(said: string): string {
  const plain = said
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll(/[IL]/g, '1')
    .replaceAll('O', '0')
    .slice(0, 8);
  return plain.length > 4 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain;
}
