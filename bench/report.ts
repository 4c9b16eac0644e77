/** One line of a result, and how it is printed. */
export interface Figure {
  readonly name: string;
  /** As printed: with its unit. */
  readonly ours: string;
  /** What it was measured against, in the same run. */
  readonly floor?: string;
  readonly ratio?: number;
  /** `>= 0.75`, `<= 1.2`. */
  readonly aim?: string;
  readonly reached?: boolean;
}

const HEADINGS = ['what', 'ours', 'floor', 'ratio', 'aim', ''] as const;

/** `ratio` against an aim of the form `>= 0.75` or `<= 1.2`. */
export function compared(figure: Omit<Figure, 'reached'> & { readonly ratio: number; readonly aim: string }): Figure {
  const [sign, limit] = figure.aim.split(' ');
  const reached = sign === '>=' ? figure.ratio >= Number(limit) : figure.ratio <= Number(limit);
  return { ...figure, ratio: Number(figure.ratio.toFixed(2)), reached };
}

export function table(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells({ name, ours, floor = '', ratio, aim = '', reached }: Figure): readonly string[] {
  const verdict = reached === undefined ? '' : reached ? 'reached' : 'missed';
  return [name, ours, floor, ratio === undefined ? '' : ratio.toFixed(2), aim, verdict];
}
