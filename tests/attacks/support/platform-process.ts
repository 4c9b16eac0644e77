/** The platform as it runs in service: a process of its own, which can be killed at any moment and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { TEST_PLATFORM_KEYS, type TestTerminal } from '../../support/test-identity.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

export interface PlatformProcess {
  readonly port: number;
  /** Its SQLite file, when it has one. */
  readonly databasePath: string;
  pid(): number;
  /** Resolves when it says that it is ready. `wrap`: a command that starts it, `strace` and what it is told. */
  start(wrap?: readonly string[]): Promise<void>;
  /** Has it end by itself, as when whoever started it goes; resolves when it has. */
  end(): Promise<void>;
  /** Of the last one that ended by itself; null after a signal, and while it runs. */
  exitCode(): number | null;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** What it wrote to stderr so far. */
  complaints(): string;
  isRunning(): boolean;
  remove(): void;
}

export interface PlatformProcessOptions {
  readonly terminals: readonly TestTerminal[];
  /** `postgres://...`; without it, a file on the disk under the temporary directory. */
  readonly database?: string;
  /** For node itself, before the program. */
  readonly nodeArguments?: readonly string[];
}

/** Not started yet. Always at the same port, as behind a gateway. */
export async function preparePlatform({
  terminals,
  database,
  nodeArguments = [],
}: PlatformProcessOptions): Promise<PlatformProcess> {
  const data = mkdtempSync(join(tmpdir(), 'platform-attack-'));
  const files = { keys: join(data, 'keys.json'), terminals: join(data, 'terminals.json') };
  writeFileSync(files.keys, JSON.stringify(TEST_PLATFORM_KEYS), { mode: 0o600 });
  writeFileSync(files.terminals, JSON.stringify(terminals.map(({ enrolled }) => enrolled)));
  const port = await freePort();
  let child: ChildProcess | undefined;
  let complaints = '';
  const words = ['--data', data, '--port', String(port), '--keys', files.keys, '--terminals', files.terminals];
  if (database !== undefined) words.push('--database', database);
  return {
    port,
    databasePath: join(data, 'platform.sqlite'),
    pid: () => child?.pid ?? 0,
    async start(wrap = []) {
      const program = [process.execPath, ...nodeArguments, join(ROOT, 'platform', 'main.ts'), ...words];
      const [command = process.execPath, ...rest] = [...wrap, ...program];
      const started = spawn(command, rest, {
        cwd: ROOT,
        // what node has compiled once it need not compile after each kill
        env: { ...process.env, NODE_COMPILE_CACHE: join(data, 'compiled') },
        // it ends when we do: its stdin closes with us
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      child = started;
      started.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
      const ready = once(createInterface(started.stdout), 'line');
      const ended = once(started, 'exit').then(([code]) => {
        throw new Error(`the platform ended with ${String(code)}: ${complaints.slice(-2_000)}`);
      });
      // whoever kills it later waits for the end elsewhere
      ended.catch(() => undefined);
      await Promise.race([ready, ended]);
    },
    async end() {
      const ending = child;
      if (!ending || hasEnded(ending)) return;
      const ended = once(ending, 'exit');
      ending.stdin?.end();
      await ended;
    },
    exitCode: () => child?.exitCode ?? null,
    async kill(signal) {
      const ending = child;
      child = undefined;
      if (!ending || hasEnded(ending)) return;
      const ended = once(ending, 'exit');
      ending.kill(signal);
      await ended;
    },
    complaints: () => complaints,
    isRunning: () => child !== undefined && !hasEnded(child),
    remove: () => rmSync(data, { recursive: true, force: true }),
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
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
