/** Who shares a commit with whom, and how long anybody waits for it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { openDatabase } from '../database/open-database.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { batchOf, bodyOf, rated, recordsOf } from '../test-support/ledger.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { createGroupStore } from './group-store.ts';
import type { GroupStore, Outcome, SentBatch } from './ingest.types.ts';
import { nextTurn } from '../next-turn.system.ts';

let database: PlatformDatabase;
let clock: SimulatedClock;
let groups: GroupCommit;
let stored: number[];
beforeEach(async () => {
  database = await openDatabase({ sqlitePath: ':memory:' });
  clock = new SimulatedClock();
  stored = [];
  groups = createGroupCommit(createGroupStore(database), {
    lanes: 1,
    clock,
    onStored: (batches) => void stored.push(batches),
  });
});
afterEach(() => database.destroy());

function sentBy(terminal: string): SentBatch {
  return { terminal, stream: 'ledger', body: bodyOf(batchOf(recordsOf([rated(5)]))), receivedMs: 1_767_571_200_000 };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

describe('a batch', () => {
  it('waits for nobody when nobody is coming', async () => {
    await groups.take(sentBy('kiosk-1'));
    await turns();
    expect(stored).toEqual([1]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('shares its commit with one that was let in before it and comes in time', async () => {
    const arrived = groups.expect();
    const first = groups.take(sentBy('kiosk-1'));
    await turns();
    expect(stored).toEqual([]);
    const second = groups.take(sentBy('kiosk-2'));
    arrived();
    await Promise.all([first, second]);
    await turns();
    expect(stored).toEqual([2]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not wait for longer than a moment for one that does not come', async () => {
    groups.expect();
    const taken = groups.take(sentBy('kiosk-1'));
    await turns();
    expect(stored).toEqual([]);
    clock.advance(5);
    await taken;
    await turns();
    expect(stored).toEqual([1]);
  });
});

describe('the next group', () => {
  it('is given when only the commit of the one before it is left', async () => {
    const given: { readonly names: readonly string[]; readonly written: () => void; readonly answer: () => void }[] =
      [];
    const store: GroupStore = {
      store(group, onWritten = () => undefined) {
        const { promise, resolve } = Promise.withResolvers<readonly Outcome[]>();
        const answer = (): void => resolve(group.map(() => ({ kind: 'unreadable', detail: '' })));
        given.push({ names: group.map(({ terminal }) => terminal), written: onWritten, answer });
        return promise;
      },
      close: () => Promise.resolve(),
    };
    const tookMs: number[] = [];
    groups = createGroupCommit(store, { lanes: 1, clock, onStored: (_, took) => void tookMs.push(took) });
    const first = groups.take(sentBy('kiosk-1'));
    await turns();
    const others = ['kiosk-2', 'kiosk-3'].map((terminal) => groups.take(sentBy(terminal)));
    await turns();
    expect(given.map(({ names }) => names)).toEqual([['kiosk-1']]);
    clock.advance(10);
    given[0]?.written();
    await turns();
    expect(given.map(({ names }) => names)).toEqual([['kiosk-1'], ['kiosk-2', 'kiosk-3']]);
    clock.advance(5);
    given[0]?.answer();
    await first;
    await turns();
    clock.advance(7);
    given[1]?.answer();
    await Promise.all(others);
    await turns();
    // the second one's time begins when the first one's has ended
    expect(tookMs).toEqual([15, 7]);
  });
});
