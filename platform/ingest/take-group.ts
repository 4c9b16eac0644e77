/**
 * One commit for a group of batches, of one terminal or of many: turns are taken, everything known is read, everything is
 * decided, everything is written. A refusal is decided before anything is written, so it never takes a neighbour with it.
 */
import type { PlatformDatabase } from '../database/tables.ts';
import { takeTurns } from '../database/turns.ts';
import { mayRepeat } from '../database/database-faults.ts';
import { decide, type Decision } from './decide.ts';
import type { Arrival } from './ingest.types.ts';
import { readKnown } from './read-known.ts';
import { writeDraft } from './write-draft.ts';

/** How often a group is tried when two nodes stood in each other's way. */
const TRIES = 4;

/**
 * One answer for each arrival. Rejects when nothing of the group is stored, or when it is not known. `onWritten` is called
 * before each commit, which may be tried again.
 */
export async function takeGroup(
  database: PlatformDatabase,
  arrivals: readonly Arrival[],
  onWritten?: () => void,
): Promise<readonly Decision[]> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await commitGroup(database, arrivals, onWritten);
    } catch (error) {
      if (left <= 1 || !mayRepeat(error)) throw error;
    }
  }
}

function commitGroup(
  database: PlatformDatabase,
  arrivals: readonly Arrival[],
  onWritten?: () => void,
): Promise<readonly Decision[]> {
  return database.transaction().execute(async (commit) => {
    await takeTurns(
      commit,
      arrivals.map(({ terminal }) => terminal),
    );
    const draft = await readKnown(commit, arrivals);
    const decisions = arrivals.map((arrival) => decide(draft, arrival));
    await writeDraft(commit, draft);
    onWritten?.();
    return decisions;
  });
}
