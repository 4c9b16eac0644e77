/** What a batch is when it arrives, and how it is answered. */
import type { BatchReply, BatchRequest, Head } from '../../contract/platform-api.schema.ts';
import type { StreamEvent, Stream, TerminalEvent } from '../../contract/terminal-event.schema.ts';

/** A batch as it came, from a terminal that proved to be the one. Nothing of it was read yet. */
export interface SentBatch {
  readonly terminal: string;
  readonly stream: Stream;
  /** JSON in UTF-8. */
  readonly body: Uint8Array;
  /** Platform wall time. */
  readonly receivedMs: number;
}

/** Why a batch is refused that is none, whatever is known: no JSON, no batch of the contract, or not whole in itself. */
export interface BadBatch {
  readonly kind: 'unreadable' | 'notInContract' | 'broken';
  readonly detail: string;
}

/** What was decided of a batch that is whole in itself. */
export interface Decided {
  readonly kind: 'accepted' | 'gap' | 'fork';
  readonly head: Head;
  readonly parked: BatchReply['parked'];
  readonly incarnation: string;
  readonly records: number;
  /** What the terminal's clock showed when it sent it, if it said so. */
  readonly terminalMs?: number;
  readonly hasTicket: boolean;
}

export type Outcome = Decided | BadBatch;

/** Where groups of batches are read, decided and stored, each with one commit. */
export interface GroupStore {
  /**
   * One answer for each. Rejects when nothing of the group is stored, or when it is not known. Calls `onWritten`, if at all,
   * when only the commit is left: the next group may be given then.
   */
  store(group: readonly SentBatch[], onWritten?: () => void): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

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
  | BadBatch;

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

export function firstOf({ records: [first] }: Pick<BatchRequest, 'records'>): BatchRequest['records'][number] {
  if (!first) throw new Error('a parsed batch holds at least one record');
  return first;
}
