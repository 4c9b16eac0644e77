import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { SerialPort } from 'serialport';
import { describe, expect, it } from 'vitest';
import { problem } from '../../contract/outcome.schema.ts';
import { settled, SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { LinkState } from './byte-link.ts';
import { plainHex, recorded, type RecordedBytes } from './recording.ts';
import { reconnectingLink, type WireEvents } from './reconnecting.link.ts';
import { serialLink } from './serial.link.ts';
import { tcpLink } from './tcp.link.ts';
import { FakeLink } from './testing/fake.link.ts';

function dialled(clock: SimulatedClock) {
  const attempts: WireEvents[] = [];
  const link = reconnectingLink('test', clock, (events) => {
    attempts.push(events);
    return { write() {}, end: () => Promise.resolve() };
  });
  return { link, attempts };
}

describe('a link that reconnects by itself', () => {
  it('waits longer after each failure and starts over after a success', () => {
    const clock = new SimulatedClock();
    const { link, attempts } = dialled(clock);
    link.open();
    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      attempts.at(-1)?.gone(problem('device.absent'));
      const from = clock.now();
      const before = attempts.length;
      while (attempts.length === before) clock.advance(50);
      waits.push(clock.now() - from);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 5000, 5000, 5000]);
    attempts.at(-1)?.opened();
    attempts.at(-1)?.gone(problem('device.absent'));
    const before = attempts.length;
    clock.advance(250);
    expect(attempts.length).toBe(before + 1);
  });

  it('gives up a dial that neither opens nor fails', () => {
    const clock = new SimulatedClock();
    const { link, attempts } = dialled(clock);
    link.open();
    clock.advance(5_250);
    expect(attempts.length).toBe(2);
    expect(link.problem?.code).toBe('device.absent');
  });

  it('ignores what a wire it has given up still says', () => {
    const clock = new SimulatedClock();
    const { link, attempts } = dialled(clock);
    const heard: number[] = [];
    link.onData((chunk) => heard.push(chunk.length));
    link.open();
    attempts[0]?.opened();
    attempts[0]?.gone(problem('device.absent'));
    clock.advance(250);
    attempts[1]?.opened();
    attempts[0]?.data(Uint8Array.of(1));
    attempts[0]?.gone(problem('device.absent'));
    expect(link.state).toBe('open');
    expect(heard).toEqual([]);
  });

  it('writes nothing while it is not open, and leaves no timer after close', async () => {
    const clock = new SimulatedClock();
    const { link, attempts } = dialled(clock);
    link.open();
    expect(link.write(Uint8Array.of(1))).toBe(false);
    attempts[0]?.opened();
    expect(link.write(Uint8Array.of(1))).toBe(true);
    await link.close();
    await link.close();
    expect(link.write(Uint8Array.of(1))).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('serial link', () => {
  it('names the missing library', async () => {
    const clock = new SimulatedClock();
    const link = serialLink({ path: '/dev/null', baudRate: 9600 }, clock, () =>
      Promise.reject(new Error('Cannot find package')),
    );
    link.open();
    await settled();
    expect(link.state).toBe('lost');
    expect(link.problem).toEqual({ code: 'device.driverMissing', detail: 'serialport: Cannot find package' });
    await link.close();
  });

  it.each([
    ['the parity of its address', { parity: 'odd' }, 'odd'],
    ['no parity when its address names none', {}, 'none'],
  ] as const)('opens the port for itself alone, 8 data bits, 1 stop bit, with %s', async (_name, extra, parity) => {
    const opened: unknown[] = [];
    class Port {
      constructor(options: unknown) {
        opened.push(options);
      }
      on(): void {}
      open(): void {}
    }
    const load = () => Promise.resolve({ SerialPort: Port as unknown as typeof SerialPort });
    const link = serialLink({ path: '/dev/ttyS0', baudRate: 19_200, ...extra }, new SimulatedClock(), load);
    link.open();
    await settled();
    const line = {
      path: '/dev/ttyS0',
      baudRate: 19_200,
      dataBits: 8,
      stopBits: 1,
      parity,
      lock: true,
      autoOpen: false,
    };
    expect(opened).toEqual([line]);
    await link.close();
  });

  it('says that the port is not there', async () => {
    const clock = new SimulatedClock();
    const link = serialLink({ path: '/dev/no-such-port', baudRate: 9600 }, clock);
    const lost = nextState(link, 'lost');
    link.open();
    await lost;
    expect(link.problem?.code).toBe('device.absent');
    await link.close();
  });
});

describe('tcp link', () => {
  it('carries bytes both ways, notices the end, and comes back', async () => {
    const clock = new SimulatedClock();
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', (chunk) => socket.write(chunk));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const link = tcpLink({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, clock);
    const opened = nextState(link, 'open');
    link.open();
    await opened;
    const echoed = new Promise<string>((resolve) => {
      link.onData((chunk) => resolve(Buffer.from(chunk).toString('hex')));
    });
    link.write(Uint8Array.of(0x10, 0x04, 0x01));
    expect(await echoed).toBe('100401');
    const lost = nextState(link, 'lost');
    sockets[0]?.destroy();
    await lost;
    const again = nextState(link, 'open');
    clock.advance(250);
    await again;
    await link.close();
    server.close();
  });

  it('says that nobody listens', async () => {
    const clock = new SimulatedClock();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const link = tcpLink({ host: '127.0.0.1', port }, clock);
    const lost = nextState(link, 'lost');
    link.open();
    await lost;
    expect(link.problem?.detail).toContain('ECONNREFUSED');
    await link.close();
  });
});

describe('a recorded link', () => {
  it('keeps direction, time and bytes, and only lengths when no mask says what is harmless', () => {
    const clock = new SimulatedClock();
    const fake = new FakeLink();
    fake.come();
    const plain: RecordedBytes[] = [];
    const blind: RecordedBytes[] = [];
    const link = recorded(
      recorded(fake, clock, (entry) => blind.push(entry)),
      clock,
      (e) => plain.push(e),
      plainHex,
    );
    clock.advance(5);
    link.write(Uint8Array.of(0x10, 0x04));
    fake.say('12');
    expect(plain).toEqual([
      { atMs: 5, direction: 'toDevice', hex: '1004' },
      { atMs: 5, direction: 'fromDevice', hex: '12' },
    ]);
    expect(blind.map((entry) => entry.hex)).toEqual(['(2 bytes)', '(1 bytes)']);
  });
});

function nextState(
  link: { onState(listener: (state: LinkState) => void): () => void },
  wanted: LinkState,
): Promise<void> {
  return new Promise((resolve) => {
    const stop = link.onState((state) => {
      if (state !== wanted) return;
      stop();
      resolve();
    });
  });
}
