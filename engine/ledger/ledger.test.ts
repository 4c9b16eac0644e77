import Database from 'better-sqlite3';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent, Stream, TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { openBlackBox, readBlackBox } from './black-box.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { chainHash, ZERO_HASH } from './record-hash.ts';
import { MAX_LAG_ROWS } from './txn-table.ts';
import { openStore, verifySettings } from './store.ts';
import { eventNames, seededChance, TestLedgers } from './test-support/test-ledger.ts';

const RATED: TerminalEvent = { type: 'Rated', at: '2026-01-05T00:00:00.000Z', service: 'parking', stars: 5 };
const BOOTED: AuditEvent = { type: 'Audit', at: '2026-01-05T00:00:00.000Z', actor: 'engine', action: 'booted' };
const SALE = { step: 'charge.intent', trade: 't-1', echo: '0001', amountCents: 960, service: 'parking' } as const;

let ledgers: TestLedgers;
beforeEach(() => {
  ledgers = new TestLedgers();
});
afterEach(() => ledgers.dispose());

/** The file on disk, changed behind the ledger's back. */
function tamper(sql: string): void {
  const db = new Database(ledgers.path());
  db.exec(sql);
  db.close();
}

describe('the settings money needs', () => {
  it('are in force after the first write: full sync, write-ahead log, one opener', () => {
    const store = openStore({ path: ledgers.path() });
    if (!store.ok) throw new Error(store.problem.code);
    const { db } = store.value;
    db.prepare('INSERT INTO meta (id, incarnation) VALUES (1, ?)').run('a');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(verifySettings(db)).toEqual({ ok: true, value: undefined });
    expect(existsSync(`${ledgers.path()}-shm`), 'no shared memory: nobody else may open it').toBe(false);
    store.value.close();
  });

  it('are refused as unsafe when the sync is weaker', () => {
    const db = new Database(ledgers.path());
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    expect(verifySettings(db)).toMatchObject({ ok: false, problem: { code: 'ledger.unsafe' } });
    db.close();
  });

  it('keep a second opener out', () => {
    ledgers.open();
    expect(openLedger(ledgers.options())).toMatchObject({ ok: false, problem: { code: 'ledger.unsafe' } });
  });

  it('are refused when the directory does not exist', () => {
    const opened = openLedger(ledgers.options({ path: ledgers.path('nowhere/kiosk.sqlite') }));
    expect(opened).toMatchObject({ ok: false, problem: { code: 'ledger.unsafe' } });
  });
});

describe('a file the ledger must not trust', () => {
  beforeEach(() => {
    const ledger = ledgers.open();
    for (const operation of ['a', 'b', 'c']) {
      ledger.append(operation, { ...SALE, trade: `t-${operation}` }, [RATED]);
    }
    ledger.close();
  });

  it('is refused, untouched, when a newer release wrote it', () => {
    tamper('PRAGMA user_version = 99');
    expect(openLedger(ledgers.options())).toMatchObject({ ok: false, problem: { code: 'ledger.newerSchema' } });
  });

  it.each([
    ['a changed amount in the journal', `UPDATE journal SET body = replace(body, '960', '1') WHERE seq = 2`],
    ['a changed time in the journal', 'UPDATE journal SET at = at + 1 WHERE seq = 1'],
    ['a journal row taken out', 'DELETE FROM journal WHERE seq = 2'],
    ['a changed record', `UPDATE journal SET events = replace(events, '"stars":5', '"stars":1') WHERE seq = 2`],
    ['a record written in another way', `UPDATE journal SET events = replace(events, ',', ', ') WHERE seq = 2`],
    ['a record taken out of its row', `UPDATE journal SET events = '[]' WHERE seq = 2`],
    ['records that are not even JSON', `UPDATE journal SET events = '[' WHERE seq = 2`],
    ['a record moved to another place', 'UPDATE journal SET ledger_seq = ledger_seq + 1 WHERE seq >= 2'],
    ['a record moved to another stream', `UPDATE journal SET stream = 'audit' WHERE seq = 3`],
    ['another link', 'UPDATE journal SET link = zeroblob(32) WHERE seq = 3'],
    ['another beginning of the rows', 'UPDATE meta SET base_seq = 1'],
    ['another beginning of a stream', `UPDATE stream SET base_hash = x'01' WHERE name = 'ledger'`],
    ['a transaction that is no transaction', `UPDATE txn SET body = '{}' WHERE id = 'a'`],
    ['a transaction that is not even JSON', `UPDATE txn SET body = '{' WHERE id = 'a'`],
  ])('is refused as corrupt: %s', (_name, sql) => {
    tamper(sql);
    expect(openLedger(ledgers.options())).toMatchObject({ ok: false, problem: { code: 'ledger.corrupt' } });
  });

  it('is refused as corrupt when a page is overwritten or it is no database', () => {
    writeFileSync(ledgers.path(), Buffer.alloc(40_000, 'x'));
    expect(openLedger(ledgers.options())).toMatchObject({ ok: false, problem: { code: 'ledger.corrupt' } });
  });
});

