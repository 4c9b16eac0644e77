/**
 * A device on a serial port: eight data bits, one stop bit, no parity unless the address says so. The library is loaded at
 * the first dial: a kiosk without serial devices needs none.
 */
import type { SerialPort } from 'serialport';
import type { Clock } from '../../contract/clock.ts';
import { problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from './byte-link.ts';
import { reconnectingLink, type Wire, type WireEvents } from './reconnecting.link.ts';

export interface SerialAddress {
  readonly path: string;
  readonly baudRate: number;
  readonly parity?: 'none' | 'odd' | 'even';
}

/** Loads the library; a parameter so that a machine without it can be tested anywhere. */
export type LoadSerial = () => Promise<{ readonly SerialPort: typeof SerialPort }>;

export function serialLink(
  address: SerialAddress,
  clock: Clock,
  load: LoadSerial = () => import('serialport'),
): ByteLink {
  return reconnectingLink(`serial ${address.path} ${address.baudRate}`, clock, (events) => dial(address, events, load));
}

function dial(address: SerialAddress, events: WireEvents, load: LoadSerial): Wire {
  let port: SerialPort | undefined;
  let ended = false;
  const opening = load().then(
    (library) => {
      if (!ended) port = openPort(library.SerialPort, address, events);
    },
    (error: unknown) => events.gone(problem('device.driverMissing', `serialport: ${messageOf(error)}`)),
  );
  return {
    write: (bytes) => void port?.write(Buffer.from(bytes)),
    async end() {
      ended = true;
      await opening;
      const open = port;
      if (open?.isOpen) await new Promise<void>((resolve) => open.close(() => resolve()));
    },
  };
}

function openPort(Port: typeof SerialPort, address: SerialAddress, events: WireEvents): SerialPort {
  const { path, baudRate, parity = 'none' } = address;
  // Exclusive: a second program on the port gets an error instead of half of the answers.
  const port = new Port({ path, baudRate, dataBits: 8, stopBits: 1, parity, lock: true, autoOpen: false });
  port.on('data', (chunk: Uint8Array) => events.data(chunk));
  port.on('error', (error) => events.gone(problem('device.absent', error.message)));
  port.on('close', () => events.gone(problem('device.absent', `${address.path} closed`)));
  port.open((error) => (error ? events.gone(problem('device.absent', error.message)) : events.opened()));
  return port;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
