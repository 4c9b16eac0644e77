/** Bodies that are no batch, each with its name. */
import { describe, expect, it } from 'vitest';
import { batchOf, bodyOf, rated, recordsOf } from '../test-support/ledger.ts';
import { readBatch } from './read-batch.ts';

const BATCH = batchOf(recordsOf([rated(5), rated(4)]));

function read(body: string | Uint8Array) {
  const result = readBatch({ terminal: 'kiosk-1', stream: 'ledger', body: Buffer.from(body), receivedMs: 0 });
  return result.ok ? 'batch' : result.bad.kind;
}
const changed = (change: object): string => JSON.stringify({ ...BATCH, ...change });

describe('a body', () => {
  it('that is whole is a batch', () => {
    expect(read(bodyOf(BATCH))).toBe('batch');
  });

  it.each(['', 'null bytes', '{', '{"incarnation":"inc-1"', '[1,]'])('that is no JSON is unreadable: %j', (body) => {
    expect(read(body)).toBe('unreadable');
  });

  it('that was cut is unreadable', () => {
    expect(read(bodyOf(BATCH).subarray(0, -1))).toBe('unreadable');
  });

  it.each(['null', '7', '[]', '{}', changed({ records: [] }), changed({ more: 1 })])(
    'of another shape is not in the contract: %s',
    (body) => {
      expect(read(body)).toBe('notInContract');
    },
  );

  it.each(['__proto__', 'constructor'])('cannot bring a key that means something to the language: %s', (key) => {
    const [record] = BATCH.records;
    const inRecord = JSON.stringify(record).replace('{', `{"${key}":{"a":1},`);
    const inEvent = JSON.stringify(record?.event).replace('{', `{"${key}":{"a":1},`);
    expect(read(bodyOf(BATCH).toString().replace('{', `{"${key}":{"a":1},`))).toBe('notInContract');
    expect(read(`{"incarnation":"i","prevHash":"${BATCH.prevHash}","records":[${inRecord}]}`)).toBe('notInContract');
    expect(
      read(JSON.stringify({ ...BATCH, records: [{ ...record, event: 0 }] }).replace('"event":0', `"event":${inEvent}`)),
    ).toBe('notInContract');
  });

  it('whose hashes are not those of its events is broken', () => {
    const [first, second] = BATCH.records;
    expect(read(changed({ records: [second, first] }))).toBe('broken');
    expect(read(changed({ prevHash: '1'.repeat(64) }))).toBe('broken');
  });

  it.each(['\u0000', '\ud800'])('whose incarnation no database keeps is broken: %j', (character) => {
    expect(read(changed({ incarnation: `inc${character}` }))).toBe('broken');
  });
});
