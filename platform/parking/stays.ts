/** The car parks' gates: cars that stand in them. */
import type { PlatformContext } from '../context.ts';
import type { Commit } from '../database/tables.ts';

const KEEP_MS = 12 * 3_600_000;

export interface Arrival {
  readonly plate: string;
  readonly place: string;
  /** How long ago it came in. */
  readonly parkedMinutes: number;
}

/** A car comes in; one that seemed to be in still has left unseen. False when there is no such car park. */
export async function arrive(context: PlatformContext, arrival: Arrival): Promise<boolean> {
  if (!context.tariff.places.some((place) => place.id === arrival.place)) return false;
  await context.database.transaction().execute((commit) => enter(commit, context.clock.wallMs(), arrival));
  return true;
}

/** Seeded cars that are not in yet, or have been in for longer than a demonstration lasts, come in now. */
export async function seedStays(context: PlatformContext): Promise<void> {
  const nowMs = context.clock.wallMs();
  for (const arrival of context.seed.stays) {
    await context.database.transaction().execute(async (commit) => {
      const open = await commit
        .selectFrom('stays')
        .select('entered_ms')
        .where('plate', '=', arrival.plate)
        .where('left_ms', 'is', null)
        .executeTakeFirst();
      if (!open || nowMs - open.entered_ms > KEEP_MS + arrival.parkedMinutes * 60_000) {
        await enter(commit, nowMs, arrival);
      }
    });
  }
}

async function enter(commit: Commit, nowMs: number, arrival: Arrival): Promise<void> {
  await commit
    .updateTable('stays')
    .set({ left_ms: nowMs })
    .where('plate', '=', arrival.plate)
    .where('left_ms', 'is', null)
    .execute();
  await commit
    .insertInto('stays')
    .values({
      plate: arrival.plate,
      place: arrival.place,
      entered_ms: nowMs - arrival.parkedMinutes * 60_000,
      left_ms: null,
    })
    // another node has just let it in
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
