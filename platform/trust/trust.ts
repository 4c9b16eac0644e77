/** What the platform knows of keys, as one part: its own, the terminals', and which requests were seen. */
import type { Chance, Clock } from '../../contract/clock.ts';
import { checkpointText } from '../../contract/enrolment.ts';
import type { BatchReply } from '../../contract/platform-api.schema.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { createKeyring, type Keyring, type SavedKeyring } from './keyring.ts';
import { createNonceMemory, type NonceMemory } from './nonce-memory.ts';
import { createTerminalKeys, type TerminalKeys } from './terminal-keys.ts';

export interface Trust {
  readonly keyring: Keyring;
  readonly terminals: TerminalKeys;
  readonly nonces: NonceMemory;
  readonly clock: Clock;
  readonly chance: Chance;
}

export interface TrustOptions {
  readonly database: PlatformDatabase;
  readonly keys: SavedKeyring;
  readonly clock: Clock;
  readonly chance: Chance;
}

export function createTrust({ database, keys, clock, chance }: TrustOptions): Trust {
  const keyring = createKeyring(keys);
  const seed = Buffer.from(chance.bytes(4)).readUInt32LE();
  return {
    keyring,
    terminals: createTerminalKeys(database, keyring, clock),
    nonces: createNonceMemory(seed),
    clock,
    chance,
  };
}

/** The platform's word that a terminal's stream stands there: neither side can rewrite the past alone. */
export async function signCheckpoint(
  keyring: Keyring,
  head: Omit<Parameters<typeof checkpointText>[0], 'atMs'>,
  atMs: number,
): Promise<NonNullable<BatchReply['checkpoint']>> {
  const signature = await keyring.signSoon(checkpointText({ ...head, atMs }));
  return { keyId: keyring.public.signing.keyId, atMs, signature };
}
