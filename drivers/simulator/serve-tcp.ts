import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { ByteSimulator } from './byte-simulator.ts';

export interface ServedSimulator {
  /** Where a driver finds it: `127.0.0.1:9100`, `/dev/pts/4`. */
  readonly address: string;
  /** TCP port; 0 on a serial wire. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens like a printer on TCP 9100: one client is served, a second one connects and then waits without a word until
 * the first has gone (device-protocols 4.10). Rejects when the port is taken.
 */
export async function serveTcp(
  simulator: ByteSimulator,
  address: { readonly host: string; readonly port: number },
): Promise<ServedSimulator> {
  const waiting: Socket[] = [];
  let active: Socket | undefined;
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy()); // a reset is the end of the connection, no more
    socket.on('close', () => leave(socket));
    waiting.push(socket);
    serveNext();
  });

  function leave(socket: Socket): void {
    const place = waiting.indexOf(socket);
    if (place >= 0) waiting.splice(place, 1);
    if (socket !== active) return;
    active = undefined;
    simulator.disconnected();
    serveNext();
  }

  function serveNext(): void {
    if (active) return;
    const next = waiting.shift();
    if (!next) return;
    active = next;
    simulator.connected();
    next.on('data', (bytes) => simulator.feed(Uint8Array.from(bytes)));
    next.resume();
  }

  const stopOutput = simulator.onOutput((bytes) => active?.write(bytes));
  const stopHangUp = simulator.onHangUp(() => active?.destroySoon());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `${address.host}:${port}`,
    port,
    close() {
      stopOutput();
      stopHangUp();
      for (const socket of [...waiting, ...(active ? [active] : [])]) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
