/**
 * Looks at what has arrived, in production, all the time: the invariants of money and paper over the platform's own rows, the
 * versions that really run, the answers to what staff asked. Reads each stream by the terminal's own sequence, so that no row
 * that commits late is passed over; any number of nodes may run it, and looking twice finds nothing new.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { checkInvariants, type Violation } from '../../contract/invariants.ts';
import type { Commit, PlatformDatabase } from '../database/tables.ts';
import { nextTurn } from '../next-turn.system.ts';
import { examine, type Audit, type Found, type Moved } from './examine-stream.ts';
import { readInvariantFacts } from './invariant-facts.ts';

/** Streams looked at in one round; what is left is for the next round. */
const STREAMS_A_ROUND = 200;
const CHARGES_A_ROUND = 5_000;
/** A charge that has not ended by now never will by itself (money-and-sync 2.3), so each operation is looked at once more. */
const SECOND_LOOK_MS = 16 * 60_000;

export interface Watch {
  /** Looks now; how many records were new. Rejects when the database cannot be read now. */
  look(): Promise<number>;
  /** From now on, by itself. */
  start(everyMs: number): void;
  /** Resolves when no look is under way. */
  stop(): Promise<void>;
}

export interface WatchOptions {
  readonly database: PlatformDatabase;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

export function createWatch({ database, clock, onFault }: WatchOptions): Watch {
  let timer: TimerHandle | undefined;
  let looking: Promise<number> | undefined;

  async function look(): Promise<number> {
    const nowMs = clock.wallMs();
    const found: Found[] = [];
    for (const head of await readMoved(database)) {
      const one = await examine(database, head, nowMs);
      if (one) found.push(one);
      // the embedded database answers at once: without this nobody else would be served until the round is over
      await nextTurn();
    }
    await keep(database, found, nowMs);
    await lookAgain(database, nowMs);
    return found.reduce((sum, { count }) => sum + count, 0);
  }
  function lookOnce(): Promise<number> {
    looking ??= look().finally(() => (looking = undefined));
    return looking;
  }
  function run(everyMs: number): void {
    timer = clock.after(everyMs, () => {
      lookOnce()
        .catch(onFault)
        .finally(() => {
          if (timer) run(everyMs);
        });
    });
  }
  return {
    look: lookOnce,
    start: run,
    async stop() {
      if (timer) clock.cancel(timer);
      timer = undefined;
      // a look that fails while the platform ends is no fault any more
      await looking?.catch(() => undefined);
    },
  };
}

/** Streams that stand further than was looked at. The lossy one keeps no records. */
export async function readMoved(database: PlatformDatabase): Promise<readonly Moved[]> {
  return database
    .selectFrom('heads')
    .leftJoin('watch_cursors', (join) =>
      join
        .onRef('watch_cursors.terminal_id', '=', 'heads.terminal_id')
        .onRef('watch_cursors.incarnation', '=', 'heads.incarnation')
        .onRef('watch_cursors.stream', '=', 'heads.stream'),
    )
    .select(['heads.terminal_id', 'heads.incarnation', 'heads.stream', 'watch_cursors.seq as known_seq'])
    .where('heads.stream', '!=', 'metrics')
    .where((row) => row.or([row('watch_cursors.seq', 'is', null), row('heads.seq', '>', row.ref('watch_cursors.seq'))]))
    .orderBy('heads.moved_ms')
    .limit(STREAMS_A_ROUND)
    .execute();
}

/** What was found is written together with how far was read, all of it at once: after a crash it is looked at again. */
async function keep(database: PlatformDatabase, found: readonly Found[], nowMs: number): Promise<void> {
  if (found.length === 0) return;
  // always in this order, so that no two nodes wait for each other in a ring
  const sorted = found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await database.transaction().execute(async (commit) => {
    for (const { cursor, violations, audits } of sorted) {
      await keepViolations(commit, cursor.terminal_id, violations, nowMs);
      for (const { event, receivedMs } of audits) await learn(commit, cursor.terminal_id, event, receivedMs);
    }
    await commit
      .insertInto('watch_cursors')
      .values(sorted.map(({ cursor }) => cursor))
      .onConflict((conflict) =>
        conflict
          .columns(['terminal_id', 'incarnation', 'stream'])
          .doUpdateSet((set) => ({ seq: set.ref('excluded.seq') })),
      )
      .execute();
  });
}

function keyOf({ cursor: { terminal_id, incarnation, stream } }: Found): string {
  return [terminal_id, incarnation, stream].join('\n');
}

/** Charges that had time to end, each once more, in the order in which they were heard of. */
async function lookAgain(database: PlatformDatabase, nowMs: number): Promise<void> {
  const { looked_ms: lookedMs } = await database
    .selectFrom('watch_looks')
    .select('looked_ms')
    .executeTakeFirstOrThrow();
  const due = database
    .selectFrom('payments')
    .where('received_ms', '>', lookedMs)
    .where('received_ms', '<=', nowMs - SECOND_LOOK_MS)
    .orderBy('received_ms');
  const nextRound = await due.select('received_ms').offset(CHARGES_A_ROUND).limit(1).executeTakeFirst();
  // those of one instant are looked at together, however many they are
  const untilMs = nextRound?.received_ms ?? nowMs - SECOND_LOOK_MS;
  if (untilMs <= lookedMs) return;
  const rows = await due.select(['terminal_id', 'operation']).where('received_ms', '<=', untilMs).execute();
  const operations = new Map<string, Set<string>>();
  for (const { terminal_id, operation } of rows)
    operations.set(terminal_id, (operations.get(terminal_id) ?? new Set()).add(operation));
  for (const [terminal, own] of operations) {
    const facts = await readInvariantFacts(database, terminal, [...own], nowMs);
    await nextTurn();
    await database.transaction().execute((commit) => keepViolations(commit, terminal, checkInvariants(facts), nowMs));
  }
  await database.updateTable('watch_looks').set({ looked_ms: untilMs }).where('looked_ms', '<', untilMs).execute();
}

async function keepViolations(
  commit: Commit,
  terminal: string,
  violations: readonly Violation[],
  nowMs: number,
): Promise<void> {
  for (const { invariant, operation = '', detail } of violations)
    await commit
      .insertInto('violations')
      .values({ terminal_id: terminal, operation, invariant, detail: detail.slice(0, 400), seen_ms: nowMs })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

async function learn(commit: Commit, terminal: string, event: Audit, receivedMs: number): Promise<void> {
  const { action, target, detail } = event;
  // Started anew: until its health checks pass, nobody knows what runs.
  if (action === 'booted')
    await commit
      .updateTable('terminal_facts')
      .set({ version: null, version_ms: null })
      .where('terminal_id', '=', terminal)
      .execute();
  if (target === undefined) return;
  if (action === 'version.healthy') {
    const told = { version: target, version_ms: receivedMs };
    await commit
      .insertInto('terminal_facts')
      .values({ terminal_id: terminal, ...told })
      .onConflict((conflict) => conflict.column('terminal_id').doUpdateSet(told))
      .execute();
  } else if (action === 'operation.done') {
    await commit
      .updateTable('operations')
      .set({ answered_ms: receivedMs, answer: detail ?? '' })
      .where('terminal_id', '=', terminal)
      .where('operation', '=', target)
      .where('answered_ms', 'is', null)
      .execute();
  }
}
