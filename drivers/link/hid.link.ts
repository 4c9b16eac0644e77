/**
 * A USB-HID device: each input report is one chunk, each write one output report. The library is loaded at the first dial.
 *
 * Only the library's asynchronous class is used: closing the synchronous one during a read can crash the process, and
 * it may keep the device for itself after its close. An unplugged device has no event of its own: its end is a read error.
 */
import type { Clock } from '../../contract/clock.ts';
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from './byte-link.ts';
import { reconnectingLink, type Wire, type WireEvents } from './reconnecting.link.ts';

export interface HidAddress {
  readonly vendorId: number;
  readonly productId: number;
  /** Without it the only device of its kind; two alike are refused by name. */
  readonly serialNumber?: string;
}

/** The part of node-hid that is used here, and no more: the synchronous class cannot be reached. */
export interface HidLibrary {
  devicesAsync(vendorId: number, productId: number): Promise<readonly FoundHid[]>;
  readonly HIDAsync: { open(path: string): Promise<OpenHid> };
}

export interface FoundHid {
  readonly path?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

export interface OpenHid {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  write(report: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** A parameter so that a machine without the library, or without the device, can be tested anywhere. */
export type LoadHid = () => Promise<HidLibrary>;

/** The library wants the number of the report before its bytes; a device without numbered reports gets 0. */
const UNNUMBERED = 0;

/**
 * `write` takes the bytes of an output report without a number, padded by whoever knows the report's size. A chunk of a
 * device with numbered reports begins with the number.
 */
export function hidLink(address: HidAddress, clock: Clock, load: LoadHid = () => import('node-hid')): ByteLink {
  // Two handles of one device share its reports: the next dial waits until the last one has let go.
  let released: Promise<void> = Promise.resolve();
  return reconnectingLink(`hid ${nameOf(address)}`, clock, (events) => {
    const wire = dial(address, events, load, released);
    return {
      write: (bytes) => wire.write(bytes),
      end() {
        released = wire.end();
        return released;
      },
    };
  });
}

type Dialled = { readonly device: OpenHid } | { readonly problem: Problem };

function dial(address: HidAddress, events: WireEvents, load: LoadHid, released: Promise<void>): Wire {
  let device: OpenHid | undefined;
  let ended: Promise<void> | undefined;
  let written: Promise<unknown> = Promise.resolve();
  const gone = (error: unknown): void => events.gone(problem('device.absent', messageOf(error)));

  const opening = released
    .then(() => openDevice(address, load))
    .then((dialled) => {
      if ('problem' in dialled) return events.gone(dialled.problem);
      device = dialled.device;
      if (ended) return undefined;
      device.on('error', gone);
      device.on('data', (report) => events.data(Uint8Array.from(report)));
      events.opened();
      return undefined;
    });

  async function end(): Promise<void> {
    await opening;
    await written;
    await device?.close().catch(() => undefined); // it is gone already
  }

  return {
    write(bytes) {
      const open = device;
      if (open) written = written.then(() => open.write(Buffer.from([UNNUMBERED, ...bytes]))).catch(gone);
    },
    end: () => (ended ??= end()),
  };
}

async function openDevice(address: HidAddress, load: LoadHid): Promise<Dialled> {
  let library: HidLibrary;
  let found: readonly FoundHid[];
  try {
    library = await load();
    found = await library.devicesAsync(address.vendorId, address.productId); // loads the native part
  } catch (error) {
    return { problem: problem('device.driverMissing', `node-hid: ${messageOf(error)}`) };
  }
  const path = choose(address, found);
  if (typeof path !== 'string') return path;
  try {
    return { device: await library.HIDAsync.open(path) };
  } catch (error) {
    return { problem: problem('device.absent', `${path}: ${messageOf(error)}`) };
  }
}

/** The one path that answers to the address. One path may be listed several times, once for each of its usages. */
function choose(address: HidAddress, found: readonly FoundHid[]): string | { readonly problem: Problem } {
  const paths = new Map<string, FoundHid>();
  for (const each of found) {
    const isOurs = address.serialNumber === undefined || each.serialNumber === address.serialNumber;
    if (isOurs && each.path !== undefined && !isTyping(each)) paths.set(each.path, each);
  }
  const [path, other] = paths.keys();
  if (path === undefined) return { problem: problem('device.absent', `no HID device ${nameOf(address)}`) };
  if (other === undefined) return path;
  const names = [...paths].map(([each, { serialNumber }]) => `${each} (serial number ${serialNumber || 'none'})`);
  const detail = `${paths.size} HID devices ${nameOf(address)}: ${names.join(', ')}; name one by its serial number`;
  return { problem: problem('device.absent', detail) };
}

/** Keyboards and mice, also those inside a scanner: what they say belongs to the desktop, never to a driver. */
function isTyping({ usagePage, usage }: FoundHid): boolean {
  return usagePage === 1 && (usage === 2 || usage === 6);
}

function nameOf({ vendorId, productId, serialNumber }: HidAddress): string {
  const name = `${hex4(vendorId)}:${hex4(productId)}`;
  return serialNumber === undefined ? name : `${name} ${serialNumber}`;
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
