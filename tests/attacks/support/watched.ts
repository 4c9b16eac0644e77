/**
 * The platform looks at what has arrived for some seconds more: whoever measures what comes next waits until it has seen all, and
 * whoever measures what records cost counts that too.
 */
import { pause } from '../../../contract/clock.ts';
import { systemClock } from '../../../contract/clock.system.ts';
import { openDatabase } from '../../../platform/database/open-database.ts';
import { readMoved } from '../../../platform/ops/moved-streams.ts';

const LOOK_MS = 250;
const LONGEST_MS = 120_000;

/** Of a platform that runs on the SQLite file at `sqlitePath`. Rejects when it does not get there within two minutes. */
export async function untilWatched(sqlitePath: string): Promise<void> {
  const database = await openDatabase({ sqlitePath });
  try {
    const beganMs = systemClock.now();
    while ((await readMoved(database).next()).done !== true) {
      if (systemClock.now() - beganMs > LONGEST_MS) throw new Error('the platform has not looked at all that arrived');
      await pause(systemClock, LOOK_MS);
    }
  } finally {
    await database.destroy();
  }
}
