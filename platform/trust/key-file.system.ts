/**
 * The platform's keys on disk, readable by its user alone. Every node of one platform is given the same file. Where there is
 * none, fresh keys are made, and with them a root whose secret half is written beside it: it belongs on a machine without a
 * network, and whoever runs this for real moves it there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from '../../contract/check.ts';
import type { Chance } from '../../contract/clock.ts';
import { makeKeyring, makeRoot, SavedKeyring } from './keyring.ts';

const OWNER_ONLY = { mode: 0o600, flag: 'wx' } as const;

/** Throws when the file is there and not right: with other keys the platform would be another one to every terminal. */
export function openKeyFile(file: string, chance: Chance): SavedKeyring {
  if (existsSync(file)) {
    const saved = parse(SavedKeyring, JSON.parse(readFileSync(file, 'utf8')), 'kiosk.badConfig');
    if (!saved.ok) throw new Error(`${file}: ${saved.problem.detail ?? 'wrong'}`);
    return saved.value;
  }
  const { root, secrets } = makeRoot(chance, 1, 1);
  const keyring = makeKeyring(chance, root);
  writeFileSync(join(dirname(file), 'offline-root.json'), `${JSON.stringify({ root, secrets })}\n`, OWNER_ONLY);
  writeFileSync(file, `${JSON.stringify(keyring)}\n`, OWNER_ONLY);
  return keyring;
}
