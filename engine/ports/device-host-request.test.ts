import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Port } from '../../contract/rpc.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { askForDeviceHosts } from './device-host-request.ts';
import type { UtilityMessagePort } from './message-port.ts';
import type { ParentMessage } from './utility-port.ts';

/** One end of a channel, as strict about order as Electron: nothing is heard before it is started. */
class FakeEnd extends EventEmitter implements UtilityMessagePort {
  readonly sent: unknown[] = [];
  isStarted = false;
  isClosed = false;

  postMessage(message: unknown): void {
    this.sent.push(message);
  }
  start(): void {
    this.isStarted = true;
  }
  close(): void {
    this.isClosed = true;
  }
  hear(data: unknown): void {
    if (this.isStarted) this.emit('message', { data, ports: [] });
  }
}

class FakeParent extends EventEmitter {
  readonly asked: unknown[] = [];

  postMessage(message: unknown): void {
    this.asked.push(message);
  }
  say(data: unknown, ...ports: FakeEnd[]): void {
    this.emit('message', { data, ports } satisfies ParentMessage);
  }
}

function watched(port: Port): { heard: unknown[]; closes: number } {
  const seen = { heard: [] as unknown[], closes: 0 };
  port.onMessage((message) => seen.heard.push(message));
  port.onClose(() => (seen.closes += 1));
  return seen;
}

describe('a device host asked of main', () => {
  it('numbers its requests, and joins each to its own port', () => {
    const parent = new FakeParent();
    const ask = askForDeviceHosts(parent, new SimulatedClock());
    const [pcsc, wires] = [ask('pcsc'), ask('wires')];
    const [seenPcsc, seenWires] = [watched(pcsc), watched(wires)];
    expect(parent.asked).toEqual([
      { startDeviceHost: 1, group: 'pcsc' },
      { startDeviceHost: 2, group: 'wires' },
    ]);
    const [one, two] = [new FakeEnd(), new FakeEnd()];
    parent.say({ deviceHost: 2 }, two);
    parent.say({ deviceHost: 1 }, one);
    two.hear('of the wires');
    expect([seenPcsc.heard, seenWires.heard]).toEqual([[], ['of the wires']]);
    pcsc.post('to the reader');
    expect([one.sent, two.sent]).toEqual([['to the reader'], []]);
  });

  it('keeps what is said before the port is there, in order', () => {
    const parent = new FakeParent();
    const port = askForDeviceHosts(parent, new SimulatedClock())('wires');
    port.post(1);
    port.post(2);
    const end = new FakeEnd();
    parent.say({ deviceHost: 1 }, end);
    port.post(3);
    expect(end.sent).toEqual([1, 2, 3]);
  });

  it.each([
    ['refused, before any port', (parent: FakeParent) => parent.say({ deviceHostGone: 1 })],
    [
      'gone by its port alone',
      (parent: FakeParent) => {
        const end = new FakeEnd();
        parent.say({ deviceHost: 1 }, end);
        end.emit('close');
      },
    ],
    [
      'gone by both, one after the other',
      (parent: FakeParent) => {
        const end = new FakeEnd();
        parent.say({ deviceHost: 1 }, end);
        parent.say({ deviceHostGone: 1 });
        end.emit('close');
        expect(end.isClosed).toBe(true);
      },
    ],
  ])('tells once that it is %s', (_how, happen) => {
    const parent = new FakeParent();
    const port = askForDeviceHosts(parent, new SimulatedClock())('wires');
    const seen = watched(port);
    happen(parent);
    expect(seen.closes).toBe(1);
    let later = 0;
    port.onClose(() => (later += 1));
    expect(later).toBe(1);
    port.post('nobody hears this');
  });

  it('lets go of its end when the engine closes it', () => {
    const parent = new FakeParent();
    const port = askForDeviceHosts(parent, new SimulatedClock())('wires');
    const end = new FakeEnd();
    parent.say({ deviceHost: 1 }, end);
    port.close();
    port.post('too late');
    expect(end.isClosed).toBe(true);
    expect(end.sent).toEqual([]);
  });

  it('closes a port that comes after the engine has given up on it', () => {
    const parent = new FakeParent();
    askForDeviceHosts(parent, new SimulatedClock())('wires').close();
    const end = new FakeEnd();
    parent.say({ deviceHost: 1 }, end);
    expect(end.isClosed).toBe(true);
  });

  it('is not moved by what main says of other things', () => {
    const parent = new FakeParent();
    const port = askForDeviceHosts(parent, new SimulatedClock())('wires');
    const seen = watched(port);
    for (const message of [{ call: 1, method: 'view', input: {} }, { deviceHost: 1 }, { deviceHostGone: 2 }, null])
      parent.say(message);
    parent.say({ deviceHost: 1, more: true }, new FakeEnd());
    expect(seen).toEqual({ heard: [], closes: 0 });
  });
});

it('one that was closed and does not end is ended by main, once', () => {
  const parent = new FakeParent();
  const clock = new SimulatedClock();
  const ask = askForDeviceHosts(parent, clock);
  const [stuck, obedient] = [ask('wires'), ask('pcsc')];
  stuck.close();
  obedient.close();
  clock.advance(3_000);
  parent.say({ deviceHostGone: 2 });
  clock.advance(60_000);
  expect(parent.asked.slice(2)).toEqual([{ endDeviceHost: 1 }]);
});
