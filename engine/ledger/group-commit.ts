/**
 * Many waiting callers, one commit: what gathers in a turn is written together, so that each pays a share of the sync. A
 * commit takes so many at most that no turn works longer than a few milliseconds; the rest waits for the next turn.
 */
import type { Clock } from '../../contract/clock.ts';
import { ok, type Result } from '../../contract/outcome.schema.ts';

const MAX_ENTRIES = 64;

export interface GroupWriter<Entry, Ready, Value> {
  /** Of two entries with the same key the second is written in a later commit: it stands on the first. */
  keyOf(entry: Entry): string;
  /** As it is to be written next. Throws when it must not be: that caller's bug, and nobody else's. */
  prepare(entry: Entry): Ready;
  /** One commit: a value for each, or all refused and nothing written. */
  write(entries: readonly Ready[]): Result<readonly Value[]>;
}

/** Resolves when the entry is durable, or refused; rejects with what `prepare` or `write` threw. */
export type AddToGroup<Entry, Value> = (entry: Entry) => Promise<Result<Value>>;

interface Waiting<Entry, Value> {
  readonly entry: Entry;
  resolve(result: Result<Value>): void;
  reject(error: unknown): void;
}

export function createGroupCommit<Entry, Ready, Value>(
  clock: Clock,
  writer: GroupWriter<Entry, Ready, Value>,
): AddToGroup<Entry, Value> {
  let queue: Waiting<Entry, Value>[] = [];
  let isDue = false;

  function schedule(): void {
    if (isDue || queue.length === 0) return;
    isDue = true;
    clock.after(0, () => {
      isDue = false;
      const { group, rest } = takeGroup(queue, writer);
      queue = rest;
      // first, so that whoever is answered and asks again finds the next turn taken
      schedule();
      commitGroup(writer, group);
    });
  }

  return (entry) =>
    new Promise((resolve, reject) => {
      queue.push({ entry, resolve, reject });
      schedule();
    });
}

type KeyOf<Entry> = Pick<GroupWriter<Entry, unknown, unknown>, 'keyOf'>;

function takeGroup<Entry, Value>(queue: readonly Waiting<Entry, Value>[], writer: KeyOf<Entry>) {
  const group: Waiting<Entry, Value>[] = [];
  const rest: Waiting<Entry, Value>[] = [];
  const keys = new Set<string>();
  for (const waiting of queue) {
    const key = writer.keyOf(waiting.entry);
    if (group.length >= MAX_ENTRIES || keys.has(key)) {
      rest.push(waiting);
    } else {
      keys.add(key);
      group.push(waiting);
    }
  }
  return { group, rest };
}

function commitGroup<Entry, Ready, Value>(
  writer: GroupWriter<Entry, Ready, Value>,
  group: readonly Waiting<Entry, Value>[],
): void {
  const good: Waiting<Entry, Value>[] = [];
  const ready: Ready[] = [];
  for (const waiting of group) {
    try {
      ready.push(writer.prepare(waiting.entry));
      good.push(waiting);
    } catch (error) {
      waiting.reject(error);
    }
  }
  if (good.length === 0) return;
  try {
    const written = writer.write(ready);
    if (written.ok) for (const [index, { resolve }] of good.entries()) resolve(ok(written.value[index] as Value));
    else if (good.length === 1) for (const { resolve } of good) resolve(written);
    // what one of them asks too much must not take the others down
    else for (const waiting of good) commitGroup(writer, [waiting]);
  } catch (error) {
    for (const { reject } of good) reject(error);
  }
}
