/** How many people wait in each queue today. */
import type { Clock } from '../../contract/clock.ts';
import type { HeartbeatReply } from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { localDay } from '../local-time.ts';
import type { Queue } from '../platform-data.ts';

export interface QueueLengths {
  /** As they were within the last second; rejects when the database cannot tell now. */
  read(): Promise<HeartbeatReply['queues']>;
  /** Somebody took a number or was called: count again. */
  forget(): void;
}

export interface QueueLengthsOptions {
  readonly database: PlatformDatabase;
  readonly clock: Clock;
  readonly queues: readonly Queue[];
}

/** Other nodes count people, too, and do not tell this one. */
const KNOWN_MS = 1_000;

/** Counted once for all heartbeats of a second. */
export function createQueueLengths(options: QueueLengthsOptions): QueueLengths {
  const { clock } = options;
  let known: { readonly lengths: Promise<HeartbeatReply['queues']>; readonly untilMs: number } | undefined;
  return {
    read() {
      if (known && clock.now() < known.untilMs) return known.lengths;
      const lengths = countLengths(options);
      known = { lengths, untilMs: clock.now() + KNOWN_MS };
      lengths.catch(() => {
        known = undefined;
      });
      return lengths;
    },
    forget() {
      known = undefined;
    },
  };
}

async function countLengths({ database, clock, queues }: QueueLengthsOptions): Promise<HeartbeatReply['queues']> {
  const day = localDay(clock.wallMs());
  const days = await database.selectFrom('queue_days').selectAll().where('day', '=', day).execute();
  const issued = await database
    .selectFrom('tickets')
    .select((select) => ['queue', select.fn.countAll<number>().as('count')])
    .where('day', '=', day)
    .groupBy('queue')
    .execute();
  return queues.map(({ id, opensAt }) => {
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
  context.queueLengths.forget();
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
