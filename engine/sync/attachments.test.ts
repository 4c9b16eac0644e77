import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PART_BYTES } from '../../contract/attachment.ts';
import { contentDigest } from '../../contract/http-signature.ts';
import type { Problem } from '../../contract/outcome.schema.ts';
import { testIdentity } from '../../tests/support/test-identity.ts';
import type { Ledger, LedgerOptions } from '../ledger/ledger.ts';
import { seededChance, TestLedgers } from '../ledger/test-support/test-ledger.ts';
import { seal } from '../trust/sealing.ts';
import { createAttachmentLane } from './attachments.ts';
import type { Fetch } from './http-exchange.ts';

const identity = await testIdentity('kiosk-1');
const chance = seededChance(7);
const DAY_MS = 24 * 3_600_000;
const THREE_PARTS = 2 * PART_BYTES + 1_000;

let ledgers: TestLedgers;
let ledger: Ledger;
let server: FakeTus;
let lost: Problem[];
let lives = 1;
beforeEach(() => {
  ledgers = new TestLedgers();
  ledger = ledgers.open();
  server = new FakeTus();
  lost = [];
});
afterEach(() => ledgers.dispose());

type Fault = (request: {
  readonly count: number;
  readonly method: string;
}) => number | 'unheard' | 'answerLost' | undefined;

/** Uploads in memory, as a platform that takes parts one after the other. */
class FakeTus {
  fault: Fault = () => undefined;
  count = 0;
  sentBytes = 0;
  readonly methods: string[] = [];
  readonly uploads = new Map<string, { readonly size: number; bytes: Buffer }>();
  digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

  readonly fetch: Fetch = async (url, init) => {
    const method = init.method ?? 'GET';
    this.methods.push(method);
    const fault = this.fault({ count: this.count++, method });
    if (fault === 'unheard') throw new TypeError('fetch failed');
    if (typeof fault === 'number') return new Response(null, { status: fault });
    const answer = this.#answer(method, new URL(url).pathname, new Headers(init.headers), init.body as Uint8Array);
    if (fault === 'answerLost') throw new TypeError('fetch failed');
    return answer;
  };

  whole(): Buffer | undefined {
    const [only] = [...this.uploads.values()];
    return this.uploads.size === 1 && only?.bytes.length === only?.size ? only?.bytes : undefined;
  }

  #answer(method: string, path: string, headers: Headers, body: Uint8Array | undefined): Response {
    if (method === 'POST') {
      const size = Number(headers.get('upload-length'));
      const location = `${path}/one`;
      if (!this.uploads.has(location)) this.uploads.set(location, { size, bytes: Buffer.alloc(0) });
      return new Response(null, { status: 201, headers: { location } });
    }
    const upload = this.uploads.get(path);
    if (!upload) return new Response(null, { status: 404 });
    if (method === 'PATCH' && body) {
      this.sentBytes += body.length;
      if (Number(headers.get('upload-offset')) !== upload.bytes.length) return new Response(null, { status: 409 });
      if (headers.get('upload-checksum') !== `sha256 ${this.digestOf(Buffer.from(body))}`)
        return new Response(null, { status: 460 });
      upload.bytes = Buffer.concat([upload.bytes, body]);
    }
    const isWhole = upload.bytes.length === upload.size;
    return new Response(null, {
      status: method === 'PATCH' ? 204 : 200,
      headers: {
        'upload-offset': String(upload.bytes.length),
        ...(isWhole && { 'repr-digest': contentDigest(this.digestOf(upload.bytes)) }),
      },
    });
  }
}

function startLane(of = ledger) {
  const ways = { baseUrl: 'http://127.0.0.1:1', identity, clock: ledgers.clock, chance, fetch: server.fetch };
  const onLost = (found: Problem) => void lost.push(found);
  return createAttachmentLane({ ...ways, nowMs: () => ledgers.clock.wallMs(), store: of.attachments, onLost });
}

async function put(size: number, into = ledger) {
  const plain = chance.bytes(size);
  const sealed = await seal({ provider: identity.provider, chance, key: identity.platform.agreement }, plain);
  const kept = await into.attachments.putSoon(sealed);
  if (!kept.ok) throw new Error(JSON.stringify(kept.problem));
  return { ...kept.value, sealed };
}

