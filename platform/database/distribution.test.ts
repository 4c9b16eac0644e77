/** The platform distributes by terminal: the rule, held against the migrations, the code and the statements in the docs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as ingestTables from '../ingest/ingest-tables.ts';
import { readMigrations, type DialectName } from './migrations.ts';

const PLATFORM = join(import.meta.dirname, '..');
const DOCS = readFileSync(join(PLATFORM, '..', 'docs', 'operations', 'platform.md'), 'utf8');

const declared = (call: string) =>
  [...DOCS.matchAll(new RegExp(`${call}\\('(\\w+)'`, 'g'))].map(([, name = '']) => name);
const REFERENCE = declared('create_reference_table');
const DISTRIBUTED = declared('create_distributed_table');

function scriptOf(dialect: DialectName): string {
  return readMigrations(dialect)
    .map(({ script }) => script.replaceAll(/--.*$/gm, ''))
    .join('\n');
}

/** Name and body of each table, as it was made last. */
function tablesOf(dialect: DialectName): ReadonlyMap<string, string> {
  const made = scriptOf(dialect).matchAll(/CREATE TABLE (\w+) \(\n([\s\S]*?)\n\)/g);
  return new Map([...made].map(([, name = '', body = '']) => [name, body]));
}

function uniqueKeysOf(dialect: DialectName, table: string): readonly string[] {
  const body = tablesOf(dialect).get(table) ?? '';
  const inBody = [...body.matchAll(/(?:PRIMARY KEY|UNIQUE) \(([^)]*)\)/g)].map(([, columns = '']) => columns);
  const ofColumns = [...body.matchAll(/^ *(\w+) .*(?:PRIMARY KEY|UNIQUE)\b(?! \()/gm)].map(([, column = '']) => column);
  const changes = [...scriptOf(dialect).matchAll(new RegExp(`ALTER TABLE ${table} [^;]*`, 'g'))].join('\n');
  const added = [...changes.matchAll(/ADD (?:PRIMARY KEY|UNIQUE) \(([^)]*)\)/g)].map(([, columns = '']) => columns);
  const indexes = scriptOf(dialect).matchAll(new RegExp(`CREATE UNIQUE INDEX \\w+ ON ${table} \\(([^)]*)\\)`, 'g'));
  return [...inBody, ...ofColumns, ...added, ...[...indexes].map(([, columns = '']) => columns)];
}

describe.each(['sqlite', 'postgres'] as const)('the tables of %s', (dialect) => {
  it('are each declared once in the docs', () => {
    const made = [...tablesOf(dialect).keys()];
    expect([...REFERENCE, ...DISTRIBUTED].toSorted()).toEqual(made.toSorted());
  });

  it.each(DISTRIBUTED)('hold the terminal in every unique key: %s', (table) => {
    const keys = uniqueKeysOf(dialect, table);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key.split(/, */)).toContain('terminal_id');
  });

  it.each(DISTRIBUTED)('refer to nothing that may stand on another shard: %s', (table) => {
    const body = tablesOf(dialect).get(table) ?? '';
    for (const [, target] of body.matchAll(/REFERENCES (\w+)/g)) expect(REFERENCE).toContain(target);
  });
});

it('sees a unique key wherever it is written', () => {
  expect(uniqueKeysOf('sqlite', 'stays')).toEqual(['stay', 'plate']);
  expect(uniqueKeysOf('sqlite', 'tickets')).toEqual(['terminal_id, operation', 'terminal_id, queue, day, number']);
  expect(uniqueKeysOf('postgres', 'ratings')).toContain('received_ms, terminal_id, incarnation, seq');
});

const WRITE = /\.(?:updateTable|deleteFrom|insertInto)\(\s*'(\w+)'\s*\)[\s\S]*?\.(?:execute\w*|compile)\(/g;
const RAW_WRITE = /(?:UPDATE|DELETE FROM) (\w+)[\s\S]*?[`']/g;

interface Write {
  readonly file: string;
  readonly table: string;
  readonly text: string;
}

function writesOf(pattern: RegExp): readonly Write[] {
  return readdirSync(PLATFORM, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|test-support/.test(file))
    .flatMap((file) =>
      [...readFileSync(join(PLATFORM, file), 'utf8').matchAll(pattern)].map(([text, table = '']) => ({
        file,
        table,
        text,
      })),
    )
    .filter(({ table }) => DISTRIBUTED.includes(table));
}

describe('what the code changes of a terminal', () => {
  it('is named by the terminal in every UPDATE and DELETE', () => {
    const changes = [...writesOf(WRITE).filter(({ text }) => !text.startsWith('.insertInto')), ...writesOf(RAW_WRITE)];
    expect(changes.length).toBeGreaterThan(3);
    expect(changes.filter(({ text }) => !text.includes('terminal_id'))).toEqual([]);
  });

  it('is put over another row only by a key that holds the terminal', () => {
    const puts = writesOf(WRITE).filter(({ text }) => /doUpdateSet/.test(text));
    expect(puts.length).toBeGreaterThan(0);
    expect(puts.filter(({ text }) => !/\.columns?\([^)]*terminal_id/.test(text))).toEqual([]);
    const sets = Object.values(ingestTables).filter(({ name }) => DISTRIBUTED.includes(name));
    expect(sets.length).toBeGreaterThan(10);
    expect(sets.filter(({ key, update }) => update.length > 0 && !(key as string[]).includes('terminal_id'))).toEqual(
      [],
    );
  });
});