describe('append', () => {
  it('keeps journal row, transaction and record together, across a restart', () => {
    const ledger = ledgers.open();
    expect(ledger.append('op', SALE, [RATED])).toMatchObject({ ok: true, value: { state: 'charging', since: 1 } });
    ledger.close();
    const again = ledgers.open();
    expect(again.incarnation).toBe(ledger.incarnation);
    expect(again.openTxns()).toMatchObject([{ id: 'op', state: 'charging' }]);
    expect(eventNames(again)).toEqual(['Rated']);
  });

  it('throws on an entry that cannot follow and writes nothing of it', () => {
    const ledger = ledgers.open();
    expect(() => ledger.append('op', { step: 'deliver.done', evidence: '' }, [RATED])).toThrow(/cannot follow/);
    expect(ledger.outbox.unacknowledged()).toBe(0);
  });

  it('leaves nothing behind when the process ends inside the commit', () => {
    let armed = true;
    const probe = (point: string): void => {
      if (armed && point === 'ledger.append.inside') throw new Error('killed');
    };
    const ledger = ledgers.open({ probe });
    expect(() => ledger.append('op', SALE, [RATED])).toThrow('killed');
    expect(ledger.txn('op').state).toBe('created');
    armed = false;
    expect(ledger.append('op', SALE, [RATED]).ok).toBe(true);
    ledger.close();
    expect(ledgers.open().outbox.unacknowledged()).toBe(1);
  });

  it('says full when the disk is, loses nothing of what was there, and goes on when there is room', () => {
    const ledger = ledgers.open({ maxBytes: 200_000 });
    let written = 0;
    const write = () => ledger.append(`op-${written}`, SALE, [RATED]);
    let last = write();
    for (; last.ok; last = write()) written++;
    expect(last).toMatchObject({ problem: { code: 'ledger.full' } });
    expect(ledger.txn(`op-${written}`).state).toBe('created');
    ledger.close();
    const roomy = ledgers.open();
    expect(roomy.outbox.unacknowledged()).toBe(written);
    expect(roomy.append('op', SALE, []).ok).toBe(true);
  });
});

describe('the table of transactions', () => {
  function statesIn(path: string): readonly unknown[] {
    const db = new Database(path, { readonly: true });
    const rows = db.prepare('SELECT id, state FROM txn ORDER BY id').raw().all();
    db.close();
    return rows;
  }

  it('is folded from the journal when the process ended before it was written', () => {
    const ledger = ledgers.open();
    ledger.append('open', SALE, []);
    ledger.append('done', { ...SALE, trade: 't-2' }, []);
    ledger.append('done', { step: 'charge.cancelled', reason: 'declined' }, []);
    const path = ledgers.crashCopy(ledgers.path());
    expect(statesIn(ledgers.crashCopy(path))).toEqual([]);
    const again = ledgers.open({ path });
    expect(again.openTxns()).toMatchObject([{ id: 'open', state: 'charging', since: 1 }]);
    expect(again.txn('done')).toEqual(ledger.txn('done'));
  });

  it('never lags far behind, and is whole in a file that was closed', () => {
    const ledger = ledgers.open();
    for (let n = 0; n < MAX_LAG_ROWS; n++) ledger.append(`op-${n}`, { ...SALE, trade: `t-${n}` }, []);
    expect(statesIn(ledgers.crashCopy(ledgers.path()))).toHaveLength(MAX_LAG_ROWS);
    ledger.append('op-0', { step: 'charge.paid' }, []);
    ledger.close();
    expect(statesIn(ledgers.path())[0]).toEqual(['op-0', 'charged']);
  });

  it('is refused as corrupt when it does not follow from the journal any more', () => {
    const ledger = ledgers.open();
    ledger.append('op', SALE, []);
    ledger.close();
    tamper(`UPDATE meta SET saved = 0`);
    expect(openLedger(ledgers.options())).toMatchObject({ ok: false, problem: { code: 'ledger.corrupt' } });
  });
});

