/**
 * Many rows of one table with few statements, in both dialects: found by their keys, and put. SQLite takes lists of values in
 * a few fixed lengths, so that their statements stay prepared; PostgreSQL takes one array for each column.
 */
import { CompiledQuery, PostgresAdapter, type Selectable } from 'kysely';
import type { Commit, PlatformDatabase, Tables } from './tables.ts';

type SqlType = 'text' | 'bigint' | 'integer' | 'double precision';
type Column<Name extends keyof Tables> = keyof Tables[Name] & string;

/** A table as far as sets of its rows are written. */
export interface SetTable<Name extends keyof Tables> {
  readonly name: Name;
  /** Those that are read and written; what the database works out by itself is not among them. */
  readonly columns: Readonly<Partial<Record<Column<Name>, SqlType>>>;
  /** A unique key; empty for a table whose rows are new by construction. */
  readonly key: readonly Column<Name>[];
  /** What a row that is there already takes over: of the new one, or as the SQL says. */
  readonly update: readonly Column<Name>[];
  readonly merge?: Readonly<Partial<Record<Column<Name>, string>>>;
}

/** Lengths of value lists, longest first; a set is cut into these. */
const LENGTHS = [100, 40, 20, 10, 4, 1];

export type Key = readonly (string | number | null)[];

/** The rows whose `by` columns hold one of `keys`; also within a commit, which is a database of its own. */
export function findRows<Name extends keyof Tables>(
  commit: PlatformDatabase,
  table: SetTable<Name>,
  by: readonly Column<Name>[],
  keys: readonly Key[],
): Promise<readonly Row<Name>[]> {
  const all = Object.keys(table.columns) as (keyof Row<Name> & string)[];
  return findColumns(commit, table, all, by, keys) as Promise<readonly Row<Name>[]>;
}

/** Some columns of the rows that `findRows` finds. */
export async function findColumns<Name extends keyof Tables, Shown extends keyof Row<Name> & string>(
  commit: PlatformDatabase,
  table: SetTable<Name>,
  shown: readonly Shown[],
  by: readonly Column<Name>[],
  keys: readonly Key[],
): Promise<readonly Pick<Row<Name>, Shown>[]> {
  const wanted = by.map((_, index) => `k${index}`);
  const match = by.map((column, index) => `t.${column} = w.k${index}`).join(' AND ');
  const columns = shown.map((column) => `t.${column}`).join(', ');
  const text = (source: string): string =>
    `WITH w(${wanted.join(', ')}) AS (${source}) SELECT ${columns} FROM w CROSS JOIN ${table.name} t WHERE ${match}`;
  const found: Pick<Row<Name>, Shown>[] = [];
  const keyAt = (key: Key, index: number): unknown => key[index] ?? null;
  for (const { source, parameters } of sourcesOf(commit, typesOf(table, by), filled(commit, keys), keyAt)) {
    const { rows } = await commit.executeQuery(CompiledQuery.raw(text(source), parameters));
    found.push(...(rows as Pick<Row<Name>, Shown>[]));
  }
  return found;
}

/** With keys that match nothing, up to one of the lengths: a statement more costs more than they do. */
function filled(commit: PlatformDatabase, keys: readonly Key[]): readonly Key[] {
  const [longest = 1] = LENGTHS;
  const rest = keys.length % longest;
  const length = LENGTHS.findLast((one) => one >= rest) ?? rest;
  if (rest === 0 || rest === length || isPostgres(commit)) return keys;
  return [...keys, ...Array.from({ length: length - rest }, () => NOTHING)];
}

/** Each of its parts is NULL, to which nothing is equal. */
const NOTHING: Key = [];

/** Puts rows with distinct keys. */
export async function putRows<Name extends keyof Tables>(
  commit: Commit,
  table: SetTable<Name>,
  rows: readonly Partial<Row<Name>>[],
): Promise<void> {
  const columns = Object.keys(table.columns) as Column<Name>[];
  const valueOf = (row: Readonly<Record<string, unknown>>, index: number): unknown => row[columns[index] ?? ''];
  const tail = conflictOf(table);
  for (const { source, parameters } of sourcesOf(commit, typesOf(table, columns), rows, valueOf)) {
    // `WHERE true` keeps SQLite from reading ON CONFLICT as part of a join
    const rowsToPut = source.startsWith('VALUES') ? source : `${source} WHERE true`;
    const text = `INSERT INTO ${table.name} (${columns.join(', ')}) ${rowsToPut}${tail}`;
    await commit.executeQuery(CompiledQuery.raw(text, parameters));
  }
}

export type Row<Name extends keyof Tables> = Selectable<Tables[Name]>;

function typesOf<Name extends keyof Tables>(
  table: SetTable<Name>,
  columns: readonly Column<Name>[],
): readonly SqlType[] {
  return columns.map((column) => table.columns[column] ?? 'text');
}

function conflictOf<Name extends keyof Tables>({ key, update, merge }: SetTable<Name>): string {
  if (key.length === 0) return '';
  const target = ` ON CONFLICT (${key.join(', ')})`;
  if (update.length === 0) return `${target} DO NOTHING`;
  const set = update.map((column) => `${column} = ${merge?.[column] ?? `excluded.${column}`}`);
  return `${target} DO UPDATE SET ${set.join(', ')}`;
}

interface Source {
  readonly source: string;
  readonly parameters: unknown[];
}

type ValueOf<Item> = (item: Item, index: number) => unknown;

function* sourcesOf<Item>(
  commit: PlatformDatabase,
  types: readonly SqlType[],
  rows: readonly Item[],
  valueOf: ValueOf<Item>,
): Generator<Source> {
  if (rows.length === 0) return;
  if (isPostgres(commit)) yield arraysOf(types, rows, valueOf);
  else yield* listsOf(types.length, rows, valueOf);
}

export function isPostgres(commit: PlatformDatabase): boolean {
  return commit.getExecutor().adapter instanceof PostgresAdapter;
}

function arraysOf<Item>(types: readonly SqlType[], rows: readonly Item[], valueOf: ValueOf<Item>): Source {
  const parameters = types.map((_, index) => rows.map((row) => valueOf(row, index)));
  const arrays = types.map((type, index) => `$${index + 1}::${type}[]`);
  return { source: `SELECT * FROM unnest(${arrays.join(', ')})`, parameters };
}

function* listsOf<Item>(width: number, rows: readonly Item[], valueOf: ValueOf<Item>): Generator<Source> {
  let from = 0;
  for (const length of LENGTHS) {
    for (; rows.length - from >= length; from += length) {
      const parameters: unknown[] = [];
      for (const row of rows.slice(from, from + length))
        for (let index = 0; index < width; index += 1) parameters.push(valueOf(row, index));
      yield { source: listSource(width, length), parameters };
    }
  }
}

const listSources = new Map<number, string>();

function listSource(width: number, length: number): string {
  const known = listSources.get(width * 1_000 + length);
  if (known !== undefined) return known;
  const list = `(${Array.from({ length: width }, () => '?').join(', ')})`;
  const source = `VALUES ${Array.from({ length }, () => list).join(', ')}`;
  listSources.set(width * 1_000 + length, source);
  return source;
}
