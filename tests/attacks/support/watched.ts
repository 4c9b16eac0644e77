/**
 * The platform looks at what has arrived for some seconds more (`platform/ops/watch.ts`): whoever measures what comes next waits
 * until it has seen all, and whoever measures what records cost counts that too.
 */
import SqliteDatabase from 'better-sqlite3';
import { pause } from '../../../contract/clock.ts';
import { systemClock } from '../../../contract/clock.system.ts';

const LOOK_MS = 250;
const LONGEST_MS = 120_000;
const LEFT = `SELECT count(*) FROM heads LEFT JOIN watch_cursors USING (terminal_id, incarnation, stream)
  WHERE stream != 'metrics' AND (watch_cursors.seq IS NULL OR watch_cursors.seq < heads.seq)`;

/** `path` is the SQLite file of a platform that runs. Rejects when it does not get there within two minutes. */
export async function untilWatched(path: string): Promise<void> {
  const database = new SqliteDatabase(path, { readonly: true });
  try {
    const left = database.prepare(LEFT).pluck();
    const beganMs = systemClock.now();
    while (left.get() !== 0) {
      if (systemClock.now() - beganMs > LONGEST_MS) throw new Error('the platform has not looked at all that arrived');
      await pause(systemClock, LOOK_MS);
    }
  } finally {
    database.close();
  }
}
