/**
 * What the platform is measured against: the least a Fastify server does that takes batches of events. No signatures, no
 * chains, no meaning; the envelope is checked with the framework's own validation, and a record is stored once by its key.
 *
 * `node reference-server.ts '{"store":"none|sqlite|postgres","path":"...","url":"..."}'` prints its port.
 */
import { once } from 'node:events';
import SqliteDatabase from 'better-sqlite3';
import { fastify, type FastifyRequest } from 'fastify';
import { Pool } from 'pg';

export interface ReferenceOptions {
  /** `none` reads and checks, and throws away. `sqlite`: one commit a request, synced. `postgres`: unnest, one commit a request. */
  readonly store: 'none' | 'sqlite' | 'postgres';
  /** Of the SQLite file. */
  readonly path?: string;
  readonly url?: string;
}

interface Batch {
  readonly records: readonly { readonly seq: number; readonly hash: string; readonly event: object }[];
}

interface Store {
  batch(terminal: string, batch: Batch): Promise<unknown> | void;
  heartbeat(terminal: string, nowMs: number): Promise<unknown> | void;
}

type Post<Body> = FastifyRequest<{ Params: { terminal: string }; Body: Body }>;

const TABLE =
  'CREATE TABLE IF NOT EXISTS events (terminal TEXT, seq BIGINT, hash TEXT, body TEXT, PRIMARY KEY (terminal, seq))';
const SEEN = 'CREATE TABLE IF NOT EXISTS seen (terminal TEXT PRIMARY KEY, at_ms BIGINT)';
const CONNECTIONS = 8;
const LIMIT_BYTES = 2 * 1024 * 1024;
const text = { type: 'string', maxLength: 100 };
const BATCH_SCHEMA = {
  type: 'object',
  required: ['records'],
  properties: {
    records: {
      type: 'array',
      maxItems: 500,
      items: {
        type: 'object',
        required: ['seq', 'hash', 'event'],
        properties: { seq: { type: 'integer' }, hash: text, event: { type: 'object', required: ['type'] } },
      },
    },
  },
};
const HEARTBEAT_SCHEMA = { type: 'object', properties: { report: { type: 'object' } } };

async function openStore({ store, path = '', url }: ReferenceOptions): Promise<Store> {
  if (store === 'none') return { batch: () => undefined, heartbeat: () => undefined };
  return store === 'sqlite' ? openSqlite(path) : openPostgres(url ?? '');
}

function openSqlite(path: string): Store {
  const sqlite = new SqliteDatabase(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.exec(`${TABLE}; ${SEEN}`);
  const insert = sqlite.prepare('INSERT INTO events VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const seen = sqlite.prepare(
    'INSERT INTO seen VALUES (?, ?) ON CONFLICT (terminal) DO UPDATE SET at_ms = excluded.at_ms',
  );
  return {
    batch: sqlite.transaction((terminal: string, { records }: Batch) => {
      for (const { seq, hash, event } of records) insert.run(terminal, seq, hash, JSON.stringify(event));
    }),
    heartbeat: (terminal, nowMs) => void seen.run(terminal, nowMs),
  };
}

async function openPostgres(url: string): Promise<Store> {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  await pool.query(`${TABLE}; ${SEEN}`);
  const insert =
    'INSERT INTO events SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING';
  const seen = 'INSERT INTO seen VALUES ($1, $2) ON CONFLICT (terminal) DO UPDATE SET at_ms = excluded.at_ms';
  return {
    batch: (terminal, { records }) =>
      pool.query({
        name: 'insert',
        text: insert,
        values: [
          terminal,
          records.map(({ seq }) => seq),
          records.map(({ hash }) => hash),
          records.map(({ event }) => JSON.stringify(event)),
        ],
      }),
    heartbeat: (terminal, nowMs) => pool.query({ name: 'seen', text: seen, values: [terminal, nowMs] }),
  };
}

const store = await openStore(JSON.parse(process.argv[2] ?? '{}') as ReferenceOptions);
const app = fastify({ forceCloseConnections: true });
app.post(
  '/v1/terminals/:terminal/streams/ledger/batches',
  { schema: { body: BATCH_SCHEMA }, bodyLimit: LIMIT_BYTES },
  async (request: Post<Batch>) => {
    await store.batch(request.params.terminal, request.body);
    const last = request.body.records.at(-1);
    return { head: { seq: last?.seq, hash: last?.hash }, parked: [] };
  },
);
app.post('/v1/terminals/:terminal/heartbeat', { schema: { body: HEARTBEAT_SCHEMA } }, async (request: Post<object>) => {
  const nowMs = Date.now();
  await store.heartbeat(request.params.terminal, nowMs);
  return { nowMs, queues: [] };
});
await app.listen({ host: '127.0.0.1', port: 0 });
const [address] = app.addresses();
process.stdout.write(`${typeof address === 'object' ? address.port : 0}\n`);
// ends with whoever started it
process.stdin.resume();
await once(process.stdin, 'close');
process.exit(0);
