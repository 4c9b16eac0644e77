/** Three faces that were not live, or three wrong codes, within ten minutes: face and code rest, and the owner is told (A04). */
import type { Commit } from '../database/tables.ts';

export const PAUSE_MS = 10 * 60_000;
const LIMIT = 3;

export async function isPaused(commit: Commit, nowMs: number, resident: string): Promise<boolean> {
  return (await recentFailures(commit, nowMs, resident)) >= LIMIT;
}

/** True when this one was the last that was allowed. */
export async function noteFailure(
  commit: Commit,
  nowMs: number,
  resident: string,
  kind: 'notLive' | 'wrongCode',
): Promise<boolean> {
  await commit.insertInto('identity_failures').values({ resident, kind, at_ms: nowMs }).execute();
  if (!(await isPaused(commit, nowMs, resident))) return false;
  await commit.insertInto('owner_notices').values({ resident, kind: 'paused', at_ms: nowMs }).execute();
  return true;
}

/** Whoever proves to be the owner has a clean slate. */
export async function forgetFailures(commit: Commit, resident: string): Promise<void> {
  await commit.deleteFrom('identity_failures').where('resident', '=', resident).execute();
}

async function recentFailures(commit: Commit, nowMs: number, resident: string): Promise<number> {
  const rows = await commit
    .selectFrom('identity_failures')
    .select('failure')
    .where('resident', '=', resident)
    .where('at_ms', '>', nowMs - PAUSE_MS)
    .execute();
  return rows.length;
}
