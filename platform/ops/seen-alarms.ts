/** A person has looked at what stands behind an alarm that does not end by itself. What comes later counts anew. */
import Type, { type Static } from 'typebox';
import type { PlatformContext } from '../context.ts';
import { StaffName } from './staff-name.schema.ts';

export const SeenAlarmRequest = Type.Object(
  { by: StaffName, alarm: Type.Enum(['chain.fork', 'invariant.broken', 'record.parked']) },
  { additionalProperties: false },
);
export type SeenAlarmRequest = Static<typeof SeenAlarmRequest>;

/** False when there is no such terminal. */
export async function markSeen(
  { database, clock }: PlatformContext,
  terminal: string,
  { by, alarm }: SeenAlarmRequest,
): Promise<boolean> {
  const known = await database
    .selectFrom('terminals')
    .select('terminal_id')
    .where('terminal_id', '=', terminal)
    .executeTakeFirst();
  if (!known) return false;
  const seen = { seen_by: by, seen_ms: clock.wallMs() };
  await database
    .insertInto('seen_alarms')
    .values({ terminal_id: terminal, alarm, ...seen })
    .onConflict((conflict) => conflict.columns(['terminal_id', 'alarm']).doUpdateSet(seen))
    .execute();
  return true;
}