describe('numbers', () => {
  it('never come twice, also when the run before ended without closing the file', () => {
    const given = new Set<string>();
    const leads = new Set<number>();
    let path = ledgers.path();
    for (let boot = 0; boot < 4; boot++) {
      const ledger = ledgers.open({ path });
      for (let n = 0; n < 70; n++) {
        const { trade, echo } = ledger.newTrade();
        expect(trade).toMatch(/^[A-Za-z0-9-]{1,32}$/);
        expect(echo).toMatch(/^\d{4}$/);
        leads.add((Number(echo) - Number(trade.split('-')[1]) + 10_000) % 10_000);
        ledger.append(ledger.newOperation(), { ...SALE, trade, echo }, []);
        expect(given.has(trade)).toBe(false);
        given.add(trade);
      }
      path = ledgers.crashCopy(path);
      ledger.close();
    }
    expect(given.size).toBe(280);
    expect(leads.size, 'echoes count on with the trades').toBe(1);
  });

  it('are other ones in another database', () => {
    const one = ledgers.open({ path: ledgers.path('1.sqlite') });
    const two = ledgers.open({ path: ledgers.path('2.sqlite'), chance: seededChance(2) });
    const [first, second] = [one.newTrade(), two.newTrade()];
    expect(first.trade).not.toBe(second.trade);
    expect(first.echo, 'the terminal remembers its last sale by the echo alone').not.toBe(second.echo);
  });
});

describe('documents', () => {
  it('are the last ones put, also after a restart', () => {
    const ledger = ledgers.open();
    expect(ledger.documents.get('catalogue')).toBeUndefined();
    ledger.documents.put('catalogue', '1', { services: [] });
    ledger.documents.put('catalogue', '2', { services: ['parking'] });
    ledger.close();
    expect(ledgers.open().documents.get('catalogue')).toEqual({ version: '2', body: { services: ['parking'] } });
  });
});

