/**
 * A card read through all of the stack (device host process, RPC, driver, PC/SC add-on) against a C program on the same
 * daemon and the same card, in turn and in shuffled order; and a card laid down, heard by both at once. The daemon, its socket
 * and the loopback are in namespaces of their own: nobody else's card reader is disturbed.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import { pause } from '../../contract/clock.ts';
import { systemClock as clock } from '../../contract/clock.system.ts';
import { createRemoteDeviceHost } from '../../engine/devices/device-host.client.ts';
import type { DeviceHost } from '../../engine/devices/device-host.ts';
import { portToChild } from '../../engine/ports/child-port.ts';
import { compared, type Figure } from '../report.ts';
import { median, quantile, rounded, shuffled } from '../stats.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const READER = 'Virtual PCD 00 00';
const VPCD_PORT = 35_963;
const DEVICE = 'card';
/** As many READ BINARY as a profile may have. */
const MANY = 16;
const ROUNDS = 60;
const INSERTS = 12;
const WARM_UP = 8;
/** Between two readings: longer than letting go takes, also on a busy machine. */
const LET_GO_MS = 40;
const AIM = '<= 2';
/** Inside: quick acknowledgements, for vpcd sends length and body as two segments (44 ms a command otherwise). */
const PRIVATE = [
  'ip link set lo up',
  'mkdir -p /run/pcscd',
  'mount -t tmpfs tmpfs /run/pcscd',
  'ip route replace local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 quickack 1 table local',
  'exec "$@"',
].join(' && ');

