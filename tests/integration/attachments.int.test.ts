/** Attachments from a real ledger over a real line to the real platform: cut in the middle, resumed, kept once, read by nobody. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TUS_VERSION, uploadMetadata } from '../../contract/attachment.ts';
import { systemChance } from '../../contract/clock.system.ts';
import { openLedger, type Ledger } from '../../engine/ledger/ledger.ts';
import { createAttachmentLane } from '../../engine/sync/attachments.ts';
import { exchangeSigned, type SignedCall } from '../../engine/sync/signed-exchange.ts';
import { createUplink } from '../../engine/sync/uplink.ts';
import { createPlatformClient } from '../../engine/sync/platform-client.ts';
import { seal } from '../../engine/trust/sealing.ts';
import { readAttachment } from '../../platform/attachments/uploads.ts';
import { openDatabase } from '../../platform/database/open-database.ts';
import { open } from '../../platform/trust/opening.ts';
import { startTestPlatform, TERMINALS, type TestPlatform } from '../../platform/test-support/running-platform.ts';
import { filesUnder } from '../support/kiosk-rig.ts';
import { TEST_PLATFORM_KEYRING } from '../support/test-identity.ts';

const MARK = 'MARKED-陈小明-4401130000010017';
const PAGE = Buffer.from(MARK.repeat(16_000));
const { identity } = TERMINALS['kiosk-1'];
const ATTACHMENTS = '/v1/terminals/kiosk-1/attachments';

let folder: string;
let platform: TestPlatform;
let ledger: Ledger;
let line: BreakingLine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attachments-'));
  platform = await startTestPlatform(join(folder, 'platform.sqlite'));
  ledger = openTheLedger();
  line = await breakingLine(Number(new URL(platform.url).port));
});
afterEach(async () => {
  ledger.close();
  await line.close();
  await platform.close();
  rmSync(folder, { recursive: true });
});

function openTheLedger(): Ledger {
  const opened = openLedger({ path: join(folder, 'ledger.db'), clock: platform.clock, chance: systemChance });
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
  return opened.value;
}

interface BreakingLine {
  readonly url: string;
  /** It carries so many bytes more to the platform, then every connection is torn. */
  breakAfter(bytes: number): void;
  mend(): void;
  close(): Promise<void>;
}

async function breakingLine(port: number): Promise<BreakingLine> {
  let leftBytes = Number.POSITIVE_INFINITY;
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (data) => {
      far.write(data.subarray(0, Math.max(0, leftBytes)));
      leftBytes -= data.length;
      if (leftBytes < 0) near.destroy();
    });
    far.pipe(near);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    breakAfter: (bytes) => void (leftBytes = bytes),
    mend: () => void (leftBytes = Number.POSITIVE_INFINITY),
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

const ways = () => ({ baseUrl: line.url, identity, clock: platform.clock, chance: systemChance, fetch });

function startLane() {
  const nowMs = () => platform.clock.wallMs();
  const onLost = () => {
    throw new Error('lost');
  };
  return createAttachmentLane({ ...ways(), nowMs, store: ledger.attachments, onLost });
}

async function put(plain: Buffer) {
  const sealer = { provider: identity.provider, chance: systemChance, key: identity.platform.agreement };
  return keep(await seal(sealer, plain));
}

async function keep(sealed: Buffer) {
  const kept = await ledger.attachments.putSoon(sealed);
  if (!kept.ok) throw new Error(JSON.stringify(kept.problem));
  return { ...kept.value, sealed };
}

async function sendAll(): Promise<void> {
  const client = createPlatformClient(ways());
  const outbox = { ...ledger.outbox, incarnation: ledger.incarnation };
  const { clock } = platform;
  await createUplink({ outbox, client, clock, chance: systemChance, attachments: startLane() }).flush();
}

/** What the platform keeps, looked up behind its back. */
async function kept<Value>(
  look: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<Value>,
): Promise<Value> {
  const database = await openDatabase({ sqlitePath: join(folder, 'platform.sqlite') });
  try {
    return await look(database);
  } finally {
    await database.destroy();
  }
}

