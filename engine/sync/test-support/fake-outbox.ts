/** An outbox in memory, whose hashes are made-up but chained by place: record `n` of history `h` has the hash `h…n`. */
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import type { BatchReply, BatchRequest, Head } from '../../../contract/platform-api.schema.ts';
import type { Stream, TerminalRecord } from '../../../contract/terminal-event.schema.ts';
import type { UplinkOutbox } from '../uplink.ts';

export function hashAt(seq: number, history = 'a'): string {
  return seq === 0 ? '0'.repeat(64) : history.repeat(8) + String(seq).padStart(56, '0');
}

export interface FakeOutbox extends UplinkOutbox {
  add(count: number, stream?: Stream): void;
  readonly marks: Head[];
}

export function createFakeOutbox(): FakeOutbox {
  const records: Record<Stream, TerminalRecord[]> = { ledger: [], audit: [], metrics: [] };
  const acked: Record<Stream, number> = { ledger: 0, audit: 0, metrics: 0 };
  const marks: Head[] = [];
  return {
    incarnation: 'inc-1',
    marks,
    add(count, stream = 'ledger') {
      for (let index = 0; index < count; index++) {
        const seq = records[stream].length + 1;
        const event = { type: 'Rated', at: '2026-01-05T00:00:00.000Z', service: 'parking', stars: 5 } as const;
        records[stream].push({ seq, event, hash: hashAt(seq) });
      }
    },
    pending: (limit, stream = 'ledger') => ({
      prevHash: hashAt(acked[stream]),
      records: records[stream].slice(acked[stream], acked[stream] + limit),
    }),
    acknowledge(head, stream = 'ledger'): Result<undefined> {
      if (head.seq > records[stream].length || head.hash !== hashAt(head.seq)) return fail('platform.fork');
      acked[stream] = head.seq;
      if (stream === 'ledger') marks.push(head);
      return ok(undefined);
    },
    unacknowledged: (stream = 'ledger') => records[stream].length - acked[stream],
  };
}

/** The platform's side of it: takes what follows its head, refuses a gap. */
export function createFakePlatform(): {
  take(batch: BatchRequest, stream?: Stream): { readonly taken: boolean; readonly reply: BatchReply };
  /** Of the ledger stream. */
  readonly stored: number[];
  restoreTo(seq: number): void;
} {
  const kept: Record<Stream, number[]> = { ledger: [], audit: [], metrics: [] };
  return {
    stored: kept.ledger,
    restoreTo: (seq) => void kept.ledger.splice(seq),
    take(batch, stream = 'ledger') {
      const stored = kept[stream];
      const first = batch.records[0]?.seq ?? 0;
      const taken = first <= stored.length + 1;
      if (taken) for (const { seq } of batch.records) if (seq > stored.length) stored.push(seq);
      return { taken, reply: { head: { seq: stored.length, hash: hashAt(stored.length) }, parked: [] } };
    },
  };
}
