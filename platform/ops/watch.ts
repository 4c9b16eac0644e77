/**
 * Looks at what has arrived, in production, all the time: the invariants of money and paper over the platform's own rows, the
 * versions that really run, the answers to what staff asked. Reads each stream by the terminal's own sequence, so that no row
 * that commits late is passed over; any number of nodes may run it, and looking twice finds nothing new.
 */
import type { ExpressionBuilder } from 'kysely';
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { checkInvariants, type Violation } from '../../contract/invariants.ts';
import { putRows, type SetTable } from '../database/row-sets.ts';
import type { Commit, PlatformDatabase, Tables } from '../database/tables.ts';
import { nextTurn } from '../next-turn.system.ts';
import { examine, partsOf, type Audit, type Cursor, type Found } from './examine-streams.ts';
import { readPlatformFacts } from './invariant-facts.ts';
import { readMoved } from './moved-streams.ts';

/** What is left is for the next look. */
const CHARGES_A_LOOK = 5_000;
/** Looked at together, in one turn of the thread that serves. */
const CHARGES_TOGETHER = 200;
/** A charge that has not ended by now never will by itself (money-and-sync 2.3), so each that is open is looked at once more. */
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
  let isStopped = false;

  async function look(): Promise<number> {
    const nowMs = clock.wallMs();
    let count = 0;
    for await (const moved of readMoved(database)) {
      const found: Found[] = [];
      for (const part of partsOf(moved)) {
        if (isStopped) break;
        found.push(...(await examine(database, part, nowMs)));
        // the embedded database answers at once: without this nobody else would be served until the look is over
        await nextTurn();
      }
      await keep(database, found, nowMs);
      count += found.reduce((sum, one) => sum + one.count, 0);
      if (isStopped) return count;
    }
    await lookAgain(database, nowMs);
    return count;
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
      // of a platform that was away for long there may be minutes of it left
      isStopped = true;
      // a look that fails while the platform ends is no fault any more
      await looking?.catch(() => undefined);
    },
  };
}

/** What was found is written together with how far was read, all of it at once: after a crash it is looked at again. */
async function keep(database: PlatformDatabase, found: readonly Found[], nowMs: number): Promise<void> {
  // always in this order, so that no two nodes wait for each other in a ring
  const cursors = found.flatMap((one) => one.cursors).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  if (cursors.length === 0) return;
  await database.transaction().execute(async (commit) => {
    for (const { terminal, violations, audits } of found.toSorted((a, b) => (a.terminal < b.terminal ? -1 : 1))) {
      await keepViolations(commit, terminal, violations, nowMs);
      for (const { event, receivedMs } of audits) await learn(commit, terminal, event, receivedMs);
    }
    await putRows(commit, WATCH_CURSORS, cursors);
  });
}

const WATCH_CURSORS: SetTable<'watch_cursors'> = {
  name: 'watch_cursors',
  columns: { terminal_id: 'text', incarnation: 'text', stream: 'text', seq: 'bigint' },
  key: ['terminal_id', 'incarnation', 'stream'],
  update: ['seq'],
};

function keyOf({ terminal_id, incarnation, stream }: Cursor): string {
  return [terminal_id, incarnation, stream].join('\n');
}

/**
 * Charges that had time to end and may not have: time alone breaks no other promise, and what changes is told by a record. In
 * the order in which they were heard of.
 */
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
  const nextRound = await due.select('received_ms').offset(CHARGES_A_LOOK).limit(1).executeTakeFirst();
  // those of one instant are looked at together, however many they are
  const untilMs = nextRound?.received_ms ?? nowMs - SECOND_LOOK_MS;
  if (untilMs <= lookedMs) return;
  const rows = await due
    .select(['terminal_id', 'operation'])
    .where('received_ms', '<=', untilMs)
    .where((row) => row.or([row('state', '=', 'asked'), row.and([row('state', '=', 'paid'), isUndelivered(row)])]))
    .execute();
  for (let from = 0; from < rows.length; from += CHARGES_TOGETHER) {
    await lookAgainAt(database, rows.slice(from, from + CHARGES_TOGETHER), nowMs);
    await nextTurn();
  }
  await database.updateTable('watch_looks').set({ looked_ms: untilMs }).where('looked_ms', '<', untilMs).execute();
}

/** Something of it did not come out; whether anything else did, and whether there is a case, is looked at in full. */
function isUndelivered(row: ExpressionBuilder<Tables, 'payments'>) {
  const print = row
    .selectFrom('prints')
    .select('job')
    .whereRef('prints.terminal_id', '=', 'payments.terminal_id')
    .whereRef('prints.operation', '=', 'payments.operation')
    .where('prints.state', '=', 'notPrinted');
  const act = row
    .selectFrom('acts')
    .select('job')
    .whereRef('acts.terminal_id', '=', 'payments.terminal_id')
    .whereRef('acts.operation', '=', 'payments.operation')
    .where('acts.state', '=', 'notDone');
  return row.or([row.exists(print), row.exists(act)]);
}

interface DueCharge {
  readonly terminal_id: string;
  readonly operation: string;
}

async function lookAgainAt(database: PlatformDatabase, due: readonly DueCharge[], nowMs: number): Promise<void> {
  const operations = new Map<string, Set<string>>();
  for (const { terminal_id, operation } of due)
    operations.set(terminal_id, (operations.get(terminal_id) ?? new Set()).add(operation));
  const facts = await readPlatformFacts(database, operations, nowMs);
  for (const [terminal, platform] of facts) {
    const violations = checkInvariants({ platform });
    if (violations.length > 0)
      await database.transaction().execute((commit) => keepViolations(commit, terminal, violations, nowMs));
  }
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
