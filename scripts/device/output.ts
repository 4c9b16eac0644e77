/** What goes to people and programs. */
import type { Problem } from '../../contract/outcome.schema.ts';
import { PROBLEMS } from '../../contract/problem.catalogue.ts';

export type Say = (line: string) => void;

/** Columns as wide as they need, two spaces between. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export interface TypedProblem {
  readonly code: string;
  /** For the telephone. */
  readonly number: string;
  readonly detail: string;
}

export function typed({ code, detail = '' }: Problem): TypedProblem {
  return { code, number: PROBLEMS[code].number, detail };
}

/** `KP-2001 device.absent: why. What to do.` */
export function sentence({ code, detail }: Problem): string {
  const { number, next } = PROBLEMS[code];
  return `${number} ${code}${detail === undefined ? '' : `: ${detail}`}. ${next}`;
}
