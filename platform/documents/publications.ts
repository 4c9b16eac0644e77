/**
 * Signed documents on their way to terminals: taken only with a signature the root has allowed and a higher version, given out
 * in rings (a named few, one in twenty, all), and stopped by itself when more than one in a hundred of a ring refuses it.
 */
import { createHash, verify } from 'node:crypto';
import type { Clock } from '../../contract/clock.ts';
import { isDocumentSigned, readDelegation, type CheckSignature } from '../../contract/document-trust.ts';
import {
  manifestText,
  type Channel,
  type Delegation,
  type DelegationContent,
  type DocumentReport,
  type ManifestContent,
  type ManifestReply,
  type SignedDocument,
} from '../../contract/document.schema.ts';
import type { Commit, PlatformDatabase } from '../database/tables.ts';
import type { Keyring } from '../trust/keyring.ts';
import { publicKeyOf } from '../trust/raw-keys.ts';
import { isInRing, LAST_RING, ringSize } from './rings.ts';

export interface Publications {
  /** What a heartbeat tells; at most five seconds behind other nodes. */
  manifestVersion(): number;
  delegate(delegation: Delegation): Promise<'taken' | 'notSigned' | 'notNewer'>;
  /** The newest that holds; undefined before the first one. */
  delegation(): Promise<Delegation | undefined>;
  publish(document: SignedDocument): Promise<'taken' | 'notSigned' | 'notNewer'>;
  /** To the next ring, also when it was halted; false when there is no such release. */
  advance(channel: Channel, version: number): Promise<boolean>;
  manifestFor(terminal: string): Promise<ManifestReply>;
  read(channel: string, version: number): Promise<SignedDocument | undefined>;
  report(terminal: string, report: DocumentReport): Promise<void>;
  list(): Promise<readonly Release[]>;
}

export interface Release {
  readonly channel: string;
  readonly version: number;
  readonly ring: number;
  readonly state: 'rolling' | 'halted';
  readonly applied: number;
  readonly refused: number;
}

