import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chance } from '../../contract/clock.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { openLedger, type Ledger } from '../../engine/ledger/ledger.ts';
import { createPlatformClient } from '../../engine/sync/platform-client.ts';
import { createPresence } from '../../engine/sync/presence.ts';
import { createTicketBlockKeeper } from '../../engine/sync/ticket-blocks.ts';
import { createUplink } from '../../engine/sync/uplink.ts';
import type { Fetch } from '../../engine/sync/http-exchange.ts';
import { startTestPlatform, TERMINALS, type TestPlatform } from '../../platform/test-support/running-platform.ts';
import { testIdentity } from '../support/test-identity.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const chance: Chance = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };
const TODAY = '2026-01-05';

let platform: TestPlatform;
let folder: string;
let ledger: Ledger;
beforeEach(async () => {
  platform = await startTestPlatform();
  folder = await mkdtemp(join(tmpdir(), 'sync-'));
  const opened = openLedger({ path: join(folder, 'ledger.sqlite'), clock: platform.clock, chance });
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
  ledger = opened.value;
});
afterEach(async () => {
  ledger.close();
  await platform.close();
  await rm(folder, { recursive: true });
});

function terminal(fetch: Fetch = globalThis.fetch) {
  const { clock } = platform;
  const options = { baseUrl: platform.url, identity: TERMINALS['kiosk-1'].identity };
  const client = createPlatformClient({ ...options, clock, chance, fetch });
  const presence = createPresence({ client, clock });
  const outbox = { ...ledger.outbox, incarnation: ledger.incarnation };
  const uplink = createUplink({ outbox, client, clock, chance });
  const localDay = (): string => TODAY;
  const parts = { tickets: ledger.tickets, client, clock, chance, presence };
  const keeper = createTicketBlockKeeper({ ...parts, queues: ['civil-affairs'], localDay });
  return { client, presence, uplink, keeper };
}

function rating(stars: number): TerminalEvent {
  return { type: 'Rated', at: new Date(platform.clock.wallMs()).toISOString(), service: 'parking', stars };
}

function issue(operation: string, offline: boolean): string | undefined {
  const issued = ledger.tickets.issue({ queue: 'civil-affairs', day: TODAY, operation, offline });
  if (!issued.ok) throw new Error(issued.problem.code);
  return issued.value.number;
}

describe('the real ledger, the real line and the real platform', () => {
  it('agree on every hash: what the ledger chained, the platform takes', async () => {
    ledger.record([rating(5), rating(4), rating(1)]);
    const { uplink } = terminal();
    await uplink.flush();
    expect(uplink.status()).toMatchObject({ state: 'idle', unacknowledged: 0 });
    expect((await platform.summary()).ratings).toEqual([{ service: 'parking', count: 3, meanStars: 3.3 }]);
  });

  it('bring tickets that were given while the line was cut up once, in their order', async () => {
    const { presence, keeper, uplink } = terminal();
    await presence.check();
    await keeper.topUp();
    await platform.ops('line', { cut: true });
    expect([issue('O1', true), issue('O2', true)]).toEqual(['A001', 'A002']);
    await uplink.flush();
    expect(uplink.status()).toMatchObject({ unacknowledged: 2, problem: { code: 'platform.offline' } });
    await presence.check();
    await presence.check();
    expect(presence.online()).toBe(false);
    expect(presence.queueFact('civil-affairs')).toEqual({ ahead: 4, asOf: '08:00', opensAt: '09:00' });
    await platform.ops('line', { cut: false });
    await uplink.flush();
    const summary = await platform.summary();
    expect(summary.tickets.map(({ number, offline }) => [number, offline])).toEqual([
      ['A001', 1],
      ['A002', 1],
    ]);
    expect(summary.totals.parked).toBe(0);
  });

  it('store each record once when the platform took it and its answer was lost on the way', async () => {
    let lost = 2;
    const { uplink } = terminal(async (url, init) => {
      const response = await fetch(url, init);
      if (lost-- > 0) throw new TypeError('fetch failed');
      return response;
    });
    ledger.record([rating(5), rating(4)]);
    for (let time = 0; time < 3; time++) await uplink.flush();
    expect(uplink.status().unacknowledged).toBe(0);
    expect((await platform.summary()).totals.records).toBe(2);
  });

  it('give the same block when the answer to a lease was lost', async () => {
    const request = { queue: 'civil-affairs', size: 50, idempotencyKey: 'k' };
    const first = await terminal().client.leaseTicketBlock(request);
    const again = await terminal().client.leaseTicketBlock(request);
    expect(again).toEqual(first);
    expect(again).toMatchObject({ ok: true, value: { first: 1, last: 50, prefix: 'A' } });
  });

  it('notice keys nobody enrolled as a refusal, not as a cut line', async () => {
    const { clock } = platform;
    const options = { baseUrl: platform.url, identity: await testIdentity('stranger'), clock, chance, fetch };
    expect(await createPlatformClient(options).heartbeat()).toEqual({
      ok: false,
      problem: { code: 'platform.refused', detail: '401 signature.wrong' },
    });
  });
});
