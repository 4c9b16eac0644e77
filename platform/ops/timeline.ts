/** What happened in one operation, from the records the terminal told, in their order. */
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import type { PlatformContext } from '../context.ts';
import { readParkReasons, readStoredRecords } from '../ingest/stored-records.ts';

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
    const stream = { terminal, incarnation, stream: 'ledger' };
    const range = { from: seq - BEFORE, to: seq + AFTER };
    const parked = await readParkReasons(database, stream, range);
    for (const record of await readStoredRecords(database, stream, range)) {
      const event = JSON.parse(record.text) as TerminalEvent;
      if (!('operation' in event) || event.operation !== operation) continue;
      found.set(`${incarnation} ${record.seq}`, {
        atMs: Date.parse(event.at),
        receivedMs: record.receivedMs,
        incarnation,
        seq: record.seq,
        event,
        parkedReason: parked.get(record.seq) ?? null,
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
