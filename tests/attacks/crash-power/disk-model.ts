/**
 * A disk as a power cut finds it: what is surely on it, and what was handed to it and may or may not be. A file's writes
 * count as durable with the next sync of that file, names with the next sync of their directory; until then any subset
 * of them may be lost, in any order, and a write may be torn at any 512-byte sector.
 */
import type { LogRecord } from './recording-log.ts';

/** A write or truncate that no sync covers yet. */
export interface PendingWrite {
  readonly kind: 'write' | 'truncate';
  readonly offset: number;
  readonly data: Buffer;
}

/** A name that no sync of its directory covers yet. `file` undefined: taken away. A rename is two of them, as one. */
export interface PendingName {
  readonly directory: string;
  readonly names: readonly { readonly path: string; readonly file: DiskFile | undefined }[];
}

export interface Range {
  readonly offset: number;
  readonly length: number;
}

export class DiskFile {
  readonly pending: PendingWrite[] = [];
  /** Ranges of the durable bytes that changed, one after the other, for those who keep a copy. */
  readonly changes: Range[] = [];
  #bytes = Buffer.alloc(4096);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The durable bytes from `offset`, at most `length`, as far as there are any. */
  durable(offset = 0, length = this.#size): Buffer {
    return this.#bytes.subarray(Math.min(offset, this.#size), Math.min(offset + length, this.#size));
  }

  /** The durable bytes with these writes on top. */
  whole(writes: readonly PendingWrite[]): Buffer {
    let bytes = Buffer.from(this.durable());
    for (const { kind, offset, data } of writes) {
      const size = kind === 'truncate' ? offset : Math.max(bytes.length, offset + data.length);
      const next = Buffer.alloc(size);
      bytes.copy(next, 0, 0, size);
      if (kind === 'write') data.copy(next, offset);
      bytes = next;
    }
    return bytes;
  }

  /** `covered`: those of the pending writes that become durable; the rest stays pending. */
  sync(covered: ReadonlySet<PendingWrite> = new Set(this.pending)): void {
    const all = this.pending.splice(0);
    this.pending.push(...all.filter((write) => !covered.has(write)));
    for (const { kind, offset, data } of all.filter((write) => covered.has(write))) {
      if (kind === 'truncate') this.#truncate(offset);
      else this.#write(offset, data);
    }
  }

  #write(offset: number, data: Buffer): void {
    const end = offset + data.length;
    if (end > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(end, 2 * this.#bytes.length));
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    data.copy(this.#bytes, offset);
    // a hole before it reads as zeros
    const from = Math.min(offset, this.#size);
    this.changes.push({ offset: from, length: end - from });
    this.#size = Math.max(this.#size, end);
  }

  #truncate(size: number): void {
    if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    else if (size > this.#bytes.length) this.#write(size - 1, Buffer.alloc(1));
    this.changes.push({ offset: Math.min(size, this.#size), length: Math.abs(this.#size - size) });
    this.#size = size;
  }
}

export class DiskModel {
  /** As every running program sees them. */
  readonly names = new Map<string, DiskFile>();
  readonly durableNames = new Map<string, DiskFile>();
  readonly pendingNames: PendingName[] = [];
  /** Syncs that have begun, each with what it will cover. */
  readonly #syncing = new Map<number, { readonly file: DiskFile; readonly writes: ReadonlySet<PendingWrite> }>();

  apply({ kind, path, offset, data }: LogRecord): void {
    switch (kind) {
      case 'create':
        return this.#rename(path, [{ path, file: new DiskFile() }]);
      case 'unlink':
        return this.#rename(path, [{ path, file: undefined }]);
      case 'rename':
        return this.#rename(path, [
          { path: data.toString(), file: this.#file(path) },
          { path, file: undefined },
        ]);
      case 'write':
        // write(2) of no bytes changes nothing, not even the length
        if (data.length === 0) return;
        this.#file(path).pending.push({ kind, offset, data });
        return;
      case 'truncate':
        this.#file(path).pending.push({ kind, offset, data });
        return;
      case 'sync':
        return this.#file(path).sync();
      case 'syncing': {
        const file = this.#file(path);
        this.#syncing.set(offset, { file, writes: new Set(file.pending) });
        return;
      }
      case 'synced':
        return this.#endSync(offset, path);
      case 'directory':
        return this.#syncNames(path);
      case 'mark':
        return;
    }
  }

  /** Every file that a power cut may leave under some name. */
  files(): ReadonlySet<DiskFile> {
    const pending = this.pendingNames.flatMap(({ names }) => names.map(({ file }) => file));
    const all = [...this.durableNames.values(), ...this.names.values(), ...pending];
    return new Set(all.filter((file) => file !== undefined));
  }

  #file(path: string): DiskFile {
    const file = this.names.get(path);
    if (!file) throw new Error(`the log speaks of ${path}, which it never created`);
    return file;
  }

  #endSync(number: number, path: string): void {
    const begun = this.#syncing.get(number);
    if (!begun) throw new Error(`the log speaks of the end of a sync of ${path}, which never began`);
    begun.file.sync(begun.writes);
    this.#syncing.delete(number);
  }

  #rename(path: string, names: PendingName['names']): void {
    for (const name of names) bind(this.names, name);
    this.pendingNames.push({ directory: path.slice(0, path.lastIndexOf('/')), names });
  }

  #syncNames(directory: string): void {
    for (const pending of this.pendingNames) {
      if (pending.directory === directory) for (const name of pending.names) bind(this.durableNames, name);
    }
    const others = this.pendingNames.filter((pending) => pending.directory !== directory);
    this.pendingNames.splice(0, this.pendingNames.length, ...others);
  }
}

export function bind(names: Map<string, DiskFile>, { path, file }: PendingName['names'][number]): void {
  if (file) names.set(path, file);
  else names.delete(path);
}
