/**
 * The staff's part of an enrolment, done for a demonstration: a terminal without an identity is made known to the platform,
 * and its code laid where the kiosk looks for it. Both files can be read by their owner only.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemChance, systemClock } from '../../contract/clock.system.ts';
import { parse } from '../../contract/check.ts';
import { NewTerminalReply, type NewTerminalRequest } from '../../contract/enrolment.schema.ts';
import { openIdentity } from '../../engine/trust/enrolment.ts';
import { identityFile, readCodeFile } from '../../engine/trust/identity-file.system.ts';
import { nodeCrypto } from '../../engine/trust/node-crypto.ts';

/** Where the kiosk looks, unless told otherwise. */
export function identityPathIn(dataDir: string): string {
  return join(dataDir, 'identity.json');
}

/** An identity that is there is kept as it is. Rejects when operations do not give a code. */
export async function ensureCode(identityPath: string, who: NewTerminalRequest, platformUrl: string): Promise<void> {
  const codePath = join(dirname(identityPath), 'enrolment-code');
  rmSync(codePath, { force: true });
  const known = identityFile(identityPath).read();
  if (!known.ok) throw new Error(known.problem.detail);
  if (known.value?.enrolled) return;
  const response = await fetch(`${platformUrl}/v1/ops/terminals`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(who),
  });
  const reply = parse(NewTerminalReply, await response.json());
  if (!response.ok || !reply.ok) throw new Error(`the platform gave no enrolment code: http ${response.status}`);
  writeFileSync(codePath, `${reply.value.code}\n`, { mode: 0o600, flag: 'wx' });
}

/** The whole enrolment at once: for rehearsals whose kiosk begins without a line. Returns the identity's file. */
export async function enrolNow(dataDir: string, who: NewTerminalRequest, platformUrl: string): Promise<string> {
  mkdirSync(dataDir, { recursive: true });
  const path = identityPathIn(dataDir);
  await ensureCode(path, who, platformUrl);
  const identity = await openIdentity({
    store: identityFile(path),
    provider: nodeCrypto,
    chance: systemChance,
    clock: systemClock,
    fetch: globalThis.fetch,
    baseUrl: platformUrl,
    station: who.station,
    code: readCodeFile(join(dataDir, 'enrolment-code')),
  });
  if (!identity.ok) throw new Error(`${identity.problem.code} ${identity.problem.detail ?? ''}`);
  return path;
}
