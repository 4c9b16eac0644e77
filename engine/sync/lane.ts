/**
 * One stream of records on its way up: what goes next, and what the platform's answer means for it. A lane that the
 * platform refuses rests alone; the others go on.
 *
 * There is no stub for a record the platform will not take (422): a record's hash is over its event, so a stub would make
 * every record behind it another history, and a record about money is never left out. What we write is checked against the
 * contract when it is written; if a platform of another release refuses it still, the batch is halved until that record
 * stands alone at the front, everything before it is stored, and it is tried again, with `sync.refused` shown to staff.
 * 413 halves in the same way; the largest record of the contract fits into the smallest batch.
 */
import { problem, type Problem, type Result } from '../../contract/outcome.schema.ts';
import type { BatchReply, BatchRequest, Head } from '../../contract/platform-api.schema.ts';
import type { Stream, StreamRecord } from '../../contract/terminal-event.schema.ts';

/** The part of the ledger that is sent. Without a stream, `ledger` is meant. */
export interface UplinkOutbox {
  /** Changes whenever the local database is made anew, restored or cloned. */
  readonly incarnation: string;
  /** The next records, oldest first, and the hash they stand on. */
  pending(limit: number, stream?: Stream): { readonly prevHash: string; readonly records: readonly StreamRecord[] };
  /** Moves to the platform's head, forward or back; `platform.fork` when our own hash there is another. */
  acknowledge(head: Head, stream?: Stream): Result<undefined>;
  unacknowledged(stream?: Stream): number;
  /** The database this one continues, if any: said with the first batch of a run. */
  predecessor?(stream: Stream): BatchRequest['predecessor'];
}

/** How the lane stands after an answer. */
export type LaneStep =
  | { readonly kind: 'onward' }
  /** Nothing is wrong with the line: only this lane waits. */
  | { readonly kind: 'blocked'; readonly problem: Problem }
  | { readonly kind: 'fork'; readonly head: Head; readonly problem: Problem };

export interface LaneBatch {
  readonly request: BatchRequest;
  readonly firstSeq: number;
}

export class Lane {
  readonly stream: Stream;
  readonly #outbox: UplinkOutbox;
  #rewoundTo: number | undefined;
  #isIntroduced = false;
  /** Smaller than the pace allows while a refused record is looked for. */
  #atMost = Number.POSITIVE_INFINITY;

  constructor(stream: Stream, outbox: UplinkOutbox) {
    this.stream = stream;
    this.#outbox = outbox;
  }

  waiting(): number {
    return this.#outbox.unacknowledged(this.stream);
  }

  /** The next batch of at most `maxRecords`; undefined when nothing waits. */
  next(maxRecords: number): LaneBatch | undefined {
    const { prevHash, records } = this.#outbox.pending(Math.min(maxRecords, this.#atMost), this.stream);
    const first = records[0];
    if (!first) return undefined;
    const predecessor = this.#isIntroduced ? undefined : this.#outbox.predecessor?.(this.stream);
    const { incarnation } = this.#outbox;
    const request = { incarnation, ...(predecessor && { predecessor }), prevHash, records: [...records] };
    return { request, firstSeq: first.seq };
  }

  stored(reply: BatchReply, firstSeq: number): LaneStep {
    const marked = this.#mark(reply.head);
    if (marked.kind !== 'onward') return marked;
    if (reply.head.seq < firstSeq) return blocked(problem('platform.badAnswer', 'the head did not move'));
    this.#rewoundTo = undefined;
    this.#isIntroduced = true;
    this.#atMost = Number.POSITIVE_INFINITY;
    return marked;
  }

  /** The platform stands before or behind us. Our hash at its head decides whether that is the same history. */
  standsElsewhere(head: Head): LaneStep {
    const marked = this.#mark(head);
    if (marked.kind !== 'onward') return marked;
    if (this.#rewoundTo === head.seq) return blocked(problem('sync.refused', `no way on from record ${head.seq}`));
    this.#rewoundTo = head.seq;
    return marked;
  }

  /** The batch, or one record of it, is not taken: half as much is tried, down to the record itself. */
  tooMuch({ request, firstSeq }: LaneBatch, why: Problem): LaneStep {
    const { length } = request.records;
    if (length > 1) {
      this.#atMost = Math.ceil(length / 2);
      return { kind: 'onward' };
    }
    return blocked(problem('sync.refused', `${this.stream} record ${firstSeq}: ${why.detail ?? why.code}`));
  }

  /** The history goes on under another name: nothing of what was known about the platform holds. */
  beginAnew(): void {
    this.#rewoundTo = undefined;
    this.#isIntroduced = false;
    this.#atMost = Number.POSITIVE_INFINITY;
  }

  #mark(head: Head): LaneStep {
    const marked = this.#outbox.acknowledge(head, this.stream);
    if (marked.ok) return { kind: 'onward' };
    const why = marked.problem;
    return why.code === 'platform.fork' ? { kind: 'fork', head, problem: why } : blocked(why);
  }
}

function blocked(why: Problem): LaneStep {
  return { kind: 'blocked', problem: why };
}
