/** The real library on a HID device that umockdev puts into sysfs and /dev for one process; no kernel driver is needed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { bytesOf, framesOf } from '../testing/frames.ts';

const frames = framesOf('idcard-sam-hid');
const ENTRY = join(import.meta.dirname, 'testing/hid-dialogue.entry.ts');
const BUS = '/devices/pci0000:00/0000:00:14.0/usb1';

/** Reports of 64 bytes, unnumbered. */
const REPORT_DESCRIPTOR = '0600FF0901A1010902150026FF00750895408102090395409102C0';

function deviceOn(port: number): string {
  const hid = `${BUS}/1-${port}/1-${port}:1.0/0003:2B8B:2721.000${port}`;
  return `P: ${BUS}/1-${port}
N: bus/usb/001/00${port + 1}
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb

P: ${BUS}/1-${port}/1-${port}:1.0
E: DEVTYPE=usb_interface
E: SUBSYSTEM=usb

P: ${hid}
E: HID_ID=0003:00002B8B:00002721
E: HID_NAME=Mocked reader
E: HID_PHYS=usb-${port}/input0
E: HID_UNIQ=SERIAL-${port}
E: SUBSYSTEM=hid
H: report_descriptor=${REPORT_DESCRIPTOR}

P: ${hid}/hidraw/hidraw${port}
N: hidraw${port}
E: DEVNAME=/dev/hidraw${port}
E: SUBSYSTEM=hidraw
L: device=../../../0003:2B8B:2721.000${port}

`;
}

/** What umockdev reads: control characters as in a terminal, the rest as it is. */
function scripted(hex: string): Buffer {
  const bytes = [...bytesOf(hex)];
  return Buffer.from(bytes.flatMap((byte) => (byte < 32 ? [0x5e, byte + 64] : byte === 0x5e ? [0x5e, 0x60] : [byte])));
}

interface Bed {
  readonly program: ChildProcess;
  /** What the program under test says next. */
  next(): Promise<Record<string, unknown>>;
  /** Tells it to close its device. It may outlive the bed, so it is told by its own number. */
  stop(): void;
}

const beds: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of beds.splice(0)) await end();
});

async function testBed(ports: readonly number[]): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'hid-'));
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  // the number of the report is the kernel's to take away; there is no kernel here
  const script = Buffer.concat([
    Buffer.from('w 0 '),
    scripted(`00${frames('out-find')}`),
    ...[frames('in-find-ok'), frames('in-read-base-first')].map((hex) =>
      Buffer.concat([Buffer.from('\nr 250 '), scripted(hex)]),
    ),
    Buffer.from('\n'),
  ]);
  const options = ports.flatMap((port) => [
    ['--device', file(`device-${port}`, deviceOn(port))],
    [
      '--ioctl',
      `/dev/hidraw${port}=${file(`ioctl-${port}`, `@DEV /dev/hidraw${port}\nHIDIOCGRDESCSIZE 0 1B000000\n`)}`,
    ],
    ['--script', `/dev/hidraw${port}=${file(`script-${port}`, script)}`],
  ]);
  const program = spawn(
    'umockdev-run',
    [...options.flat(), '--', process.execPath, ENTRY, '2b8b', '2721', frames('out-find')],
    { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(program, 'close');
  const next = linesOf(createInterface(program.stdout));
  const { pid } = await next();
  let isStopped = false;
  const stop = (): void => {
    if (!isStopped) process.kill(Number(pid), 'SIGTERM');
    isStopped = true;
  };
  beds.push(async () => {
    stop();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  return { program, next, stop };
}

function linesOf(lines: Interface): Bed['next'] {
  const iterator = lines[Symbol.asyncIterator]();
  return async () => {
    const line = await iterator.next();
    if (line.done === true) throw new Error('the program has ended');
    return JSON.parse(line.value) as Record<string, unknown>;
  };
}

/** The first line that says this; on a slow machine a dial may be given up before. */
async function untilSaid(next: Bed['next'], what: RegExp): Promise<void> {
  while (!what.test(JSON.stringify(await next())));
}

it('carries a report each way, closes in the middle of a read, and lets the process end', async () => {
  const { program, next, stop } = await testBed([1]);
  await untilSaid(next, /"open"/);
  expect(await next()).toEqual({ hex: frames('in-find-ok') });
  expect(await next()).toEqual({ hex: frames('in-read-base-first') });
  const ended = once(program, 'exit');
  stop();
  expect(await next()).toMatchObject({ state: 'lost' });
  expect(await next()).toEqual({ state: 'closed' });
  expect(await ended).toEqual([0, null]);
});

it('takes the end of the device for what it is', async () => {
  const { program, next } = await testBed([1]);
  await untilSaid(next, new RegExp(frames('in-read-base-first')));
  program.kill('SIGKILL'); // it is the device that dies; the program that reads it lives on
  const said = await next();
  expect(said).toMatchObject({ state: 'lost', detail: expect.stringContaining('could not read from HID device') });
});

it('refuses two devices alike and names both', async () => {
  const { next } = await testBed([1, 2]);
  await untilSaid(next, /"lost".*hidraw1 \(serial number SERIAL-1\).*hidraw2 \(serial number SERIAL-2\)/);
});
