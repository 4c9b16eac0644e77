import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../contract/outcome.schema.ts';
import type { TerminalEvent } from '../../../contract/terminal-event.schema.ts';
import { MIB } from './disk-ladder.ts';
import { openKeptLedger, type LedgerKeeper, type LedgerKeeperOptions } from './ledger-keeper.ts';
import { SafeRig } from './test-support/safe-rig.ts';

const RATED: TerminalEvent = { type: 'Rated', at: '2026-01-05T00:00:00.000Z', service: 'parking', stars: 5 };

let rig: SafeRig;
let problems: Problem[];
let settled: number;
let isIdle: boolean;
const keepers: LedgerKeeper[] = [];
beforeEach(() => {
  rig = new SafeRig();
  problems = [];
  settled = 0;
  isIdle = true;
});
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await rig.until(keeper.stop());
  rig.dispose();
});

async function keep(more: Partial<LedgerKeeperOptions> = {}): Promise<LedgerKeeper> {
  const options = { ...rig.options(), onProblem: (found: Problem) => problems.push(found), ...more };
  const opened = await rig.until(openKeptLedger(options));
  if (!opened.ok) throw new Error(opened.problem.code);
  const keeper = opened.value;
  keepers.push(keeper);
  keeper.start({
    isIdle: () => isIdle,
    localHour: () => 12,
    settle: () => {
      expect(keeper.closedFor('all'), 'closed until everything is settled').toBe('ledger.unsafe');
      settled++;
      return Promise.resolve();
    },
    onChange: () => undefined,
  });
  return keeper;
}

/** As a handle does after a failed sync: it takes nothing any more. */
function breakIt({ ledger }: LedgerKeeper): void {
  ledger.close();
  expect(ledger.record([RATED])).toMatchObject({ ok: false, problem: { code: 'ledger.unsafe' } });
}

async function turns(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) await rig.clock.run(500);
}

describe('a write that failed', () => {
  it('closes the services, and the file is opened and checked again before they open', async () => {
    const keeper = await keep();
    breakIt(keeper);
    expect(keeper.closedFor('all')).toBe('ledger.unsafe');
    await turns(4_000);
    expect(settled).toBe(1);
    expect(keeper.closedFor('all')).toBeUndefined();
    expect(keeper.ledger.record([RATED]).ok).toBe(true);
    expect(keeper.ledger.outbox.pending(9, 'audit').records).toMatchObject([{ event: { action: 'ledger.unsafe' } }]);
    expect(problems).toMatchObject([{ code: 'ledger.unsafe' }]);
  });

  it('waits for the resident who stands there, and for the act that is under way', async () => {
    const keeper = await keep();
    let end = (): void => undefined;
    const act = keeper.during(() => new Promise<void>((resolve) => (end = resolve)));
    isIdle = false;
    breakIt(keeper);
    await turns(10_000);
    isIdle = true;
    await turns(10_000);
    expect(settled).toBe(0);
    end();
    await act;
    await turns(4_000);
    expect(settled).toBe(1);
  });

  it('is followed by further tries while the file cannot be opened', async () => {
    const keeper = await keep();
    breakIt(keeper);
    const other = new Database(rig.path);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN IMMEDIATE');
    await turns(20_000);
    expect([settled, keeper.closedFor('all')]).toEqual([0, 'ledger.unsafe']);
    other.close();
    await turns(60_000);
    expect([settled, keeper.closedFor('all')]).toEqual([1, undefined]);
  });
});

describe('another history on the platform', () => {
  it('is answered by a new incarnation that tells again what is not acknowledged, with numbers of its own', async () => {
    const { ledger, ...keeper } = spread(await keep());
    ledger.record([RATED, RATED]);
    const before = ledger.incarnation;
    const { trade } = ledger.newTrade();
    expect(keeper.fork('ledger', { seq: 9, hash: 'f'.repeat(64) }).ok).toBe(true);
    expect(ledger.incarnation).not.toBe(before);
    expect(ledger.predecessor()).toMatchObject({ incarnation: before, head: { seq: 0 } });
    expect(ledger.outbox.pending(9).records.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(ledger.newTrade().trade.slice(0, 12)).not.toBe(trade.slice(0, 12));
    expect(ledger.outbox.pending(9, 'audit').records).toMatchObject([{ event: { action: 'chain.forked' } }]);
  });

  it('that never ends does not make a new incarnation with every answer', async () => {
    const keeper = await keep();
    const head = { seq: 9, hash: 'f'.repeat(64) };
    expect(keeper.fork('ledger', head).ok).toBe(true);
    expect(keeper.fork('ledger', head)).toMatchObject({ ok: false, problem: { code: 'platform.fork' } });
    rig.clock.advance(600_000);
    expect(keeper.fork('ledger', head).ok).toBe(true);
  });

  it('gives up the queue numbers leased to the old name', async () => {
    const keeper = await keep();
    const block = { block: 'b', queue: 'health', prefix: 'C', first: 1, last: 9, day: '2026-01-05' };
    keeper.ledger.tickets.store(block);
    keeper.fork('ledger', { seq: 9, hash: 'f'.repeat(64) });
    expect(keeper.ledger.tickets.remaining('health', '2026-01-05')).toBe(0);
  });
});

describe('a disk that fills up', () => {
  it('closes what is paid first, then everything, and opens again by itself', async () => {
    let free = 1_000;
    const keeper = await keep({ freeBytes: () => free * MIB });
    const at = async (mebibytes: number) => {
      free = mebibytes;
      await rig.clock.run(2_000);
      return [keeper.closedFor('all'), keeper.closedFor('paid'), keeper.hasRoomForMedia()];
    };
    expect(await at(1_000)).toEqual([undefined, undefined, true]);
    expect(await at(400)).toEqual([undefined, undefined, false]);
    expect(await at(200)).toEqual([undefined, 'disk.low', false]);
    expect(await at(50)).toEqual(['disk.full', 'disk.full', false]);
    expect(await at(1_000)).toEqual([undefined, undefined, true]);
    const audited = keeper.ledger.outbox.pending(9, 'audit').records.map(({ event }) => event);
    expect(audited).toMatchObject(Array(4).fill({ action: 'disk.ladder' }));
    expect(problems.map(({ code }) => code)).toEqual(['disk.low', 'disk.full']);
  });
});

/** Methods of a class keep their owner. */
function spread(keeper: LedgerKeeper) {
  const fork: LedgerKeeper['fork'] = (stream, head) => keeper.fork(stream, head);
  return { ledger: keeper.ledger, fork };
}
