/** Debian's own ippeveprinter and cupsd, each in a folder of its own on a loopback port, killed and started at will. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../scripts/journey/watching.ts';

const IPPEVEPRINTER = '/usr/sbin/ippeveprinter';
const CUPSD = '/usr/sbin/cupsd';
const LPADMIN = '/usr/sbin/lpadmin';
const DBUS = '/usr/bin/dbus-daemon';

/** Why they cannot be used here; undefined when they can. */
export function whatIppLacks(): string | undefined {
  if (![IPPEVEPRINTER, DBUS].every(existsSync)) return 'apt-get install cups-ipp-utils dbus-daemon';
  if (![CUPSD, LPADMIN].every(existsSync)) return 'apt-get install cups cups-client';
  return process.getuid?.() === 0 ? undefined : 'cupsd starts its backends as another user: run as root';
}

/** A child that can be killed without a word and started again. */
class Daemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'ipp-'));
  readonly port: number;
  readonly #start: (daemon: Daemon) => ChildProcess;
  #child: ChildProcess | undefined;

  constructor(port: number, start: (daemon: Daemon) => ChildProcess) {
    this.port = port;
    this.#start = start;
    // backends run as another user
    chmodSync(this.folder, 0o755);
  }

  async start(): Promise<void> {
    this.#child = this.#start(this);
    await until(`port ${this.port} answers`, () => answers(this.port));
  }

  /** With its children, as a service manager ends what is left of a service; else a backend prints on without its master. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGSTOP');
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ').filter(Boolean);
    child.kill('SIGKILL');
    for (const pid of children) endProcess(Number(pid));
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface EvePrinter {
  readonly uri: string;
  /** Here lies a copy of each printed document, named by its own job. */
  readonly output: string;
  /** While this file is there, the printer says that it has no paper and prints nothing. */
  readonly emptyTray: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  end(): Promise<void>;
}

/** A printer that counts each page object as a side. It insists on a D-Bus; it gets one of its own, without Avahi. */
export async function startEvePrinter(): Promise<EvePrinter> {
  const bus = mkdtempSync(join(tmpdir(), 'bus-'));
  const socket = join(bus, 'socket');
  const policy =
    '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>';
  const config = `<busconfig><type>system</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth>${policy}</busconfig>`;
  writeFileSync(join(bus, 'bus.conf'), config);
  const dbus = spawn(DBUS, [`--config-file=${join(bus, 'bus.conf')}`, '--nofork', '--nopidfile'], { stdio: 'ignore' });
  await until('D-Bus has its socket', async () => existsSync(socket));

  const daemon = new Daemon(await freePort(), ({ folder, port }) =>
    spawn(
      IPPEVEPRINTER,
      [
        '-f',
        'application/pdf',
        '-c',
        join(folder, 'print'),
        '-d',
        join(folder, 'spool'),
        '-r',
        'off',
        '-n',
        'localhost',
        '-p',
        `${port}`,
        'Test',
      ],
      { stdio: 'ignore', env: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${socket}` } },
    ),
  );
  const { folder, port } = daemon;
  const [output, emptyTray] = [join(folder, 'output'), join(folder, 'no-paper')];
  for (const name of [output, join(folder, 'spool')]) mkdirSync(name);
  const script = `#!/bin/sh
while [ -e '${emptyTray}' ]; do echo 'STATE: +media-empty' >&2; sleep 0.2; done
echo 'STATE: -media-empty' >&2
cp "$1" '${output}/'"$(basename "$1")"
pages=$(grep -a -c '/Type/Page/' "$1")
echo "ATTR: job-impressions-completed=$pages" >&2
`;
  writeFileSync(join(folder, 'print'), script, { mode: 0o755 });
  await daemon.start();
  return {
    uri: `ipp://localhost:${port}/ipp/print`,
    output,
    emptyTray,
    kill: () => daemon.kill(),
    start: () => daemon.start(),
    async end() {
      await daemon.end();
      dbus.kill('SIGTERM');
      rmSync(bus, { recursive: true, force: true });
    },
  };
}

export interface Cups {
  readonly uri: string;
  /** Its first job lies in the spool with its document, and is written down so that a restart finds it. */
  hasDocument(): boolean;
  kill(): Promise<void>;
  start(): Promise<void>;
  end(): Promise<void>;
}

/** A queue that passes PDF on as it is to a device, e.g. `socket://127.0.0.1:9100`. */
export async function startCups(deviceUri: string): Promise<Cups> {
  const daemon = new Daemon(await freePort(), ({ folder }) =>
    spawn(CUPSD, ['-f', '-c', join(folder, 'cupsd.conf'), '-s', join(folder, 'cups-files.conf')], { stdio: 'ignore' }),
  );
  const { folder, port } = daemon;
  for (const name of ['root', 'spool', 'spool/tmp', 'cache', 'state', 'log', 'ssl']) mkdirSync(join(folder, name));
  const files = [
    `ServerRoot ${folder}/root\nRequestRoot ${folder}/spool\nTempDir ${folder}/spool/tmp\nCacheDir ${folder}/cache`,
    `StateDir ${folder}/state\nErrorLog ${folder}/log/error_log\nAccessLog ${folder}/log/access_log`,
    `PageLog ${folder}/log/page_log\nServerKeychain ${folder}/ssl\nUser lp\nGroup lp\nSystemGroup root\nPrintcap\n`,
  ];
  writeFileSync(join(folder, 'cups-files.conf'), files.join('\n'));
  const access = 'Order allow,deny\nAllow from 127.0.0.1';
  const rules = [
    `Listen 127.0.0.1:${port}\nBrowsing Off\nDefaultAuthType None\nWebInterface No\nDirtyCleanInterval 0\nJobKillDelay 1`,
    `<Location />\n${access}\n</Location>\n<Policy default>\n<Limit All>\nOrder allow,deny\nAllow all\n</Limit>\n</Policy>\n`,
  ];
  writeFileSync(join(folder, 'cupsd.conf'), rules.join('\n'));
  await daemon.start();
  const made = spawnSync(LPADMIN, ['-h', `127.0.0.1:${port}`, '-p', 'a4', '-E', '-v', deviceUri], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`lpadmin: ${made.stderr}`);
  return {
    uri: `ipp://127.0.0.1:${port}/printers/a4`,
    hasDocument: () => isNewer(join(folder, 'spool', 'c00001'), join(folder, 'spool', 'd00001-001')),
    kill: () => daemon.kill(),
    start: () => daemon.start(),
    end: () => daemon.end(),
  };
}

/** A printer on a raw port: keeps what came over each connection. Switched off, it refuses to be connected to. */
export async function rawPrinter() {
  const port = await freePort();
  const documents: Buffer[] = [];
  const make = () =>
    createServer((socket) => {
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => socket.destroy());
      socket.on('end', () => chunks.length > 0 && documents.push(Buffer.concat(chunks)));
    });
  let server: ReturnType<typeof make> | undefined;
  return {
    uri: `socket://127.0.0.1:${port}`,
    documents,
    switchOn: () =>
      new Promise<void>((resolve) => {
        server = make().listen(port, '127.0.0.1', () => resolve());
      }),
    async end() {
      if (server) await new Promise((resolve) => server?.close(resolve));
    },
  };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isNewer(file: string, other: string): boolean {
  return existsSync(file) && existsSync(other) && statSync(file).mtimeMs > statSync(other).mtimeMs;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: 'localhost', port });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
