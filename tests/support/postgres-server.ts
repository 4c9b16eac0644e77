/**
 * A PostgreSQL server of a test's own, from Debian's package: a new data directory, a free port on loopback, commits that
 * are really synced. It refuses to run as root, so it is run as the user that comes with the package.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../../contract/clock.ts';
import { systemClock } from '../../contract/clock.system.ts';
import { Client } from 'pg';

const VERSIONS = '/usr/lib/postgresql';
const USER = 'postgres';
const READY_MS = 30_000;
const POLL_MS = 20;

export interface PostgresServer {
  readonly port: number;
  /** The main process; its backends are its children. */
  pid(): number;
  /** Makes an empty database, or a copy of another that nobody is connected to, and gives its address. */
  newDatabase(copyOf?: string): Promise<string>;
  /** As a power cut: no checkpoint, no goodbye to clients. */
  stopImmediately(): Promise<void>;
  /** Again, on the same data and port. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

export interface PostgresServerOptions {
  /** Lines as in `postgresql.conf`: `shared_buffers=128MB`. */
  readonly settings?: readonly string[];
  /** In memory: for what is about SQL, not about the disk. */
  readonly inMemory?: boolean;
}

export async function startPostgresServer(serverOptions: PostgresServerOptions = {}): Promise<PostgresServer> {
  const { settings = [], inMemory = false } = serverOptions;
  const programs = join(VERSIONS, readdirSync(VERSIONS).toSorted().at(-1) ?? '', 'bin');
  const owner = ownerOfServers();
  const directory = mkdtempSync(join(inMemory ? '/dev/shm' : tmpdir(), 'postgres-'));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const port = await freePort();
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...{ cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
    ...owner,
  });
  const options = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${directory}`, ...settings];
  let server: ChildProcess | undefined;
  let databases = 0;

  async function start(): Promise<void> {
    const words = ['-D', data, ...options.flatMap((option) => ['-c', option])];
    server = spawn(join(programs, 'postgres'), words, { cwd: directory, stdio: 'ignore', ...owner });
    await untilReady(server, port);
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = server;
    server = undefined;
    if (!ending || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  }
  // a test that is killed leaves no server behind
  const killIt = (): void => void server?.kill('SIGQUIT');
  process.once('exit', killIt);
  await start();
  return {
    port,
    pid: () => server?.pid ?? 0,
    async newDatabase(copyOf) {
      const name = `db${++databases}`;
      const template = copyOf === undefined ? '' : ` TEMPLATE ${new URL(copyOf).pathname.slice(1)}`;
      await withClient(port, USER, (client) => client.query(`CREATE DATABASE ${name}${template}`));
      return `postgres://${USER}@127.0.0.1:${port}/${name}`;
    },
    // what `pg_ctl stop -m immediate` sends
    stopImmediately: () => end('SIGQUIT'),
    start,
    async close() {
      process.removeListener('exit', killIt);
      await end('SIGQUIT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function ownerOfServers(): Owner {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${USER}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`there is no user ${USER}: install postgresql`);
  return { uid: Number(uid), gid: Number(gid) };
}

async function untilReady(server: ChildProcess, port: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < READY_MS; waitedMs += POLL_MS) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    if (await answers(port)) return;
    await pause(systemClock, POLL_MS);
  }
  throw new Error('postgres does not answer');
}

async function answers(port: number): Promise<boolean> {
  try {
    await withClient(port, USER, (client) => client.query('SELECT 1'));
    return true;
  } catch {
    // not yet; `untilReady` gives up in the end
    return false;
  }
}

async function withClient(port: number, database: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: USER, database });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
