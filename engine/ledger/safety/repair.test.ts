import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TerminalEvent } from '../../../contract/terminal-event.schema.ts';
import type { Ledger } from '../ledger.ts';
import { recover } from '../recovery.ts';
import { FakeDevices } from '../test-support/fake-devices.ts';
import { eventNames, RECEIPT, seededChance } from '../test-support/test-ledger.ts';
import { SafeRig } from './test-support/safe-rig.ts';

const RATED: TerminalEvent = { type: 'Rated', at: '2026-01-05T00:00:00.000Z', service: 'parking', stars: 5 };
const never = new AbortController().signal;

let rig: SafeRig;
let devices: FakeDevices;
beforeEach(() => {
  rig = new SafeRig();
  devices = new FakeDevices();
});
afterEach(() => rig.dispose());

async function pay(ledger: Ledger, txn: string): Promise<void> {
  const effects = rig.effects(ledger, devices);
  await rig.clock.runUntil(effects.charge({ txn, service: 'parking', amountCents: 960, quote: `q-${txn}` }, never));
}

async function payAndPrint(ledger: Ledger, txn: string): Promise<void> {
  await pay(ledger, txn);
  const effects = rig.effects(ledger, devices);
  await rig.clock.runUntil(effects.print({ txn, template: 'slip', receipt: RECEIPT }, never));
}

/** The write-ahead log goes too: it would heal every page that it holds. */
function spoil(path: string): void {
  writeFileSync(path, Buffer.alloc(8192, 0x5a), { flag: 'r+' });
  if (existsSync(`${path}-wal`)) truncateSync(`${path}-wal`);
}

const audits = (ledger: Ledger): readonly unknown[] =>
  ledger.outbox.pending(100, 'audit').records.map(({ event }) => event);

const settle = (ledger: Ledger) =>
  rig.clock.runUntil(recover({ ledger, devices, clock: rig.clock, chance: seededChance(3) }));

