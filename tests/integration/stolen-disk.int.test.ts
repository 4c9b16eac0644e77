/** What a thief of the disk, of a backup or of the line sees of a form: nothing; and what erasing leaves: a whole chain. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../contract/clock.system.ts';
import { openLedger, type Ledger } from '../../engine/ledger/ledger.ts';
import { createPlatformClient } from '../../engine/sync/platform-client.ts';
import { createUplink } from '../../engine/sync/uplink.ts';
import { sealPersonal, type Sealer } from '../../engine/trust/sealing.ts';
import { startTestPlatform, TERMINALS, type TestPlatform } from '../../platform/test-support/running-platform.ts';
import { open, openPersonal } from '../../platform/trust/opening.ts';
import { filesUnder } from '../support/kiosk-rig.ts';
import { TEST_PLATFORM_KEYRING, testIdentity } from '../support/test-identity.ts';

const MARK = 'MARKED-陈小明-4401130000010017';
const FORM = { name: MARK, reason: 'synthetic' };
const DAY_MS = 24 * 3_600_000;
const { identity, record } = TERMINALS['kiosk-1'];
const sealer: Sealer = { provider: identity.provider, chance: systemChance, key: identity.platform.agreement };

let platform: TestPlatform;
let folder: string;
let ledger: Ledger;

beforeEach(async () => {
  platform = await startTestPlatform();
  folder = mkdtempSync(join(tmpdir(), 'stolen-'));
  mkdirSync(join(folder, 'backups'));
  ledger = openTheLedger();
});
afterEach(async () => {
  ledger.close();
  await platform.close();
  rmSync(folder, { recursive: true });
});

function openTheLedger(): Ledger {
  const files = { path: join(folder, 'ledger.db'), blackBoxPath: join(folder, 'black-box.log') };
  const opened = openLedger({ ...files, clock: platform.clock, chance: systemChance });
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
  return opened.value;
}

/** Hands the form in, as a paying resident does. Returns the operation. */
async function handIn(form: object): Promise<string> {
  const operation = ledger.newOperation();
  const { commitment, sealed } = await sealPersonal(sealer, form);
  const what = { service: 'subsidy', form: 'application', formVersion: '3', personal: commitment };
  const at = new Date(platform.clock.wallMs()).toISOString();
  const event = { type: 'FormSubmitted', at, operation, ...what } as const;
  const written = ledger.submit(operation, { step: 'form.submitted', ...what }, event, sealed);
  if (!written.ok) throw new Error(JSON.stringify(written.problem));
  return operation;
}

async function sendAll(): Promise<void> {
  const { url, clock } = platform;
  const client = createPlatformClient({ baseUrl: url, identity, clock, chance: systemChance, fetch });
  const outbox = { ...ledger.outbox, incarnation: ledger.incarnation };
  const uplink = createUplink({ outbox, client, clock, chance: systemChance });
  await uplink.flush();
  expect(uplink.status().unacknowledged).toBe(0);
}

/** As it might lie there: as text, in two widths, or encoded. */
function tracesOf(mark: string): readonly Buffer[] {
  const text = Buffer.from(mark, 'utf8');
  const inner = Buffer.from('小明');
  return [
    text,
    inner,
    Buffer.from(mark, 'utf16le'),
    Buffer.from(text.toString('base64').slice(4, -8)),
    Buffer.from(text.toString('hex')),
  ];
}

function filesThatShow(mark: string): readonly string[] {
  const traces = tracesOf(mark);
  return filesUnder(folder)
    .filter(({ bytes }) => traces.some((trace) => bytes.includes(trace)))
    .map(({ path }) => path);
}

describe('a stolen disk', () => {
  it('shows nothing of a form: not in the database, its log, the black box, a backup or the identity', async () => {
    await handIn(FORM);
    await handIn(FORM);
    await ledger.copyTo(join(folder, 'backups', 'ledger.backup'));
    writeFileSync(join(folder, 'identity.json'), JSON.stringify(record));
    const names = filesUnder(folder).map(({ path }) => path.slice(folder.length + 1));
    expect(names).toEqual(expect.arrayContaining(['ledger.db', 'ledger.db-wal', 'black-box.log', 'identity.json']));
    expect(filesThatShow(MARK)).toEqual([]);
    writeFileSync(join(folder, 'planted'), `x${JSON.stringify(FORM)}`);
    expect(filesThatShow(MARK), 'what is looked for would be found').toEqual([join(folder, 'planted')]);
  });

  it('shows nothing to who takes the terminal’s keys with it, for they do not open what they sealed', async () => {
    const { sealed } = await sealPersonal(sealer, FORM);
    const bytes = Buffer.from(sealed, 'base64');
    expect(open(TEST_PLATFORM_KEYRING, bytes)).toMatchObject({ kind: 'opened' });
    const thief = { ...TEST_PLATFORM_KEYRING, agreementKey: () => undefined };
    expect(open(thief, bytes)).toEqual({ kind: 'foreignKey' });
    expect(await sealPersonal(sealer, FORM)).not.toMatchObject({ sealed });
  });
});

