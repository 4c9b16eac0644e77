/** Documents on their way down: nothing is used that was not signed, newer and tried; and the last good one always is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../contract/clock.system.ts';
import type { SignedDocument } from '../../contract/document.schema.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import type { ParkingQuote } from '../../contract/platform-api.schema.ts';
import { createEffects } from '../../engine/ledger/effects.ts';
import { openLedger, type Ledger } from '../../engine/ledger/ledger.ts';
import { announcementAt } from '../../engine/sync/announcements.ts';
import { closureOf } from '../../engine/sync/catalogue.ts';
import { CHANNEL_READERS } from '../../engine/sync/channel-readers.ts';
import { createDocuments, type Documents } from '../../engine/sync/documents.ts';
import type { Fetch } from '../../engine/sync/http-exchange.ts';
import { createPlatformClient } from '../../engine/sync/platform-client.ts';
import { createUplink } from '../../engine/sync/uplink.ts';
import { FakeDevices } from '../../engine/ledger/test-support/fake-devices.ts';
import { isInRing } from '../../platform/documents/rings.ts';
import { startTestPlatform, TERMINALS, type TestPlatform } from '../../platform/test-support/running-platform.ts';
import { allow, delegationOf, documentOf, namedKey, type TestKey } from '../support/test-publisher.ts';

const EDITOR = namedKey('editor');
const STRANGER = namedKey('stranger');
const WORDS = { 'zh-Hans': '系统升级', 'zh-Hant': '系統升級', en: 'Being renewed' };
const pricesAt = (centsPerStartedHour: number) => {
  const name = { 'zh-Hans': '北门', 'zh-Hant': '北門', en: 'North gate' };
  const place = { id: 'dafushan-north', name, centsPerStartedHour, livelihoodDiscountPercent: 20, graceMinutes: 15 };
  return { parking: { places: [place] } };
};
const closing = (...services: readonly string[]) => ({
  closed: services.map((service) => ({ service, words: WORDS })),
});

let platform: TestPlatform;
let folder: string;
let ledger: Ledger;
beforeEach(async () => {
  platform = await startTestPlatform();
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
  ledger = openTheLedger();
  expect((await platform.ops('delegations', allow(EDITOR, ['catalogue', 'prices', 'announce']))).status).toBe(204);
  await platform.ops('documents/first-ring', { terminals: ['kiosk-1'] });
});
afterEach(async () => {
  ledger.close();
  await platform.close();
  rmSync(folder, { recursive: true });
});

function openTheLedger(): Ledger {
  const opened = openLedger({ path: join(folder, 'ledger.db'), clock: platform.clock, chance: systemChance });
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
  return opened.value;
}

interface Kiosk {
  readonly documents: Documents;
  readonly audits: readonly string[];
  /** As at each heartbeat. */
  look(): Promise<void>;
  /** What a resident is told of the service. */
  closed(service: string): string | undefined;
  announced(): string | undefined;
  /** What a resident is asked for at this machine now. */
  quote(): Promise<Result<ParkingQuote>>;
}

function startKiosk(fetch: Fetch = globalThis.fetch): Kiosk {
  const { identity } = TERMINALS['kiosk-1'];
  const { url: baseUrl, clock } = platform;
  const audits: string[] = [];
  const wires = { baseUrl, identity, clock, chance: systemChance, fetch, nowMs: () => clock.wallMs() };
  const documents = createDocuments({
    ...wires,
    store: ledger.publications,
    readers: CHANNEL_READERS,
    seen: {
      get: () => Number(ledger.documents.get('manifest')?.version ?? 0),
      set: (version) => void ledger.documents.put('manifest', String(version), {}),
    },
    audit: (action, target) => audits.push(`${action} ${target ?? ''}`),
    onChange: () => undefined,
  });
  documents.begin();
  return {
    documents,
    audits,
    async look() {
      const beat = await createPlatformClient(wires).heartbeat();
      if (beat.ok && beat.value.manifestVersion !== undefined) await documents.told(beat.value.manifestVersion);
    },
    closed: (service) => closureOf(documents.content('catalogue'), service)?.en,
    announced: () => announcementAt(documents.content('announce'), clock.wallMs())?.en,
    quote() {
      const prices = documents.name('prices');
      return createPlatformClient(wires).quoteParking({ plate: '粤A8K562', ...(prices && { prices }) });
    },
  };
}

