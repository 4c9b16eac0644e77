/** Whoever publishes, at a keyboard: what they are told before it is done, what is refused, and that kiosks take what comes out. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../contract/clock.system.ts';
import type { Channel } from '../../contract/document.schema.ts';
import { openLedger } from '../../engine/ledger/ledger.ts';
import { closureOf } from '../../engine/sync/catalogue.ts';
import { CHANNEL_READERS } from '../../engine/sync/channel-readers.ts';
import { createDocuments } from '../../engine/sync/documents.ts';
import { startTestPlatform, TERMINALS, type TestPlatform } from '../../platform/test-support/running-platform.ts';
import { makeRoot } from '../../platform/trust/keyring.ts';
import { publish } from '../../scripts/publish/publish.ts';
import { namedChance, TEST_ROOT } from '../support/test-identity.ts';

const WORDS = { 'zh-Hans': '系统升级', 'zh-Hant': '系統升級', en: 'Being renewed' };
const closing = (...services: readonly string[]) => ({
  closed: services.map((service) => ({ service, words: WORDS })),
});

let platform: TestPlatform;
let folder: string;
let said: string[];
beforeEach(async () => {
  platform = await startTestPlatform();
  folder = mkdtempSync(join(tmpdir(), 'publish-'));
  write('root.json', TEST_ROOT);
  expect((await run('allow', 'catalogue,prices', '--root', inFolder('root.json'))).exit).toBe(0);
});
afterEach(async () => {
  await platform.close();
  rmSync(folder, { recursive: true });
});

const inFolder = (name: string) => join(folder, name);

function write(name: string, content: unknown): string {
  writeFileSync(inFolder(name), typeof content === 'string' ? content : JSON.stringify(content));
  return inFolder(name);
}

async function run(...words: readonly string[]): Promise<{ readonly exit: number; readonly said: string }> {
  said = [];
  const around = { clock: platform.clock, chance: systemChance, fetch, say: (line: string) => void said.push(line) };
  const exit = await publish([...words, '--key', inFolder('key.json'), '--platform', platform.url], around);
  return { exit, said: said.join('\n') };
}

const put = (content: unknown, ...more: readonly string[]) => run('catalogue', write('content.json', content), ...more);

interface Release {
  readonly channel: Channel;
  readonly version: number;
  readonly ring: number;
}
async function releases(): Promise<readonly string[]> {
  const all = (await (await fetch(`${platform.url}/v1/ops/documents`)).json()) as readonly Release[];
  return all.map(({ channel, version, ring }) => `${channel}@${version} ring ${ring}`);
}

describe('a content that is published', () => {
  it('is told, signed, and taken up by a kiosk', async () => {
    expect(await put(closing('parking'))).toEqual({
      exit: 0,
      said: [
        'catalogue (none yet) -> 1',
        '  + closed[0].service: "parking"',
        ...['zh-Hans: "系统升级"', 'zh-Hant: "系統升級"', 'en: "Being renewed"'].map(
          (one) => `  + closed[0].words.${one}`,
        ),
        'Version 1 of catalogue goes to the first ring.',
      ].join('\n'),
    });
    await platform.ops('documents/first-ring', { terminals: ['kiosk-1'] });
    expect(await closedAtKiosk('parking')).toBe('Being renewed');
  });

  it('is only told of with --dry-run', async () => {
    const { exit, said: lines } = await put(closing('parking'), '--dry-run');
    expect([exit, lines]).toEqual([0, expect.stringContaining('+ closed[0].service: "parking"')]);
    expect(lines).toContain('Nothing was changed.');
    expect(await releases()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['does not read as kiosks read it', { closed: 'everything' }],
    ['names a service twice', closing('parking', 'parking')],
    ['is no JSON', '{"closed":'],
  ])('and %s is refused before the platform sees it', async (_what, content) => {
    expect(await put(content)).toMatchObject({ exit: 1, said: expect.stringContaining('KP-3014') as string });
    expect(await releases()).toEqual([]);
  });

  it('under a version that is not newer is refused, before and by the platform', async () => {
    await put(closing('parking'), '--version', '5');
    for (const version of ['5', '4']) {
      const again = await put(closing('ticket'), '--version', version);
      expect(again).toMatchObject({ exit: 1, said: expect.stringContaining('is not newer than 5') as string });
    }
    expect((await put(closing('ticket'))).said).toContain('catalogue 5 -> 6');
    expect(await releases()).toEqual(['catalogue@5 ring 1', 'catalogue@6 ring 1']);
  });

  it('that says the same as the newest is not published again', async () => {
    await put(closing('parking'));
    expect(await put(closing('parking'))).toMatchObject({
      exit: 0,
      said: expect.stringContaining('Nothing changes') as string,
    });
    expect(await releases()).toEqual(['catalogue@1 ring 1']);
  });

  it('goes on ring by ring when it is told to', async () => {
    await put(closing('parking'));
    expect((await run('advance', 'catalogue', '1')).exit).toBe(0);
    expect(await releases()).toEqual(['catalogue@1 ring 2']);
    expect(await run('advance', 'catalogue', '9')).toMatchObject({
      exit: 1,
      said: expect.stringContaining('document.unknown') as string,
    });
  });

  it('of a channel that no kiosk uses, or that the key may not sign, is refused', async () => {
    const file = write('content.json', { announcements: [] });
    expect(await run('announce', file)).toMatchObject({
      said: expect.stringContaining('document.notSigned') as string,
    });
    expect(await run('forms', file)).toMatchObject({ said: expect.stringContaining('no kiosk') as string });
    expect(await releases()).toEqual([]);
  });
});

describe('a version that is taken back', () => {
  it('gives way to what was before it, under a newer number', async () => {
    await put(closing('parking'));
    await put(closing('ticket'));
    const back = await run('catalogue', '--rollback-of', '2');
    expect(back.said).toContain(
      'Version 1 comes back.\ncatalogue 2 -> 3\n  ~ closed[0].service: "ticket" -> "parking"',
    );
    await platform.ops('documents/first-ring', { terminals: ['kiosk-1'] });
    expect(await closedAtKiosk('parking')).toBe('Being renewed');
    expect(await closedAtKiosk('ticket')).toBeUndefined();
  });

  it.each([
    ['2', 'the newest is 1, and not 2'],
    ['1', 'there is none before 1'],
  ])('and is not the newest, or the first (%s), is refused', async (version, why) => {
    await put(closing('parking'));
    const back = await run('catalogue', '--rollback-of', version);
    expect(back).toMatchObject({ exit: 1, said: expect.stringContaining(why) as string });
    expect(await releases()).toEqual(['catalogue@1 ring 1']);
  });
});

describe('keys', () => {
  it('are made for their owner alone, and the root’s word on others stays', async () => {
    expect(statSync(inFolder('key.json')).mode & 0o777).toBe(0o600);
    const other = ['--root', inFolder('root.json'), '--key', inFolder('other.json'), '--platform', platform.url];
    const around = { clock: platform.clock, chance: systemChance, fetch, say: () => undefined };
    expect(await publish(['allow', 'announce', ...other], around)).toBe(0);
    expect((await put(closing('parking'))).exit).toBe(0);
  });

  it('are allowed by the platform’s own root only, and none is made for another', async () => {
    write('root.json', makeRoot(namedChance('another root'), 1, 1));
    rmSync(inFolder('key.json'));
    const { exit, said: lines } = await run('allow', 'catalogue', '--root', inFolder('root.json'));
    expect([exit, lines]).toEqual([1, expect.stringContaining('is not this platform’s root')]);
    expect(existsSync(inFolder('key.json'))).toBe(false);
  });

  it('that cannot be read are named, and nothing of them is said', async () => {
    const secret = 'c2VjcmV0';
    write('key.json', { secret, more: true });
    const { exit, said: lines } = await put(closing('parking'));
    expect([exit, lines]).toEqual([1, expect.stringContaining('key.json is no such key file')]);
    expect(lines).not.toContain(secret);
  });
});

it.each([
  [[]],
  [['catalogue']],
  [['nothing', 'file']],
  [['catalogue', 'f', '--version', '0']],
  [['advance', 'catalogue']],
])('words that make no sense (%j) are answered with how to say it', async (words) => {
  expect(await run(...words)).toMatchObject({ exit: 64, said: expect.stringContaining('usage:') as string });
});

it('a platform that does not answer is named', async () => {
  const around = { clock: platform.clock, chance: systemChance, fetch, say: (line: string) => void said.push(line) };
  said = [];
  const file = write('content.json', closing());
  const away = await publish(['catalogue', file, '--platform', 'http://127.0.0.1:1'], around);
  expect([away, said.join()]).toEqual([1, expect.stringContaining('http://127.0.0.1:1')]);
});

/** What a kiosk with nothing yet says of the service once it has looked. */
async function closedAtKiosk(service: string): Promise<string | undefined> {
  const { clock, url: baseUrl } = platform;
  const path = join(mkdtempSync(inFolder('kiosk-')), 'ledger.db');
  const ledger = openLedger({ path, clock, chance: systemChance });
  if (!ledger.ok) throw new Error(JSON.stringify(ledger.problem));
  const documents = createDocuments({
    ...{ baseUrl, identity: TERMINALS['kiosk-1'].identity, clock, chance: systemChance, fetch },
    nowMs: () => clock.wallMs(),
    store: ledger.value.publications,
    readers: CHANNEL_READERS,
    seen: { get: () => 0, set: () => undefined },
    audit: () => undefined,
    onChange: () => undefined,
  });
  expect(await documents.told(1)).toMatchObject({ ok: true });
  const words = closureOf(documents.content('catalogue'), service)?.en;
  ledger.value.close();
  return words;
}
