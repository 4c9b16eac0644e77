/** Which characters a font file has: its `cmap` table, read without a font library (OpenType 1.9, format 12). */
import { closeSync, openSync, readSync } from 'node:fs';

const COLLECTION = 0x74746366; // 'ttcf'
const CMAP = 0x636d6170; // 'cmap'
const SEGMENTED_COVERAGE = 12;
const HEAD_BYTES = 12;
const TABLE_RECORD_BYTES = 16;
const SUBTABLE_RECORD_BYTES = 8;
const GROUP_BYTES = 12;

export interface FontCoverage {
  has(codePoint: number): boolean;
}

/** Throws what the file system throws; a font without such a table has no character. */
export function readCoverage(path: string): FontCoverage {
  const file = openSync(path, 'r');
  try {
    const view = (at: number, bytes: number): DataView => {
      const buffer = new Uint8Array(bytes);
      readSync(file, buffer, 0, bytes, at);
      return new DataView(buffer.buffer);
    };
    const head = view(0, HEAD_BYTES + 4);
    // the fonts of a collection share their characters and differ in the shapes
    const font = head.getUint32(0) === COLLECTION ? head.getUint32(HEAD_BYTES) : 0;
    const groups = readGroups(view, font);
    return { has: (codePoint) => isIn(groups, codePoint) };
  } finally {
    closeSync(file);
  }
}

type View = (at: number, bytes: number) => DataView;
/** From, to; in ascending order. */
type Groups = readonly (readonly [from: number, to: number])[];

function readGroups(view: View, font: number): Groups {
  const tables = view(font + 4, 2).getUint16(0);
  const directory = view(font + HEAD_BYTES, tables * TABLE_RECORD_BYTES);
  const record = indexes(tables).find((index) => directory.getUint32(index * TABLE_RECORD_BYTES) === CMAP);
  if (record === undefined) return [];
  const cmap = directory.getUint32(record * TABLE_RECORD_BYTES + 8);
  const subtables = view(cmap + 2, 2).getUint16(0);
  const list = view(cmap + 4, subtables * SUBTABLE_RECORD_BYTES);
  const offsets = indexes(subtables).map((index) => cmap + list.getUint32(index * SUBTABLE_RECORD_BYTES + 4));
  const subtable = offsets.find((offset) => view(offset, 2).getUint16(0) === SEGMENTED_COVERAGE);
  if (subtable === undefined) return [];
  const count = view(subtable + 12, 4).getUint32(0);
  const groups = view(subtable + 16, count * GROUP_BYTES);
  return indexes(count).map((index) => [
    groups.getUint32(index * GROUP_BYTES),
    groups.getUint32(index * GROUP_BYTES + 4),
  ]);
}

function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function isIn(groups: Groups, codePoint: number): boolean {
  let from = 0;
  let to = groups.length - 1;
  while (from <= to) {
    const middle = (from + to) >> 1;
    const [first, last] = groups[middle] ?? [0, 0];
    if (codePoint < first) to = middle - 1;
    else if (codePoint > last) from = middle + 1;
    else return true;
  }
  return false;
}
