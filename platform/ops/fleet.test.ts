import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { databaseTarget, openDatabase } from '../database/open-database.ts';
import { isPostgres } from '../database/row-sets.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { ALARMS, type AlarmName } from './alarms.ts';
import { renderFleetPage } from './fleet-page.ts';
import {
  fleetRows,
  PAGE_ROWS,
  readFleet,
  readFleetRow,
  readFleetTotals,
  readVersions,
  type FleetQuery,
} from './fleet.ts';
import { newTestDatabase } from '../test-support/running-platform.ts';
import { seedFleet } from './test-support/seed-fleet.ts';

const TERMINALS = 10_000;
const LARGEST_PAGE_BYTES = 200_000;
const MINUTE_MS = 60_000;
const PLAIN: FleetQuery = { search: '', sort: 'worst', page: 1 };
const clock = new SimulatedClock();
let database: PlatformDatabase;

beforeAll(async () => {
  database = await openDatabase(databaseTarget(await newTestDatabase()));
  await seedFleet(database, { terminals: TERMINALS, nowMs: clock.wallMs(), seed: 7 });
});
afterAll(() => database.destroy());

function context(): Parameters<typeof readFleet>[0] {
  return { database, clock };
}

describe('a fleet of ten thousand terminals', () => {
  it('is one bounded page, however many there are', async () => {
    const page = renderFleetPage({
      nowMs: clock.wallMs(),
      lineCut: false,
      query: PLAIN,
      fleet: await readFleet(context(), PLAIN),
      totals: await readFleetTotals(context()),
      versions: await readVersions(context()),
    });
    expect(Buffer.byteLength(page)).toBeLessThan(LARGEST_PAGE_BYTES);
    expect(page.match(/href="\/terminals\//g)).toHaveLength(PAGE_ROWS);
    expect(page).not.toContain('<script');
  });

  it('shows each terminal once over all its pages, in every order', async () => {
    for (const sort of ['worst', 'seen'] as const) {
      const { pages, matching } = await readFleet(context(), { ...PLAIN, sort });
      expect([pages, matching]).toEqual([TERMINALS / PAGE_ROWS, TERMINALS]);
      const seen = new Set<string>();
      for (let page = 1; page <= pages; page += 66)
        for (const { terminal } of (await readFleet(context(), { ...PLAIN, sort, page })).rows) seen.add(terminal);
      expect(seen.size).toBe(4 * PAGE_ROWS);
    }
  });

  it('puts the heaviest alarm first, and a filter shows exactly those it counted', async () => {
    const totals = await readFleetTotals(context());
    const { rows } = await readFleet(context(), PLAIN);
    const weights = rows.map(({ alarms }) =>
      ALARMS.reduce((sum, one) => sum + (alarms.includes(one.name) ? one.weight : 0), 0),
    );
    expect(weights).toEqual(weights.toSorted((one, other) => other - one));
    for (const { name } of ALARMS) {
      const filtered = await readFleet(context(), { ...PLAIN, only: name });
      expect([name, filtered.matching]).toEqual([name, totals.alarms[name]]);
      expect(filtered.rows.every(({ alarms }) => alarms.includes(name))).toBe(true);
    }
    const quiet = ALARMS.filter(({ name }) => totals.alarms[name] === 0).map(({ name }) => name);
    expect(quiet).toEqual(['fsync.error', 'ledger.unsafe', 'record.parked']);
  });

  it('finds a terminal by any part of its name, and takes no pattern for one', async () => {
    expect((await readFleet(context(), { ...PLAIN, search: 'shiqiao-0042' })).rows).toMatchObject([
      { terminal: 'shiqiao-0042' },
    ]);
    expect((await readFleet(context(), { ...PLAIN, search: 'qiao-004' })).matching).toBe(10);
    for (const search of ['shiq_ao', "'", '%%%', 'x'.repeat(64)])
      expect((await readFleet(context(), { ...PLAIN, search })).matching).toBe(
        search.includes('%') || search === "'" ? TERMINALS : 0,
      );
  });

  it('reads no table that grows with the years from end to end', async ({ skip }) => {
    if (isPostgres(database)) skip('the plan is told in words of SQLite');
    const { sql, ...compiled } = fleetRows(PLAIN, clock.wallMs(), 1).compile(database);
    const plan = await database.executeQuery<{ detail: string }>({ ...compiled, sql: `EXPLAIN QUERY PLAN ${sql}` });
    const scans = plan.rows.flatMap(
      ({ detail }) => /^SCAN (?:r|payments|cases|audit|prints|acts)\b.*/.exec(detail) ?? [],
    );
    // Partial indexes: of what is open, doubtful or parked now.
    expect(scans.map((line) => line.replace(/^.* INDEX /, '')).toSorted()).toEqual([
      'cases_open_of_terminal',
      'payments_doubtful_of_terminal',
      'record_remarks_parked_of_terminal',
    ]);
    expect(plan.rows.map(({ detail }) => detail)).toContainEqual(expect.stringContaining('audit_action'));
  });
});

describe('what is wrong with a terminal', () => {
  const nowMs = clock.wallMs();
  const origin = { terminal_id: 'one', received_ms: nowMs, incarnation: 'i', seq: 1 };
  let one: PlatformDatabase;
  beforeAll(async () => {
    one = await openDatabase(databaseTarget(await newTestDatabase()));
    await one
      .insertInto('terminals')
      .values({ terminal_id: 'one', state: 'active', station: null, facts: null })
      .execute();
    await one
      .insertInto('terminal_facts')
      .values({ terminal_id: 'one', version: '1.0.0', version_ms: nowMs })
      .execute();
    await one
      .insertInto('presences')
      .values({ terminal_id: 'one', last_seen_ms: nowMs, report: null, report_ms: null, clock_offset_ms: null })
      .execute();
  });
  afterAll(() => one.destroy());

  async function alarms(atMs = nowMs): Promise<readonly AlarmName[] | undefined> {
    const later = new SimulatedClock(atMs);
    return (await readFleetRow({ database: one, clock: later }, 'one'))?.alarms;
  }

  it('is nothing while it is heard and all is well', async () => {
    expect(await alarms()).toEqual([]);
  });

  it('is silence after ten minutes, and not before', async () => {
    expect(await alarms(nowMs + 10 * MINUTE_MS - 1)).toEqual([]);
    // and what it told of its version holds no longer
    expect(await alarms(nowMs + 10 * MINUTE_MS)).toEqual(['terminal.silent', 'version.unknown']);
  });

  it('is a charge that has had no end for ten minutes', async () => {
    const payment = {
      ...origin,
      trade: 'T',
      operation: 'o',
      service: 's',
      amount_cents: 1,
      quote: null,
      asked_at: '',
      settled_at: null,
    };
    await one
      .insertInto('payments')
      .values({ ...payment, state: 'asked', asked_ms: nowMs - 10 * MINUTE_MS + 1 })
      .execute();
    expect(await alarms()).toEqual([]);
    await one
      .updateTable('payments')
      .set({ asked_ms: nowMs - 10 * MINUTE_MS })
      .execute();
    expect(await alarms()).toEqual(['money.unknown']);
    await one.updateTable('payments').set({ state: 'paid' }).execute();
    expect(await alarms()).toEqual([]);
  });

  it('is what its report says: a clock five seconds off, a disk, a device', async () => {
    const say = (report: object): Promise<unknown> =>
      one
        .updateTable('presences')
        .set({ report: JSON.stringify({ backlog: 0, diskRung: 0, devicesDown: [], ...report }) })
        .execute();
    await say({ clockErrorMs: 5_000 });
    expect(await alarms()).toEqual([]);
    await say({ clockErrorMs: 5_001, diskRung: 1, devicesDown: ['locker'] });
    expect(await alarms()).toEqual(['disk.ladder', 'clock.err', 'device.down']);
    await say({});
  });

  it('is a fork, until a person has seen it; the next one counts again', async () => {
    const fork = { terminal_id: 'one', incarnation: 'i', stream: 'ledger', known_hash: 'k', batch: '{}' };
    await one
      .insertInto('quarantine')
      .values({ ...fork, seq: 1, hash: 'a', received_ms: nowMs })
      .execute();
    expect(await alarms()).toEqual(['chain.fork']);
    await one
      .insertInto('seen_alarms')
      .values({ terminal_id: 'one', alarm: 'chain.fork', seen_by: 'w1', seen_ms: nowMs })
      .execute();
    expect(await alarms()).toEqual([]);
    await one
      .insertInto('quarantine')
      .values({ ...fork, seq: 2, hash: 'b', received_ms: nowMs + 1 })
      .execute();
    expect(await alarms()).toEqual(['chain.fork']);
    await one.deleteFrom('quarantine').execute();
  });

  it('is a disk that did not sync, for a day after it said so, and not for a ledger that was unsafe otherwise', async () => {
    const told = { ...origin, at: '', actor: 'engine', target: null, detail: null };
    await one
      .insertInto('audit')
      .values({ ...told, action: 'fsync.failed', received_ms: nowMs - 24 * 60 * MINUTE_MS })
      .execute();
    expect(await alarms()).toEqual([]);
    await one
      .updateTable('audit')
      .set({ received_ms: nowMs - 24 * 60 * MINUTE_MS + 1 })
      .execute();
    expect(await alarms()).toEqual(['fsync.error']);
    await one.updateTable('audit').set({ action: 'ledger.unsafe' }).execute();
    expect(await alarms()).toEqual(['ledger.unsafe']);
    await one.deleteFrom('audit').execute();
  });

  it.each([
    ['print.unknown', ['device.cannotTell', 'case.open']],
    ['act.unknown', ['device.cannotTell', 'case.open']],
    ['print.failed', ['case.open']],
  ] as const)(
    'is a device that could not say whether a thing came out, while the case is open: %s',
    async (reason, held) => {
      const opened = { ...origin, code: 'AB12-CD34', operation: 'o', amount_cents: 1, trade: 'T', opened_at: '' };
      await one
        .insertInto('cases')
        .values({ ...opened, reason, state: 'open', closed_at: null, closed_by: null })
        .execute();
      expect(await alarms()).toEqual(held);
      await one.updateTable('cases').set({ state: 'delivered' }).execute();
      expect(await alarms()).toEqual([]);
      await one.deleteFrom('cases').execute();
    },
  );

  it('is a version nobody has told of: unknown, not the newest', async () => {
    await one.updateTable('terminal_facts').set({ version: null }).execute();
    expect(await alarms()).toEqual(['version.unknown']);
  });
});