/** Steps until nothing waits, in `atMost` steps; those that failed. `newLife` begins each step after a failure anew. */
async function send({ newLife = false, atMost = 40 } = {}): Promise<readonly string[]> {
  const failures: string[] = [];
  let lane = startLane();
  for (let step = 0; step < atMost && lane.waiting() > 0; step++) {
    const sent = await lane.sendPart();
    if (sent.ok) continue;
    failures.push(sent.problem.code);
    if (newLife) lane = startLane((ledger = reopened()));
  }
  return failures;
}

function reopened(options: Partial<LedgerOptions> = {}): Ledger {
  ledger.close();
  return ledgers.open({ chance: seededChance(++lives), ...options });
}

const directory = (): string => `${ledgers.path()}-attachments`;

describe('an attachment on its way', () => {
  it('goes up in parts of 256 kB and counts as stored by the word of the platform', async () => {
    const { id, sealed } = await put(THREE_PARTS);
    expect(await send()).toEqual([]);
    expect(server.methods).toEqual(['POST', 'HEAD', 'PATCH', 'PATCH', 'PATCH', 'HEAD']);
    expect(server.whole()?.equals(sealed)).toBe(true);
    expect(ledger.attachments.find(id)).toMatchObject({ state: 'stored', offsetBytes: sealed.length });
  });

  it.each([false, true])(
    'survives a line that breaks at any request, before or after it (new life: %s)',
    async (newLife) => {
      for (const fault of ['unheard', 'answerLost'] as const)
        for (let broken = 0; broken < 6; broken++) {
          server = new FakeTus();
          server.fault = ({ count }) => (count === broken ? fault : undefined);
          const { id, sealed } = await put(THREE_PARTS);
          expect(await send({ newLife }), `${fault} at ${broken}`).toEqual(['platform.offline']);
          expect(server.whole()?.equals(sealed), `${fault} at ${broken}`).toBe(true);
          expect(ledger.attachments.find(id)?.state).toBe('stored');
          expect(server.sentBytes, 'nothing that arrived is sent twice').toBe(sealed.length);
        }
    },
  );

  it('gets through a line that closes after every part it has carried', async () => {
    server.fault = ({ method }) => (method === 'PATCH' ? 'answerLost' : undefined);
    const { sealed } = await put(THREE_PARTS);
    expect((await send({ newLife: true })).length).toBeGreaterThan(2);
    expect(server.whole()?.equals(sealed)).toBe(true);
    expect(server.sentBytes).toBe(sealed.length);
  });

  it('is sent in smaller parts when large ones do not arrive', async () => {
    const sizes: number[] = [];
    const { fetch } = server;
    const narrow: Fetch = async (url, init) => {
      const { length } = (init.body ?? []) as Uint8Array;
      if (length > 40_000) throw new TypeError('fetch failed');
      if (length > 0) sizes.push(length);
      return fetch(url, init);
    };
    server = Object.assign(new FakeTus(), { fetch: narrow });
    await put(PART_BYTES);
    await send({ atMost: 100 });
    expect(ledger.attachments.waiting()).toBe(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(40_000);
  });

  it.each([404, 410])(
    'is begun anew under the same name when the platform has given its upload up: %i',
    async (status) => {
      let once = true;
      server.fault = ({ method }) => {
        if (method !== 'PATCH' || server.sentBytes < PART_BYTES || !once) return undefined;
        once = false;
        server.uploads.clear();
        return status;
      };
      const { id, sealed } = await put(THREE_PARTS);
      expect(await send()).toEqual([]);
      expect(server.methods.filter((method) => method === 'POST')).toHaveLength(2);
      expect(server.whole()?.equals(sealed)).toBe(true);
      expect(ledger.attachments.find(id)?.state).toBe('stored');
    },
  );

  it('rests when its upload is gone again and again, and lets the others go first', async () => {
    const bad = await put(100);
    ledgers.clock.advance(1_000);
    const good = await put(200);
    server.fault = ({ method }) =>
      method === 'HEAD' && ledger.attachments.find(good.id)?.state === 'waiting' ? 404 : undefined;
    const lane = startLane();
    const steps = [];
    for (let step = 0; step < 4; step++) steps.push((await lane.sendPart()).ok);
    expect(steps).toEqual([true, true, true, false]);
    await lane.sendPart();
    expect(ledger.attachments.find(good.id)?.state).toBe('uploading');
    expect(ledger.attachments.find(bad.id)?.state).toBe('waiting');
  });

  it('is sent again from where the platform stands when a part was damaged on the way', async () => {
    let damaged = 0;
    server.fault = ({ method }) => (method === 'PATCH' && damaged++ === 1 ? 460 : undefined);
    const { sealed } = await put(THREE_PARTS);
    expect(await send()).toEqual(['platform.refused']);
    expect(server.whole()?.equals(sealed)).toBe(true);
    expect(lost).toEqual([]);
  });

  it('is not taken for stored when the platform keeps something else under its name', async () => {
    const { id } = await put(1_000);
    const honest = server.digestOf;
    server.digestOf = (bytes) => (server.methods.at(-1) === 'HEAD' ? honest(Buffer.from('other')) : honest(bytes));
    expect(await send({ atMost: 4 })).toEqual(['platform.badAnswer']);
    expect(ledger.attachments.find(id)).toMatchObject({ state: 'waiting', offsetBytes: 0 });
    expect(existsSync(join(directory(), id))).toBe(true);
  });

  it('is given up, and said to maintainers, when its file is not what was put', async () => {
    const cut = await put(1_000);
    truncateSync(join(directory(), cut.id), 500);
    expect(await send()).toEqual([]);
    expect(lost).toMatchObject([{ code: 'ledger.corrupt' }]);
    const changed = await put(1_000);
    writeFileSync(join(directory(), changed.id), Buffer.alloc(changed.sealed.length));
    server.fault = ({ method }) => (method === 'PATCH' ? 460 : undefined);
    expect(await send()).toEqual([]);
    expect([cut, changed].map(({ id }) => ledger.attachments.find(id)?.state)).toEqual(['gone', 'gone']);
  });
});

describe('the file of an attachment', () => {
  function refer(id: string, sha256: string): void {
    const what = { service: 'subsidy', form: 'claim', formVersion: '1', personal: 'a'.repeat(64) };
    const event = { type: 'FormSubmitted', at: '2026-01-05T00:00:00.000Z', operation: 'o-1', ...what } as const;
    const written = ledger.record([{ ...event, attachments: [{ id, sha256 }] }]);
    expect(written.ok).toBe(true);
  }

  it('is deleted only when the platform has its record and all of its bytes', async () => {
    const { id, sha256 } = await put(1_000);
    const isThere = (): boolean => existsSync(join(directory(), id));
    const clear = (): unknown => {
      ledgers.clock.advance(2 * DAY_MS);
      return ledger.prune();
    };
    refer(id, sha256);
    ledger.outbox.acknowledge(ledger.outbox.head().written);
    expect([clear(), isThere()], 'the platform has the record only').toEqual([{ ok: true, value: 0 }, true]);
    ledger.outbox.acknowledge({ seq: 0, hash: '0'.repeat(64) });
    await send();
    expect([clear(), isThere()], 'the platform has the bytes only').toEqual([{ ok: true, value: 0 }, true]);
    ledger.outbox.acknowledge(ledger.outbox.head().written);
    expect([clear(), isThere()]).toEqual([{ ok: true, value: 1 }, false]);
    expect(ledger.attachments.find(id)?.state).toBe('gone');
  });

  it('is refused over the limit of all, on a disk without room, and in clear', async () => {
    const { sealed } = await put(1_000);
    ledger = reopened({ maxAttachmentBytes: 2 * sealed.length - 1 });
    expect(await ledger.attachments.putSoon(sealed)).toMatchObject({ ok: false, problem: { code: 'disk.low' } });
    ledger = reopened({ hasRoomForMedia: () => false });
    expect(await ledger.attachments.putSoon(sealed)).toMatchObject({ ok: false, problem: { code: 'disk.low' } });
    expect(readdirSync(directory())).toHaveLength(1);
    await expect(ledger.attachments.putSoon(Buffer.from('a'.repeat(200)))).rejects.toThrow('not sealed');
  });

  it('is taken in again by a database that is older than it, and half a file is not', async () => {
    const older = ledgers.crashCopy(ledgers.path());
    const { id, sha256 } = await put(1_000);
    writeFileSync(join(directory(), `${'b'.repeat(32)}.half`), 'x');
    ledger.close();
    const path = ledgers.path('again.sqlite');
    renameSync(older, path);
    if (existsSync(`${older}-wal`)) renameSync(`${older}-wal`, `${path}-wal`);
    renameSync(directory(), `${path}-attachments`);
    ledger = ledgers.open({ path });
    expect(ledger.attachments.find(id)).toMatchObject({ sha256, state: 'waiting' });
    expect(readdirSync(`${path}-attachments`)).toEqual([id]);
  });
});
