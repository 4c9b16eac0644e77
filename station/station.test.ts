import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../tests/support/simulated-clock.ts';
import { startStation, type Station } from './station.ts';

const SAMPLE_TICKET = '1B401C26B7ACD8AEC7F8B4E5BCB6B9ABB9B2B7FECEF1D5BE0AC5C5B6D3BAC520413031320A1B64041D5601';
const chance = { bytes: (length: number) => new Uint8Array(length) };

let station: Station;

function start(): Promise<Station> {
  return startStation({
    controlPort: 0,
    devices: [
      {
        id: 'receipt-1',
        class: 'receipt-printer',
        model: 'epson-tm-t88',
        listen: { kind: 'tcp', port: 0 },
        speedMmPerS: 0,
      },
      { id: 'pay-1', class: 'payment-terminal', model: 'mis-tlv', listen: { kind: 'tcp', port: 0 } },
      {
        id: 'card-1',
        class: 'smart-card-reader',
        model: 'virtual-card',
        listen: { kind: 'vpcd', host: '127.0.0.1', port: 9 },
      },
    ],
    clock: new SimulatedClock(),
    chance,
  });
}

beforeEach(async () => {
  station = await start();
});
afterEach(() => station.close());

function portOf(id: string): number {
  return station.devices.find((device) => device.id === id)?.port ?? 0;
}

async function stateOf(id: string): Promise<unknown> {
  const response = await fetch(`${station.page}api/state`);
  const { devices } = (await response.json()) as { devices: { id: string; state: unknown }[] };
  return devices.find((device) => device.id === id)?.state;
}

function act(
  path: string,
  body: unknown = {},
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  return fetch(`${station.page}api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('devices', () => {
  it('print over TCP, and their slips can be seen', async () => {
    const socket = connect(portOf('receipt-1'), '127.0.0.1');
    socket.write(Buffer.from(`${SAMPLE_TICKET}1D28480600303030303031`, 'hex'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString('hex')).toBe('37223030303100');
    expect(await stateOf('receipt-1')).toMatchObject({ slips: [{ number: 1, place: 'mouth' }], connected: true });
    const picture = await fetch(`${station.page}api/receipt-1/slips/1.png`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect((await fetch(`${station.page}api/receipt-1/slips/2.png`)).status).toBe(404);
    await act('receipt-1/take-slip');
    expect(await stateOf('receipt-1')).toMatchObject({ slips: [{ place: 'taken' }] });
    socket.destroy();
  });

  it('obey the page', async () => {
    await act('receipt-1/open-cover');
    await act('receipt-1/faults', { cutterJam: true });
    await act('receipt-1/wire', { lateMs: 900 });
    await act('pay-1/next', { outcome: 'decline' });
    await act('card-1/insert', { card: 'livelihood-chen' });
    expect(await stateOf('receipt-1')).toMatchObject({
      online: false,
      status: { coverOpen: true },
      faults: { cutterJam: true, lateMs: 900 },
    });
    expect(await stateOf('pay-1')).toMatchObject({ next: { outcome: 'decline' } });
    expect(await stateOf('card-1')).toMatchObject({ card: 'livelihood-chen' });
    for (const id of ['receipt-1', 'pay-1', 'card-1']) expect((await act(`${id}/reset`)).status).toBe(200);
    expect(await stateOf('receipt-1')).toMatchObject({ online: true, faults: { cutterJam: false, lateMs: 0 } });
    expect(await stateOf('card-1')).toMatchObject({ card: null });
  });

  it('bring the card to the reader', async () => {
    const reader = createServer().listen(0, '127.0.0.1');
    await once(reader, 'listening');
    const { port } = reader.address() as AddressInfo;
    const other = await startStation({
      controlPort: 0,
      devices: [
        {
          id: 'card-1',
          class: 'smart-card-reader',
          model: 'virtual-card',
          listen: { kind: 'vpcd', host: '127.0.0.1', port },
        },
      ],
      clock: new SimulatedClock(),
      chance,
    });
    const met = once(reader, 'connection');
    expect(other.devices[0]?.actions['insert']?.run({ card: 'unknown' })).toEqual({ ok: true, value: null });
    await met;
    await other.close();
    reader.close();
  });
});

describe('control interface', () => {
  it('refuses what is not an action, and names the wrong key', async () => {
    expect((await act('receipt-1/explode')).status).toBe(404);
    expect((await act('receipt-1/constructor')).status).toBe(404);
    expect((await act('nobody/reset')).status).toBe(404);
    expect((await act('card-1/insert', { card: 'nobody' })).status).toBe(422);
    const wrong = await act('receipt-1/faults', { cutterJam: 'yes' });
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toEqual({ problem: expect.stringContaining('/cutterJam') as string });
    expect((await act('receipt-1/faults', { lines: 'x'.repeat(20_000) })).status).toBe(413);
  });

  it('is not for pages of other origins', async () => {
    expect((await act('receipt-1/open-cover', {}, { 'content-type': 'text/plain' })).status).toBe(415);
    expect(await statusWithHost('evil.example')).toBe(403);
    expect(await statusWithHost(new URL(station.page).host)).toBe(200);
    expect(await stateOf('receipt-1')).toMatchObject({ status: { coverOpen: false } });
  });

  it('serves its page and nothing else of the disk', async () => {
    for (const path of ['', 'page.css', 'page.js', 'panels.js', 'icon.svg'])
      expect((await fetch(station.page + path)).status).toBe(200);
    for (const path of ['station.ts', '..%2Fstation.ts', 'page/index.html']) {
      expect((await fetch(station.page + path)).status).toBe(404);
    }
  });
});

/** `fetch` does not let a caller choose the Host header. */
async function statusWithHost(host: string): Promise<number | undefined> {
  const asked = request(`${station.page}api/state`, { headers: { host } });
  asked.end();
  const [response] = (await once(asked, 'response')) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

it('leaves nothing open when a port is taken', async () => {
  const taken = portOf('receipt-1');
  const config = { controlPort: 0, clock: new SimulatedClock(), chance };
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  const pay = { id: 'pay-2', class: 'payment-terminal', model: 'mis-tlv', listen: { kind: 'tcp', port } } as const;
  const printer = {
    id: 'receipt-2',
    class: 'receipt-printer',
    model: 'custom-vkp80',
    listen: { kind: 'tcp', port: taken },
  } as const;
  await expect(startStation({ ...config, devices: [pay, printer] })).rejects.toThrow('EADDRINUSE');
  const again = await startStation({ ...config, devices: [pay] });
  await again.close();
});
