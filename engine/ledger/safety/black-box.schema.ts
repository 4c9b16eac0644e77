/**
 * What the lines of the black box say. A step line is the whole of a money step: what the journal holds and what the platform
 * is told, so that a lost database can be written again from them without inventing anything. A mark says where a run of
 * the program began and ended, so that a database that is older than it should be is noticed.
 */
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { StreamEvent } from '../../../contract/terminal-event.schema.ts';
import { readBlackBox, earlierBlackBox } from '../black-box.ts';
import { JournalEntry } from '../journal.schema.ts';

const Id = Type.String({ minLength: 1, maxLength: 64 });
const closed = { additionalProperties: false } as const;
const base = {
  /** Wall time, ms. */
  at: Type.Integer(),
  boot: Id,
  incarnation: Id,
  /** Journal row of the step; of a mark, the last row there was. */
  row: Type.Integer({ minimum: 0 }),
};

/** Written before its commit: a step may stand here that the database was refused, never the other way round. */
export const BlackBoxStep = Type.Object(
  { ...base, txn: Id, entry: JournalEntry, events: Type.Array(StreamEvent) },
  closed,
);
export type BlackBoxStep = Static<typeof BlackBoxStep>;

export const BlackBoxMark = Type.Object({ ...base, mark: Type.Enum(['opened', 'closed']) }, closed);
export type BlackBoxMark = Static<typeof BlackBoxMark>;

export type BlackBoxLine = BlackBoxStep | BlackBoxMark;

export interface BlackBoxHistory {
  /** Oldest first, over both files. */
  readonly lines: readonly BlackBoxLine[];
  /** Lines that cannot be read: their CRC or their schema does not fit. */
  readonly damaged: number;
}

/** The black box and the file before it. Throws what the file system throws. */
export function readHistory(path: string): BlackBoxHistory {
  const files = [earlierBlackBox(path), path].map(readBlackBox);
  const read = files.flatMap(({ lines }) => lines);
  const lines = read.filter(isLine);
  return {
    lines,
    damaged: files.reduce((sum, file) => sum + file.damaged, 0) + read.length - lines.length,
  };
}

export function isStep(line: BlackBoxLine): line is BlackBoxStep {
  return 'entry' in line;
}

function isLine(line: unknown): line is BlackBoxLine {
  return Value.Check(BlackBoxStep, line) || Value.Check(BlackBoxMark, line);
}