/** Needs root (for the namespaces), gcc, libpcsclite-dev, pcscd and vsmartcard-vpcd; rejects with what went wrong. */
export async function measureApdus(directory: string): Promise<readonly Figure[]> {
  const command = ['--mount', '--net', '--kill-child', '--fork', 'sh', '-c', PRIVATE, 'sh', process.execPath];
  const child = spawn('unshare', [...command, import.meta.filename, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the card bench ended with ${code}: it needs root, gcc, libpcsclite-dev and pcscd`);
  return JSON.parse(printed) as readonly Figure[];
}

/** A line in, a line out. */
class Peer {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor(program: string, args: readonly string[]) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout) throw new Error('no output');
    this.#lines = createInterface({ input: this.#child.stdout });
  }

  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  async next(): Promise<string> {
    const [line] = (await once(this.#lines, 'line')) as [string];
    return line;
  }

  onLine(listener: (line: string) => void): void {
    this.#lines.on('line', listener);
  }

  end(): void {
    this.#child.kill();
  }
}

/** Reads `reads` times 256 bytes; the card's number is what it is for. */
function profile(reads: number): CardProfile {
  return {
    ...{ id: `bench-${reads}`, kind: 'city-card', source: 'bench', required: ['cardNumber'] },
    select: [Buffer.from('BENCHCRD').toString('hex').toUpperCase()],
    reads: Array.from({ length: reads }, () => ({
      ...{ kind: 'binary', sfi: 21, lengthBytes: 256 },
      fields: [{ name: 'cardNumber', offset: 0, lengthBytes: 10, encoding: 'ascii' }],
    })),
  };
}

async function openHost(reads: number): Promise<{ readonly host: DeviceHost; readonly end: () => void }> {
  const child = fork(join(ROOT, 'engine', 'devices', 'device-host.main.ts'), { stdio: 'inherit' });
  const host = createRemoteDeviceHost(portToChild(child), clock);
  const config = {
    id: DEVICE,
    class: 'smart-card-reader',
    model: 'pcsc',
    link: { kind: 'pcsc', reader: READER },
  } as const;
  // a busy machine starts the process more slowly than a call may take; what was asked meanwhile is carried out all the same
  const online = new Promise<void>((settle) => {
    host.onStatus((_device, { device }) => device === 'online' && settle());
  });
  await host.open([config], [profile(reads)]);
  await online;
  return { host, end: () => child.kill() };
}

/** Microseconds of one reading; waits until the reader is free. */
async function readOurs(host: DeviceHost): Promise<number> {
  const before = performance.now();
  const limits = { deadline: clock.now() + 5_000, signal: new AbortController().signal };
  const outcome = await host.execute(DEVICE, { kind: 'read' }, limits);
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return (performance.now() - before) * 1_000;
}

interface Samples {
  readonly ours: number[];
  readonly floor: number[];
}

async function compareReadings(host: DeviceHost, peer: Peer, reads: number): Promise<Samples> {
  const samples: Samples = { ours: [], floor: [] };
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const side of shuffled(['ours', 'floor'] as const)) {
      let us: number;
      if (side === 'ours') us = await readOurs(host);
      else {
        peer.say(`read ${reads}`);
        us = Number((await peer.next()).split(' ')[0]);
      }
      if (round >= 0) samples[side].push(us);
      // the card is let go behind the answer
      await pause(clock, LET_GO_MS);
    }
  }
  return samples;
}

/** Milliseconds by which the engine hears of a card later than C; both wait for the same one. */
async function compareInserts(host: DeviceHost, card: Peer, watcher: Peer): Promise<readonly number[]> {
  const heard: { ours?: (ns: bigint) => void; floor?: (ns: bigint) => void } = {};
  let wanted = 'empty';
  host.onStatus((_device, { media }) => {
    if (media === (wanted === 'empty' ? 'notPresent' : 'present')) heard.ours?.(process.hrtime.bigint());
  });
  watcher.onLine((line) => {
    const [what, at] = line.split(' ');
    if (what === wanted && at !== undefined) heard.floor?.(BigInt(at));
  });
  const act = async (line: 'insert' | 'remove'): Promise<number> => {
    wanted = line === 'insert' ? 'present' : 'empty';
    const ours = new Promise<bigint>((settle) => (heard.ours = settle));
    const floor = new Promise<bigint>((settle) => (heard.floor = settle));
    card.say(line);
    return Number((await ours) - (await floor)) / 1e6;
  };
  const lateMs: number[] = [];
  for (let n = 0; n < INSERTS; n += 1) {
    await act('remove');
    lateMs.push(await act('insert'));
  }
  return lateMs;
}

async function measureInside(directory: string): Promise<readonly Figure[]> {
  const program = join(directory, 'apdu-peer');
  const source = join(import.meta.dirname, 'apdu-peer.c');
  const compiler = spawn('gcc', ['-O2', '-Wall', '-I/usr/include/PCSC', source, '-o', program, '-lpcsclite'], {
    stdio: 'inherit',
  });
  const [code] = (await once(compiler, 'close')) as [number | null];
  if (code !== 0) throw new Error('gcc failed: apt-get install gcc libpcsclite-dev');
  const daemon = spawn('/usr/sbin/pcscd', ['--foreground'], { stdio: 'ignore' });
  await pause(clock, 1_500);
  const card = new Peer(program, ['card', String(VPCD_PORT)]);
  const [few, many] = [await openHost(1), await openHost(MANY)];
  const present = new Promise<void>((settle) => {
    many.host.onStatus((_device, { media }) => media === 'present' && settle());
  });
  card.say('insert');
  await present;
  await pause(clock, 500);
  const peer = new Peer(program, ['read', READER]);
  const short = await compareReadings(few.host, peer, 1);
  const long = await compareReadings(many.host, peer, MANY);
  const watcher = new Peer(program, ['watch', READER]);
  await pause(clock, 500);
  few.end();
  const lateMs = await compareInserts(many.host, card, watcher);
  for (const ended of [many, watcher, peer, card]) ended.end();
  daemon.kill();
  return figures(short, long, lateMs);
}

function figures(short: Samples, long: Samples, lateMs: readonly number[]): readonly Figure[] {
  const spread = (samples: readonly number[]) =>
    `${rounded(quantile(samples, 0.5), 0)} / ${rounded(quantile(samples, 0.95), 0)} µs`;
  const whole = (name: string, { ours, floor }: Samples): readonly Figure[] => [
    compared({
      name: `${name}, p50`,
      ours: spread(ours),
      floor: spread(floor),
      ratio: median(ours) / median(floor),
      aim: AIM,
    }),
    { name: `${name}, p95`, ours: '', ratio: rounded(quantile(ours, 0.95) / quantile(floor, 0.95)) },
  ];
  // what one more command costs: the same reading with many and with one
  const more = (side: keyof Samples) => long[side].map((us, at) => (us - (short[side][at] ?? Number.NaN)) / (MANY - 1));
  const [ours, floor] = [more('ours'), more('floor')];
  return [
    compared({
      name: 'one APDU of 256 bytes, p50',
      ours: spread(ours),
      floor: spread(floor),
      ratio: median(ours) / median(floor),
      aim: AIM,
    }),
    ...whole(`card read, ${MANY + 1} APDUs`, long),
    ...whole('card read, 2 APDUs', short),
    compared({
      ...{ name: 'card laid down to event, beyond C: p50 / p95', aim: '<= 5', ratio: quantile(lateMs, 0.95) },
      ours: `${rounded(quantile(lateMs, 0.5))} / ${rounded(quantile(lateMs, 0.95))} ms`,
    }),
  ];
}

if (process.argv[1] === import.meta.filename) {
  const [directory = '.'] = process.argv.slice(2);
  console.log(JSON.stringify(await measureInside(directory)));
}
