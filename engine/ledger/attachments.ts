/**
 * Bytes beside the records (money-and-sync 1.5, 1.7): sealed before they come here, each in a file of its own that is safe on
 * the disk before its row is, and its row before any record refers to it. How far each has gone up stands in its row. The file
 * goes when the platform has the record and has said the hash of what it keeps, and not before.
 *
 * A file without a row is taken in again when the ledger opens: the database may be older than its files (a restore), and a
 * resident's page is not given up for that.
 */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ATTACHMENT_LIMIT_BYTES } from '../../contract/attachment.ts';
import type { Chance, Clock } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { SEAL_HEADER_BYTES, SEAL_TAG_BYTES, SEAL_VERSION } from '../../contract/sealed-part.ts';
import { syncDirectory } from './black-box.ts';
import { hexOf } from './identity.ts';
import { later, laterValue } from './later.ts';
import { codeOf } from './safety/error-code.ts';
import type { Store } from './store.ts';

export interface Attachment {
  readonly id: string;
  /** Of the sealed bytes, hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** `gone`: the file is deleted, or was found lost. */
  readonly state: 'waiting' | 'uploading' | 'stored' | 'gone';
  /** On the platform: a path. */
  readonly uploadUrl?: string;
  readonly offsetBytes: number;
  /** The ledger record that refers to it. */
  readonly seq?: number;
}

export interface AttachmentStore {
  /**
   * Keeps sealed bytes (`engine/trust/sealing.ts`); resolves when a power cut cannot lose them any more. `disk.low` when there
   * is no room for media, or 4 GB lie here already; `ledger.unsafe` when the disk fails. Throws for what is not sealed: a bug.
   */
  putSoon(sealed: Uint8Array): Promise<Result<Attachment>>;
  find(id: string): Attachment | undefined;
  /** How many the platform does not have. */
  waiting(): number;
  /** Of those, oldest first. */
  unsent(): readonly Attachment[];
  /** At most `lengthBytes` from `offsetBytes`; undefined when the file is not there, or is shorter. */
  readPart(id: string, offsetBytes: number, lengthBytes: number): Uint8Array<ArrayBuffer> | undefined;
  /** Whether the file is what was put. */
  isWhole(id: string): boolean;
  /** So far the platform has it, at this address. */
  moved(id: string, uploadUrl: string, offsetBytes: number): Result<undefined>;
  /** The platform has given the upload up, or never had it. */
  restart(id: string): Result<undefined>;
  /** The platform keeps all of it, with this hash. */
  stored(id: string): Result<undefined>;
  /** The file is not what was put: it will never go up. */
  giveUp(id: string): Result<undefined>;
  /** Deletes the files whose time has come; returns how many. */
  clear(): Result<number>;
}

interface Row {
  readonly id: string;
  readonly sha256: string;
  readonly size: number;
  readonly state: Attachment['state'];
  readonly upload_url: string | null;
  readonly offset: number;
  readonly seq: number | null;
}

export interface AttachmentOptions {
  /** Of the database: the files lie in a directory beside it. */
  readonly path: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly hasRoomForMedia?: (() => boolean) | undefined;
  readonly maxAttachmentBytes?: number | undefined;
}

const ALL_BYTES = 4 * 1024 ** 3;
const DAY_MS = 24 * 3_600_000;
/** With the platform and no record refers to it: what was put when a power cut came between it and its record. */
const ORPHAN_KEPT_MS = 30 * DAY_MS;
/** So many a commit at most. */
const CHUNK_ROWS = 50;
const ID = /^[0-9a-f]{32}$/;

export function createAttachments(store: Store, options: AttachmentOptions): AttachmentStore {
  const kept = new FileAttachments(store, options);
  kept.takeInAgain();
  return {
    putSoon: (sealed) => kept.put(sealed),
    find: (id) => kept.find(id),
    waiting: () => kept.waiting(),
    unsent: () => kept.unsent(),
    readPart: (id, offsetBytes, lengthBytes) => kept.readPart(id, offsetBytes, lengthBytes),
    isWhole: (id) => kept.isWhole(id),
    moved: (id, uploadUrl, offsetBytes) => kept.mark(id, { state: 'uploading', uploadUrl, offsetBytes }),
    restart: (id) => kept.mark(id, { state: 'waiting', uploadUrl: null, offsetBytes: 0 }),
    stored: (id) => kept.end(id, 'stored'),
    giveUp: (id) => kept.end(id, 'gone'),
    clear: () => kept.clear(),
  };
}

