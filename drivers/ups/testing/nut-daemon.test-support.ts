/** Debian's own upsd with its dummy driver, in a folder of its own on a loopback port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Debian's /usr/sbin/upsd is a script that asks /etc/nut/nut.conf whether the machine wants it.
const UPSD = '/lib/nut/upsd';
const DUMMY = '/lib/nut/dummy-ups';
export const UPS = 'kiosk';

/** Why it cannot be used here; undefined when it can. */
export function whatNutLacks(): string | undefined {
  return existsSync(UPSD) && existsSync(DUMMY) ? undefined : 'apt-get install nut-server';
}

export class NutDaemon {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'nut-'));
  #driver: ChildProcess | undefined;
  #server: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(values: Readonly<Record<string, string | number>>): Promise<NutDaemon> {
    const daemon = new NutDaemon(await freePort());
    daemon.#configure();
    daemon.say(values);
    daemon.startDriver();
    daemon.startServer();
    return daemon;
  }

  /** What the dummy supply says from its next look at the file on. */
  say(values: Readonly<Record<string, string | number>>): void {
    const lines = Object.entries(values).map(([name, value]) => `${name}: ${value}\n`);
    writeFileSync(join(this.#folder, 'conf', 'kiosk.dev'), lines.join(''));
  }

  startDriver(): void {
    this.#driver = this.#spawn(DUMMY, ['-a', UPS, '-F', '-u', userName()]);
  }

  startServer(): void {
    this.#server = this.#spawn(UPSD, ['-F', '-u', userName()]);
  }

  /** SIGKILL: nothing is tidied up, as in a power cut. */
  killDriver(): Promise<void> {
    return kill(this.#driver);
  }

  killServer(): Promise<void> {
    return kill(this.#server);
  }

  /** The driver hangs and says nothing, or goes on. */
  hangDriver(hangs: boolean): void {
    this.#driver?.kill(hangs ? 'SIGSTOP' : 'SIGCONT');
  }

  async end(): Promise<void> {
    await this.killServer();
    await this.killDriver();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #configure(): void {
    const conf = join(this.#folder, 'conf');
    for (const folder of [conf, join(this.#folder, 'state')]) {
      mkdirSync(folder);
      chmodSync(folder, 0o770);
    }
    const supply = `pollinterval = 1\n[${UPS}]\n  driver = dummy-ups\n  port = kiosk.dev\n  mode = dummy-once\n  desc = "Test"\n`;
    writeFileSync(join(conf, 'ups.conf'), supply);
    writeFileSync(join(conf, 'upsd.conf'), `LISTEN 127.0.0.1 ${this.port}\nMAXAGE 3\n`);
    writeFileSync(join(conf, 'upsd.users'), '');
    for (const file of ['ups.conf', 'upsd.conf', 'upsd.users']) chmodSync(join(conf, file), 0o640);
  }

  #spawn(program: string, options: readonly string[]): ChildProcess {
    const state = join(this.#folder, 'state');
    const env = { NUT_CONFPATH: join(this.#folder, 'conf'), NUT_STATEPATH: state, NUT_ALTPIDPATH: state };
    return spawn(program, options, { env: { ...process.env, ...env }, stdio: 'ignore' });
  }
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function userName(): string {
  return process.getuid?.() === 0 ? 'root' : (process.env['USER'] ?? 'nobody');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