describe('an attachment', () => {
  it('comes up whole, and the platform alone can read it', async () => {
    const { id, sealed } = await put(PAGE);
    await sendAll();
    expect(ledger.attachments.find(id)?.state).toBe('stored');
    const bytes = await kept((database) => readAttachment({ database }, 'kiosk-1', id));
    expect(bytes?.equals(sealed)).toBe(true);
    const opened = bytes && open(TEST_PLATFORM_KEYRING, bytes);
    expect(opened?.kind === 'opened' && opened.content.equals(PAGE)).toBe(true);
  });

  it('goes on in another life of the program from where the line broke in the middle of a part', async () => {
    const { id, sealed } = await put(PAGE);
    line.breakAfter(400_000);
    await sendAll();
    expect(ledger.attachments.find(id)).toMatchObject({ state: 'uploading', offsetBytes: 262_144 });
    ledger.close();
    ledger = openTheLedger();
    line.mend();
    await sendAll();
    expect(ledger.attachments.find(id)).toMatchObject({ state: 'stored', offsetBytes: sealed.length });
    const parts = await kept((database) =>
      database.selectFrom('attachment_parts').select('first_byte').orderBy('first_byte').execute(),
    );
    expect(parts.map((part) => part.first_byte)).toEqual([0, 262_144, 524_288]);
    expect((await kept((database) => readAttachment({ database }, 'kiosk-1', id)))?.equals(sealed)).toBe(true);
  });

  it('is kept once when the same bytes come under two names', async () => {
    const one = await put(PAGE);
    const two = await keep(one.sealed);
    await sendAll();
    expect([one, two].map(({ id }) => ledger.attachments.find(id)?.state)).toEqual(['stored', 'stored']);
    const contents = await kept((database) => database.selectFrom('attachment_contents').selectAll().execute());
    expect(contents).toMatchObject([{ sha256: one.sha256, state: 'stored' }]);
    expect((await kept((database) => readAttachment({ database }, 'kiosk-1', two.id)))?.equals(one.sealed)).toBe(true);
  });

  it('shows nothing to whoever takes the disk of the terminal, or of the platform', async () => {
    await put(PAGE);
    await sendAll();
    const traces = [
      Buffer.from(MARK),
      Buffer.from('小明'),
      Buffer.from(MARK, 'utf16le'),
      Buffer.from('NDQwMTEzMDAwMDAxMDAxNw'),
    ];
    const shown = filesUnder(folder).filter(({ bytes }) => traces.some((trace) => bytes.includes(trace)));
    expect(filesUnder(folder).some(({ path }) => path.includes('ledger.db-attachments'))).toBe(true);
    expect(shown.map(({ path }) => path)).toEqual([]);
  });
});

describe('the platform', () => {
  const BYTES = Buffer.from('not really sealed, which the platform cannot know');
  const sha256 = createHash('sha256').update(BYTES).digest('hex');
  const attachment = 'c'.repeat(32);

  async function call(of: Pick<SignedCall, 'method' | 'path' | 'bytes' | 'headers'>) {
    const headers = { 'tus-resumable': TUS_VERSION, ...of.headers };
    const asked = { ...of, headers, deadlineMs: 5_000, alg: 'hmac-sha256' } as const;
    const answer = await exchangeSigned({ ...ways(), nowMs: () => platform.clock.wallMs() }, asked);
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    return answer.value;
  }
  const create = (size = BYTES.length, name = { attachment, sha256 }) =>
    call({
      method: 'POST',
      path: ATTACHMENTS,
      headers: { 'upload-length': String(size), 'upload-metadata': uploadMetadata(name) },
    });
  function patch(bytes: Buffer, offset: number, of = bytes) {
    const checksum = createHash('sha256').update(of).digest('base64');
    return call({
      method: 'PATCH',
      path: `${ATTACHMENTS}/${sha256}`,
      bytes: new Uint8Array(bytes),
      headers: {
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        'upload-checksum': `sha256 ${checksum}`,
      },
    });
  }
  const look = (upload = sha256) => call({ method: 'HEAD', path: `${ATTACHMENTS}/${upload}` });

  it('takes each part once: not at another offset, not damaged, not beyond the end, and changes nothing by a refusal', async () => {
    const created = await create();
    expect([created.status, created.headers.get('location')]).toEqual([201, `${ATTACHMENTS}/${sha256}`]);
    expect((await create()).headers.get('upload-offset'), 'asked for again').toBe('0');
    expect((await patch(BYTES.subarray(0, 10), 0)).status).toBe(204);
    expect((await patch(BYTES.subarray(0, 10), 0)).status).toBe(409);
    expect((await patch(BYTES.subarray(12), 12)).status).toBe(409);
    expect((await patch(BYTES.subarray(10), 10, BYTES)).status).toBe(460);
    expect((await patch(BYTES, 10)).status).toBe(413);
    const open = await look();
    expect([open.headers.get('upload-offset'), open.headers.get('repr-digest')]).toEqual(['10', null]);
    expect((await patch(BYTES.subarray(10), 10)).status).toBe(204);
    expect((await look()).headers.get('repr-digest')).toBe(
      `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    );
  });

  it('keeps nothing of a whole that is not what was announced', async () => {
    await create();
    expect((await patch(Buffer.alloc(BYTES.length, 1), 0)).status).toBe(460);
    expect((await look()).status).toBe(404);
    expect(await kept((database) => database.selectFrom('attachment_parts').selectAll().execute())).toEqual([]);
  });

  it('forgets an upload that nobody goes on with for a week', async () => {
    await create();
    await patch(BYTES.subarray(0, 10), 0);
    platform.clock.advance(7 * 24 * 3_600_000);
    expect((await look()).status).toBe(404);
    expect((await patch(BYTES.subarray(10), 10)).status).toBe(404);
    expect((await create()).headers.get('upload-offset')).toBe('0');
    expect((await look('f'.repeat(64))).status).toBe(404);
  });

  it('refuses what it cannot keep, another tus, a name used for something else, and another terminal’s address', async () => {
    expect((await create(17 * 1024 * 1024)).status).toBe(413);
    expect((await create(0)).status).toBe(400);
    await create();
    expect((await create(5)).status).toBe(409);
    expect((await create(BYTES.length, { attachment, sha256: 'd'.repeat(64) })).status).toBe(409);
    expect(
      (await call({ method: 'HEAD', path: `${ATTACHMENTS}/${sha256}`, headers: { 'tus-resumable': '0.2' } })).status,
    ).toBe(412);
    expect((await call({ method: 'HEAD', path: `/v1/terminals/kiosk-2/attachments/${sha256}` })).status).toBe(403);
  });
});
