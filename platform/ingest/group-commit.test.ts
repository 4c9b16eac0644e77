/** Who shares a commit with whom, and how long anybody waits for it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { openDatabase } from '../database/open-database.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { batchOf, rated, recordsOf } from '../test-support/ledger.ts';
import { checkChain } from './chain.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import type { Arrival } from './ingest.types.ts';
import { nextTurn } from './next-turn.system.ts';

let database: PlatformDatabase;
let clock: SimulatedClock;
let groups: GroupCommit;
let stored: number[];
beforeEach(async () => {
  database = await openDatabase({ sqlitePath: ':memory:' });
  clock = new SimulatedClock();
  stored = [];
  groups = createGroupCommit(database, { lanes: 1, clock, onStored: (batches) => void stored.push(batches) });
});
afterEach(() => database.destroy());

function arrivalOf(terminal: string): Arrival {
  const batch = batchOf(recordsOf([rated(5)]));
  const chain = checkChain(batch);
  if (!chain.ok) throw new Error('tests make whole batches');
  return { terminal, stream: 'ledger', batch, texts: chain.texts, receivedMs: 1_767_571_200_000 };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

describe('a batch', () => {
  it('waits for nobody when nobody is coming', async () => {
    await groups.take(arrivalOf('kiosk-1'));
    await turns();
    expect(stored).toEqual([1]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('shares its commit with one that was let in before it and comes in time', async () => {
    const arrived = groups.expect();
    const first = groups.take(arrivalOf('kiosk-1'));
    await turns();
    expect(stored).toEqual([]);
    const second = groups.take(arrivalOf('kiosk-2'));
    arrived();
    await Promise.all([first, second]);
    await turns();
    expect(stored).toEqual([2]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not wait for longer than a moment for one that does not come', async () => {
    groups.expect();
    const taken = groups.take(arrivalOf('kiosk-1'));
    await turns();
    expect(stored).toEqual([]);
    clock.advance(5);
    await taken;
    await turns();
    expect(stored).toEqual([1]);
  });
});
