/** What a power cut may leave of everything that was not synced, drawn by chance. */
import type { Draw } from '../support/draw.ts';
import { bind, type DiskFile, type DiskModel, type PendingWrite } from './disk-model.ts';

const SECTOR_BYTES = 512;

/** Of one unsynced act: it reached the disk, it did not, or only those of its sectors (first one: index 0) did. */
export type Fate = 'kept' | 'lost' | { readonly sectors: readonly boolean[] };

export interface PowerCut {
  /** One for each pending name of the disk, in order. */
  readonly names: readonly boolean[];
  /** One for each pending write, file by file in the order of `files()`. */
  readonly writes: readonly Fate[];
}

/** What lies under a name: the file's durable bytes, and then these writes on top. */
export interface CutFile {
  readonly file: DiskFile;
  readonly writes: readonly PendingWrite[];
}
export type Image = ReadonlyMap<string, CutFile>;

/**
 * Different cuts for the disk as it stands: all of it kept, all lost, names and bytes each without the other, only the
 * last write, the last one torn, then `drawn` random ones. As many as there can be, when there is little to lose.
 */
export function drawCuts(disk: DiskModel, drawn: number, draw: Draw): readonly PowerCut[] {
  const writes = [...disk.files()].flatMap((file) => file.pending);
  const names = disk.pendingNames;
  const each = (name: boolean, fate: Fate): PowerCut => ({
    names: names.map(() => name),
    writes: writes.map(() => fate),
  });
  const cuts = [each(true, 'kept'), each(false, 'lost'), each(false, 'kept'), each(true, 'lost')];
  const last = writes.at(-1);
  if (last) {
    const before = writes.slice(0, -1);
    cuts.push({ names: names.map(() => true), writes: [...before.map((): Fate => 'lost'), 'kept'] });
    cuts.push({ names: names.map(() => true), writes: [...before.map((): Fate => 'kept'), torn(last, draw)] });
  }
  for (let count = 0; count < drawn; count++) {
    const keptPercent = draw.pick([20, 50, 80, 95]);
    const tornPercent = draw.pick([0, 25, 60]);
    cuts.push({
      names: names.map(() => draw.hits(keptPercent)),
      writes: writes.map((write) => fateOf(write, draw, { keptPercent, tornPercent })),
    });
  }
  return [...new Map(cuts.map((cut) => [JSON.stringify(cut), cut])).values()];
}

export function imageOf(disk: DiskModel, cut: PowerCut): Image {
  const names = new Map(disk.durableNames);
  for (const [index, pending] of disk.pendingNames.entries()) {
    if (cut.names[index]) for (const name of pending.names) bind(names, name);
  }
  const left = new Map<DiskFile, readonly PendingWrite[]>();
  let index = 0;
  for (const file of disk.files()) {
    left.set(
      file,
      file.pending.flatMap((write) => whatIsLeft(write, cut.writes[index++] ?? 'lost')),
    );
  }
  return new Map([...names].map(([path, file]) => [path, { file, writes: left.get(file) ?? [] }]));
}

function fateOf(write: PendingWrite, draw: Draw, share: { keptPercent: number; tornPercent: number }): Fate {
  if (draw.hits(share.tornPercent)) return torn(write, draw);
  return draw.hits(share.keptPercent) ? 'kept' : 'lost';
}

function torn(write: PendingWrite, draw: Draw): Fate {
  const sectors = Array.from({ length: sectorsOf(write).length }, () => draw.hits(50));
  return sectors.length < 2 || sectors.every((sector) => sector === sectors[0])
    ? draw.pick<Fate>(['kept', 'lost'])
    : { sectors };
}

/** A lost or torn write may still have made the file longer: the sectors that did not come read as zeros. */
function whatIsLeft(write: PendingWrite, fate: Fate): readonly PendingWrite[] {
  if (fate === 'kept') return [write];
  if (fate === 'lost') return [];
  return sectorsOf(write).filter((_, index) => fate.sectors[index]);
}

/** The write in pieces that lie in one sector each. Bytes beside it in its first and last sector are not touched. */
function sectorsOf({ kind, offset, data }: PendingWrite): readonly PendingWrite[] {
  const pieces: PendingWrite[] = [];
  for (let at = 0; at < data.length;) {
    const length = Math.min(data.length - at, SECTOR_BYTES - ((offset + at) % SECTOR_BYTES));
    pieces.push({ kind, offset: offset + at, data: data.subarray(at, at + length) });
    at += length;
  }
  return pieces;
}
