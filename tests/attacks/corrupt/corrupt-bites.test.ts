/** The attack on damaged databases must tell when a check looks away, and when the ladder invents something. */
import { readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Draw } from '../support/draw.ts';
import { damageAndJudge } from './corrupt.ts';
import { DAMAGES, workOutChain, type Damage } from './damages.ts';
import type { Files } from './files.ts';
import { liveHistory, type History } from './history.ts';

const SEED = 7;
const TIMEOUT_MS = 120_000;

let history: History;
beforeAll(async () => {
  history = await liveHistory(SEED);
}, TIMEOUT_MS);
afterAll(() => history.rig.dispose());

function named(name: string): Damage {
  const found = DAMAGES.find((damage) => damage.name === name);
  if (!found) throw new Error(`no damage is called ${name}`);
  return found;
}

const attack = (damage: Damage, lookAway?: (files: Files) => void) =>
  damageAndJudge(history, damage, new Draw(SEED), lookAway);

describe('the attack on damaged databases', () => {
  it(
    'finds nothing where nothing is wrong but that nothing was noticed',
    async () => {
      const nothing: Damage = { name: 'nothing happens', after: 'end', apply: () => undefined };
      expect(await attack(nothing)).toEqual({
        noticed: 'never',
        violations: ['nothing happens: nobody noticed'],
      });
    },
    TIMEOUT_MS,
  );

  it.each(['a record for the platform is another', 'the hash of a row is another'])(
    'tells that nobody noticed that %s when the chain is not checked',
    async (name) => {
      expect((await attack(named(name))).noticed).not.toBe('never');
      expect((await attack(named(name), workOutChain)).noticed).toBe('never');
    },
    TIMEOUT_MS,
  );

  it(
    'tells when money is given back for what came out, as a black box without deliveries would make it',
    async () => {
      const spoilt = named('the database is spoilt and the backups are gone');
      const { violations } = await attack(spoilt, forgetDeliveries);
      expect(violations.some((violation) => violation.includes('I5'))).toBe(true);
    },
    TIMEOUT_MS,
  );
});

/** Every line that is left is whole. */
function forgetDeliveries(files: Files): void {
  const lines = readFileSync(files.blackBox, 'utf8').split('\n');
  const kept = lines.filter((line) => !line.includes('"step":"deliver.'));
  for (const line of kept.filter((text) => text !== '')) {
    expect(line.slice(0, 8)).toBe(crc32(line.slice(9)).toString(16).padStart(8, '0'));
  }
  writeFileSync(files.blackBox, kept.join('\n'));
}
