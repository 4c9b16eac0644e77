/** The files of one copy of the terminal, and the ways to lay hands on them. */
import Database from 'better-sqlite3';
import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Draw } from '../support/draw.ts';

const PAGE_BYTES = 4096;
const LOG_HEADER = 32;
const FRAME = 24 + PAGE_BYTES;

export class Files {
  readonly db: string;
  readonly blackBox: string;
  readonly backups: string;
  readonly draw: Draw;

  constructor(directory: string, draw: Draw) {
    this.db = join(directory, 'data', 'ledger.db');
    this.blackBox = join(directory, 'other', 'black-box.log');
    this.backups = join(directory, 'other', 'backups');
    this.draw = draw;
  }

  get log(): string {
    return `${this.db}-wal`;
  }

  /** Newest first. */
  backupFiles(): readonly string[] {
    const names = readdirSync(this.backups).filter((name) => name.endsWith('.db'));
    return names
      .toSorted()
      .toReversed()
      .map((name) => join(this.backups, name));
  }

  write(path: string, offset: number, bytes: Uint8Array): void {
    const file = openSync(path, 'r+');
    writeSync(file, bytes, 0, bytes.length, offset);
    closeSync(file);
  }

  /** Other bits in every byte of the stretch. */
  flip(path: string, offset: number, length: number): void {
    const bytes = readFileSync(path).subarray(offset, offset + length);
    this.write(
      path,
      offset,
      bytes.map((byte) => byte ^ (1 + this.draw.below(255))),
    );
  }

  /** Overwrites half of a file, as a dying disk does. */
  wreck(path: string): void {
    const { size } = statSync(path);
    this.flip(path, 0, Math.min(size, 3 * PAGE_BYTES));
    this.flip(path, size >> 1, Math.min(size >> 1, 20_000));
  }

  /** Page numbers of a table or index, of one kind. */
  pages(name: string, kind: 'leaf' | 'internal'): readonly number[] {
    return this.sql((db) => {
      const select = db.prepare('SELECT pageno FROM dbstat WHERE name = ? AND pagetype = ? ORDER BY path');
      return select.pluck().all(name, kind) as number[];
    });
  }

  /** Byte at which a page begins. */
  at(page: number): number {
    return (page - 1) * PAGE_BYTES;
  }

  page(page: number, from = this.db): Buffer {
    return Buffer.from(readFileSync(from).subarray(this.at(page), this.at(page) + PAGE_BYTES));
  }

  /** Bytes of the write-ahead log that count: it is written over from its beginning, and the old frames stay behind. */
  liveLog(): number {
    const bytes = readFileSync(this.log);
    const salt = bytes.subarray(16, 24);
    let end = LOG_HEADER;
    while (end + FRAME <= bytes.length && bytes.subarray(end + 8, end + 16).equals(salt)) end += FRAME;
    return end;
  }

  /** Changes made by somebody with the right tool: every page is sound afterwards. */
  sql<Value>(work: (db: Database.Database) => Value): Value {
    const db = new Database(this.db);
    try {
      return work(db);
    } finally {
      db.close();
    }
  }

  run(statement: string): void {
    this.sql((db) => void db.exec(statement));
  }

  replaceBy(from: string): void {
    copyFileSync(from, this.db);
  }

  remove(path: string): void {
    rmSync(path, { force: true, recursive: true });
  }

  fill(path: string, bytes: string | Uint8Array): void {
    writeFileSync(path, bytes);
  }
}
