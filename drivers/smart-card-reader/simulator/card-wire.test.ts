import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { wireCard } from './card-wire.ts';
import { VirtualCardSimulator } from './virtual-card.simulator.ts';

const chance = { bytes: (length: number) => new Uint8Array(length) };

it('goes to the reader when laid down, leaves when lifted, and comes back', async () => {
  const clock = new SimulatedClock();
  const card = new VirtualCardSimulator({ clock, chance });
  const reader = createServer().listen(0, '127.0.0.1');
  await once(reader, 'listening');
  const { port } = reader.address() as AddressInfo;
  const wire = wireCard(card, { host: '127.0.0.1', port, clock });

  card.insert('unknown');
  const [first] = (await once(reader, 'connection')) as [Socket];
  first.write(Buffer.from('000104', 'hex'));
  const [atr] = (await once(first, 'data')) as [Buffer];
  expect(atr.toString('hex')).toBe('00143b8f8001804f0ca000000306030001000000006a');
  card.remove();
  await once(first, 'close');

  card.insert('livelihood-chen');
  const [second] = (await once(reader, 'connection')) as [Socket];
  second.write(Buffer.from('000104', 'hex'));
  await once(second, 'data');
  await wire.close();
  expect(card.state.connected).toBe(false);
  reader.close();
});

it('tries again while the reader is not there', async () => {
  const clock = new SimulatedClock();
  const card = new VirtualCardSimulator({ clock, chance });
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');

  const refused = new Promise<void>((resolve) => {
    const disconnected = card.disconnected.bind(card);
    card.disconnected = () => {
      disconnected();
      resolve();
    };
  });
  const wire = wireCard(card, { host: '127.0.0.1', port, clock });
  card.insert('unknown');
  await refused;
  const reader = createServer().listen(port, '127.0.0.1');
  await once(reader, 'listening');
  clock.advance(250);
  const [socket] = (await once(reader, 'connection')) as [Socket];
  expect(socket.remotePort).toBeGreaterThan(0);
  await wire.close();
  reader.close();
});
