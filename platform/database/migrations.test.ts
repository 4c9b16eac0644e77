import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readMigrations } from './migrations.ts';
import { openDatabase } from './open-database.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file as the release left it that knew no more than these scripts. */
function writeOldFile(path: string, lastScript: number, rows: string): void {
  const file = new SqliteDatabase(path);
  for (const { number, script } of readMigrations('sqlite')) if (number <= lastScript) file.exec(script);
  file.exec(rows);
  file.pragma(`user_version = ${lastScript}`);
  file.close();
}

it('keeps tickets and ratings when their keys change', async () => {
  const path = join(folder, 'platform.sqlite');
  writeOldFile(
    path,
    7,
    `INSERT INTO tickets VALUES ('K1', 'o2', 'health', '2026-01-05', 'B2', 0, 'later', 20, 'inc', 2),
                                ('K1', 'o1', 'health', '2026-01-05', NULL, 1, 'early', 10, 'inc', 1);
     INSERT INTO ratings (terminal_id, incarnation, seq, service, stars, rated_at, received_ms)
     VALUES ('K1', 'inc', 3, 'parking', 4, 'then', 30), ('K1', 'inc', 4, 'parking', 5, 'then', 30);`,
  );
  const database = await openDatabase({ sqlitePath: path });
  try {
    expect(await database.selectFrom('tickets').selectAll().orderBy('operation').execute()).toEqual([
      expect.objectContaining({
        operation: 'o1',
        number: null,
        offline: 1,
        issued_at: 'early',
        received_ms: 10,
        seq: 1,
      }),
      expect.objectContaining({
        operation: 'o2',
        number: 'B2',
        offline: 0,
        issued_at: 'later',
        received_ms: 20,
        seq: 2,
      }),
    ]);
    expect(await database.selectFrom('ratings').selectAll().orderBy('seq').execute()).toEqual([
      {
        terminal_id: 'K1',
        incarnation: 'inc',
        seq: 3,
        service: 'parking',
        stars: 4,
        rated_at: 'then',
        received_ms: 30,
      },
      {
        terminal_id: 'K1',
        incarnation: 'inc',
        seq: 4,
        service: 'parking',
        stars: 5,
        rated_at: 'then',
        received_ms: 30,
      },
    ]);
  } finally {
    await database.destroy();
  }
});
