import { describe, expect, it } from 'vitest';
import { isUnavailable } from './database-faults.ts';
import { openLogSync } from './log-sync.system.ts';

/** A file whose syncs end when the test says so. */
function openSlowly() {
  const done: ((error: Error | null) => void)[] = [];
  const closed: number[] = [];
  const log = openLogSync('/data/platform.sqlite', {
    open: (path) => (path === '/data/platform.sqlite-wal' ? 7 : -1),
    sync: (file, end) => void (file === 7 && done.push(end)),
    close: (file) => void closed.push(file),
  });
  return { log, done, closed };
}

async function stateOf(promise: Promise<void>): Promise<string> {
  const later = new Promise<string>((resolve) => void setImmediate(() => resolve('waiting')));
  const ended = promise.then(
    () => 'synced',
    () => 'failed',
  );
  return Promise.race([ended, later]);
}

describe('a commit', () => {
  it('that came while a sync was under way waits for the next one', async () => {
    const { log, done } = openSlowly();
    const first = log.synced();
    const second = log.synced();
    done[0]?.(null);
    expect(await stateOf(first)).toBe('synced');
    expect(await stateOf(second)).toBe('waiting');
    expect(done).toHaveLength(2);
    done[1]?.(null);
    expect(await stateOf(second)).toBe('synced');
  });

  it('shares its sync with all who came since the last one began', async () => {
    const { log, done } = openSlowly();
    const all = [log.synced(), log.synced(), log.synced(), log.synced()];
    done[0]?.(null);
    await all[0];
    done[1]?.(null);
    await Promise.all(all);
    expect(done).toHaveLength(2);
  });

  it('that comes when none is under way begins one', async () => {
    const { log, done } = openSlowly();
    const first = log.synced();
    done[0]?.(null);
    await first;
    const second = log.synced();
    expect(await stateOf(second)).toBe('waiting');
    done[1]?.(null);
    expect(await stateOf(second)).toBe('synced');
  });
});

describe('a sync that fails', () => {
  it('fails for all who wait and for whoever comes later, though the disk would say yes', async () => {
    const { log, done } = openSlowly();
    const first = log.synced();
    const second = log.synced();
    done[0]?.(new Error('EIO'));
    await expect(first).rejects.toThrow('start again');
    await expect(second).rejects.toThrow('start again');
    await expect(log.synced()).rejects.toThrow('start again');
    expect(done).toHaveLength(1);
  });

  it('is told as a database that cannot store now', async () => {
    const { log, done } = openSlowly();
    const told = log.synced().catch((error: unknown) => error);
    done[0]?.(new Error('EIO'));
    expect(isUnavailable(await told)).toBe(true);
  });
});

it('closes the file after the sync that is under way', async () => {
  const { log, done, closed } = openSlowly();
  void log.synced();
  const closing = log.close();
  expect(await stateOf(closing)).toBe('waiting');
  expect(closed).toEqual([]);
  done[0]?.(null);
  await closing;
  expect(closed).toEqual([7]);
});

it('tells of a log that is not there', () => {
  expect(() => openLogSync('/nowhere/platform.sqlite')).toThrow('ENOENT');
});
