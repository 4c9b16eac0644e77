/**
 * A terminal's turn: the row that whoever changes anything of it holds until the commit, so that any number of nodes, and two
 * incarnations of one terminal, come one after the other. An upsert and not FOR UPDATE: that would not span the shards of a
 * distributed database. More than one turn is taken in the order of the terminals, always, so that nobody waits in a ring.
 */
import { isPostgres } from './row-sets.ts';
import type { Commit } from './tables.ts';

export async function takeTurn(commit: Commit, terminalId: string): Promise<void> {
  await takeTurns(commit, [terminalId]);
}

export async function takeTurns(commit: Commit, terminalIds: readonly string[]): Promise<void> {
  // the embedded database has one connection: its commits come one after the other anyway
  if (!isPostgres(commit)) return;
  await commit
    .insertInto('turns')
    .values([...new Set(terminalIds)].toSorted().map((terminal_id) => ({ terminal_id, turn: 1 })))
    .onConflict((conflict) =>
      conflict.column('terminal_id').doUpdateSet((set) => ({ turn: set('turns.turn', '+', 1) })),
    )
    .execute();
}
