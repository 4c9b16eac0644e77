/**
 * Batches that are there at the same time share one commit, and so one sync of the disk. Nobody waits for a group to fill: a
 * group is what came while the one before it was written.
 */
import type { Clock } from '../../contract/clock.ts';
import { isUnavailable } from '../database/database-faults.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import type { Decision } from './decide.ts';
import type { Arrival } from './ingest.types.ts';
import { nextTurn } from './next-turn.system.ts';
import { takeGroup } from './take-group.ts';

export interface GroupCommit {
  /** Rejects when the database cannot store it now, or by a bug; then nothing of it is acknowledged. */
  take(arrival: Arrival): Promise<Decision>;
}

/** One commit stays short, so that the next one does not wait long. */
const MOST_BATCHES = 64;
const MOST_RECORDS = 3_000;

interface Waiting {
  readonly arrival: Arrival;
  readonly resolve: (decision: Decision) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommitOptions {
  /** Groups that may be on their way at once: one for SQLite, which has one writer; a few for a server. */
  readonly lanes: number;
  readonly clock: Clock;
  readonly onStored: (batches: number, tookMs: number) => void;
}

export function createGroupCommit(database: PlatformDatabase, options: GroupCommitOptions): GroupCommit {
  const { lanes, clock, onStored } = options;
  const waiting: Waiting[] = [];
  let running = 0;

  async function run(): Promise<void> {
    running += 1;
    // those that arrived together have to be read first
    await nextTurn();
    while (waiting.length > 0) {
      const group = nextGroup(waiting);
      const beganMs = clock.now();
      await store(database, group);
      onStored(group.length, clock.now() - beganMs);
      await nextTurn();
    }
    running -= 1;
  }

  return {
    take(arrival) {
      return new Promise((resolve, reject) => {
        waiting.push({ arrival, resolve, reject });
        if (running < lanes) void run();
      });
    },
  };
}

function nextGroup(waiting: Waiting[]): readonly Waiting[] {
  let records = 0;
  let length = 0;
  for (const { arrival } of waiting) {
    records += arrival.batch.records.length;
    if (length > 0 && (length === MOST_BATCHES || records > MOST_RECORDS)) break;
    length += 1;
  }
  return waiting.splice(0, length);
}

/** Never rejects. A bug that one batch sets off falls back on that batch alone. */
async function store(database: PlatformDatabase, group: readonly Waiting[]): Promise<void> {
  try {
    const decisions = await takeGroup(
      database,
      group.map(({ arrival }) => arrival),
    );
    for (const [index, { resolve, reject }] of group.entries()) {
      const decision = decisions[index];
      if (decision) resolve(decision);
      else reject(new Error('a batch was not decided'));
    }
  } catch (error) {
    if (group.length === 1 || isUnavailable(error)) for (const { reject } of group) reject(error);
    else for (const one of group) await store(database, [one]);
  }
}
