/**
 * What staff ask of a terminal: queued, told with each heartbeat until the terminal's audit stream holds the answer or the time
 * is over. The terminal does each at most once; the platform takes the first answer.
 */
import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import type { Operation } from '../../contract/operation.schema.ts';
import { OperationCommand } from '../../contract/operation.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { Tables } from '../database/tables.ts';
import { StaffName } from './staff-name.schema.ts';

/** One heartbeat tells no more than this; the rest waits. */
const TOLD_AT_ONCE = 8;
const SHOWN = 50;
const SAME_BREATH_MS = 2_000;
const closed = { additionalProperties: false } as const;

export const OperationRequest = Type.Object(
  {
    by: StaffName,
    command: OperationCommand,
    /** From now; a village terminal may be away for days. */
    expiresInMinutes: Type.Integer({ minimum: 1, maximum: 10_080 }),
  },
  closed,
);
export type OperationRequest = Static<typeof OperationRequest>;
export const OperationAsked = Type.Object({ operation: Type.String({ maxLength: 24 }) }, closed);
export type OperationAsked = Static<typeof OperationAsked>;

export type OperationRow = Omit<Tables['operations'], 'terminal_id'>;

/**
 * Undefined when there is no such terminal. The id is made of what is asked, by whom and when, so that a form sent twice in
 * one breath is one operation.
 */
export async function askOperation(
  { database, clock, operations }: PlatformContext,
  terminal: string,
  { by, command, expiresInMinutes }: OperationRequest,
): Promise<OperationAsked | undefined> {
  const known = await database
    .selectFrom('terminals')
    .select('terminal_id')
    .where('terminal_id', '=', terminal)
    .executeTakeFirst();
  if (!known) return undefined;
  const askedMs = clock.wallMs();
  const asked = JSON.stringify([terminal, by, command, Math.floor(askedMs / SAME_BREATH_MS)]);
  const operation = createHash('sha256').update(asked).digest('hex').slice(0, 24);
  await database
    .insertInto('operations')
    .values({
      terminal_id: terminal,
      operation,
      command: JSON.stringify(command),
      asked_by: by,
      asked_ms: askedMs,
      expires_ms: askedMs + expiresInMinutes * 60_000,
      answered_ms: null,
      answer: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  operations.forget();
  return { operation };
}

export interface OpenOperations {
  /** Oldest first; none for most terminals most of the time. Rejects when the database cannot be read now. */
  of(terminal: string): Promise<readonly Operation[]>;
  /** Something was asked on this node: read again. */
  forget(): void;
}

/** What was asked on another node is told this much later at most; a heartbeat costs no read of its own. */
const KEPT_MS = 2_000;

export function createOpenOperations({ database, clock }: Pick<PlatformContext, 'database' | 'clock'>): OpenOperations {
  let known: Promise<ReadonlyMap<string, readonly Operation[]>> | undefined;
  let untilMs = 0;
  return {
    async of(terminal) {
      const nowMs = clock.wallMs();
      if (!known || clock.now() >= untilMs) {
        untilMs = clock.now() + KEPT_MS;
        known = readOpen(database, nowMs);
        // a read that failed is not kept
        known.catch(() => (known = undefined));
      }
      return ((await known).get(terminal) ?? [])
        .filter(({ expiresAtMs }) => expiresAtMs > nowMs)
        .slice(0, TOLD_AT_ONCE);
    },
    forget: () => (known = undefined),
  };
}

async function readOpen(
  database: PlatformContext['database'],
  nowMs: number,
): Promise<ReadonlyMap<string, readonly Operation[]>> {
  const rows = await database
    .selectFrom('operations')
    .select(['terminal_id', 'operation', 'command', 'expires_ms'])
    .where('answered_ms', 'is', null)
    .where('expires_ms', '>', nowMs)
    .orderBy('asked_ms')
    .orderBy('operation')
    .execute();
  const open = new Map<string, Operation[]>();
  for (const row of rows) {
    const list = open.get(row.terminal_id) ?? [];
    list.push({
      operation: row.operation,
      expiresAtMs: row.expires_ms,
      command: JSON.parse(row.command) as OperationCommand,
    });
    open.set(row.terminal_id, list);
  }
  return open;
}

export async function readOperations(
  { database }: PlatformContext,
  terminal: string,
): Promise<readonly OperationRow[]> {
  return database
    .selectFrom('operations')
    .select(['operation', 'command', 'asked_by', 'asked_ms', 'expires_ms', 'answered_ms', 'answer'])
    .where('terminal_id', '=', terminal)
    .orderBy('asked_ms', 'desc')
    .limit(SHOWN)
    .execute();
}
