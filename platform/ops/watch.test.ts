import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../contract/terminal-event.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { namedChance, TEST_PLATFORM_KEYS } from '../../tests/support/test-identity.ts';
import { openPlatform, type OpenPlatform } from '../platform.ts';
import { newTestDatabase } from '../test-support/running-platform.ts';
import { batchOf, bodyOf, caseOpened, paid, printed, rated, recordsOf } from '../test-support/ledger.ts';

const MINUTE_MS = 60_000;
const clock = new SimulatedClock();
let platform: OpenPlatform;
beforeEach(async () => {
  platform = await openPlatform({
    databasePath: await newTestDatabase(),
    keys: TEST_PLATFORM_KEYS,
    clock,
    chance: namedChance('watch'),
  });
});
afterEach(() => platform.close());

/** In one batch, or in batches of so many. */
function tell(events: readonly StreamEvent[], each?: number): Promise<void> {
  return tellAs('kiosk-1', events, each);
}

async function tellAs(terminal: string, events: readonly StreamEvent[], each = events.length): Promise<void> {
  const records = recordsOf(events);
  for (let from = 1; from <= records.length; from += each) {
    const batch = batchOf(records, from, Math.min(records.length, from + each - 1));
    const answer = await platform.context.ingest.take(terminal, 'ledger', bodyOf(batch));
    expect(answer.kind).toBe('accepted');
  }
}

async function violations(): Promise<readonly string[]> {
  const rows = await platform.context.database.selectFrom('violations').selectAll().orderBy('invariant').execute();
  return rows.map((row) => `${row.invariant} ${row.operation}`);
}

function slip(job: string, operation: string, template = 'parking'): StreamEvent {
  return { ...printed(job), operation, template } as StreamEvent;
}

function notPrinted(job: string, operation: string): StreamEvent {
  return { ...printed(job, 'notPrinted'), operation } as StreamEvent;
}

describe('in production, an operation that broke a promise is seen', () => {
  it('when two trades stand for one operation', async () => {
    await tell([paid('T1'), { ...paid('T2'), operation: 'op-T1' } as StreamEvent]);
    await platform.watch.look();
    expect(await violations()).toEqual(['I1 op-T1']);
  });

  it('when money went back and the paper came out all the same', async () => {
    await tell([paid('T1'), slip('J1', 'op-T1'), paid('T1', { state: 'reversed' })]);
    await platform.watch.look();
    expect(await violations()).toEqual(['I5 op-T1']);
  });

  it('when two originals came out', async () => {
    await tell([paid('T1'), slip('J1', 'op-T1'), slip('J2', 'op-T1')]);
    await platform.watch.look();
    expect(await violations()).toEqual(['I2 op-T1']);
  });

  it('when two copies carry one number, but not for a copy beside its original', async () => {
    const copy = (job: string, operation: string): StreamEvent => ({ ...slip(job, operation), copy: 1 }) as StreamEvent;
    await tell([paid('T1'), slip('J1', 'op-T1'), copy('J2', 'op-T1')]);
    await platform.watch.look();
    expect(await violations()).toEqual([]);
    await tell([paid('T1'), slip('J1', 'op-T1'), copy('J2', 'op-T1'), copy('J3', 'op-T1')]);
    await platform.watch.look();
    expect(await violations()).toEqual(['I2 op-T1']);
  });

  it('when a charge has neither end nor case a quarter of an hour later, and not before', async () => {
    await tell([
      {
        type: 'ChargeAsked',
        at: '2026-01-05T00:00:00.000Z',
        operation: 'op-T1',
        trade: 'T1',
        service: 's',
        amountCents: 1,
      },
    ]);
    await platform.watch.look();
    expect(await violations()).toEqual([]);
    clock.advance(17 * MINUTE_MS);
    await platform.watch.look();
    expect(await violations()).toEqual(['I3 op-T1']);
  });

  it('when what was paid for did not come out, and nobody has it a quarter of an hour later', async () => {
    await tell([paid('T1'), slip('J1', 'op-T1', 'parking'), paid('T2'), notPrinted('J2', 'op-T2')]);
    await platform.watch.look();
    expect(await violations()).toEqual([]);
    clock.advance(17 * MINUTE_MS);
    await platform.watch.look();
    expect(await violations()).toEqual(['I3 op-T2']);
  });

  it('and one that kept its promises is not: given back, handed to staff, with a slip that only says so', async () => {
    await tell([
      ...[paid('T1'), slip('J1', 'op-T1')],
      ...[paid('T2'), notPrinted('J2', 'op-T2'), paid('T2', { state: 'reversed' }), slip('J3', 'op-T2', 'claim-slip')],
      ...[paid('T3'), notPrinted('J4', 'op-T3'), caseOpened('AB12-CD34', 'T3')],
    ]);
    await platform.watch.look();
    clock.advance(17 * MINUTE_MS);
    await platform.watch.look();
    expect(await violations()).toEqual([]);
  });

  it('when a stored record was changed afterwards: its chain is broken', async () => {
    await tell([paid('T1'), slip('J1', 'op-T1'), rated(5)], 2);
    await sql`UPDATE record_batches SET events = replace(events, '"amountCents":960', '"amountCents":1')`.execute(
      platform.context.database,
    );
    await platform.watch.look();
    expect(await violations()).toEqual(['I6 ']);
  });
});

