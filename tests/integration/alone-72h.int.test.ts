/**
 * Three days without the platform (needs A08), on the real ledger, the real uplink and the real platform; only the time is
 * simulated. A reboot every twelve hours, ten thousand operations, then the line is back: slow, and losing one answer in a
 * hundred.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chance } from '../../contract/clock.ts';
import { needsOf, standingOf, type StationNow } from '../../engine/flow/service-standing.ts';
import { openLedger, type Ledger } from '../../engine/ledger/ledger.ts';
import { createStationNow, LEDGER_BUDGET_BYTES } from '../../engine/station-now.ts';
import { createClockTrust } from '../../engine/sync/clock-trust.ts';
import { createSync, type Sync } from '../../engine/sync/sync.ts';
import { startTestPlatform, TERMINALS, type TestPlatform } from '../../platform/test-support/running-platform.ts';
import { demoConfig } from '../support/flow-bench.ts';
import { Draw } from '../attacks/support/draw.ts';

const HOUR_MS = 3_600_000;
/** As many residents as come in three days; the other operations are what they leave besides, twenty to a commit. */
const TICKETS = 540;
const RATINGS = 9_480;
const OPERATIONS = TICKETS + RATINGS;
const LEASED = 50;
const BOOTS = 6;
const QUEUE = 'civil-affairs';
const TODAY = '2026-01-05';
const BACK = { tripMs: 100, lostOfHundred: 1, limitMs: 10 * 60_000 } as const;

const { services } = demoConfig();
const chance: Chance = new Draw(72);
const draw = new Draw(8);
const folder = mkdtempSync(join(tmpdir(), 'alone-'));

let platform: TestPlatform;
let ledger: Ledger;
let sync: Sync;
/** `none`: nothing gets through. `poor`: as it is after three days. */
let line: 'good' | 'none' | 'poor' = 'good';
const numbers: (string | undefined)[] = [];

async function boot(): Promise<void> {
  const { clock } = platform;
  const opened = openLedger({ path: join(folder, 'ledger.db'), clock, chance });
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
  ledger = opened.value;
  sync = createSync({
    baseUrl: platform.url,
    identity: TERMINALS['kiosk-1'].identity,
    clock,
    chance,
    async fetch(url, init) {
      if (line === 'none') throw new TypeError('fetch failed');
      if (line === 'good') return fetch(url, init);
      const answer = await fetch(url, init);
      clock.advance(BACK.tripMs);
      if (draw.hits(BACK.lostOfHundred)) throw new TypeError('fetch failed');
      return answer;
    },
    boot: ledger.boot,
    time: createClockTrust({ clock }),
    ledger,
    streams: ['ledger', 'audit', 'metrics'],
    audit: (action) => {
      const at = new Date(clock.wallMs()).toISOString();
      ledger.record([{ type: 'Audit', at, actor: 'engine', action }], 'audit');
    },
    queues: [QUEUE],
    localDay: () => TODAY,
    firstContactSpreadMs: 60_000,
  });
}

function matrix(): Record<string, string> {
  const now = createStationNow({
    ledger,
    sync,
    time: createClockTrust({ clock: platform.clock }),
    clock: platform.clock,
    today: () => TODAY,
    expiredDocuments: () => [],
  });
  const station: StationNow = {
    device: () => ({ device: 'online', paper: 'full' }),
    online: sync.online(),
    suspended: now.suspended(),
    closedFor: undefined,
    moneyInDoubt: false,
    paperInDoubt: false,
    ticketsLeft: now.ticketsLeft,
    budgetUsedUp: !now.handsInOpen(),
    expiredDocuments: now.expiredDocuments(),
  };
  const entries = services.map((service) => {
    const standing = standingOf(needsOf(service), station);
    return [service.id, standing.state === 'works' && standing.less ? standing.less : standing.state] as const;
  });
  return Object.fromEntries(entries);
}

function giveTickets(count: number): void {
  for (let given = 0; given < count; given++) {
    const operation = ledger.newOperation();
    const issued = ledger.tickets.issue({ queue: QUEUE, day: TODAY, operation, offline: true });
    if (!issued.ok) throw new Error(issued.problem.code);
    numbers.push(issued.value.number);
  }
}

function leaveRatings(count: number): void {
  const at = new Date(platform.clock.wallMs()).toISOString();
  for (let left = count; left > 0; left -= 20) {
    const events = Array.from({ length: Math.min(left, 20) }, () => ({
      type: 'Rated' as const,
      at,
      service: 'ticket',
      stars: 1 + draw.below(5),
    }));
    ledger.record(events);
  }
}

/** Lets real answers arrive between the steps of simulated time. */
async function pass(ms: number, isOver: () => boolean): Promise<void> {
  const endMs = platform.clock.now() + ms;
  while (platform.clock.now() < endMs && !isOver()) {
    await platform.clock.run(50);
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
}

beforeAll(async () => {
  platform = await startTestPlatform();
  await boot();
  sync.start();
  await pass(60_000, () => ledger.tickets.remaining(QUEUE, TODAY) > 0);
});
afterAll(async () => {
  sync.stop();
  ledger.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('72 hours alone', () => {
  it('begin with everything open', () => {
    expect(matrix()).toEqual({ ticket: 'works', parking: 'works', 'collect-card': 'works' });
  });

  it('leave what needs nobody, stop what needs the platform, and survive a reboot every 12 hours', async () => {
    line = 'none';
    for (let hour = 0; hour < 72; hour += 72 / BOOTS) {
      sync.stop();
      ledger.close();
      await boot();
      sync.start();
      await platform.clock.run(60_000);
      expect(matrix()).toEqual({
        ticket: hour === 0 ? 'works' : 'noNumbers',
        parking: 'stops',
        'collect-card': 'stops',
      });
      giveTickets(TICKETS / BOOTS);
      leaveRatings(RATINGS / BOOTS);
      platform.clock.advance((72 / BOOTS) * HOUR_MS);
    }
    expect(sync.status()).toMatchObject({ unacknowledged: OPERATIONS, wedged: [] });
  });

  it('give each leased number once and slips without a number after that', () => {
    const given = numbers.filter((number) => number !== undefined);
    expect(numbers).toHaveLength(TICKETS);
    expect(given).toHaveLength(LEASED);
    expect(new Set(given).size).toBe(LEASED);
    expect(numbers.slice(LEASED).every((number) => number === undefined)).toBe(true);
  });

  it('stay far below the room that is set aside', () => {
    expect(ledger.bytes()).toBeLessThan(LEDGER_BUDGET_BYTES / 4);
  });

  it('end with everything told, once each, within ten minutes of a poor line', async () => {
    line = 'poor';
    const backAt = platform.clock.now();
    await pass(BACK.limitMs, () => ledger.outbox.unacknowledged() === 0);
    expect(ledger.outbox.unacknowledged()).toBe(0);
    expect(platform.clock.now() - backAt).toBeLessThan(BACK.limitMs);
    await pass(60_000, () => ledger.outbox.unacknowledged('audit') === 0 && sync.online());
    const { totals, ratings } = await platform.summary();
    expect(totals).toMatchObject({ tickets: TICKETS, parked: 0, quarantined: 0 });
    expect(ratings[0]?.count).toBe(RATINGS);
    expect(matrix()).toMatchObject({ parking: 'works', 'collect-card': 'works' });
  });
});
