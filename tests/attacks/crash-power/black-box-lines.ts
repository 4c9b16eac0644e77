/** The whole lines of the black box as they lie on a disk or in an image, oldest first, the file before it included. */
import { crc32 } from 'node:zlib';
import type { DiskFile } from './disk-model.ts';
import type { CutFile } from './power-cut.ts';

const EARLIER = '.1';
const kept = new WeakMap<DiskFile, { readonly changes: number; readonly lines: readonly string[] }>();

export function blackBoxLines(disk: ReadonlyMap<string, DiskFile | CutFile>, path: string): readonly string[] {
  return [`${path}${EARLIER}`, path].flatMap((name) => linesOf(disk.get(name)));
}

function linesOf(found: DiskFile | CutFile | undefined): readonly string[] {
  if (!found) return [];
  const [file, writes] = 'writes' in found ? [found.file, found.writes] : [found, found.pending];
  if (writes.length > 0) return parse(file.whole(writes));
  const known = kept.get(file);
  if (known?.changes === file.changes.length) return known.lines;
  const lines = parse(file.whole([]));
  kept.set(file, { changes: file.changes.length, lines });
  return lines;
}

/** A line is the CRC-32 of its JSON in eight hex digits, a space, the JSON (engine/ledger/black-box.ts). */
function parse(bytes: Buffer): readonly string[] {
  const whole = bytes.toString('utf8').split('\n').slice(0, -1);
  return whole.filter((line) => line.slice(0, 8) === crc32(line.slice(9)).toString(16).padStart(8, '0'));
}
