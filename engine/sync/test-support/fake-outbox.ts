/** An outbox in memory, whose hashes are made-up but chained by place: record `n` of history `h` has the hash `h…n`. */
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import type { BatchReply, BatchRequest, Head } from '../../../contract/platform-api.schema.ts';
import type { TerminalRecord } from '../../../contract/terminal-event.schema.ts';
import type { UplinkOutbox } from '../uplink.ts';

export function hashAt(seq: number, history = 'a'): string {
  return seq === 0 ? '0'.repeat(64) : history.repeat(8) + String(seq).padStart(56, '0');
}

export interface FakeOutbox extends UplinkOutbox {
  add(count: number): void;
  readonly marks: Head[];
}

export function createFakeOutbox(): FakeOutbox {
  const records: TerminalRecord[] = [];
  const marks: Head[] = [];
  let acked = 0;
  return {
    incarnation: 'inc-1',
    marks,
    add(count) {
      for (let index = 0; index < count; index++) {
        const seq = records.length + 1;
        const event = { type: 'Rated', at: '2026-01-05T00:00:00.000Z', service: 'parking', stars: 5 } as const;
        records.push({ seq, event, hash: hashAt(seq) });
      }
    },
    pending: (limit) => ({ prevHash: hashAt(acked), records: records.slice(acked, acked + limit) }),
    acknowledge(head): Result<undefined> {
      if (head.seq > records.length || head.hash !== hashAt(head.seq)) return fail('platform.fork');
      acked = head.seq;
      marks.push(head);
      return ok(undefined);
    },
    unacknowledged: () => records.length - acked,
  };
}

/** The platform's side of it: takes what follows its head, refuses a gap. */
export function createFakePlatform(): {
  take(batch: BatchRequest): { readonly taken: boolean; readonly reply: BatchReply };
  readonly stored: number[];
  restoreTo(seq: number): void;
} {
  const stored: number[] = [];
  return {
    stored,
    restoreTo: (seq) => void stored.splice(seq),
    take(batch) {
      const first = batch.records[0]?.seq ?? 0;
      const taken = first <= stored.length + 1;
      if (taken) for (const { seq } of batch.records) if (seq > stored.length) stored.push(seq);
      return { taken, reply: { head: { seq: stored.length, hash: hashAt(stored.length) }, parked: [] } };
    },
  };
}