describe('a database that cannot be read any more', () => {
  it('is rebuilt from the backup and the black box, and nothing that came out is given back', async () => {
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'before');
    await rig.backUp(ledger);
    await payAndPrint(ledger, 'after');
    await pay(ledger, 'open');
    const old = ledger.incarnation;
    rig.crash();
    spoil(rig.path);

    const again = await rig.open();
    expect(again.restored).toMatchObject({ steps: 6, torn: 0, cases: 0, mayLack: false, backup: 'ledger-00000001.db' });
    expect(again.notices).toMatchObject([{ code: 'ledger.restored' }]);
    expect(again.ledger.txn('before').state).toBe('delivered');
    expect(again.ledger.txn('after').state).toBe('delivered');
    expect(again.ledger.txn('open').state).toBe('charged');
    expect(again.ledger.incarnation).not.toBe(old);
    expect(again.ledger.predecessor()).toMatchObject({ incarnation: old });
    expect(audits(again.ledger)).toMatchObject([{ action: 'ledger.restored' }]);
    expect(readdirSync(join(rig.directory, 'data')).some((name) => name.includes('damaged'))).toBe(true);

    await settle(again.ledger);
    expect(devices.slips).toHaveLength(2);
    expect([...devices.trades.values()]).toEqual(['approved', 'approved', 'reversed']);
  });

  it('tells the platform again what it may not have, under its new name and from 1', async () => {
    const { ledger } = await rig.open();
    ledger.record([RATED, RATED]);
    const [first] = ledger.outbox.pending(1).records;
    if (!first) throw new Error('no record');
    ledger.outbox.acknowledge({ seq: 1, hash: first.hash });
    await rig.backUp(ledger);
    await payAndPrint(ledger, 'after');
    rig.crash();
    spoil(rig.path);
    const again = (await rig.open()).ledger;
    expect(eventNames(again)).toEqual(['Rated', 'ChargeAsked', 'ChargeSettled.paid', 'PrintSettled.printed']);
    expect(again.outbox.pending(1)).toMatchObject({ prevHash: '0'.repeat(64), records: [{ seq: 1 }] });
    expect(again.predecessor()?.head).toEqual({ seq: 1, hash: first.hash });
  });

  it('is rebuilt from the black box alone where there is no backup', async () => {
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'done');
    await pay(ledger, 'open');
    const old = ledger.incarnation;
    rig.crash();
    spoil(rig.path);
    const again = await rig.open();
    expect(again.restored).toMatchObject({ steps: 6, backup: undefined, mayLack: false });
    expect(again.ledger.predecessor()?.incarnation).toBe(old);
    await settle(again.ledger);
    expect([...devices.trades.values()]).toEqual(['approved', 'reversed']);
  });

  it('gives nothing back by itself when the black box is gone too: staff decide', async () => {
    const { ledger } = await rig.open();
    await pay(ledger, 'delivered later');
    await rig.backUp(ledger);
    const effects = rig.effects(ledger, devices);
    await rig.clock.runUntil(effects.print({ txn: 'delivered later', template: 'slip', receipt: RECEIPT }, never));
    rig.crash();
    spoil(rig.path);
    rmSync(rig.blackBoxPath);
    const again = await rig.open();
    expect(again.restored).toMatchObject({ mayLack: true, cases: 1 });
    await settle(again.ledger);
    expect(devices.count('reverse')).toBe(0);
    expect(again.ledger.cases()).toMatchObject([{ id: 'delivered later', case: { reason: 'ledger.restored' } }]);
    expect(eventNames(again.ledger)).toContain('CaseOpened');
  });

  it('makes a case of money whose beginning is lost, with its trade', async () => {
    const { ledger } = await rig.open();
    await rig.backUp(ledger);
    await pay(ledger, 'op');
    const trade = ledger.txn('op').charge?.trade;
    rig.crash();
    spoil(rig.path);
    const lines = readFileSync(rig.blackBoxPath, 'utf8').split('\n');
    const broken = lines.map((line) => (line.includes('charge.intent') ? line.replace('960', '961') : line));
    writeFileSync(rig.blackBoxPath, broken.join('\n'));
    const { ledger: again, restored } = await rig.open();
    expect(restored).toMatchObject({ torn: 1, cases: 1, mayLack: true });
    const opened = again.outbox.pending(100).records.find(({ event }) => event.type === 'CaseOpened');
    expect(opened?.event).toMatchObject({ operation: 'op', trade, amountCents: 960, reason: 'ledger.restored' });
  });

  it('goes past a damaged backup to the one before it', async () => {
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'one');
    await rig.backUp(ledger);
    await payAndPrint(ledger, 'two');
    const newest = await rig.backUp(ledger);
    rig.crash();
    spoil(rig.path);
    const name = newest.slice(newest.lastIndexOf('/') + 1);
    spoil(join(rig.backupDirectory, name));
    const again = await rig.open();
    expect(again.restored).toMatchObject({ backup: 'ledger-00000001.db', mayLack: false });
    expect(again.ledger.txn('two').state).toBe('delivered');
    expect(readdirSync(rig.backupDirectory)).toContain(`${name}.damaged`);
  });

  it('is restored once: the next start finds it sound', async () => {
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'one');
    await rig.backUp(ledger);
    await payAndPrint(ledger, 'two');
    rig.crash();
    spoil(rig.path);
    const first = await rig.open();
    await payAndPrint(first.ledger, 'three');
    rig.crash();
    const second = await rig.open();
    expect(second.restored).toBeUndefined();
    expect(second.notices).toEqual([]);
    expect(second.ledger.txn('three').state).toBe('delivered');
    rig.crash();
    spoil(rig.path);
    const third = await rig.open();
    expect(['one', 'two', 'three'].map((id) => third.ledger.txn(id).state)).toEqual(Array(3).fill('delivered'));
  });
});

