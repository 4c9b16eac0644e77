import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { ByteSimulator } from './byte-simulator.ts';
import { FaultyWire } from './faulty-wire.ts';
import { serveTcp } from './serve-tcp.ts';

/** Answers every piece with itself. */
function echo(): ByteSimulator & { wire: FaultyWire; presence: string[] } {
  const wire = new FaultyWire(new SimulatedClock(), { bytes: (length) => new Uint8Array(length) });
  const presence: string[] = [];
  return {
    wire,
    presence,
    feed: (bytes) => wire.receive(bytes, (received) => wire.send(received)),
    onOutput: (listener) => wire.outputListeners.add(listener),
    onHangUp: (listener) => wire.hangUpListeners.add(listener),
    connected: () => presence.push('here'),
    disconnected: () => presence.push('gone'),
  };
}

it('serves one client and lets the second wait without a word', async () => {
  const simulator = echo();
  const served = await serveTcp(simulator, { host: '127.0.0.1', port: 0 });
  const first = connect(served.port, '127.0.0.1');
  first.write('one');
  expect(String((await once(first, 'data'))[0])).toBe('one');
  const second = connect(served.port, '127.0.0.1');
  second.write('two');
  await once(second, 'connect');
  expect(simulator.presence).toEqual(['here']);
  first.end();
  expect(String((await once(second, 'data'))[0])).toBe('two');
  expect(simulator.presence).toEqual(['here', 'gone', 'here']);
  second.destroy();
  await served.close();
});

it('delivers what was said before a fault cuts the wire', async () => {
  const simulator = echo();
  simulator.wire.faults.hangUpAfterOutputBytes = 3;
  const served = await serveTcp(simulator, { host: '127.0.0.1', port: 0 });
  const client = connect(served.port, '127.0.0.1');
  const heard: string[] = [];
  client.on('data', (bytes) => heard.push(String(bytes)));
  client.write('abcdef');
  await once(client, 'close');
  expect(heard.join('')).toBe('abc');
  await served.close();
});

it('refuses a port that is taken', async () => {
  const served = await serveTcp(echo(), { host: '127.0.0.1', port: 0 });
  await expect(serveTcp(echo(), { host: '127.0.0.1', port: served.port })).rejects.toThrow('EADDRINUSE');
  await served.close();
});
