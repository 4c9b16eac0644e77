/**
 * Which streams stand further than the watch has read them. The heads are gone through in slices, so that no single statement
 * of a platform with tens of thousands of terminals keeps everybody else waiting.
 */
import type { PlatformDatabase } from '../database/tables.ts';
import { nextTurn } from '../next-turn.system.ts';

/** Two to three milliseconds of an embedded database. */
const TERMINALS_A_SLICE = 500;

export interface Moved {
  readonly terminal_id: string;
  readonly incarnation: string;
  readonly stream: string;
  readonly seq: number;
  /** As far as it was read; null when it was not read yet. */
  readonly known_seq: number | null;
}

/** Slice after slice, each of whole terminals; those in which nothing has moved are passed over. */
export async function* readMoved(database: PlatformDatabase): AsyncGenerator<readonly Moved[], void> {
  let from = '';
  for (;;) {
    const to = await endOfSlice(database, from);
    const moved = await movedBetween(database, from, to);
    if (moved.length > 0) yield moved;
    if (to === undefined) return;
    from = to;
    await nextTurn();
  }
}

/** Nothing when `from` is followed by one slice and no more. */
async function endOfSlice(database: PlatformDatabase, from: string): Promise<string | undefined> {
  const row = await database
    .selectFrom('heads')
    .select('terminal_id')
    .distinct()
    .where('terminal_id', '>', from)
    .orderBy('terminal_id')
    .offset(TERMINALS_A_SLICE - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.terminal_id;
}

/** The lossy stream keeps no records. */
async function movedBetween(
  database: PlatformDatabase,
  from: string,
  to: string | undefined,
): Promise<readonly Moved[]> {
  return database
    .selectFrom('heads')
    .leftJoin('watch_cursors', (join) =>
      join
        .onRef('watch_cursors.terminal_id', '=', 'heads.terminal_id')
        .onRef('watch_cursors.incarnation', '=', 'heads.incarnation')
        .onRef('watch_cursors.stream', '=', 'heads.stream'),
    )
    .select(['heads.terminal_id', 'heads.incarnation', 'heads.stream', 'heads.seq', 'watch_cursors.seq as known_seq'])
    .where('heads.terminal_id', '>', from)
    .$if(to !== undefined, (slice) => slice.where('heads.terminal_id', '<=', to ?? ''))
    .where('heads.stream', '!=', 'metrics')
    .where((row) => row.or([row('watch_cursors.seq', 'is', null), row('heads.seq', '>', row.ref('watch_cursors.seq'))]))
    .orderBy('heads.terminal_id')
    .execute();
}
