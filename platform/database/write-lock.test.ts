/** Whose turn it is to write. */
import { describe, expect, it } from 'vitest';
import { nextTurn } from '../next-turn.system.ts';
import { createSharedTurn, createWriteLock } from './write-lock.ts';

describe('the lock', () => {
  it('is given to one at a time, in the order of asking', async () => {
    const lock = createWriteLock();
    const done: string[] = [];
    async function work(name: string): Promise<void> {
      const unlock = await lock.take();
      done.push(`${name} begins`);
      await nextTurn();
      done.push(`${name} ends`);
      unlock();
    }
    await Promise.all(['a', 'b', 'c'].map(work));
    expect(done).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('given back twice by one is not taken from the next', async () => {
    const lock = createWriteLock();
    const unlock = await lock.take();
    const second = lock.take();
    unlock();
    unlock();
    await second;
    let isThird = false;
    void lock.take().then(() => (isThird = true));
    await nextTurn();
    expect(isThird).toBe(false);
    expect(lock.isWanted).toBe(true);
  });

  it('is free again when all are done', async () => {
    const lock = createWriteLock();
    (await lock.take())();
    (await lock.take())();
    expect(lock.isWanted).toBe(false);
  });
});

describe('a shared turn', () => {
  it('lets whoever comes meanwhile join, and ends with the last', async () => {
    const lock = createWriteLock();
    const turn = createSharedTurn(lock);
    const leaveFirst = await turn.enter();
    const leaveSecond = await turn.enter();
    const other = lock.take();
    leaveFirst();
    let isOther = false;
    void other.then(() => (isOther = true));
    await nextTurn();
    expect(isOther).toBe(false);
    leaveSecond();
    await nextTurn();
    expect(isOther).toBe(true);
  });

  it('lets nobody join once another waits, however many come', async () => {
    const lock = createWriteLock();
    const turn = createSharedTurn(lock);
    const order: string[] = [];
    const leaveFirst = await turn.enter();
    const other = lock.take().then((unlock) => {
      order.push('other');
      unlock();
    });
    const late = turn.enter().then((leave) => {
      order.push('late');
      leave();
    });
    leaveFirst();
    await Promise.all([other, late]);
    expect(order).toEqual(['other', 'late']);
  });
});
