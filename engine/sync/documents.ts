/**
 * Fetches what the manifest names, and lets nothing become active that was not checked: the platform's signature on the
 * manifest, a version that only grows, hash, a signature the root has allowed, the channel's schema, and a try of the content.
 * Whatever is refused, the last good document stays in use, for ever if need be (money-and-sync 1.3).
 */
import { isDocumentSigned, readDelegation, type CheckSignature } from '../../contract/document-trust.ts';
import {
  ManifestContent,
  ManifestReply,
  manifestText,
  SignedDocument,
  type Channel,
  type DelegationContent,
  type DocumentReport,
} from '../../contract/document.schema.ts';
import { parse } from '../../contract/check.ts';
import { fail, ok, problem, type Result } from '../../contract/outcome.schema.ts';
import type { PricesName } from '../../contract/published-content.schema.ts';
import type { AuditEvent } from '../../contract/terminal-event.schema.ts';
import type { Publication, PublicationStore } from '../ledger/publications.ts';
import type { TerminalIdentity } from '../trust/terminal-identity.ts';
import { exchangeSigned, type SignedAnswer, type SignedExchangeOptions } from './signed-exchange.ts';

/** Checks a channel's content and tries it; a problem refuses the document. `content` is JSON data. */
export type ChannelReader = (content: unknown) => Result<unknown>;

export interface DocumentsOptions extends SignedExchangeOptions {
  readonly store: PublicationStore;
  /** A channel without a reader is not used here, and its documents are not fetched. */
  readonly readers: Partial<Readonly<Record<Channel, ChannelReader>>>;
  /** Highest manifest version seen; kept over restarts. */
  readonly seen: { get(): number; set(version: number): void };
  readonly audit: (action: AuditEvent['action'], target?: string, detail?: string) => void;
  /** Something became active, or was taken back. */
  readonly onChange: () => void;
}

export interface Documents {
  /** At a start, before anything is read. */
  begin(): void;
  /** The kiosk has come up well with what is active. */
  healthy(): void;
  /** What a heartbeat said. Joins a fetch that is under way. */
  told(manifestVersion: number): Promise<Result<undefined>>;
  /** The content in use, checked; undefined without one. */
  content(channel: Channel): unknown;
  /** What a transaction pins of the content in use; undefined without one. */
  name(channel: Channel): PricesName | undefined;
  versions(): Readonly<Partial<Record<Channel, number>>>;
  /** Channels whose document says that it must not be used any more. */
  expired(): readonly Channel[];
}

const DEADLINE_MS = 10_000;
const DOCUMENT_DEADLINE_MS = 60_000;
const DOCUMENT_LIMIT_BYTES = 10 * 1024 * 1024;

export function createDocuments(options: DocumentsOptions): Documents {
  return new SyncedDocuments(options);
}

class SyncedDocuments implements Documents {
  readonly #options: DocumentsOptions;
  readonly #inUse = new Map<Channel, InUse>();
  #fetching: Promise<Result<undefined>> | undefined;
  /** A manifest that was refused is not fetched and reported with every heartbeat. */
  #refusedManifest: number | undefined;

  constructor(options: DocumentsOptions) {
    this.#options = options;
  }