describe('a database that is sound but older than it should be', () => {
  it('is noticed when the write-ahead log is lost, and stands on its own older file', async () => {
    const first = await rig.open();
    await payAndPrint(first.ledger, 'yesterday');
    first.ledger.close();
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'today');
    rig.crash();
    rmSync(`${rig.path}-wal`);
    const again = await rig.open();
    expect(again.restored).toMatchObject({ backup: 'ledger.db', steps: 4, mayLack: false });
    for (const id of ['yesterday', 'today']) expect(again.ledger.txn(id).state).toBe('delivered');
  });

  it('is noticed when the log is lost that held no money: the next name begins where nobody can mistake it', async () => {
    const first = await rig.open();
    await payAndPrint(first.ledger, 'yesterday');
    first.ledger.close();
    const { ledger } = await rig.open();
    ledger.record([RATED]);
    rig.crash();
    rmSync(`${rig.path}-wal`);
    const again = await rig.open();
    expect(again.restored?.why).toBe('its write-ahead log is missing');
    expect(again.ledger.incarnation).not.toBe(ledger.incarnation);
  });

  it('is noticed when yesterday’s file lies in its place', async () => {
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'yesterday');
    const copy = await rig.backUp(ledger);
    await payAndPrint(ledger, 'today');
    ledger.close();
    rmSync(rig.path);
    renameSync(copy, rig.path);
    const again = await rig.open();
    expect(again.restored?.why).toContain('the database ends at');
    expect(again.ledger.txn('today').state).toBe('delivered');
  });

  it('is noticed when it is gone', async () => {
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'op');
    ledger.close();
    rmSync(rig.path);
    const again = await rig.open();
    expect(again.restored?.why).toBe('the database is missing');
    expect(again.ledger.txn('op').state).toBe('delivered');
  });

  it('is not taken for one that was killed between the black box and its commit', async () => {
    const { ledger } = await rig.open();
    await pay(ledger, 'op');
    rig.crash();
    const { ledger: sound } = await rig.open();
    const lines = readFileSync(rig.blackBoxPath, 'utf8');
    sound.close();
    expect(lines.trim().split('\n')).not.toHaveLength(0);
    const killed = await rig.open({
      probe: (point) => {
        if (point === 'ledger.append.inside') throw new Error('killed');
      },
    });
    const { trade, echo } = killed.ledger.newTrade();
    const sale = { step: 'charge.intent', trade, echo, amountCents: 100, service: 'parking' } as const;
    expect(() => killed.ledger.append('killed', sale, [])).toThrow('killed');
    rig.crash();
    const again = await rig.open();
    expect(again.restored).toBeUndefined();
    expect(again.ledger.txn('killed').state).toBe('created');
  });
});

describe('a black box that is damaged', () => {
  it('is set aside and begun anew; the ledger goes on under its name', async () => {
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'op');
    const name = ledger.incarnation;
    ledger.close();
    writeFileSync(rig.blackBoxPath, readFileSync(rig.blackBoxPath, 'utf8').replace('960', '1'));
    const again = await rig.open();
    expect(again.notices).toMatchObject([{ code: 'ledger.blackBox' }]);
    expect(again.ledger.incarnation).toBe(name);
    again.ledger.close();
    expect((await rig.open()).notices, 'said once').toEqual([]);
  });

  it('is noticed when it is gone', async () => {
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'op');
    ledger.close();
    rmSync(rig.blackBoxPath);
    expect((await rig.open()).notices).toMatchObject([{ code: 'ledger.blackBox' }]);
  });

  it('is not what a line torn by a power cut is', async () => {
    const { ledger } = await rig.open();
    await payAndPrint(ledger, 'op');
    rig.crash();
    appendFileSync(rig.blackBoxPath, 'deadbeef {"amou');
    expect((await rig.open()).notices).toEqual([]);
  });
});

describe('a disk with nothing on it', () => {
  it('is a new ledger and no restore', async () => {
    const opened = await rig.open();
    expect(opened).toMatchObject({ notices: [] });
    expect(opened.restored).toBeUndefined();
    expect(existsSync(rig.path)).toBe(true);
  });
});

describe('what the ladder cannot answer', () => {
  it('is refused: a file of a newer release is neither touched nor replaced', async () => {
    const { ledger } = await rig.open();
    ledger.close();
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(rig.path);
    db.pragma('user_version = 99');
    db.close();
    await expect(rig.open()).rejects.toThrow('ledger.newerSchema');
  });
});
