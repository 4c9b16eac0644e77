/** A device behind TCP: network printers (port 9100), serial servers, simulators. */
import { Socket } from 'node:net';
import type { Clock } from '../../contract/clock.ts';
import { problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from './byte-link.ts';
import { reconnectingLink, type Wire, type WireEvents } from './reconnecting.link.ts';

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

const KEEP_ALIVE_AFTER_MS = 10_000;

export function tcpLink(address: TcpAddress, clock: Clock): ByteLink {
  return reconnectingLink(`tcp ${address.host}:${address.port}`, clock, (events) => dial(address, events));
}

function dial(address: TcpAddress, events: WireEvents): Wire {
  const socket = new Socket();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let reason = 'closed by the device';
  socket.on('connect', () => {
    // Small questions must not wait for Nagle's algorithm; a cable pulled in silence must be noticed some day.
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
    events.opened();
  });
  socket.on('data', (chunk) => events.data(chunk));
  socket.on('error', (error) => {
    reason = error.message;
  });
  // A device that closes only its half has ended the conversation all the same.
  socket.on('end', () => socket.destroy());
  socket.on('close', () => events.gone(problem('device.absent', reason)));
  socket.connect({ host: address.host, port: address.port });
  return {
    write: (bytes) => void socket.write(bytes),
    async end() {
      socket.destroy();
      await closed;
    },
  };
}
