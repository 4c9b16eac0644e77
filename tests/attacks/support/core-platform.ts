/**
 * The platform's own deciding core over rows in memory: the product's rules without its database, fast enough for years.
 * `restore` is what a backup of the database gives back: everything up to then, nothing after it.
 */
import type { PlatformFact, PlatformRecordFact } from '../../../contract/invariants/facts.types.ts';
import type { BatchRequest, Head, TicketBlock } from '../../../contract/platform-api.schema.ts';
import type { Stream, StreamEvent } from '../../../contract/terminal-event.schema.ts';
import { checkChain } from '../../../platform/ingest/chain.ts';
import { decide } from '../../../platform/ingest/decide.ts';
import { emptyDraft } from '../../../platform/ingest/draft.ts';
import type { Arrival } from '../../../platform/ingest/ingest.types.ts';
import { takeApart } from '../../../platform/ingest/stored-records.ts';
import type { Taken } from './reference-platform.ts';

const TERMINAL = 'kiosk-1';

export class CorePlatform {
  readonly #wallMs: () => number;
  #draft = emptyDraft();
  readonly #arrivals: Arrival[] = [];
  /** Those of the draft's batches, taken apart as far as they were asked for. */
  #records: PlatformRecordFact[] = [];
  #batchesTaken = 0;
  /** The station's queues are kept apart from what terminals tell, and outlive it. */
  readonly #blocks = new Map<string, TicketBlock>();
  readonly #nextNumbers = new Map<string, number>();

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
  }

  take(batch: BatchRequest, stream: Stream): Taken {
    const checked = checkChain(batch);
    if (!checked.ok) return { kind: 'broken', reply: { head: { seq: 0, hash: '' }, parked: [] } };
    const arrival = { terminal: TERMINAL, stream, batch, texts: checked.texts, receivedMs: Math.round(this.#wallMs()) };
    const { kind, head, parked } = decide(this.#draft, arrival);
    if (kind === 'accepted') this.#arrivals.push(arrival);
    return { kind: kind === 'accepted' ? 'stored' : kind, reply: { head, parked } };
  }

  /** The same key gives the same block. */
  lease(queue: string, size: number, day: string, key: string): TicketBlock {
    const known = this.#blocks.get(key);
    if (known) return known;
    const name = `${queue} ${day}`;
    const first = this.#nextNumbers.get(name) ?? 1;
    this.#nextNumbers.set(name, first + size);
    const block = { block: `${queue}-${day}-${first}`, queue, day, prefix: 'A', first, last: first + size - 1 };
    this.#blocks.set(key, block);
    this.#learn(key, block);
    return block;
  }

  /** What `restore` is given to come back to here. */
  backup(): number {
    return this.#arrivals.length;
  }

  restore(backup: number): void {
    this.#draft = emptyDraft();
    this.#records = [];
    this.#batchesTaken = 0;
    for (const [key, block] of this.#blocks) this.#learn(key, block);
    this.#arrivals.splice(backup);
    for (const arrival of this.#arrivals) decide(this.#draft, arrival);
  }

  /** How many records there are: where a later `facts` may begin. */
  size(): number {
    return this.#allRecords().length;
  }

  /** Operations that the records from the `from`-th on speak of. */
  operationsFrom(from: number): ReadonlySet<string> {
    const events = this.#allRecords()
      .slice(from)
      .map(({ event }) => event as { operation?: string });
    return new Set(events.flatMap(({ operation }) => operation ?? []));
  }

  /** Records from the `from`-th on, and the rows of the given trades, jobs and cases; all rows without them. */
  facts(from = 0, names?: ReadonlySet<string>): PlatformFact {
    const { heads, payments, prints, acts, cases } = this.#draft;
    const isWanted = (name: string): boolean => names?.has(name) ?? true;
    return {
      records: this.#allRecords().slice(from),
      heads: heads.changed().map(({ incarnation, stream, seq, hash }) => ({ incarnation, stream, seq, hash })),
      payments: payments
        .changed()
        .filter(({ operation }) => isWanted(operation))
        .map(({ trade, operation, amount_cents, state }) => ({ trade, operation, amountCents: amount_cents, state })),
      prints: [
        ...prints.changed().map(({ job, operation, template, state }) => ({
          job,
          operation,
          what: template,
          isDone: state === 'printed',
        })),
        ...acts
          .changed()
          .map(({ job, operation, target, state }) => ({ job, operation, what: target, isDone: state === 'done' })),
      ]
        .filter(({ operation }) => isWanted(operation))
        .map(({ isDone, ...row }) => ({ ...row, state: isDone ? ('done' as const) : ('notDone' as const) })),
      cases: cases
        .changed()
        .filter(({ operation }) => isWanted(operation))
        .map(({ code, operation, trade, reason, closed_at }) => ({
          ...{ code, operation, reason, open: closed_at === null },
          ...(trade !== null && { trade }),
        })),
    };
  }

  headOf(incarnation: string, stream: Stream): Head | undefined {
    return this.#draft.heads.get(TERMINAL, incarnation, stream);
  }

  /** Why records were put aside. */
  parked(): readonly string[] {
    return this.#draft.remarks.flatMap(({ parked_reason }) => (parked_reason === null ? [] : [parked_reason]));
  }

  #allRecords(): readonly PlatformRecordFact[] {
    const { batches, places } = this.#draft;
    for (const row of batches.slice(this.#batchesTaken)) {
      const name = { terminal: TERMINAL, incarnation: row.incarnation, stream: row.stream };
      for (const { seq, hash, text } of takeApart(row))
        this.#records.push({
          ...{ incarnation: row.incarnation, stream: row.stream, seq, hash },
          parked: places.parkedAt(name, seq) !== undefined,
          event: JSON.parse(text) as StreamEvent,
        });
    }
    this.#batchesTaken = batches.length;
    return this.#records;
  }

  #learn(key: string, block: TicketBlock): void {
    const { first, last } = block;
    const row = {
      ...block,
      terminal_id: TERMINAL,
      idempotency_key: key,
      requested_size: last - first + 1,
      leased_ms: 0,
    };
    this.#draft.blocks.learn([row]);
  }
}
