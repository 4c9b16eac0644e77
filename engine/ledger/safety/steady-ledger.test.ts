import { SqliteError } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { fail, ok, type Problem, type Result } from '../../../contract/outcome.schema.ts';
import type { Ledger } from '../ledger.ts';
import { newTxn } from '../txn.fold.ts';
import { createSteadyLedger } from './steady-ledger.ts';

function fakeLedger(record: () => Result<undefined>): Ledger {
  const part = {
    incarnation: 'abc',
    record,
    append: () => ok(newTxn('op')),
    appendSoon: () => Promise.resolve(record()),
    openTxns: () => [newTxn('op')],
    newTrade: () => ({ trade: 'abc-1', echo: '0001' }),
    outbox: { pending: () => ({ prevHash: '', records: ['one'] }), unacknowledged: () => 1 },
    close: () => undefined,
  };
  return part as unknown as Ledger;
}

function steady(record: () => Result<undefined>, onFull = () => false) {
  const broken: Problem[] = [];
  const made = createSteadyLedger(fakeLedger(record), { onBroken: (why) => broken.push(why), onFull });
  return { ...made, broken };
}

describe('a ledger whose disk fails', () => {
  it('says so once, however often it is written to', () => {
    const { ledger, broken } = steady(() => fail('ledger.unsafe', 'SQLITE_IOERR_FSYNC'));
    for (let count = 0; count < 3; count++) expect(ledger.record([])).toMatchObject({ ok: false });
    expect(broken).toEqual([{ code: 'ledger.unsafe', detail: 'SQLITE_IOERR_FSYNC' }]);
  });

  it('gives an empty answer instead of throwing when a page cannot be read', () => {
    const { ledger, broken } = steady(() => {
      throw new SqliteError('disk I/O error', 'SQLITE_IOERR_READ');
    });
    expect(ledger.record([])).toMatchObject({ ok: false, problem: { code: 'ledger.unsafe' } });
    expect(broken).toMatchObject([{ detail: 'SQLITE_IOERR_READ' }]);
  });

  it('lets a bug through', () => {
    const { ledger } = steady(() => {
      throw new TypeError('a bug');
    });
    expect(() => ledger.record([])).toThrow('a bug');
  });

  it('answers that nothing is there while it is being opened again, counts numbers on, and holds for all who keep a part of it', async () => {
    const { ledger, replace } = steady(() => ok(undefined));
    const { pending } = ledger.outbox;
    let whileClosed: unknown[] = [];
    await replace(async () => {
      const soon = ledger.appendSoon('op', { step: 'deliver.done', evidence: '' }, []);
      whileClosed = [ledger.openTxns(), pending(10).records, ledger.record([]), await soon, ledger.newTrade()];
      return ok(fakeLedger(() => ok(undefined)));
    });
    const refused = expect.objectContaining({ ok: false }) as unknown;
    expect(whileClosed).toEqual([[], [], refused, refused, { trade: 'abc-1', echo: '0001' }]);
    expect(pending(10).records).toEqual(['one']);
    expect(ledger.record([])).toEqual(ok(undefined));
  });

  it('keeps a result when letting the ballast go gives room', async () => {
    let room = false;
    const write = (): Result<undefined> => (room ? ok(undefined) : fail('ledger.full'));
    const { ledger } = steady(write, () => (room = true));
    expect(ledger.record([])).toEqual(ok(undefined));
    room = false;
    expect(await ledger.appendSoon('op', { step: 'deliver.done', evidence: '' }, [])).toEqual(ok(undefined));
  });

  it('asks for room once: a disk that stays full refuses', () => {
    let asked = 0;
    const { ledger, broken } = steady(
      () => fail('ledger.full'),
      () => Boolean(++asked),
    );
    expect(ledger.record([])).toMatchObject({ ok: false, problem: { code: 'ledger.full' } });
    expect([asked, broken.length]).toEqual([1, 0]);
  });
});
