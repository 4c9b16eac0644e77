/** How many people wait in each queue today. */
import type { HeartbeatReply } from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import { localDay } from '../local-time.ts';

export async function readQueueLengths(context: PlatformContext): Promise<HeartbeatReply['queues']> {
  const day = localDay(context.clock.wallMs());
  const days = await context.database.selectFrom('queue_days').selectAll().where('day', '=', day).execute();
  const issued = await context.database
    .selectFrom('tickets')
    .select((select) => ['queue', select.fn.countAll<number>().as('count')])
    .where('day', '=', day)
    .groupBy('queue')
    .execute();
  return context.queues.map(({ id, opensAt }) => {
    const row = days.find((candidate) => candidate.queue === id);
    const fromKiosks = issued.find((candidate) => candidate.queue === id)?.count ?? 0;
    const ahead = (row?.desk_issued ?? 0) + fromKiosks - (row?.called ?? 0);
    return { queue: id, ahead: Math.max(0, ahead), opensAt };
  });
}

/** The window called the next person. */
export async function callNext(context: PlatformContext, queue: string): Promise<boolean> {
  if (!context.queues.some((candidate) => candidate.id === queue)) return false;
  const day = localDay(context.clock.wallMs());
  await context.database
    .insertInto('queue_days')
    .values({ queue, day, next_number: 1, desk_issued: 0, called: 1 })
    .onConflict((conflict) =>
      conflict.columns(['queue', 'day']).doUpdateSet((set) => ({ called: set('queue_days.called', '+', 1) })),
    )
    .execute();
  return true;
}

/** People who got their number at the desk; once per day, so that a restart does not add them again. */
export async function seedWaiting(context: PlatformContext): Promise<void> {
  const day = localDay(context.clock.wallMs());
  for (const { queue, people } of context.seed.waiting) {
    await context.database
      .insertInto('queue_days')
      .values({ queue, day, next_number: 1, desk_issued: people, called: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}
