/**
 * The terminals' keys as a node remembers them: looked up once, ready to check with, forgotten when anybody lost the right to
 * speak. Losing it takes effect on this node at once and on the others within a second: they compare the epoch row.
 */
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../contract/clock.ts';
import type { RequestKeyId } from '../../contract/enrolment.ts';
import type { Commit, PlatformDatabase } from '../database/tables.ts';
import type { Keyring } from './keyring.ts';
import { publicKeyOf } from './raw-keys.ts';
import { createRequestMac, type RequestMac } from './request-mac.ts';

export interface KnownTerminalKey {
  readonly terminal: string;
  readonly fingerprint: string;
  readonly isSuspended: boolean;
  /** Platform wall time; it may no longer be used after it. */
  readonly endsMs: number | undefined;
  readonly signingKey: KeyObject;
  /** For `hmac-sha256`, agreed with the platform's key of that id; undefined when there is none. */
  requestKey(platformKey: string): KeyObject | undefined;
  /** The same key, made ready to check with. */
  requestMac(platformKey: string): RequestMac | undefined;
}

export interface TerminalKeys {
  /** Undefined for a terminal or key that is not enrolled. */
  find(keyId: RequestKeyId): Promise<KnownTerminalKey | undefined>;
  /** The same without waiting; undefined also when the database has to be asked, be it for the epoch. */
  remembered(keyId: RequestKeyId): KnownTerminalKey | undefined;
  /** Within a commit that takes somebody's right away; call `forget` after it. */
  bumpEpoch(commit: Commit): Promise<void>;
  forget(): void;
}

const COMPARE_EPOCH_MS = 1_000;
/** About 1 kB each. */
const REMEMBERED = 120_000;

export function createTerminalKeys(database: PlatformDatabase, keyring: Keyring, clock: Clock): TerminalKeys {
  const remembered = new Map<string, KnownTerminalKey>();
  let epoch: number | undefined;
  let comparedAt = Number.NEGATIVE_INFINITY;
  let comparing: Promise<void> | undefined;

  async function compareEpoch(): Promise<void> {
    const { epoch: now } = await database.selectFrom('trust_epochs').select('epoch').executeTakeFirstOrThrow();
    if (now !== epoch) remembered.clear();
    epoch = now;
    comparedAt = clock.now();
  }
  const isFresh = (): boolean => clock.now() - comparedAt < COMPARE_EPOCH_MS;
  function freshen(): Promise<void> | undefined {
    if (isFresh()) return undefined;
    comparing ??= compareEpoch().finally(() => {
      comparing = undefined;
    });
    return comparing;
  }
  const load = (keyId: RequestKeyId) => loadKey(database, keyring, keyId);

  return {
    async find(keyId) {
      await freshen();
      const name = nameOf(keyId);
      const known = remembered.get(name);
      if (known) return known;
      const before = epoch;
      const found = await load(keyId);
      if (!found || before !== epoch) return found;
      if (remembered.size >= REMEMBERED) remembered.clear();
      remembered.set(name, found);
      return found;
    },
    remembered: (keyId) => (isFresh() ? remembered.get(nameOf(keyId)) : undefined),
    async bumpEpoch(commit) {
      await commit
        .updateTable('trust_epochs')
        .set((set) => ({ epoch: set('epoch', '+', 1) }))
        .execute();
    },
    forget() {
      remembered.clear();
      comparedAt = Number.NEGATIVE_INFINITY;
    },
  };
}

function nameOf({ terminal, fingerprint }: RequestKeyId): string {
  return `${terminal}/${fingerprint}`;
}

async function loadKey(
  database: PlatformDatabase,
  keyring: Keyring,
  { terminal, fingerprint }: RequestKeyId,
): Promise<KnownTerminalKey | undefined> {
  const row = await database
    .selectFrom('terminal_keys')
    .innerJoin('terminals', 'terminals.terminal_id', 'terminal_keys.terminal_id')
    .select(['signing_key', 'agreement_key', 'ends_ms', 'state'])
    .where('terminal_keys.terminal_id', '=', terminal)
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst();
  if (!row) return undefined;
  const { agreement_key: agreementKey } = row;
  const requestKeys = new Map<string, KeyObject | undefined>();
  const macs = new Map<string, RequestMac | undefined>();
  function requestKey(platformKey: string): KeyObject | undefined {
    if (!requestKeys.has(platformKey) && requestKeys.size < 8)
      requestKeys.set(platformKey, keyring.requestKey(platformKey, agreementKey));
    return requestKeys.get(platformKey);
  }
  return {
    terminal,
    fingerprint,
    isSuspended: row.state !== 'active',
    endsMs: row.ends_ms ?? undefined,
    signingKey: publicKeyOf('ed25519', row.signing_key),
    requestKey,
    requestMac(platformKey) {
      const known = macs.get(platformKey);
      if (known) return known;
      const key = requestKey(platformKey);
      const mac = key && createRequestMac(key.export());
      if (mac) macs.set(platformKey, mac);
      return mac;
    },
  };
}