  begin(): void {
    const { store, audit } = this.#options;
    const begun = store.beginStart();
    for (const { channel, version } of begun.ok ? begun.value : []) {
      audit('document.rolledBack', `${channel}@${version}`, 'two starts with it did not come up');
      void report(this.#options, { channel, version, state: 'rolledBack' });
    }
    this.#load();
  }

  healthy(): void {
    void this.#options.store.confirm();
  }

  told(version: number): Promise<Result<undefined>> {
    if (version === this.#options.seen.get() || version === this.#refusedManifest)
      return Promise.resolve(ok(undefined));
    this.#fetching ??= this.#fetchAll(version).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  content(channel: Channel): unknown {
    return this.#inUse.get(channel)?.content;
  }

  name(channel: Channel): PricesName | undefined {
    return this.#inUse.get(channel)?.name;
  }

  versions(): Readonly<Partial<Record<Channel, number>>> {
    return Object.fromEntries(this.#options.store.allPublications().map(({ channel, version }) => [channel, version]));
  }

  expired(): readonly Channel[] {
    const { store, nowMs } = this.#options;
    const isOver = ({ hardExpiresMs }: Publication): boolean => hardExpiresMs !== undefined && nowMs() > hardExpiresMs;
    return store
      .allPublications()
      .filter(isOver)
      .map(({ channel }) => channel);
  }

  #load(): void {
    const { store, readers, onChange } = this.#options;
    this.#inUse.clear();
    for (const { channel, version, sha256, body } of store.allPublications()) {
      const read = readers[channel]?.(parseJson(body));
      // Of an older release of this program perhaps: without its content the channel is as if nothing had come.
      if (read?.ok) this.#inUse.set(channel, { content: read.value, name: { version, sha256 } });
    }
    onChange();
  }

  async #fetchAll(version: number): Promise<Result<undefined>> {
    const { seen, audit } = this.#options;
    const told = await fetchManifest(this.#options);
    if (!told.ok) {
      if (told.problem.code === 'publication.refused') this.#refusedManifest = version;
      return told;
    }
    const { manifest, delegation } = told.value;
    if (manifest.version < seen.get()) {
      this.#refusedManifest = version;
      audit('document.refused', `manifest@${manifest.version}`, `older than ${seen.get()}`);
      return fail('publication.refused', `manifest ${manifest.version} is older than ${seen.get()}`);
    }
    let isWhole = true;
    for (const entry of manifest.documents) {
      const reader = this.#readerFor(entry);
      if (!reader) continue;
      const taken = await this.#take(entry, delegation, reader);
      if (!taken.ok) isWhole = false;
    }
    if (isWhole) seen.set(manifest.version);
    return ok(undefined);
  }

  /** Undefined when there is nothing to be done about the entry. */
  #readerFor({ channel, version }: Entry): ChannelReader | undefined {
    const { store, readers } = this.#options;
    const active = store.activePublication(channel);
    const isOld = active !== undefined && version <= active.version;
    return isOld || store.wasRefused(channel, version) ? undefined : readers[channel];
  }

  /** Ok when it is settled, one way or the other; a problem when it must be fetched again. */
  async #take(
    entry: Entry,
    delegation: DelegationContent | undefined,
    reader: ChannelReader,
  ): Promise<Result<undefined>> {
    const { store, audit } = this.#options;
    const { channel, version } = entry;
    const document = await fetchDocument(this.#options, entry, delegation, reader);
    if (document.ok) {
      const activated = store.activate(document.value);
      if (!activated.ok) return activated;
      audit('document.applied', `${channel}@${version}`);
      void report(this.#options, { channel, version, state: 'applied' });
      this.#load();
      return ok(undefined);
    }
    if (document.problem.code !== 'publication.refused') return document;
    const detail = (document.problem.detail ?? '').slice(0, 200);
    const kept = store.refuse(channel, version);
    audit('document.refused', `${channel}@${version}`, detail);
    void report(this.#options, { channel, version, state: 'refused', detail });
    return kept;
  }
}

interface InUse {
  readonly content: unknown;
  readonly name: PricesName;
}

type Entry = ManifestContent['documents'][number];

interface Told {
  readonly manifest: ManifestContent;
  readonly delegation: DelegationContent | undefined;
}

async function fetchManifest(options: DocumentsOptions): Promise<Result<Told>> {
  const { identity } = options;
  const answer = await get(options, 'manifest', DEADLINE_MS);
  if (!answer.ok) return answer;
  const reply = parse(ManifestReply, answer.value.body, 'platform.badAnswer');
  if (!reply.ok) return reply;
  const isGood = checkerOf(identity);
  const { body, signature } = reply.value.manifest;
  const { signing, root } = identity.platform;
  const isTheirs = signature.kid === signing.keyId && isGood(signing.publicKey, manifestText(body), signature.sig);
  const manifest = isTheirs ? parse(ManifestContent, parseJson(body), 'publication.refused') : undefined;
  if (!manifest?.ok || manifest.value.terminal !== identity.terminal) {
    options.audit('document.refused', 'manifest', 'not signed by the platform for this terminal');
    return fail('publication.refused', 'the manifest is not the platform’s for this terminal');
  }
  const delegation = reply.value.delegation && readDelegation(reply.value.delegation, root, isGood);
  return ok({ manifest: manifest.value, delegation });
}

async function fetchDocument(
  options: DocumentsOptions,
  entry: Entry,
  delegation: DelegationContent | undefined,
  reader: ChannelReader,
): Promise<Result<Publication>> {
  const answer = await get(options, `documents/${entry.channel}/${entry.version}`, DOCUMENT_DEADLINE_MS);
  if (!answer.ok) return answer;
  const parsed = parse(SignedDocument, answer.value.body, 'publication.refused');
  if (!parsed.ok) return parsed;
  const { channel, version, body, hardExpiresMs } = parsed.value;
  const { provider } = options.identity;
  const sha256 = Buffer.from(provider.digest(Buffer.from(body, 'utf8'))).toString('hex');
  if (sha256 !== entry.sha256 || channel !== entry.channel || version !== entry.version)
    return fail('publication.refused', 'it is not the document the manifest names');
  if (!delegation || !isDocumentSigned(parsed.value, sha256, delegation, checkerOf(options.identity)))
    return fail('publication.refused', 'no key that the root has allowed for this channel has signed it');
  const read = reader(parseJson(body));
  if (!read.ok) return fail('publication.refused', read.problem.detail ?? read.problem.code);
  return ok({ channel, version, sha256, body, ...(hardExpiresMs === undefined ? {} : { hardExpiresMs }) });
}

/** The signed audit record says the same and is never lost; this one is for the ring to be stopped in time. */
function report(options: DocumentsOptions, body: DocumentReport): Promise<Result<SignedAnswer>> {
  const path = `/v1/terminals/${encodeURIComponent(options.identity.terminal)}/document-reports`;
  return exchangeSigned(options, { path, body, deadlineMs: DEADLINE_MS, alg: 'hmac-sha256' });
}

async function get(options: DocumentsOptions, rest: string, deadlineMs: number): Promise<Result<SignedAnswer>> {
  const path = `/v1/terminals/${encodeURIComponent(options.identity.terminal)}/${rest}`;
  const limit = { answerLimitBytes: DOCUMENT_LIMIT_BYTES };
  const answer = await exchangeSigned(options, { path, deadlineMs, alg: 'hmac-sha256', ...limit });
  if (!answer.ok || answer.value.status === 200) return answer;
  const { status, refusal } = answer.value;
  if (status >= 500 || status === 429) return fail('platform.offline', `http ${status}`);
  return { ok: false, problem: problem('platform.refused', `${status} ${refusal?.code ?? ''}`.trim()) };
}

function checkerOf({ provider }: TerminalIdentity): CheckSignature {
  return (publicKey, text, signature) =>
    provider.verify(publicKey, Buffer.from(text, 'utf8'), Buffer.from(signature, 'base64'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // every reader refuses it
  }
}