describe('what was sealed', () => {
  it('is opened by the platform, and by nobody when a single bit of it was changed', async () => {
    const { commitment, sealed } = await sealPersonal(sealer, FORM);
    expect(openPersonal(TEST_PLATFORM_KEYRING, commitment, sealed)).toEqual({ kind: 'opened', content: FORM });
    const bytes = Buffer.from(sealed, 'base64');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(openPersonal(TEST_PLATFORM_KEYRING, commitment, changed.toString('base64')).kind).not.toBe('opened');
    }
    for (const length of [0, 1, 40, 56, bytes.length - 1])
      expect(open(TEST_PLATFORM_KEYRING, bytes.subarray(0, length)).kind).not.toBe('opened');
  });

  it('is not taken for what another record committed to', async () => {
    const one = await sealPersonal(sealer, FORM);
    const other = await sealPersonal(sealer, { ...FORM, reason: 'another' });
    expect(openPersonal(TEST_PLATFORM_KEYRING, one.commitment, other.sealed)).toEqual({ kind: 'notCommitted' });
  });
});

describe('a form on its way', () => {
  it('reaches the platform, which alone can read it until it erases it, and the chain goes on over it', async () => {
    const operation = await handIn(FORM);
    await sendAll();
    const form = `terminals/kiosk-1/forms/${operation}`;
    const asked = { by: 'w1', why: 'application 17' };
    const read = () => platform.ops(`${form}/open`, asked);
    expect(await read()).toEqual({ status: 200, body: { content: FORM } });
    expect((await platform.summary()).totals).toMatchObject({ records: 1, parked: 0 });
    expect((await platform.ops(`${form}/erase`, asked)).body).toEqual({ erased: true });
    expect(await read()).toMatchObject({ status: 410, body: { code: 'form.erased' } });
    expect((await platform.ops(`${form}/erase`, asked)).body).toEqual({ erased: false });
    expect((await platform.ops('terminals/kiosk-1/forms/none/open', asked)).status).toBe(404);
    await handIn(FORM);
    await sendAll();
    expect((await platform.summary()).totals).toMatchObject({ records: 2, parked: 0, quarantined: 0 });
  });

  it('is erased on the terminal a day after the platform has it, and not before', async () => {
    await handIn(FORM);
    const sealedOf = () => ledger.outbox.pending(10).records.map((one) => one.sealed !== undefined);
    platform.clock.advance(2 * DAY_MS);
    expect(ledger.prune()).toEqual({ ok: true, value: 0 });
    expect(sealedOf(), 'the platform does not have it yet').toEqual([true]);
    await sendAll();
    const head = ledger.outbox.head();
    expect(ledger.prune()).toEqual({ ok: true, value: 1 });
    expect(ledger.outbox.pending(5, 'audit').records.map(({ event }) => event)).toMatchObject([
      { action: 'personal.erased' },
    ]);
    ledger.outbox.acknowledge({ seq: 0, hash: '0'.repeat(64) });
    expect(sealedOf(), 'sent again after a restore of the platform: without it').toEqual([false]);
    await sendAll();
    expect(ledger.outbox.head()).toEqual(head);
    expect((await platform.summary()).totals).toMatchObject({ quarantined: 0 });
    ledger.close();
    ledger = openTheLedger();
    const checked = ledger.checkWholeChain();
    await platform.clock.run(1_000);
    expect(await checked).toEqual({ ok: true, value: undefined });
  });

  it('is nothing to a platform with other keys', async () => {
    const stranger = await testIdentity('stranger');
    const foreign = { keyId: '0'.repeat(16), publicKey: stranger.platform.signing.publicKey };
    const { commitment, sealed } = await sealPersonal({ ...sealer, key: foreign }, FORM);
    expect(openPersonal(TEST_PLATFORM_KEYRING, commitment, sealed)).toEqual({ kind: 'foreignKey' });
  });
});
