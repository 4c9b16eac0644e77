/**
 * What the platform must do, in its shortest form and written apart from it: a record counts once, in its place of the
 * chain, and the tables show the last word. `copy` is yesterday's backup.
 */
import type {
  CaseRowFact,
  HeadFact,
  PaymentRowFact,
  PlatformFact,
  PlatformRecordFact,
  PrintRowFact,
} from '../../../contract/invariants/facts.types.ts';
import type { BatchReply, BatchRequest } from '../../../contract/platform-api.schema.ts';
import type { Stream, StreamEvent } from '../../../contract/terminal-event.schema.ts';
import { recordHash, ZERO_HASH } from '../../../engine/ledger/record-hash.ts';

type Mutable<Row> = { -readonly [Key in keyof Row]: Row[Key] };

/** `gap`, `fork` and `broken` (a hash is not that of its event): nothing was taken. */
export interface Taken {
  readonly kind: 'stored' | 'gap' | 'fork' | 'broken';
  readonly reply: BatchReply;
}

export class ReferencePlatform {
  readonly #records: PlatformRecordFact[] = [];
  readonly #heads = new Map<string, HeadFact>();
  readonly #hashes = new Map<string, string>();
  readonly #payments = new Map<string, Mutable<PaymentRowFact>>();
  readonly #prints = new Map<string, PrintRowFact>();
  readonly #cases = new Map<string, Mutable<CaseRowFact>>();
  /** Commitments whose sealed parts came. */
  readonly #sealedParts = new Set<string>();

  copy(): ReferencePlatform {
    const copy = new ReferencePlatform();
    copy.#records.push(...this.#records);
    for (const [name, head] of this.#heads) copy.#heads.set(name, head);
    for (const [place, hash] of this.#hashes) copy.#hashes.set(place, hash);
    for (const [trade, row] of this.#payments) copy.#payments.set(trade, { ...row });
    for (const [job, row] of this.#prints) copy.#prints.set(job, row);
    for (const [code, row] of this.#cases) copy.#cases.set(code, { ...row });
    for (const commitment of this.#sealedParts) copy.#sealedParts.add(commitment);
    return copy;
  }

  take(batch: BatchRequest, stream: Stream = 'ledger'): Taken {
    const name = `${batch.incarnation} ${stream}`;
    const head = this.#heads.get(name) ?? { seq: 0, hash: ZERO_HASH };
    const answer = (kind: Taken['kind'], at: HeadFact): Taken => ({ kind, reply: { head: at, parked: [] } });
    const first = batch.records[0]?.seq ?? 1;
    if (first > head.seq + 1) return answer('gap', head);
    let before: HeadFact = { seq: first - 1, hash: batch.prevHash };
    for (const told of [before, ...batch.records]) {
      const known = told.seq === 0 ? ZERO_HASH : this.#hashes.get(`${name} ${told.seq}`);
      if (known !== undefined && known !== told.hash) return answer('fork', head);
    }
    for (const { seq, event, hash } of batch.records) {
      if (seq !== before.seq + 1 || recordHash(before.hash, event) !== hash) return answer('broken', head);
      before = { seq, hash };
    }
    for (const { seq, event, hash, sealed } of batch.records) {
      if (seq <= head.seq) continue;
      if (sealed !== undefined && event.type === 'FormSubmitted') this.#sealedParts.add(event.personal);
      this.#records.push({ incarnation: batch.incarnation, stream, seq, hash, event });
      this.#hashes.set(`${name} ${seq}`, hash);
      this.#show(event);
    }
    const now = before.seq > head.seq ? before : head;
    this.#heads.set(name, now);
    return answer('stored', now);
  }

  hasSealedPart(commitment: string): boolean {
    return this.#sealedParts.has(commitment);
  }

  facts(): PlatformFact {
    return {
      records: this.#records,
      heads: [...this.#heads].map(([name, head]) => {
        const [incarnation = '', stream = ''] = name.split(' ');
        return { incarnation, stream, ...head };
      }),
      payments: [...this.#payments.values()],
      prints: [...this.#prints.values()],
      cases: [...this.#cases.values()],
    };
  }

  #show(event: StreamEvent): void {
    switch (event.type) {
      case 'ChargeAsked':
      case 'ChargeSettled': {
        const { trade, operation, amountCents } = event;
        const state = event.type === 'ChargeAsked' ? 'asked' : event.state;
        this.#payments.set(trade, { trade, operation, amountCents, state });
        return;
      }
      case 'PrintSettled': {
        const { job, operation, template } = event;
        const state = event.state === 'printed' ? 'done' : 'notDone';
        this.#prints.set(job, { job, operation, what: template, state });
        return;
      }
      case 'ActSettled':
        this.#prints.set(event.job, {
          job: event.job,
          operation: event.operation,
          what: event.target,
          state: event.state,
        });
        return;
      case 'CaseOpened': {
        const { code, operation, trade, reason } = event;
        this.#cases.set(code, { code, operation, reason, open: true, ...(trade !== undefined && { trade }) });
        return;
      }
      case 'CaseClosed': {
        const row = this.#cases.get(event.code);
        if (row) row.open = false;
        return;
      }
      case 'TicketIssued':
      case 'FormSubmitted':
      case 'Rated':
      case 'Audit':
      case 'Metric':
    }
  }
}
