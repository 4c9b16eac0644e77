import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, ok } from '../../../contract/outcome.schema.ts';
import type { TerminalEvent } from '../../../contract/terminal-event.schema.ts';
import type { Ledger } from '../ledger.ts';
import { SCHEMA } from '../migrations.ts';
import { makeBackup } from './backup.ts';
import { checkLedgerFile } from './check-file.ts';
import { SafeRig } from './test-support/safe-rig.ts';
import { backUpBeforeMigration } from './upgrade-backup.ts';

const RATED: TerminalEvent = { type: 'Rated', at: '2026-01-05T00:00:00.000Z', service: 'parking', stars: 5 };

let rig: SafeRig;
let ledger: Ledger;
beforeEach(async () => {
  rig = new SafeRig();
  ({ ledger } = await rig.open());
  ledger.record([RATED]);
});
afterEach(() => rig.dispose());

const names = (): readonly string[] => readdirSync(rig.backupDirectory).toSorted();

describe('a backup', () => {
  it('is a single file that passes every check, also when it was made while rows were written', async () => {
    for (let count = 0; count < 3_000; count++) ledger.record([RATED]);
    const making = makeBackup(ledger, rig.backupDirectory, rig.clock);
    for (let count = 0; count < 200; count++) {
      ledger.record([RATED]);
      await rig.clock.run(1);
    }
    const made = await rig.until(making);
    if (!made.ok) throw new Error(made.problem.detail);
    expect(await rig.until(checkLedgerFile(made.value, rig.clock))).toEqual(ok(undefined));
    expect(names()).toEqual(['ledger-00000001.db']);
  });

  it('lets the oldest go only when the fourth has passed its check', async () => {
    for (let count = 0; count < 4; count++) await rig.backUp(ledger);
    expect(names()).toEqual(['ledger-00000002.db', 'ledger-00000003.db', 'ledger-00000004.db']);
    const half = {
      async copyTo(path: string) {
        const copied = await ledger.copyTo(path);
        writeFileSync(path, readFileSync(path).fill(0, 8_192, 12_288));
        return copied;
      },
    };
    const refused = await rig.until(makeBackup(half, rig.backupDirectory, rig.clock));
    expect(refused).toMatchObject({ ok: false, problem: { code: 'ledger.corrupt' } });
    expect(names().filter((name) => name.endsWith('.db'))).toHaveLength(3);
  });

  it('is numbered on after the newest there is, whatever the clock says', async () => {
    mkdirSync(rig.backupDirectory);
    writeFileSync(join(rig.backupDirectory, 'ledger-00000041.db'), '');
    await rig.backUp(ledger);
    expect(names()).toContain('ledger-00000042.db');
  });

  it('that cannot be written is a refusal and no exception', async () => {
    const full = { copyTo: () => Promise.resolve(fail('ledger.full', 'backup')) };
    expect(await rig.until(makeBackup(full, rig.backupDirectory, rig.clock))).toMatchObject({ ok: false });
    writeFileSync(join(rig.root, 'a-file'), '');
    const nowhere = await rig.until(makeBackup(ledger, join(rig.root, 'a-file', 'backups'), rig.clock));
    expect(nowhere).toMatchObject({ ok: false, problem: { code: 'ledger.unsafe' } });
  });
});

describe('a release that changes the tables', () => {
  it('copies the database first, and only then', async () => {
    ledger.close();
    const { path, backupDirectory, clock } = rig;
    expect(await rig.until(backUpBeforeMigration(path, backupDirectory, clock, SCHEMA))).toEqual(ok(undefined));
    expect(existsSync(backupDirectory), 'nothing to migrate').toBe(false);
    expect(await rig.until(backUpBeforeMigration(path, backupDirectory, clock, SCHEMA + 1))).toEqual(ok(undefined));
    expect(names()).toEqual(['ledger-00000001.db']);
  });

  it('starts all the same when the copy cannot be made', async () => {
    ledger.close();
    const nowhere = join(rig.path, 'backups');
    expect(await rig.until(backUpBeforeMigration(rig.path, nowhere, rig.clock, SCHEMA + 1))).toMatchObject({
      ok: false,
    });
    expect((await rig.open()).ledger.outbox.unacknowledged()).toBe(1);
  });
});