describe('retention', () => {
  const DAY_MS = 86_400_000;

  function acknowledgeAll(ledger: Ledger, stream: Stream = 'ledger'): void {
    const last = ledger.outbox.pending(1_000, stream).records.at(-1);
    if (!last || !ledger.outbox.acknowledge({ seq: last.seq, hash: last.hash }, stream).ok)
      throw new Error('no record');
  }

  it('keeps what is not acknowledged, however old', () => {
    const ledger = ledgers.open();
    ledger.append('done', SALE, [RATED]);
    ledger.append('done', { step: 'charge.cancelled', reason: 'declined' }, []);
    ledger.record([RATED]);
    ledgers.clock.advance(31 * DAY_MS);
    expect(ledger.prune()).toEqual({ ok: true, value: 0 });
    expect(ledger.outbox.pending(10).records).toHaveLength(2);
  });

  it('keeps what is not settled, however old', () => {
    const ledger = ledgers.open();
    ledger.append('done', SALE, [RATED]);
    ledger.append('done', { step: 'charge.cancelled', reason: 'declined' }, [RATED]);
    ledger.append('open', { ...SALE, trade: 't-2' }, [RATED]);
    ledger.append('later', { ...SALE, trade: 't-3' }, []);
    ledger.append('later', { step: 'charge.cancelled', reason: 'declined' }, []);
    acknowledgeAll(ledger);
    ledgers.clock.advance(31 * DAY_MS);
    expect(ledger.prune()).toEqual({ ok: true, value: 2 });
    ledger.close();
    const again = ledgers.open();
    expect(again.openTxns()).toMatchObject([{ id: 'open', since: 3 }]);
    expect(again.txn('done').state).toBe('created');
    expect(again.txn('later').state).toBe('cancelled');
  });

  it('opens again when the first rows of a transaction went and its last ones stay', () => {
    const ledger = ledgers.open();
    ledger.append('done', SALE, [RATED]);
    ledger.append('open', { ...SALE, trade: 't-2' }, [RATED]);
    ledger.append('done', { step: 'charge.cancelled', reason: 'declined' }, [RATED]);
    acknowledgeAll(ledger);
    ledgers.clock.advance(31 * DAY_MS);
    expect(ledger.prune()).toEqual({ ok: true, value: 1 });
    ledger.close();
    expect(ledgers.open().txn('done').state).toBe('cancelled');
  });

  it('forgets acknowledged records after 30 days and the chains still hold', async () => {
    const ledger = ledgers.open();
    for (let n = 0; n < 5; n++) ledger.record([RATED]);
    const last = ledger.outbox.pending(10).records.at(-1);
    acknowledgeAll(ledger);
    ledgers.clock.advance(29 * DAY_MS);
    expect(ledger.prune()).toEqual({ ok: true, value: 0 });
    ledgers.clock.advance(2 * DAY_MS);
    expect(ledger.prune()).toEqual({ ok: true, value: 4 });
    expect(ledger.outbox.acknowledge({ seq: 3, hash: 'f'.repeat(64) })).toMatchObject({ ok: false });
    ledger.close();
    const again = ledgers.open();
    again.record([RATED]);
    expect(again.outbox.pending(10)).toMatchObject({ prevHash: last?.hash, records: [{ seq: 6 }] });
    expect(await ledgers.clock.runUntil(again.checkWholeChain())).toEqual({ ok: true, value: undefined });
  });

  it('keeps audit records 180 days, with their chain, after their rows are gone', () => {
    const ledger = ledgers.open();
    ledger.record([BOOTED, BOOTED], 'audit');
    ledger.record([RATED]);
    ledger.record([BOOTED], 'audit');
    ledger.record([RATED]);
    acknowledgeAll(ledger);
    acknowledgeAll(ledger, 'audit');
    const sent = ledger.outbox.head('audit').acknowledged;
    ledgers.clock.advance(31 * DAY_MS);
    expect(ledger.prune()).toEqual({ ok: true, value: 3 });
    expect(ledger.outbox.head('audit').written, 'the stream goes on where it was').toEqual(sent);
    const kept = auditKept();
    let hash = ZERO_HASH;
    for (const { event } of kept) hash = chainHash(hash, event);
    expect(kept.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(hash).toBe(sent.hash);
    ledgers.clock.advance(150 * DAY_MS);
    ledger.prune();
    expect(auditKept()).toEqual([]);
  });

  function auditKept(): readonly { seq: number; event: string }[] {
    const db = new Database(ledgers.crashCopy(ledgers.path()), { readonly: true });
    const rows = db.prepare('SELECT seq, event FROM audit_kept ORDER BY seq').all();
    db.close();
    return rows as { seq: number; event: string }[];
  }
});

describe('the black box', () => {
  it('holds the steps of what was paid, and only those', () => {
    const blackBoxPath = ledgers.path('black-box.log');
    const ledger = ledgers.open({ blackBoxPath, bootId: 'b1' });
    ledger.append('op', SALE, []);
    ledger.append('op', { step: 'charge.paid', voucher: '000123' }, []);
    ledger.append('op', { step: 'deliver.intent', job: 'j', template: 'parking', checkpoint: 'cuts=1' }, []);
    ledger.append('free', { step: 'deliver.intent', job: 'k', template: 'ticket', checkpoint: 'cuts=1' }, []);
    const { incarnation } = ledger;
    expect(readBlackBox(blackBoxPath)).toMatchObject({
      lines: [
        { boot: 'b1', incarnation, row: 0, mark: 'opened' },
        { boot: 'b1', incarnation, row: 1, txn: 'op', entry: { step: 'charge.intent', amountCents: 960 } },
        { row: 2, txn: 'op', entry: { step: 'charge.paid', voucher: '000123' } },
        { row: 3, txn: 'op', entry: { step: 'deliver.intent' } },
      ],
      damaged: 0,
    });
  });

  it('names a changed line and a torn one, and the torn one does not swallow the next', () => {
    const path = ledgers.path('black-box.log');
    const first = openBlackBox(path);
    if (!first.ok) throw new Error(first.problem.code);
    first.value.write({ amountCents: 960 });
    first.value.write({ amountCents: 120 });
    first.value.close();
    writeFileSync(path, readFileSync(path, 'utf8').replace('960', '1'));
    appendFileSync(path, 'deadbeef {"amou');
    const second = openBlackBox(path);
    if (!second.ok) throw new Error(second.problem.code);
    second.value.write({ amountCents: 77 });
    second.value.close();
    expect(readBlackBox(path)).toMatchObject({ lines: [{ amountCents: 120 }, { amountCents: 77 }], damaged: 1 });
  });

  it('that cannot be opened keeps the ledger from taking money', () => {
    const opened = openLedger(ledgers.options({ blackBoxPath: ledgers.path('nowhere/black-box.log') }));
    expect(opened).toMatchObject({ ok: false, problem: { code: 'ledger.unsafe' } });
  });
});
