/** The errands of whoever publishes. Each says what will change before it does it; `--dry-run` stops there. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Channel, type SignedDocument } from '../../contract/document.schema.ts';
import { parse } from '../../contract/check.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { CHANNEL_READERS } from '../../engine/sync/channel-readers.ts';
import type { DocumentsOptions } from '../../engine/sync/documents.ts';
import { EXIT, sayProblem, type ErrandSurroundings } from '../errands/errand.ts';
import { allowKey } from './allow-key.ts';
import { contentChanges } from './content-changes.ts';
import { createPlatformDesk, type PlatformDesk, type Release } from './platform-desk.ts';
import { openSigningKey, signDocument } from './signing-key.ts';

const USAGE = `usage: npm run publish -- CHANNEL FILE --key KEY       CHANNEL: ${Object.keys(CHANNEL_READERS).join(', ')}
       npm run publish -- CHANNEL --rollback-of VERSION --key KEY
       npm run publish -- advance CHANNEL VERSION     to the next ring
       npm run publish -- allow CHANNEL[,CHANNEL] --key KEY --root ROOT
  --platform URL   the platform, on its own machine (default: http://127.0.0.1:4780)
  --version N      instead of the next one
  --until TIME     when kiosks must not use it any more: 2026-03-01T00:00:00+08:00
  --dry-run        says what would change, and changes nothing`;

interface Chosen {
  readonly platform: string;
  readonly isDryRun: boolean;
  readonly key?: string | undefined;
  readonly root?: string | undefined;
  readonly version?: number | undefined;
  readonly untilMs?: number | undefined;
}

type Errand = (desk: PlatformDesk, around: ErrandSurroundings) => Promise<Result<string>>;

export async function publish(argv: readonly string[], around: ErrandSurroundings): Promise<number> {
  const given = readArguments(argv);
  if (!given) {
    around.say(USAGE);
    return EXIT.usage;
  }
  const ended = await given.errand(createPlatformDesk(given.platform, around.fetch), around);
  if (ended.ok) {
    around.say(ended.value);
    return EXIT.done;
  }
  sayProblem(around, ended.problem);
  return EXIT.refused;
}

function readArguments(argv: readonly string[]): { readonly platform: string; readonly errand: Errand } | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...{ platform: text, key: text, root: text, version: text, until: text, 'rollback-of': text },
        'dry-run': { type: 'boolean' },
      },
    });
    const { platform = 'http://127.0.0.1:4780', key, root } = values;
    const numbers = [values.version, values['rollback-of']].map(numberOf);
    const untilMs = values.until === undefined ? undefined : Date.parse(values.until);
    if (numbers.includes(Number.NaN) || Number.isNaN(untilMs)) return undefined;
    const [version, rollbackOf] = numbers;
    const chosen = { platform, isDryRun: values['dry-run'] ?? false, key, root, version, untilMs };
    const errand = errandOf(positionals, chosen, rollbackOf);
    return errand && { platform, errand };
  } catch {
    return undefined; // an option nobody knows
  }
}

function errandOf(words: readonly string[], chosen: Chosen, rollbackOf: number | undefined): Errand | undefined {
  const [first = '', second, third, more] = words;
  if (more !== undefined) return undefined;
  if (first === 'advance') return advanceErrand(second, third);
  if (third !== undefined) return undefined;
  if (first === 'allow') return allowErrand(second ?? '', chosen);
  const channel = channelOf(first);
  if (!channel) return undefined;
  if (rollbackOf !== undefined)
    return second === undefined ? (desk, around) => takeBack(desk, around, channel, rollbackOf, chosen) : undefined;
  return second === undefined ? undefined : (desk, around) => putOut(desk, around, channel, second, chosen);
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : Number.NaN;
}

function channelOf(text: string): Channel | undefined {
  const channel = parse(Channel, text);
  return channel.ok ? channel.value : undefined;
}

async function putOut(
  desk: PlatformDesk,
  around: ErrandSurroundings,
  channel: Channel,
  path: string,
  chosen: Chosen,
): Promise<Result<string>> {
  const content = readContent(path);
  if (!content.ok) return content;
  const releases = await desk.releases(channel);
  return releases.ok
    ? release(desk, around, { channel, content: content.value, releases: releases.value }, chosen)
    : releases;
}

/** Versions only grow, so what was before comes back under a new one. */
async function takeBack(
  desk: PlatformDesk,
  around: ErrandSurroundings,
  channel: Channel,
  rollbackOf: number,
  chosen: Chosen,
): Promise<Result<string>> {
  const releases = await desk.releases(channel);
  if (!releases.ok) return releases;
  const newest = newestOf(releases.value);
  if (newest !== rollbackOf) return fail('publication.refused', `the newest is ${newest}, and not ${rollbackOf}`);
  const before = newestOf(releases.value.filter(({ version, state }) => version < rollbackOf && state === 'rolling'));
  if (before === 0) return fail('publication.refused', `there is none before ${rollbackOf} that was not halted`);
  const document = await desk.document(channel, before);
  if (!document.ok) return document;
  around.say(`Version ${before} comes back.`);
  const content: unknown = JSON.parse(document.value.body);
  return release(desk, around, { channel, content, releases: releases.value }, chosen);
}

