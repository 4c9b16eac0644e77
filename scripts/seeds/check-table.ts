/**
 * `seeds/README.md` says what of the source briefing works and which test shows it. A claim without a test that exists is
 * a finding.
 */

export const SEED_COUNT = 97;
const STATES = ['works', 'part', 'not yet', 'out of reach'] as const;
type State = (typeof STATES)[number];

export interface SeedRow {
  readonly id: string;
  /** Undefined when the cell begins with none of the four words. */
  readonly state: State | undefined;
  /** What the cell says after the state. */
  readonly where: string;
  readonly tests: readonly { readonly path: string; readonly title: string }[];
}

export interface SeedFiles {
  exists(path: string): boolean;
  read(path: string): string;
}

/** Lines to show; none when the table is complete and every claim has its test. */
export function checkSeeds(markdown: string, files: SeedFiles): readonly string[] {
  const rows = parseRows(markdown);
  return [...missingAndDoubled(rows), ...rows.flatMap((row) => checkRow(row, files))];
}

/** `12 works, 3 part, ...`, in the order of the states. */
export function countStates(markdown: string): string {
  const rows = parseRows(markdown);
  return STATES.map((state) => `${rows.filter((row) => row.state === state).length} ${state}`).join(', ');
}

export function parseRows(markdown: string): readonly SeedRow[] {
  return markdown
    .split('\n')
    .map((line) => /^\|\s*(?<id>S\d+)\b/.exec(line) && line)
    .filter((line) => line !== null)
    .map((line) => {
      const cells = line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim());
      const [item = '', , where = '', test = ''] = cells;
      const state = STATES.find((word) => where === word || where.startsWith(`${word}:`));
      return {
        id: item.split(' ')[0] ?? '',
        state,
        where: state ? where.slice(state.length + 1).trim() : where,
        tests: [...test.matchAll(/`([^`]+?) › ([^`]+)`/g)].map((match) => ({
          path: match[1] ?? '',
          title: match[2] ?? '',
        })),
      };
    });
}

function missingAndDoubled(rows: readonly SeedRow[]): readonly string[] {
  return Array.from({ length: SEED_COUNT }, (_, index) => `S${String(index + 1).padStart(2, '0')}`).flatMap((id) => {
    const count = rows.filter((row) => row.id === id).length;
    if (count === 1) return [];
    return [count === 0 ? `${id}: no row` : `${id}: ${count} rows`];
  });
}

function checkRow(row: SeedRow, files: SeedFiles): readonly string[] {
  const { id, state, where, tests } = row;
  if (!state) return [`${id}: the third column begins with one of: ${STATES.join(', ')}`];
  const findings: string[] = [];
  const isClaim = state === 'works' || state === 'part';
  if (isClaim && tests.length === 0) findings.push(`${id}: says "${state}" and names no test`);
  if (!isClaim && tests.length > 0) findings.push(`${id}: says "${state}" and names a test`);
  if (state !== 'not yet' && where === '') findings.push(`${id}: says "${state}" and not where or why`);
  for (const match of where.matchAll(/`([^`]+)`/g)) {
    if (!files.exists(match[1] ?? '')) findings.push(`${id}: ${match[1]} is not there`);
  }
  return [...findings, ...tests.flatMap((test) => checkTest(id, test, files))];
}

function checkTest(id: string, { path, title }: SeedRow['tests'][number], files: SeedFiles): readonly string[] {
  if (!/\.(test|spec|e2e)\.tsx?$/.test(path) || !files.exists(path)) return [`${id}: ${path} is no test file here`];
  return titlesOf(files.read(path)).some((one) => one.includes(title)) ? [] : [`${id}: ${path} has no "${title}"`];
}

/** What the tests of a file are called; a skipped one shows nothing. */
export function titlesOf(source: string): readonly string[] {
  const call =
    /\b(?:it|test)(?<chain>(?:\.\w+)*)(?:\([^'"`]*\))?\(\s*(?<quote>['"`])(?<title>(?:\\.|(?!\k<quote>).)*)\k<quote>/gs;
  return [...source.matchAll(call)]
    .filter((match) => !/\.(skip|todo|fixme|describe)/.test(match.groups?.['chain'] ?? ''))
    .map((match) => (match.groups?.['title'] ?? '').replaceAll(/\\(.)/g, '$1'));
}
