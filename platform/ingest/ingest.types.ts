/** What a batch is when it arrives, and how it is answered. */
import type { BatchReply, BatchRequest } from '../../contract/platform-api.schema.ts';
import type { StreamEvent, Stream, TerminalEvent } from '../../contract/terminal-event.schema.ts';

/** A batch that is whole in itself, from a terminal that proved to be the one. */
export interface Arrival {
  readonly terminal: string;
  readonly stream: Stream;
  readonly batch: BatchRequest;
  /** The bytes that were hashed, one for each record. */
  readonly texts: readonly string[];
  /** Platform wall time. */
  readonly receivedMs: number;
}

export type IngestAnswer =
  | { readonly kind: 'accepted'; readonly reply: BatchReply }
  | { readonly kind: 'gap' | 'fork'; readonly reply: BatchReply }
  | { readonly kind: 'broken'; readonly detail: string };

/** Which record tells of it, and when that came. */
export interface Origin {
  readonly terminal: string;
  readonly incarnation: string;
  readonly seq: number;
  readonly receivedMs: number;
}

export type ParkReason = string | undefined;
export type EventOf<Type extends StreamEvent['type']> = Extract<StreamEvent, { type: Type }>;
export type LedgerEvent = TerminalEvent;

export function firstOf({ records: [first] }: BatchRequest): BatchRequest['records'][number] {
  if (!first) throw new Error('a parsed batch holds at least one record');
  return first;
}
