/** What happened in one operation, from the records the terminal told, in their order. */
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import type { PlatformContext } from '../context.ts';

/** An operation's records lie close together; a late reversal is found through its payment's own record. */
const BEFORE = 120;
const AFTER = 40;

export interface Happening {
  readonly atMs: number;
  readonly receivedMs: number;
  readonly incarnation: string;
  readonly seq: number;
  readonly event: TerminalEvent;
  readonly parkedReason: string | null;
}

export async function readTimeline(
  { database }: PlatformContext,
  terminal: string,
  operation: string,
): Promise<readonly Happening[]> {
  const found = new Map<string, Happening>();
  for (const { incarnation, seq } of await readAnchors({ database }, terminal, operation)) {
    const rows = await database
      .selectFrom('records')
      .select(['incarnation', 'seq', 'event', 'received_ms', 'parked_reason'])
      .where('terminal_id', '=', terminal)
      .where('incarnation', '=', incarnation)
      .where('stream', '=', 'ledger')
      .where('seq', '>=', seq - BEFORE)
      .where('seq', '<=', seq + AFTER)
      .execute();
    for (const row of rows) {
      const event = JSON.parse(row.event) as TerminalEvent;
      if (!('operation' in event) || event.operation !== operation) continue;
      found.set(`${row.incarnation} ${row.seq}`, {
        atMs: Date.parse(event.at),
        receivedMs: row.received_ms,
        incarnation: row.incarnation,
        seq: row.seq,
        event,
        parkedReason: row.parked_reason,
      });
    }
  }
  return [...found.values()].toSorted((one, other) =>
    one.incarnation === other.incarnation ? one.seq - other.seq : one.receivedMs - other.receivedMs,
  );
}

/** Places in the chain where this operation is known to have told something. */
async function readAnchors(
  { database }: Pick<PlatformContext, 'database'>,
  terminal: string,
  operation: string,
): Promise<readonly { readonly incarnation: string; readonly seq: number }[]> {
  const anchors = await Promise.all(
    (['payments', 'prints', 'acts', 'cases', 'tickets', 'forms'] as const).map((table) =>
      database
        .selectFrom(table)
        .select(['incarnation', 'seq'])
        .where('terminal_id', '=', terminal)
        .where('operation', '=', operation)
        .execute(),
    ),
  );
  // A case that the platform opened itself stands on no record.
  return anchors.flat().filter(({ seq }) => seq > 0);
}