interface Planned {
  readonly channel: Channel;
  readonly content: unknown;
  readonly releases: readonly Release[];
}

async function release(
  desk: PlatformDesk,
  around: ErrandSurroundings,
  planned: Planned,
  chosen: Chosen,
): Promise<Result<string>> {
  const { channel, content, releases } = planned;
  const newest = newestOf(releases);
  const version = chosen.version ?? newest + 1;
  const usable = checkContent(channel, content);
  if (!usable.ok) return usable;
  if (version <= newest) return fail('publication.refused', `version ${version} is not newer than ${newest}`);
  const current = newest === 0 ? undefined : await desk.document(channel, newest);
  if (current?.ok === false) return current;
  const lines = changesOf(current?.value, content, chosen.untilMs);
  if (lines.length === 0) return ok(`Nothing changes: version ${newest} of ${channel} says the same.`);
  around.say(`${channel} ${newest === 0 ? '(none yet)' : newest} -> ${version}`);
  for (const line of lines) around.say(`  ${line}`);
  if (chosen.isDryRun) return ok('Nothing was changed.');
  return signAndPut(desk, { channel, version, body: JSON.stringify(content) }, chosen);
}

/** As kiosks check it before they use it. */
function checkContent(channel: Channel, content: unknown): Result<unknown> {
  const reader = (CHANNEL_READERS as DocumentsOptions['readers'])[channel];
  return reader ? reader(content) : fail('publication.refused', `no kiosk of this release uses ${channel}`);
}

/** A line each; none when kiosks would see no difference. */
function changesOf(
  current: SignedDocument | undefined,
  content: unknown,
  hardExpiresMs: number | undefined,
): readonly string[] {
  const lines = contentChanges(current ? JSON.parse(current.body) : {}, content);
  if (current?.hardExpiresMs === hardExpiresMs) return lines;
  const until = hardExpiresMs === undefined ? 'a newer one comes' : new Date(hardExpiresMs).toISOString();
  return [...lines, `kiosks use it until ${until}`];
}

async function signAndPut(
  desk: PlatformDesk,
  document: Pick<SignedDocument, 'channel' | 'version' | 'body'>,
  { key: keyPath, untilMs }: Chosen,
): Promise<Result<string>> {
  if (keyPath === undefined) return fail('kiosk.badConfig', '--key FILE names the key that signs');
  const key = openSigningKey(keyPath);
  if (!key.ok) return key;
  const expiry = untilMs === undefined ? {} : { hardExpiresMs: untilMs };
  const taken = await desk.publish(signDocument(key.value, { ...document, ...expiry }));
  return taken.ok ? ok(`Version ${document.version} of ${document.channel} goes to the first ring.`) : taken;
}

function newestOf(releases: readonly Release[]): number {
  return Math.max(0, ...releases.map(({ version }) => version));
}

function advanceErrand(name: string | undefined, number: string | undefined): Errand | undefined {
  const channel = channelOf(name ?? '');
  const version = numberOf(number);
  if (!channel || version === undefined || Number.isNaN(version)) return undefined;
  return async (desk) => {
    const gone = await desk.advance(channel, version);
    return gone.ok ? ok(`Version ${version} of ${channel} goes on to its next ring.`) : gone;
  };
}

function allowErrand(list: string, { key, root, isDryRun }: Chosen): Errand | undefined {
  const channels = list.split(',').flatMap((name) => channelOf(name) ?? []);
  if (key === undefined || root === undefined || channels.length !== list.split(',').length) return undefined;
  return (desk, around) => allowKey(desk, around, { channels, key, root, isDryRun });
}

function readContent(path: string): Result<unknown> {
  try {
    return ok(JSON.parse(readFileSync(path, 'utf8')) as unknown);
  } catch (error) {
    return fail('publication.refused', error instanceof SyntaxError ? `${path} is no JSON` : `${path} cannot be read`);
  }
}
