/**
 * Batches that are there at the same time share one commit, and so one sync of the disk. Nobody waits for a group to fill: a
 * group is what came while the one before it was written, and those that were let in and are still being read. With one
 * writer it is given to the store while that one is committed.
 */
import type { Clock } from '../../contract/clock.ts';
import { isUnavailable } from '../database/database-faults.ts';
import { createGathering } from './gathering.ts';
import type { GroupStore, Outcome, SentBatch } from './ingest.types.ts';
import { nextTurn } from '../next-turn.system.ts';

export interface GroupCommit {
  /** Rejects when the database cannot store it now, or by a bug; then nothing of it is acknowledged. */
  take(sent: SentBatch): Promise<Outcome>;
  /** A batch is in the house and will be here in a moment; call what is returned once it is, or will not be. */
  expect(): () => void;
}

/** One commit stays short, so that the next one does not wait long. */
const MOST_BATCHES = 64;
const MOST_BYTES = 1_200_000;
/** For those whose body is on its way: a small one is there with its head. Whoever takes longer comes with the next. */
const GATHER_MS = 5;

interface Waiting {
  readonly sent: SentBatch;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommitOptions {
  /**
   * Groups that may be on their way at once: one for SQLite, which has one writer, and gets the next while it commits; a few for
   * a server, and no more than these, so that commits that are slow leave connections for everything else.
   */
  readonly lanes: number;
  readonly clock: Clock;
  readonly onStored: (batches: number, tookMs: number) => void;
}

export function createGroupCommit(groups: GroupStore, options: GroupCommitOptions): GroupCommit {
  const { lanes, clock, onStored } = options;
  const gathering = createGathering(clock, GATHER_MS);
  const waiting: Waiting[] = [];
  let running = 0;
  let answeredMs = Number.NEGATIVE_INFINITY;

  async function gather(): Promise<void> {
    // those that arrived together have to be read first
    await nextTurn();
    if (waiting.length < MOST_BATCHES) await gathering.allHere();
  }

  async function run(): Promise<void> {
    running += 1;
    await gather();
    while (waiting.length > 0) {
      await give(nextGroup(waiting));
      await gather();
    }
    running -= 1;
  }

  /** Resolves when the store takes another group, which may be before this one is answered. */
  function give(group: readonly Waiting[]): Promise<void> {
    const givenMs = clock.now();
    return new Promise((resolve) => {
      void store(groups, group, lanes === 1 ? resolve : undefined).then(() => {
        const nowMs = clock.now();
        // one that had to wait for the one before it took no time meanwhile
        onStored(group.length, nowMs - Math.max(givenMs, answeredMs));
        answeredMs = nowMs;
        resolve();
      });
    });
  }

  return {
    take(sent) {
      return new Promise((resolve, reject) => {
        waiting.push({ sent, resolve, reject });
        if (running < lanes) void run();
      });
    },
    expect: gathering.expect,
  };
}

function nextGroup(waiting: Waiting[]): readonly Waiting[] {
  let bytes = 0;
  let length = 0;
  for (const { sent } of waiting) {
    bytes += sent.body.length;
    if (length > 0 && (length === MOST_BATCHES || bytes > MOST_BYTES)) break;
    length += 1;
  }
  return waiting.splice(0, length);
}

/** Never rejects. A bug that one batch sets off falls back on that batch alone. */
async function store(groups: GroupStore, group: readonly Waiting[], onWritten?: () => void): Promise<void> {
  try {
    const outcomes = await groups.store(
      group.map(({ sent }) => sent),
      onWritten,
    );
    for (const [index, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[index];
      if (outcome) resolve(outcome);
      else reject(new Error('a batch was not answered'));
    }
  } catch (error) {
    if (group.length === 1 || isUnavailable(error)) for (const { reject } of group) reject(error);
    else for (const one of group) await store(groups, [one]);
  }
}
