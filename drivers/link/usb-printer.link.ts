/**
 * A printer-class USB device through the kernel's own character device (`usblp`, /dev/usb/lp0): both ways, no library. The
 * kernel lets one program in at a time and gives the device back when that program ends, however it ends. Read without
 * waiting, because a waiting read could not be ended: a quiet printer is looked at ten times a second, a busy one more often.
 */
import { constants } from 'node:fs';
import { open, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from './byte-link.ts';
import { reconnectingLink, type Wire, type WireEvents } from './reconnecting.link.ts';

export interface UsbPrinterAddress {
  readonly path: string;
}

/** What is used of a `FileHandle`. */
export interface DeviceFile {
  read(buffer: Uint8Array, offset: number, length: number, position: null): Promise<{ readonly bytesRead: number }>;
  write(buffer: Uint8Array, offset: number, length: number, position: null): Promise<{ readonly bytesWritten: number }>;
  close(): Promise<void>;
}

/** The machine underneath; a parameter so that a busy device can be tested anywhere. */
export interface UsbPrinterSystem {
  open(path: string): Promise<DeviceFile>;
  /** Who has the path open: `cupsd (812)`; undefined when that cannot be seen. */
  holderOf(path: string): Promise<string | undefined>;
}

const READ_BYTES = 1_024;
const BUSY_POLL_MS = 10;
const QUIET_POLL_MS = 100;
/** After the last byte in either direction. */
const BUSY_FOR_MS = 2_000;
const WAIT_CODES: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

export function usbPrinterLink(address: UsbPrinterAddress, clock: Clock, system: UsbPrinterSystem = LINUX): ByteLink {
  return reconnectingLink(
    `usb ${address.path}`,
    clock,
    (events) => new UsbPrinterWire(address.path, clock, events, system),
  );
}

class UsbPrinterWire implements Wire {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #events: WireEvents;
  readonly #ended: Promise<void>;
  readonly #buffer = new Uint8Array(READ_BYTES);
  readonly #waiting = new Set<{ readonly timer: TimerHandle; readonly wake: () => void }>();
  #unwritten: Uint8Array[] = [];
  #isWriting = false;
  #file: DeviceFile | undefined;
  #isOver = false;
  #busyUntilMs = 0;

  constructor(path: string, clock: Clock, events: WireEvents, system: UsbPrinterSystem) {
    this.#path = path;
    this.#clock = clock;
    this.#events = events;
    this.#ended = this.#run(system);
  }

  write(bytes: Uint8Array): void {
    this.#unwritten.push(Uint8Array.from(bytes));
    void this.#writeAll();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    for (const { timer, wake } of this.#waiting) {
      this.#clock.cancel(timer);
      wake();
    }
    await this.#ended;
  }

  async #run(system: UsbPrinterSystem): Promise<void> {
    try {
      this.#file = await system.open(this.#path);
    } catch (error) {
      this.#events.gone(await openProblem(error, this.#path, system));
      return;
    }
    if (!this.#isOver) this.#events.opened();
    await this.#readAll(this.#file);
    // a write under way ends by itself: it never waits
    await this.#file.close().catch(() => undefined);
  }

  async #readAll(file: DeviceFile): Promise<void> {
    while (!this.#isOver) {
      try {
        const { bytesRead } = await file.read(this.#buffer, 0, READ_BYTES, null);
        if (bytesRead > 0) {
          this.#keepBusy();
          if (!this.#isOver) this.#events.data(this.#buffer.slice(0, bytesRead));
          continue;
        }
      } catch (error) {
        if (!WAIT_CODES.has(codeOf(error))) return this.#gone(error);
      }
      // nothing there: an empty answer of a printer is no end of file
      await this.#pause(this.#clock.now() < this.#busyUntilMs ? BUSY_POLL_MS : QUIET_POLL_MS);
    }
  }

  async #writeAll(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#keepBusy();
    while (!this.#isOver && this.#file) {
      const piece = this.#unwritten[0];
      if (!piece) break;
      try {
        const { bytesWritten } = await this.#file.write(piece, 0, piece.length, null);
        this.#keepBusy();
        if (bytesWritten === piece.length) this.#unwritten.shift();
        else this.#unwritten[0] = piece.subarray(bytesWritten);
      } catch (error) {
        if (!WAIT_CODES.has(codeOf(error))) this.#gone(error);
        else await this.#pause(BUSY_POLL_MS);
      }
    }
    this.#isWriting = false;
  }

  #gone(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.gone(problem('device.absent', `${this.#path}: ${codeOf(error)}`));
  }

  #keepBusy(): void {
    this.#busyUntilMs = this.#clock.now() + BUSY_FOR_MS;
    for (const { timer, wake } of this.#waiting) {
      this.#clock.cancel(timer);
      wake();
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(entry);
        resolve();
      };
      const entry = { timer: this.#clock.after(ms, wake), wake };
      this.#waiting.add(entry);
    });
  }
}

async function openProblem(error: unknown, path: string, system: UsbPrinterSystem): Promise<Problem> {
  switch (codeOf(error)) {
    case 'EBUSY': {
      const holder = await system.holderOf(path);
      return problem(
        'device.busy',
        `${path} is held by ${holder ?? 'another program, likely CUPS or an earlier run of the kiosk'}`,
      );
    }
    case 'EACCES':
    case 'EPERM':
      return problem('device.absent', `${path}: no right to open it; the kiosk's user must be in the group lp`);
    default:
      return problem('device.absent', `${path}: ${codeOf(error)}`);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}

/** Looks into the open files of every process that shows them: its own user's, or all when it is root. */
export async function holderOf(path: string): Promise<string | undefined> {
  // the path of a profile may be a name that udev gave
  const device = await realpath(path).catch(() => path);
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    // a process that ended meanwhile, or belongs to somebody else
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (target !== device) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process');
      return `${name.trim()} (${pid})`;
    }
  }
  return undefined;
}

const LINUX: UsbPrinterSystem = {
  open: (path) => open(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY),
  holderOf,
};