export interface PublicationsOptions {
  readonly database: PlatformDatabase;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

const FRESH_MS = 5_000;
const HALT_ABOVE = 0.01;

const isGood: CheckSignature = (publicKey, text, signature) =>
  verify(null, Buffer.from(text, 'utf8'), publicKeyOf('ed25519', publicKey), Buffer.from(signature, 'base64'));

/** Runs in a commit, after which every terminal is told that there is another manifest. */
type Change = <Value>(work: (commit: Commit) => Promise<Value>) => Promise<Value>;

interface Parts extends PublicationsOptions {
  readonly change: Change;
}

export function createPublications(options: PublicationsOptions): Publications {
  const { database, clock } = options;
  let known = 1;
  let readAt = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<number> {
    readAt = clock.now();
    known = (await database.selectFrom('manifest_versions').select('version').executeTakeFirstOrThrow()).version;
    return known;
  }
  const change: Change = async (work) => {
    const value = await database.transaction().execute(async (commit) => {
      const done = await work(commit);
      const { version } = await commit.selectFrom('manifest_versions').select('version').executeTakeFirstOrThrow();
      const next = Math.max(version + 1, Math.floor(clock.wallMs()));
      await commit.updateTable('manifest_versions').set({ version: next }).execute();
      return done;
    });
    await refresh();
    return value;
  };
  const parts: Parts = { ...options, change };

  return {
    manifestVersion() {
      // Whoever asks is answered from memory; a database that is away for a moment is asked again later.
      if (clock.now() - readAt >= FRESH_MS) void refresh().catch(() => undefined);
      return known;
    },
    delegate: (delegation) => delegate(parts, delegation),
    delegation: async () => (await readNewestDelegation(database, options.keyring))?.signed,
    publish: (document) => publish(parts, document),
    advance: (channel, version) => change((commit) => advance(commit, channel, version)),
    manifestFor: async (terminal) => manifestFor(parts, terminal, await refresh()),
    read: (channel, version) => readDocument(database, channel, version),
    report: (terminal, report) => takeReport(parts, terminal, report),
    list: () => listReleases(database),
  };
}

async function delegate(
  { database, keyring, change }: Parts,
  { body, signatures }: Delegation,
): Promise<'taken' | 'notSigned' | 'notNewer'> {
  const content = readDelegation({ body, signatures }, keyring.public.root, isGood);
  if (!content) return 'notSigned';
  const newest = await readNewestDelegation(database, keyring);
  if (newest && newest.content.version >= content.version) return 'notNewer';
  const row = { version: content.version, body, signatures: JSON.stringify(signatures) };
  await change((commit) => commit.insertInto('delegations').values(row).execute());
  return 'taken';
}

async function publish(
  { database, keyring, clock, change }: Parts,
  document: SignedDocument,
): Promise<'taken' | 'notSigned' | 'notNewer'> {
  const sha256 = createHash('sha256').update(document.body, 'utf8').digest('hex');
  const delegation = await readNewestDelegation(database, keyring);
  if (!delegation || !isDocumentSigned(document, sha256, delegation.content, isGood)) return 'notSigned';
  return change((commit) => store(commit, document, sha256, clock.wallMs()));
}

async function advance(commit: Commit, channel: Channel, version: number): Promise<boolean> {
  const at = commit.updateTable('rollouts').where('channel', '=', channel).where('version', '=', version);
  const { numUpdatedRows } = await at
    .set((set) => ({
      state: 'rolling' as const,
      ring: set
        .case()
        .when('ring', '<', LAST_RING)
        .then(set('ring', '+', 1))
        .else(LAST_RING)
        .end(),
    }))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function manifestFor({ database, keyring }: Parts, terminal: string, version: number): Promise<ManifestReply> {
  const content: ManifestContent = { terminal, version, documents: await documentsFor(database, terminal) };
  const body = JSON.stringify(content);
  const { keyId } = keyring.public.signing;
  const delegation = await readNewestDelegation(database, keyring);
  return {
    ...(delegation && { delegation: delegation.signed }),
    manifest: { body, signature: { alg: 'Ed25519', kid: keyId, sig: keyring.sign(manifestText(body)) } },
  };
}

async function readDocument(
  database: PlatformDatabase,
  channel: string,
  version: number,
): Promise<SignedDocument | undefined> {
  const found = database.selectFrom('documents').selectAll().where('channel', '=', channel);
  const row = await found.where('version', '=', version).executeTakeFirst();
  if (!row) return undefined;
  const { body, hard_expires_ms: hardExpiresMs } = row;
  const signatures = JSON.parse(row.signatures) as SignedDocument['signatures'];
  const expiry = hardExpiresMs === null ? {} : { hardExpiresMs };
  return { channel: channel as Channel, version, body, ...expiry, signatures };
}

async function takeReport(
  { database, clock, change }: Parts,
  terminal: string,
  { channel, version, state, detail }: DocumentReport,
): Promise<void> {
  const row = { state, detail: detail ?? null, reported_ms: clock.wallMs() };
  await database
    .insertInto('document_reports')
    .values({ terminal_id: terminal, channel, version, ...row })
    .onConflict((conflict) => conflict.columns(['terminal_id', 'channel', 'version']).doUpdateSet(row))
    .execute();
  if (state === 'applied' || !(await isTooManyRefused(database, channel, version))) return;
  await change((commit) =>
    commit
      .updateTable('rollouts')
      .set({ state: 'halted' })
      .where('channel', '=', channel)
      .where('version', '=', version)
      .execute(),
  );
}

async function store(
  commit: Commit,
  { channel, version, body, hardExpiresMs, signatures }: SignedDocument,
  sha256: string,
  nowMs: number,
): Promise<'taken' | 'notNewer'> {
  const newest = await commit
    .selectFrom('documents')
    .select((select) => select.fn.max('version').as('version'))
    .where('channel', '=', channel)
    .executeTakeFirst();
  if ((newest?.version ?? 0) >= version) return 'notNewer';
  const expiry = { hard_expires_ms: hardExpiresMs ?? null, published_ms: nowMs };
  const row = { sha256, channel, version, body, signatures: JSON.stringify(signatures), ...expiry };
  await commit.insertInto('documents').values(row).execute();
  await commit
    .insertInto('rollouts')
    .values({ channel, version, ring: 1, state: 'rolling', started_ms: nowMs })
    .execute();
  return 'taken';
}

/** Per channel the newest release that has come as far as this terminal, or that it has already. */
async function documentsFor(database: PlatformDatabase, terminal: string): Promise<ManifestContent['documents']> {
  const isFirst = await database
    .selectFrom('first_ring')
    .select('terminal_id')
    .where('terminal_id', '=', terminal)
    .executeTakeFirst();
  const releases = await database
    .selectFrom('rollouts')
    .innerJoin('documents', (join) =>
      join.onRef('documents.channel', '=', 'rollouts.channel').onRef('documents.version', '=', 'rollouts.version'),
    )
    .leftJoin('document_reports', (join) =>
      join
        .onRef('document_reports.channel', '=', 'rollouts.channel')
        .onRef('document_reports.version', '=', 'rollouts.version')
        .on('document_reports.terminal_id', '=', terminal),
    )
    .select(['rollouts.channel', 'rollouts.version', 'ring', 'rollouts.state', 'sha256', 'body'])
    .select('document_reports.state as reported')
    .orderBy('rollouts.version', 'desc')
    .execute();
  const chosen = new Map<string, ManifestContent['documents'][number]>();
  for (const { channel, version, ring, state, sha256, body, reported } of releases) {
    const isOpen = state === 'rolling' && isInRing(terminal, ring, isFirst !== undefined);
    if (chosen.has(channel) || !(isOpen || reported === 'applied')) continue;
    chosen.set(channel, { channel: channel as Channel, version, sha256, sizeBytes: Buffer.byteLength(body) });
  }
  return [...chosen.values()];
}

async function isTooManyRefused(database: PlatformDatabase, channel: string, version: number): Promise<boolean> {
  const count = (table: 'first_ring' | 'terminals') =>
    database
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
  const release = (await listReleases(database)).find((one) => one.channel === channel && one.version === version);
  if (!release) return false;
  const [first, all] = await Promise.all([count('first_ring'), count('terminals')]);
  return release.refused > HALT_ABOVE * ringSize(release.ring, Number(first.count), Number(all.count));
}

async function listReleases(database: PlatformDatabase): Promise<readonly Release[]> {
  const releases = await database.selectFrom('rollouts').selectAll().orderBy('channel').orderBy('version').execute();
  const counts = await database
    .selectFrom('document_reports')
    .select(['channel', 'version', 'state'])
    .select((select) => select.fn.countAll<number>().as('count'))
    .groupBy(['channel', 'version', 'state'])
    .execute();
  return releases.map(({ channel, version, ring, state }) => {
    const of = counts.filter((count) => count.channel === channel && count.version === version);
    const sum = (isWanted: (state: string) => boolean): number =>
      of.filter((count) => isWanted(count.state)).reduce((total, { count }) => total + Number(count), 0);
    const applied = sum((reported) => reported === 'applied');
    return { channel, version, ring, state, applied, refused: sum((reported) => reported !== 'applied') };
  });
}

async function readNewestDelegation(
  database: PlatformDatabase,
  keyring: Keyring,
): Promise<{ readonly signed: Delegation; readonly content: DelegationContent } | undefined> {
  const row = await database
    .selectFrom('delegations')
    .selectAll()
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const signed = { body: row.body, signatures: JSON.parse(row.signatures) as Delegation['signatures'] };
  const content = readDelegation(signed, keyring.public.root, isGood);
  return content && { signed, content };
}
