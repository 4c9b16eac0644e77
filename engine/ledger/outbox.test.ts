import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TerminalEvent, TerminalRecord } from '../../contract/terminal-event.schema.ts';
import type { Ledger } from './ledger.ts';
import { canonicalJson, recordHash, ZERO_HASH } from './record-hash.ts';
import { TestLedgers } from './test-support/test-ledger.ts';

let ledgers: TestLedgers;
beforeEach(() => {
  ledgers = new TestLedgers();
});
afterEach(() => ledgers.dispose());

function rated(stars: number): TerminalEvent {
  return { type: 'Rated', at: '2026-01-05T00:00:00.000Z', service: 'parking', stars };
}

function headAfter(record: TerminalRecord | undefined) {
  return record ? { seq: record.seq, hash: record.hash } : { seq: 0, hash: ZERO_HASH };
}

function fill(ledger: Ledger, count: number): readonly TerminalRecord[] {
  for (let n = 0; n < count; n++) ledger.record([rated((n % 5) + 1)]);
  return ledger.outbox.pending(count).records;
}

describe('the hash of a record', () => {
  it('is over the previous hash and the event with sorted keys, worked out by hand', () => {
    const event: TerminalEvent = { type: 'Rated', stars: 5, service: 'parking', at: '2026-01-05T00:00:00.000Z' };
    expect(canonicalJson(event)).toBe('{"at":"2026-01-05T00:00:00.000Z","service":"parking","stars":5,"type":"Rated"}');
    // printf '%s' "$(printf '0%.0s' {1..64})$json" | sha256sum
    expect(recordHash(ZERO_HASH, event)).toBe('47381e812f9c5fa949c93a7f4ded2b28f9d994a4c9abefd7b0715f6a14c9321b');
  });

  it('does not depend on the order of keys, at any depth', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('the canonical text', () => {
  it('keeps objects apart whose keys look alike when they stand in a row', () => {
    const texts = [{ 'a,b': 1 }, { a: 1, b: 1 }, {}, { '': 1 }, { 'b,a': 1 }, { b: 1, a: 1 }].map(canonicalJson);
    expect(texts).toEqual(['{"a,b":1}', '{"a":1,"b":1}', '{}', '{"":1}', '{"b,a":1}', '{"a":1,"b":1}']);
  });
});

describe('acknowledging', () => {
  it('takes the records up to the head and no more', () => {
    const ledger = ledgers.open();
    const records = fill(ledger, 3);
    expect(ledger.outbox.oldestUnacknowledgedAt()).toBe(ledgers.clock.wallMs());
    expect(ledger.outbox.acknowledge(headAfter(records[1])).ok).toBe(true);
    expect(ledger.outbox.unacknowledged()).toBe(1);
    expect(ledger.outbox.pending(10)).toEqual({ prevHash: records[1]?.hash, records: [records[2]] });
    ledger.outbox.acknowledge(headAfter(records[2]));
    expect(ledger.outbox.oldestUnacknowledgedAt()).toBeUndefined();
  });

  it('refuses a head with another hash as a fork and moves nothing', () => {
    const ledger = ledgers.open();
    fill(ledger, 2);
    const refused = ledger.outbox.acknowledge({ seq: 1, hash: 'f'.repeat(64) });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'platform.fork' } });
    expect(ledger.outbox.unacknowledged()).toBe(2);
  });

  it('refuses a head beyond our last record as a fork: our file is an old copy', () => {
    const ledger = ledgers.open();
    const records = fill(ledger, 2);
    const beyond = { seq: 3, hash: recordHash(records[1]?.hash ?? '', rated(1)) };
    expect(ledger.outbox.acknowledge(beyond)).toMatchObject({ ok: false, problem: { code: 'platform.fork' } });
  });

  it('sends again what a restored platform has lost', () => {
    const ledger = ledgers.open();
    const records = fill(ledger, 4);
    ledger.outbox.acknowledge(headAfter(records[3]));
    expect(ledger.outbox.acknowledge(headAfter(records[0])).ok).toBe(true);
    expect(ledger.outbox.pending(10)).toEqual({ prevHash: records[0]?.hash, records: records.slice(1) });
    expect(ledger.outbox.acknowledge(headAfter(undefined)).ok).toBe(true);
    expect(ledger.outbox.pending(10)).toEqual({ prevHash: ZERO_HASH, records });
  });

  it('torn off by a crash only sends again: nothing is lost and nothing gets another hash', () => {
    const ledger = ledgers.open();
    const records = fill(ledger, 3);
    const before = ledgers.crashCopy(ledgers.path());
    ledger.outbox.acknowledge(headAfter(records[2]));
    ledger.close();
    const crashed = ledgers.open({ path: before });
    expect(crashed.outbox.pending(10).records).toEqual(records);
    expect(crashed.outbox.acknowledge(headAfter(records[2])).ok).toBe(true);
    expect(crashed.outbox.unacknowledged()).toBe(0);
  });

  it('brings every record to the platform exactly once, in order, whatever is lost on the way', () => {
    const step = fc.constantFrom('write', 'send', 'requestLost', 'replyLost', 'restart', 'platformRestored');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const own = new TestLedgers();
        let path = own.path();
        let ledger = own.open();
        let platform: TerminalRecord[] = [];
        let written = 0;
        const send = (loses: 'nothing' | 'request' | 'reply'): void => {
          const { prevHash, records } = ledger.outbox.pending(3);
          if (loses === 'request') return;
          if (records.length > 0 && prevHash === (platform.at(-1)?.hash ?? ZERO_HASH)) platform.push(...records);
          if (loses === 'nothing') expect(ledger.outbox.acknowledge(headAfter(platform.at(-1))).ok).toBe(true);
        };
        for (const name of steps) {
          if (name === 'write') ledger.record([rated((written++ % 5) + 1)]);
          else if (name === 'send') send('nothing');
          else if (name === 'requestLost') send('request');
          else if (name === 'replyLost') send('reply');
          else if (name === 'platformRestored') platform = platform.slice(0, platform.length >> 1);
          else {
            path = own.crashCopy(path);
            ledger.close();
            ledger = own.open({ path });
          }
        }
        for (let round = 0; round < 60; round++) send('nothing');
        expect(platform.map((record) => record.seq)).toEqual(Array.from({ length: written }, (_, index) => index + 1));
        expect(ledger.outbox.unacknowledged()).toBe(0);
        own.dispose();
      }),
      { numRuns: 40 },
    );
  });
});