async function publish(version: number, content: unknown, key: TestKey = EDITOR): Promise<number> {
  return (await platform.ops('documents', documentOf(key, 'catalogue', version, content))).status;
}

const releases = async () => (await (await fetch(`${platform.url}/v1/ops/documents`)).json()) as unknown;

describe('a document', () => {
  it('that the office signs closes a service on the kiosk, and a newer one opens it again', async () => {
    const kiosk = startKiosk();
    await kiosk.look();
    expect(kiosk.closed('parking')).toBeUndefined();
    expect(await publish(1, closing('parking'))).toBe(204);
    await kiosk.look();
    expect(kiosk.closed('parking')).toBe('Being renewed');
    platform.clock.advance(1_000);
    expect(await publish(2, closing())).toBe(204);
    await kiosk.look();
    expect(kiosk.closed('parking')).toBeUndefined();
    expect(kiosk.audits).toEqual(['document.applied catalogue@1', 'document.applied catalogue@2']);
    await expect.poll(releases).toMatchObject([
      { version: 1, applied: 1, refused: 0 },
      { version: 2, applied: 1, refused: 0 },
    ]);
  });

  it('holds over a restart without a line', async () => {
    await publish(1, closing('parking'));
    await startKiosk().look();
    ledger.close();
    ledger = openTheLedger();
    const offline = startKiosk(() => Promise.reject(new TypeError('fetch failed')));
    expect(offline.closed('parking')).toBe('Being renewed');
  });

  it.each<[string, () => SignedDocument | Promise<number>, number]>([
    ['of a stranger', () => documentOf(STRANGER, 'catalogue', 1, closing()), 422],
    ['of a key that may not sign this channel', () => documentOf(EDITOR, 'release', 1, {}), 422],
    ['changed after it was signed', () => ({ ...documentOf(EDITOR, 'catalogue', 1, closing()), body: '{}' }), 422],
    ['given another version', () => ({ ...documentOf(EDITOR, 'catalogue', 1, closing()), version: 2 }), 422],
    ['given a longer life', () => ({ ...documentOf(EDITOR, 'prices', 1, {}, 5), hardExpiresMs: 9 }), 422],
  ])('%s is not even taken by the platform', async (_what, make, status) => {
    expect((await platform.ops('documents', await make())).status).toBe(status);
    expect(await releases()).toEqual([]);
  });

  it('as old as one that is known is not taken', async () => {
    expect(await publish(3, closing())).toBe(204);
    expect(await publish(3, closing('parking'))).toBe(409);
    expect(await publish(2, closing('parking'))).toBe(409);
  });

  it('that no longer holds closes what needs it, and nothing else does for its age', async () => {
    const expiresMs = platform.clock.wallMs() + 60_000;
    await platform.ops('documents', documentOf(EDITOR, 'prices', 1, pricesAt(400), expiresMs));
    await publish(1, closing('parking'));
    const kiosk = startKiosk();
    await kiosk.look();
    expect(kiosk.documents.expired()).toEqual([]);
    platform.clock.advance(400 * 24 * 3_600_000);
    expect(kiosk.documents.expired()).toEqual(['prices']);
    expect(kiosk.closed('parking')).toBe('Being renewed');
  });
});

/** Between kiosk and platform: changes answers whose address matches. */
function between(address: RegExp, change: (answer: Record<string, unknown>) => unknown): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!address.test(url)) return response;
    return Response.json(change((await response.json()) as Record<string, unknown>), { status: response.status });
  };
}