class FileAttachments {
  readonly #store: Store;
  readonly #options: AttachmentOptions;
  readonly #directory: string;
  readonly #sql: ReturnType<typeof prepare>;
  /** Of files that are being written. */
  #comingBytes = 0;

  constructor(store: Store, options: AttachmentOptions) {
    this.#store = store;
    this.#options = options;
    this.#directory = `${options.path}-attachments`;
    this.#sql = prepare(store);
  }

  async put(sealed: Uint8Array): Promise<Result<Attachment>> {
    requireSealed(sealed);
    const { chance, clock, hasRoomForMedia, maxAttachmentBytes = ALL_BYTES } = this.#options;
    const { length: size } = sealed;
    if (hasRoomForMedia?.() === false) return fail('disk.low', 'no room for attachments');
    const here = this.#sql.bytes.get() as number;
    if (here + this.#comingBytes + size > maxAttachmentBytes) return fail('disk.low', `${here} bytes of attachments`);
    const id = hexOf(chance, 16);
    const sha256 = createHash('sha256').update(sealed).digest('hex');
    this.#comingBytes += size;
    try {
      await this.#write(id, sealed);
    } catch (error) {
      const code = codeOf(error);
      return fail(code === 'ENOSPC' ? 'disk.low' : 'ledger.unsafe', `attachment: ${code}`);
    } finally {
      this.#comingBytes -= size;
    }
    const written = this.#store.commit(() => void this.#sql.insert.run(id, sha256, size, Math.round(clock.wallMs())));
    return written.ok ? ok({ id, sha256, sizeBytes: size, state: 'waiting', offsetBytes: 0 }) : written;
  }

  find(id: string): Attachment | undefined {
    const row = this.#sql.one.get(id) as Row | undefined;
    return row && attachmentOf(row);
  }

  waiting(): number {
    return this.#sql.waiting.get() as number;
  }

  unsent(): readonly Attachment[] {
    return (this.#sql.unsent.all() as readonly Row[]).map(attachmentOf);
  }

  readPart(id: string, offsetBytes: number, lengthBytes: number): Uint8Array<ArrayBuffer> | undefined {
    const row = this.find(id);
    if (!row) return undefined;
    const bytes = new Uint8Array(Math.min(lengthBytes, row.sizeBytes - offsetBytes));
    try {
      const file = openSync(join(this.#directory, id), 'r');
      try {
        return readSync(file, bytes, 0, bytes.length, offsetBytes) === bytes.length ? bytes : undefined;
      } finally {
        closeSync(file);
      }
    } catch (error) {
      return undefinedWhenRefused(error);
    }
  }

  isWhole(id: string): boolean {
    return hashOfFile(join(this.#directory, id)) === this.find(id)?.sha256;
  }

  mark(
    id: string,
    to: { readonly state: 'waiting' | 'uploading'; readonly uploadUrl: string | null; readonly offsetBytes: number },
  ): Result<undefined> {
    return this.#store.commit(() => {
      this.#sql.mark.run(to.state, to.uploadUrl, to.offsetBytes, id);
      return undefined;
    });
  }

  end(id: string, state: 'stored' | 'gone'): Result<undefined> {
    return this.#store.commit(() => {
      this.#sql.end.run(state, Math.round(this.#options.clock.wallMs()), id);
      return undefined;
    });
  }

  /** The file before its row: what has no file is no loss, what has no row would be taken in again. */
  clear(): Result<number> {
    const nowMs = Math.round(this.#options.clock.wallMs());
    const ids = this.#sql.past.all(nowMs - DAY_MS, nowMs - ORPHAN_KEPT_MS) as readonly string[];
    try {
      for (const id of ids) rmSync(join(this.#directory, id), { force: true });
      if (ids.length > 0) syncDirectory(this.#directory);
    } catch (error) {
      return fail('ledger.unsafe', `attachment: ${codeOf(error)}`);
    }
    return this.#store.commit(() => {
      for (const id of ids) this.#sql.end.run('gone', nowMs, id);
      return ids.length + this.#sql.forget.run(nowMs - ORPHAN_KEPT_MS).changes;
    });
  }

  takeInAgain(): void {
    const found = namesIn(this.#directory);
    const nowMs = Math.round(this.#options.clock.wallMs());
    for (const name of found) {
      const path = join(this.#directory, name);
      const known = this.find(name);
      // half of a file that was never promised to anybody, or one whose deletion was cut short
      if (!ID.test(name) || known?.state === 'gone') rmSync(path, { force: true });
      if (!ID.test(name) || known) continue;
      const bytes = readFileSync(path);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      // a full disk leaves it to the next start
      void this.#store.commit(() => void this.#sql.insert.run(name, sha256, bytes.length, nowMs));
    }
  }

  /** Under another name first: what has its name is whole. */
  async #write(id: string, bytes: Uint8Array): Promise<void> {
    if (mkdirSync(this.#directory, { recursive: true, mode: 0o700 }) !== undefined)
      syncDirectory(dirname(this.#directory));
    const half = join(this.#directory, `${id}.half`);
    try {
      const file = await open(half, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(half, join(this.#directory, id));
    } catch (error) {
      await rm(half, { force: true });
      throw error;
    }
    syncDirectory(this.#directory);
  }
}

/** Nothing that could be read on a stolen disk gets here. */
function requireSealed(bytes: Uint8Array): void {
  const isSealed = bytes[0] === SEAL_VERSION && bytes.length >= SEAL_HEADER_BYTES + SEAL_TAG_BYTES;
  if (!isSealed || bytes.length > ATTACHMENT_LIMIT_BYTES) throw new Error('an attachment is not sealed, or too large');
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    return undefinedWhenRefused(error) ?? [];
  }
}

function hashOfFile(path: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    return undefinedWhenRefused(error);
  }
}

function undefinedWhenRefused(error: unknown): undefined {
  if (error instanceof Error && 'syscall' in error) return undefined;
  throw error;
}

function attachmentOf({ id, sha256, size, state, upload_url: uploadUrl, offset, seq }: Row): Attachment {
  return {
    ...{ id, sha256, sizeBytes: size, state, offsetBytes: offset },
    ...(uploadUrl === null ? {} : { uploadUrl }),
    ...(seq === null ? {} : { seq }),
  };
}

function prepare({ db }: Store) {
  const unsent = "state IN ('waiting', 'uploading')";
  return {
    insert: later(db, "INSERT INTO attachment (id, sha256, size, state, at) VALUES (?, ?, ?, 'waiting', ?)"),
    one: later(db, 'SELECT * FROM attachment WHERE id = ?'),
    bytes: laterValue(db, "SELECT coalesce(sum(size), 0) FROM attachment WHERE state <> 'gone'"),
    waiting: laterValue(db, `SELECT count(*) FROM attachment WHERE ${unsent}`),
    unsent: later(db, `SELECT * FROM attachment WHERE ${unsent} ORDER BY at, id LIMIT ${CHUNK_ROWS}`),
    mark: later(db, `UPDATE attachment SET state = ?, upload_url = ?, offset = ? WHERE id = ? AND ${unsent}`),
    end: later(db, "UPDATE attachment SET state = ?, at = ?, offset = size WHERE id = ? AND state <> 'gone'"),
    past: db
      .prepare(
        `SELECT id FROM attachment WHERE state = 'stored' AND (
           (at < ? AND seq <= (SELECT acked FROM stream WHERE name = 'ledger')) OR (at < ? AND seq IS NULL)
         ) ORDER BY at LIMIT ${CHUNK_ROWS}`,
      )
      .pluck(),
    forget: later(db, "DELETE FROM attachment WHERE state = 'gone' AND at < ?"),
  };
}
