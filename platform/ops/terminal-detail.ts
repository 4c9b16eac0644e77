/** Everything known of one terminal, for the person who must find out what is wrong with it. */
import type { PlatformContext } from '../context.ts';
import type { Tables } from '../database/tables.ts';
import { readFleetRow, type FleetRow } from './fleet.ts';
import { readOperations, type OperationRow } from './operations.ts';
import { readWorklistOf, type CaseRow } from './worklist.ts';

const ROWS = 30;

export interface TerminalDetail {
  readonly row: FleetRow;
  readonly versionMs: number | null;
  readonly clockOffsetMs: number | null;
  readonly reportMs: number | null;
  readonly heads: readonly Pick<Tables['heads'], 'incarnation' | 'stream' | 'seq' | 'moved_ms'>[];
  readonly incarnations: readonly Pick<Tables['incarnations'], 'incarnation' | 'first_ms' | 'predecessor' | 'doubt'>[];
  readonly doubtful: readonly Pick<Tables['payments'], 'trade' | 'service' | 'amount_cents' | 'asked_ms'>[];
  readonly cases: readonly CaseRow[];
  readonly parked: readonly Pick<
    Tables['record_remarks'],
    'incarnation' | 'stream' | 'seq' | 'type' | 'parked_reason' | 'received_ms'
  >[];
  readonly forks: readonly Pick<
    Tables['quarantine'],
    'incarnation' | 'stream' | 'seq' | 'hash' | 'known_hash' | 'received_ms'
  >[];
  readonly violations: readonly Pick<Tables['violations'], 'operation' | 'invariant' | 'detail' | 'seen_ms'>[];
  readonly audit: readonly Pick<Tables['audit'], 'at' | 'actor' | 'action' | 'target' | 'detail' | 'received_ms'>[];
  readonly operations: readonly OperationRow[];
  readonly seen: readonly Pick<Tables['seen_alarms'], 'alarm' | 'seen_by' | 'seen_ms'>[];
}

/** Undefined when there is no such terminal. */
export async function readTerminalDetail(
  context: PlatformContext,
  terminal: string,
): Promise<TerminalDetail | undefined> {
  const row = await readFleetRow(context, terminal);
  if (!row) return undefined;
  const { database } = context;
  const presence = await database
    .selectFrom('presences')
    .select(['clock_offset_ms', 'report_ms'])
    .where('terminal_id', '=', terminal)
    .executeTakeFirst();
  const facts = await database
    .selectFrom('terminal_facts')
    .select('version_ms')
    .where('terminal_id', '=', terminal)
    .executeTakeFirst();
  return {
    row,
    versionMs: facts?.version_ms ?? null,
    clockOffsetMs: presence?.clock_offset_ms ?? null,
    reportMs: presence?.report_ms ?? null,
    ...(await readStreams(context, terminal)),
    ...(await readTrouble(context, terminal)),
    cases: await readWorklistOf(context, terminal),
    operations: await readOperations(context, terminal),
  };
}

async function readStreams(
  { database }: PlatformContext,
  terminal: string,
): Promise<Pick<TerminalDetail, 'heads' | 'incarnations' | 'audit'>> {
  return {
    heads: await database
      .selectFrom('heads')
      .select(['incarnation', 'stream', 'seq', 'moved_ms'])
      .where('terminal_id', '=', terminal)
      .orderBy('moved_ms', 'desc')
      .limit(ROWS)
      .execute(),
    incarnations: await database
      .selectFrom('incarnations')
      .select(['incarnation', 'first_ms', 'predecessor', 'doubt'])
      .where('terminal_id', '=', terminal)
      .orderBy('first_ms', 'desc')
      .limit(ROWS)
      .execute(),
    audit: await database
      .selectFrom('audit')
      .select(['at', 'actor', 'action', 'target', 'detail', 'received_ms'])
      .where('terminal_id', '=', terminal)
      .orderBy('received_ms', 'desc')
      .orderBy('seq', 'desc')
      .limit(ROWS)
      .execute(),
  };
}

async function readTrouble(
  { database }: PlatformContext,
  terminal: string,
): Promise<Pick<TerminalDetail, 'doubtful' | 'parked' | 'forks' | 'violations' | 'seen'>> {
  return {
    doubtful: await database
      .selectFrom('payments')
      .select(['trade', 'service', 'amount_cents', 'asked_ms'])
      .where('terminal_id', '=', terminal)
      .where('state', '=', 'asked')
      .orderBy('asked_ms')
      .limit(ROWS)
      .execute(),
    parked: await database
      .selectFrom('record_remarks')
      .select(['incarnation', 'stream', 'seq', 'type', 'parked_reason', 'received_ms'])
      .where('terminal_id', '=', terminal)
      .where('parked_reason', 'is not', null)
      .orderBy('received_ms', 'desc')
      .limit(ROWS)
      .execute(),
    forks: await database
      .selectFrom('quarantine')
      .select(['incarnation', 'stream', 'seq', 'hash', 'known_hash', 'received_ms'])
      .where('terminal_id', '=', terminal)
      .orderBy('received_ms', 'desc')
      .limit(ROWS)
      .execute(),
    violations: await database
      .selectFrom('violations')
      .select(['operation', 'invariant', 'detail', 'seen_ms'])
      .where('terminal_id', '=', terminal)
      .orderBy('seen_ms', 'desc')
      .limit(ROWS)
      .execute(),
    seen: await database
      .selectFrom('seen_alarms')
      .select(['alarm', 'seen_by', 'seen_ms'])
      .where('terminal_id', '=', terminal)
      .execute(),
  };
}
