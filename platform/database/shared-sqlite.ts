/**
 * An SQLite file that another connection writes to as well, for Kysely: what only reads is read at once, over a connection of
 * its own, and sees the last commit; what writes, and every transaction, has its turn by the lock. So a page or a look at
 * the rows never waits for a commit, and no statement ever meets a locked file.
 */
import type SqliteDatabase from 'better-sqlite3';
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
} from 'kysely';
import type { Unlock, WriteLock } from './write-lock.ts';

/** A database as far as the dialect needs it. */
export interface PreparingDatabase {
  prepare(text: string): SqliteDatabase.Statement;
  close(): void;
}

export interface SharedSqlite {
  readonly reader: PreparingDatabase;
  readonly writer: PreparingDatabase;
  readonly lock: WriteLock;
}

export function sharedSqliteDialect(shared: SharedSqlite): Dialect {
  return {
    createDriver: () => new SharedSqliteDriver(shared),
    createAdapter: () => new ManyConnectionsAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (database: Kysely<unknown>) => new SqliteIntrospector(database),
  };
}

/** Kysely itself would let only one be used at a time. */
class ManyConnectionsAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class SharedSqliteDriver implements Driver {
  readonly #shared: SharedSqlite;

  constructor(shared: SharedSqlite) {
    this.#shared = shared;
  }

  async init(): Promise<void> {
    // both are open already
  }

  acquireConnection(): Promise<SharedConnection> {
    return Promise.resolve(new SharedConnection(this.#shared));
  }

  beginTransaction(connection: SharedConnection): Promise<void> {
    return connection.begin();
  }

  async commitTransaction(connection: SharedConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: SharedConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  releaseConnection(connection: SharedConnection): Promise<void> {
    connection.end();
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    // the last one to close a file tidies its log away, and must be able to write
    this.#shared.reader.close();
    this.#shared.writer.close();
    return Promise.resolve();
  }
}

class SharedConnection implements DatabaseConnection {
  readonly #shared: SharedSqlite;
  #unlock: Unlock | undefined;

  constructor(shared: SharedSqlite) {
    this.#shared = shared;
  }

  async begin(): Promise<void> {
    this.#unlock = await this.#shared.lock.take();
    await this.executeQuery(CompiledQuery.raw('begin'));
  }

  end(): void {
    this.#unlock?.();
    this.#unlock = undefined;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { reader, writer, lock } = this.#shared;
    if (this.#unlock) return run<Row>(writer.prepare(sql), parameters);
    const read = reader.prepare(sql);
    if (read.readonly) return run<Row>(read, parameters);
    const unlock = await lock.take();
    try {
      return run<Row>(writer.prepare(sql), parameters);
    } finally {
      unlock();
    }
  }

  streamQuery(): never {
    throw new Error('rows are not streamed: a reading that stays open keeps the log from being written back');
  }
}

function run<Row>(statement: SqliteDatabase.Statement, parameters: readonly unknown[]): QueryResult<Row> {
  if (statement.reader) return { rows: statement.all(parameters) as Row[] };
  const { changes, lastInsertRowid } = statement.run(parameters);
  return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
}
