/** The numbered SQL scripts of each dialect: forward only, each in one transaction. */
import { readdirSync, readFileSync } from 'node:fs';

export type DialectName = 'sqlite' | 'postgres';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly script: string;
}

const MIGRATIONS = new URL('../migrations/', import.meta.url);
const FILE = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** In their order. */
export function readMigrations(dialect: DialectName): readonly Migration[] {
  const folder = new URL(`${dialect}/`, MIGRATIONS);
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const number = FILE.exec(name)?.[1];
      return number === undefined
        ? []
        : [{ number: Number(number), name, script: readFileSync(new URL(name, folder), 'utf8') }];
    });
}

/** What is still to be applied. Throws when the database is ahead of this release. */
export function outstanding(migrations: readonly Migration[], applied: number): readonly Migration[] {
  const known = migrations.at(-1)?.number ?? 0;
  if (applied > known)
    throw new Error(`database has schema ${applied}, this release knows ${known}: install a newer one`);
  return migrations.filter(({ number }) => number > applied);
}
