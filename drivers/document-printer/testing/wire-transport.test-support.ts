/** IPP over a wire of bytes instead of a network: node:http on a socket in memory, so that any wire of the tests can carry it. */
import { Agent, request } from 'node:http';
import { problem } from '../../../contract/outcome.schema.ts';
import type { ByteLink } from '../../link/byte-link.ts';
import { exchangeOverHttp } from '../http-transport.ts';
import type { IppTransport } from '../ipp-transport.ts';
import { MemorySocket } from '../simulator/memory-socket.ts';

export function wireTransport(link: ByteLink): IppTransport {
  let socket: MemorySocket | undefined;
  link.onData((bytes) => void socket?.push(bytes));
  link.onState((state) => {
    if (state !== 'lost') return;
    socket?.destroy();
    socket = undefined;
  });
  link.open();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = () => {
    const created = new MemorySocket((bytes) => void link.write(bytes));
    socket = created;
    // A connection that one side gives up is given up for both.
    created.on('close', () => {
      if (socket !== created) return;
      socket = undefined;
      link.reconnect();
    });
    return created;
  };
  return {
    address: link.address,
    async deliver(message, signal) {
      if (link.state !== 'open') return { kind: 'unsent', problem: link.problem ?? problem('device.absent') };
      const open = (settings: object) =>
        request({ agent, method: 'POST', path: '/ipp/print', host: 'wire', ...settings });
      return exchangeOverHttp(open, message, signal);
    },
    async close() {
      agent.destroy();
      await link.close();
    },
  };
}