describe('a kiosk', () => {
  const first = closing('parking');
  async function withFirst(): Promise<void> {
    await publish(1, first);
    await startKiosk().look();
    platform.clock.advance(1_000);
    await publish(2, closing('ticket'));
  }

  it.each<[string, Fetch]>([
    [
      'a manifest that nobody signed',
      between(/manifest/, (answer) => ({ ...answer, manifest: { ...(answer['manifest'] as object), body: '{}' } })),
    ],
    [
      'another document than the manifest names',
      between(/documents\//, (answer) => ({ ...answer, body: '{"closed":[]}' })),
    ],
    [
      'a delegation of another root',
      between(/manifest/, (answer) => ({ ...answer, delegation: delegationOf({ version: 9, keys: [] }, STRANGER) })),
    ],
    ['a manifest without any delegation', between(/manifest/, ({ delegation: _none, ...answer }) => answer)],
  ])('is not led astray by %s: the last good one stays', async (_what, wires) => {
    await withFirst();
    const kiosk = startKiosk(wires);
    await kiosk.look();
    expect(kiosk.closed('parking')).toBe('Being renewed');
    expect(kiosk.closed('ticket')).toBeUndefined();
    expect(kiosk.audits.join()).toContain('document.refused');
  });

  it('takes up a fetch that broke off', async () => {
    await withFirst();
    const broken = startKiosk((url, init) =>
      /documents\//.test(url) ? Promise.reject(new TypeError('gone')) : fetch(url, init),
    );
    await broken.look();
    expect(broken.closed('parking')).toBe('Being renewed');
    expect(broken.audits).toEqual([]);
    const kiosk = startKiosk();
    await kiosk.look();
    expect(kiosk.closed('ticket')).toBe('Being renewed');
  });

  it('refuses to go back, and says so once: a manifest of yesterday that the platform did sign', async () => {
    await publish(1, first);
    let yesterday: unknown;
    await startKiosk(between(/manifest/, (answer) => (yesterday = answer))).look();
    platform.clock.advance(1_000);
    await publish(2, closing('ticket'));
    await startKiosk().look();
    platform.clock.advance(1_000);
    await publish(3, closing('ticket'));
    const replayed = startKiosk(between(/manifest/, () => yesterday));
    await replayed.look();
    await replayed.look();
    expect(replayed.closed('ticket')).toBe('Being renewed');
    expect(replayed.audits).toHaveLength(1);
    expect(replayed.audits[0]).toMatch(/^document\.refused manifest@\d+$/);
  });

  it('refuses what does not read, tells the platform, and does not fetch it again', async () => {
    await withFirst();
    platform.clock.advance(1_000);
    await publish(3, { closed: 'everything' });
    const asked: string[] = [];
    const kiosk = startKiosk((url, init) => {
      asked.push(url);
      return fetch(url, init);
    });
    await kiosk.look();
    expect(kiosk.audits).toEqual(['document.refused catalogue@3']);
    expect(kiosk.closed('parking')).toBe('Being renewed');
    await expect.poll(releases).toMatchObject([{}, {}, { version: 3, state: 'halted', refused: 1 }]);
    asked.length = 0;
    await kiosk.look();
    expect(kiosk.closed('ticket'), 'the platform offers the one before it').toBe('Being renewed');
    expect(asked.filter((url) => /documents\//.test(url))).toHaveLength(1);
  });

  it('that does not come up twice with a new document goes back to the one before, and stays there', async () => {
    await withFirst();
    await startKiosk().look();
    for (let crash = 1; crash <= 2; crash += 1) expect(startKiosk().closed('ticket')).toBe('Being renewed');
    const third = startKiosk();
    expect(third.closed('ticket')).toBeUndefined();
    expect(third.closed('parking')).toBe('Being renewed');
    expect(third.audits).toEqual(['document.rolledBack catalogue@2']);
    await third.look();
    expect(third.closed('parking')).toBe('Being renewed');
    await expect.poll(releases).toMatchObject([{}, { version: 2, state: 'halted', refused: 1 }]);
  });

  it('that has come up well with it keeps it however often it starts', async () => {
    await withFirst();
    const kiosk = startKiosk();
    await kiosk.look();
    kiosk.documents.healthy();
    for (let start = 1; start <= 5; start += 1) expect(startKiosk().closed('ticket')).toBe('Being renewed');
  });
});

describe('prices', () => {
  it('that change while a resident decides change nothing of what was shown; the next one is asked for the new ones', async () => {
    const kiosk = startKiosk();
    await platform.ops('documents', documentOf(EDITOR, 'prices', 1, pricesAt(500)));
    await kiosk.look();
    const shown = await kiosk.quote();
    expect(shown).toMatchObject({ value: { state: 'due', dueCents: 1500, prices: { version: 1 } } });
    platform.clock.advance(1_000);
    await platform.ops('documents', documentOf(EDITOR, 'prices', 2, pricesAt(900)));
    await kiosk.look();
    expect(await kiosk.quote()).toMatchObject({ value: { state: 'due', dueCents: 2700, prices: { version: 2 } } });

    // the resident pays what stood on the glass, and the gate opens for it
    if (!shown.ok || shown.value.state !== 'due') throw new Error('it was due');
    const { dueCents: amountCents, quote, prices } = shown.value;
    const sale = { txn: 'op-1', service: 'parking', amountCents, quote, ...(prices && { prices }) };
    const { clock } = platform;
    const effects = createEffects({ ledger, devices: new FakeDevices({}), clock, chance: systemChance });
    expect(await effects.charge(sale, new AbortController().signal)).toMatchObject({ kind: 'paid' });
    const client = createPlatformClient({
      ...{ baseUrl: platform.url, identity: TERMINALS['kiosk-1'].identity, clock, chance: systemChance, fetch },
    });
    const outbox = { ...ledger.outbox, incarnation: ledger.incarnation };
    await createUplink({ outbox, client, clock, chance: systemChance }).flush();
    expect(await platform.summary()).toMatchObject({
      totals: { parked: 0, paidCents: 1500 },
      payments: [{ amount_cents: 1500, grace: 'open' }],
    });
  });

  it('are named after a restart as before it, and bad ones leave the last good ones in use', async () => {
    await platform.ops('documents', documentOf(EDITOR, 'prices', 1, pricesAt(500)));
    const before = startKiosk();
    await before.look();
    platform.clock.advance(1_000);
    await platform.ops('documents', documentOf(EDITOR, 'prices', 2, { parking: { places: [] } }));
    await before.look();
    expect(before.audits).toEqual(['document.applied prices@1', 'document.refused prices@2']);
    const name = before.documents.name('prices');
    expect(name).toMatchObject({ version: 1 });
    ledger.close();
    ledger = openTheLedger();
    const after = startKiosk();
    expect(after.documents.name('prices')).toEqual(name);
    expect(await after.quote()).toMatchObject({ value: { dueCents: 1500, prices: name } });
  });
});

describe('an announcement', () => {
  it('is shown between its moments by the clock, and a bad one that follows leaves it where it is', async () => {
    const at = (afterMs: number) => new Date(platform.clock.wallMs() + afterMs).toISOString().replace(/\.\d+Z$/, 'Z');
    const words = { ...WORDS, en: 'No water today' };
    const announcements = [{ from: at(60_000), until: at(120_000), words }];
    await platform.ops('documents', documentOf(EDITOR, 'announce', 1, { announcements }));
    const kiosk = startKiosk();
    await kiosk.look();
    expect(kiosk.announced()).toBeUndefined();
    platform.clock.advance(60_000);
    expect(kiosk.announced()).toBe('No water today');
    await platform.ops('documents', documentOf(EDITOR, 'announce', 2, { announcements: [{ words }] }));
    await kiosk.look();
    expect(kiosk.audits).toEqual(['document.applied announce@1', 'document.refused announce@2']);
    expect(kiosk.announced()).toBe('No water today');
    platform.clock.advance(60_000);
    expect(kiosk.announced()).toBeUndefined();
  });
});

describe('a release', () => {
  it('comes to the named few first, then to one in twenty, then to all', async () => {
    await platform.ops('documents/first-ring', { terminals: ['kiosk-2'] });
    await publish(1, closing('parking'));
    const kiosk = startKiosk();
    await kiosk.look();
    expect(kiosk.closed('parking')).toBeUndefined();
    for (let ring = 2; ring <= 3; ring += 1) {
      platform.clock.advance(1_000);
      expect((await platform.ops('documents/advance', { channel: 'catalogue', version: 1 })).status).toBe(204);
    }
    await kiosk.look();
    expect(kiosk.closed('parking')).toBe('Being renewed');
    expect((await platform.ops('documents/advance', { channel: 'catalogue', version: 9 })).status).toBe(404);
  });

  it('has a second ring of one in twenty', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `panyu-${index}`);
    const share = names.filter((name) => isInRing(name, 2, false)).length / names.length;
    expect(share).toBeGreaterThan(0.045);
    expect(share).toBeLessThan(0.055);
    expect(names.some((name) => isInRing(name, 1, false))).toBe(false);
  });

  it('is signed by a key that was taken away: it is no longer taken', async () => {
    platform.clock.advance(1_000);
    expect((await platform.ops('delegations', allow(STRANGER, ['catalogue'], 2))).status).toBe(204);
    expect(await publish(1, closing('parking'))).toBe(422);
    expect(await publish(1, closing('parking'), STRANGER)).toBe(204);
    expect((await platform.ops('delegations', allow(EDITOR, ['catalogue'], 2))).status).toBe(409);
    expect((await platform.ops('delegations', delegationOf({ version: 5, keys: [] }, STRANGER))).status).toBe(422);
  });
});
