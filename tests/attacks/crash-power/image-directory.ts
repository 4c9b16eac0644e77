/** Power-cut images as real files in memory. From one image to the next only what differs is written. */
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { DiskFile, Range } from './disk-model.ts';
import type { CutFile, Image } from './power-cut.ts';

interface Slot {
  readonly handle: number;
  readonly file: DiskFile;
  /** How many of the file's changes are in it. */
  seen: number;
  /** Where the last image differed from the durable bytes. */
  touched: Range[];
}

export class ImageDirectory {
  readonly #slots = new Map<string, Slot>();
  readonly #recorded: string;
  readonly root: string;

  /** `recorded`: the directory the log's paths lie in; `files`: those paths; `root`: where the images are to lie. */
  constructor(recorded: string, files: readonly string[], root: string) {
    this.#recorded = recorded;
    this.root = root;
    for (const file of files) mkdirSync(dirname(this.path(file)), { recursive: true });
  }

  /** Where a recorded file lies in the image. */
  path(recorded: string): string {
    return join(this.root, relative(this.#recorded, recorded));
  }

  show(image: Image): void {
    for (const [path, slot] of this.#slots) {
      if (image.get(path)?.file === slot.file) continue;
      closeSync(slot.handle);
      this.#slots.delete(path);
      unlinkSync(this.path(path));
    }
    this.#removeStrays();
    for (const [path, cut] of image) {
      const slot = this.#slots.get(path) ?? this.#newSlot(path, cut.file);
      restore(slot);
      apply(slot, cut);
    }
  }

  close(): void {
    for (const slot of this.#slots.values()) closeSync(slot.handle);
    rmSync(this.root, { recursive: true, force: true });
  }

  #newSlot(path: string, file: DiskFile): Slot {
    const [handle, seen] = [openSync(this.path(path), 'w+'), file.changes.length];
    const slot = { handle, file, seen, touched: [{ offset: 0, length: file.size }] };
    this.#slots.set(path, slot);
    return slot;
  }

  /** What whoever opened the last image left beside it: the index of the write-ahead log. */
  #removeStrays(): void {
    for (const entry of readdirSync(this.root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !this.#slots.has(join(this.#recorded, relative(this.root, path)))) unlinkSync(path);
    }
  }
}

/** The durable bytes again. */
function restore(slot: Slot): void {
  const { file, handle, touched } = slot;
  for (const { offset, length } of [...touched, ...file.changes.slice(slot.seen)]) {
    const bytes = file.durable(offset, length);
    if (bytes.length > 0) writeSync(handle, bytes, 0, bytes.length, offset);
  }
  ftruncateSync(handle, file.size);
  slot.seen = file.changes.length;
  slot.touched = [];
}

function apply(slot: Slot, { file, writes }: CutFile): void {
  for (const { kind, offset, data } of writes) {
    if (kind === 'truncate') {
      ftruncateSync(slot.handle, offset);
      slot.touched.push({ offset, length: Math.max(0, file.size - offset) });
    } else {
      writeSync(slot.handle, data, 0, data.length, offset);
      slot.touched.push({ offset, length: data.length });
    }
  }
}
