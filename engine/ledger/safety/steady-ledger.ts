/**
 * A ledger that outlives its file. Everything in the engine holds this one; what lies behind it is replaced when a write or a
 * sync has failed, because after that the file must be opened and checked again before it is believed (money-and-sync 1.7).
 * Until then a call answers `ledger.unsafe`, or that nothing is there, and no call throws for the sake of the disk.
 */
import { SqliteError } from 'better-sqlite3';
import { fail, ok, problem, type Problem, type Result } from '../../../contract/outcome.schema.ts';
import type { Ledger } from '../ledger.ts';
import { ZERO_HASH } from '../record-hash.ts';
import { newTxn } from '../txn.fold.ts';

export interface SteadyLedger {
  readonly ledger: Ledger;
  /** Lets the file go, opens it by `open` and goes on with what that gives; stays let go when it is refused. */
  replace(open: () => Promise<Result<Ledger>>): Promise<Result<undefined>>;
  /** The same in one turn. */
  replaceNow(open: () => Result<Ledger>): Result<undefined>;
}

export interface SteadyHooks {
  /** A write or sync failed, or a page could not be read: heard once until the file is replaced. */
  readonly onBroken: (problem: Problem) => void;
  /** Nothing was written for want of room; true when there is some now, and the same is tried once more. */
  readonly onFull: () => boolean;
}

export function createSteadyLedger(first: Ledger, hooks: SteadyHooks): SteadyLedger {
  let current = first;
  let isOpen = true;
  let isBroken = false;

  function broke(why: Problem): void {
    if (isBroken) return;
    isBroken = true;
    hooks.onBroken(why);
  }

  function judged(answer: unknown, call: () => unknown): unknown {
    const refused = refusalOf(answer);
    if (refused?.code === 'ledger.full' && hooks.onFull()) return call();
    if (isOpen && (refused?.code === 'ledger.unsafe' || refused?.code === 'ledger.corrupt')) broke(refused);
    return answer;
  }

  function guarded(name: string, call: () => unknown): unknown {
    try {
      const answer = isOpen ? call() : closedAnswer(name, call);
      return answer instanceof Promise ? answer.then((later) => judged(later, call)) : judged(answer, call);
    } catch (error) {
      if (!(error instanceof SqliteError)) throw error;
      broke(problem('ledger.unsafe', error.code));
      return emptyAnswer(name);
    }
  }

  return {
    ledger: standIn(() => current, guarded),
    async replace(open) {
      letGo();
      return goOn(await open());
    },
    replaceNow(open) {
      letGo();
      return goOn(open());
    },
  };

  function letGo(): void {
    if (isOpen) closeQuietly(current);
    isOpen = false;
  }

  function goOn(next: Result<Ledger>): Result<undefined> {
    if (!next.ok) return next;
    current = next.value;
    isOpen = true;
    isBroken = false;
    return ok(undefined);
  }
}

type Guard = (name: string, call: () => unknown) => unknown;

/** Same shape; every call goes to what `get` gives at that moment. */
function standIn<Part extends object>(get: () => Part, guard: Guard): Part {
  const parts: PropertyDescriptorMap = {};
  for (const [name, value] of Object.entries(get())) {
    const read = (): unknown => (get() as Record<string, unknown>)[name];
    if (typeof value === 'function') {
      const call = (...args: readonly unknown[]): unknown =>
        guard(name, () => (read() as (...all: readonly unknown[]) => unknown)(...args));
      parts[name] = { value: call, enumerable: true };
    } else if (typeof value === 'object' && value !== null) {
      parts[name] = { value: standIn(() => read() as object, guard), enumerable: true };
    } else {
      parts[name] = { get: read, enumerable: true };
    }
  }
  return Object.defineProperties({}, parts) as Part;
}

/** Numbers are counted in memory and go on; whatever would touch the file does not. */
function closedAnswer(name: string, call: () => unknown): unknown {
  return name.startsWith('new') ? call() : emptyAnswer(name);
}

const NO_HEAD = { seq: 0, hash: ZERO_HASH };
const EMPTY: Readonly<Record<string, () => unknown>> = {
  pending: () => ({ prevHash: ZERO_HASH, records: [] }),
  unacknowledged: () => 0,
  oldestUnacknowledgedAt: () => undefined,
  predecessor: () => undefined,
  head: () => ({ written: NO_HEAD, acknowledged: NO_HEAD }),
  bytes: () => 0,
  openTxns: () => [],
  cases: () => [],
  txn: () => newTxn('closed'),
  remaining: () => 0,
  get: () => undefined,
  activePublication: () => undefined,
  allPublications: () => [],
  // nothing is fetched that could not be kept
  wasRefused: () => true,
  claim: () => false,
  waiting: () => 0,
  unsent: () => [],
  find: () => undefined,
  readPart: () => undefined,
  // nothing is known against it
  isWhole: () => true,
  close: () => undefined,
};

function emptyAnswer(name: string): unknown {
  const empty = EMPTY[name];
  if (empty) return empty();
  const refused = fail('ledger.unsafe', 'the database is being opened again');
  return name.endsWith('Soon') || name === 'copyTo' ? Promise.resolve(refused) : refused;
}

function refusalOf(answer: unknown): Problem | undefined {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer) || answer.ok !== false) return undefined;
  return (answer as { readonly problem?: Problem }).problem;
}

function closeQuietly(ledger: Ledger): void {
  try {
    ledger.close();
  } catch {
    // a file that cannot even be closed is let go with its handle
  }
}