describe('a record whose bytes are no JSON any more', () => {
  it('is told as a broken chain, and holds up nobody', async () => {
    await tell([paid('T1'), rated(5)], 1);
    await sql`UPDATE record_batches SET events = replace(events, '"operation":"op-T1"', '"operation":"\\q')`.execute(
      platform.context.database,
    );
    await tellAs('kiosk-2', [paid('T2'), slip('J1', 'op-T2'), paid('T2', { state: 'reversed' })]);
    expect(await platform.watch.look()).toBe(5);
    expect(await violations()).toEqual(['I5 op-T2', 'I6 ']);
  });
});

describe('the watch', () => {
  it('gets through all terminals in one look, however many have moved', async () => {
    const names = Array.from({ length: 1_201 }, (_, index) => `kiosk-${index}`);
    for (const name of names) await tellAs(name, [paid(`T-${name}`)]);
    expect(await platform.watch.look()).toBe(names.length);
    expect(await platform.watch.look()).toBe(0);
  });

  it('finds operations whose names are written with escapes, and tells those of two terminals apart', async () => {
    const name = 'op "\\" 1';
    const twice = [
      { ...paid('T1'), operation: name } as StreamEvent,
      slip('J1', name),
      { ...paid('T1', { state: 'reversed' }), operation: name } as StreamEvent,
    ];
    await tellAs('kiosk-1', twice);
    await tellAs('kiosk-2', [{ ...paid('T1'), operation: name } as StreamEvent, slip('J1', name)]);
    await platform.watch.look();
    const rows = await platform.context.database.selectFrom('violations').selectAll().execute();
    expect(rows.map((row) => [row.terminal_id, row.invariant, row.operation])).toEqual([['kiosk-1', 'I5', name]]);
  });

  it('reads each record once, and finds the same thing once', async () => {
    await tell([paid('T1'), slip('J1', 'op-T1'), paid('T1', { state: 'reversed' })]);
    expect(await platform.watch.look()).toBe(3);
    expect(await platform.watch.look()).toBe(0);
    await platform.context.database.deleteFrom('watch_cursors').execute();
    await platform.watch.look();
    expect(await violations()).toEqual(['I5 op-T1']);
  });

  it('looks by itself, and no more when it is stopped', async () => {
    await tell([paid('T1'), slip('J1', 'op-T1'), paid('T1', { state: 'reversed' })]);
    platform.watch.start(5_000);
    clock.advance(5_000);
    await platform.watch.look();
    expect(await violations()).toHaveLength(1);
    await platform.watch.stop();
    const waiting = clock.pendingTimers;
    clock.advance(20_000);
    expect(clock.pendingTimers).toBeLessThanOrEqual(waiting);
  });
});
