import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../tests/support/simulated-clock.ts';
import { fail, ok } from './outcome.schema.ts';
import { connect, serve, type Port } from './rpc.ts';

const ECHO = {
  methods: {
    echo: { input: Type.String({ maxLength: 5 }), output: Type.String({ maxLength: 5 }) },
    hang: { input: Type.Null(), output: Type.Null() },
  },
  events: { tick: Type.Integer() },
} as const;

function pair(): { near: Port; far: Port; cut: () => void; raw: (message: unknown) => void; sent: unknown[] } {
  const listeners: Record<'near' | 'far', ((message: unknown) => void)[]> = { near: [], far: [] };
  const closers: (() => void)[] = [];
  const sent: unknown[] = [];
  let isCut = false;
  const end = (own: 'near' | 'far', other: 'near' | 'far'): Port => ({
    post(message) {
      if (isCut) return;
      sent.push(message);
      const carried: unknown = JSON.parse(JSON.stringify(message));
      queueMicrotask(() => listeners[other].forEach((listener) => listener(carried)));
    },
    onMessage: (listener) => void listeners[own].push(listener),
    onClose: (listener) => void closers.push(listener),
    close: () => undefined,
  });
  return {
    near: end('near', 'far'),
    far: end('far', 'near'),
    cut() {
      isCut = true;
      closers.forEach((closer) => closer());
    },
    raw: (message) => listeners.far.forEach((listener) => listener(message)),
    sent,
  };
}

function talk(answer: (input: string) => string = (input) => input) {
  const wires = pair();
  const clock = new SimulatedClock();
  const server = serve(wires.far, ECHO, {
    echo: (input) => ok(answer(input)),
    hang: () => new Promise(() => undefined),
  });
  return { ...wires, clock, server, client: connect(wires.near, ECHO, clock, 1_000) };
}

describe('a call', () => {
  it('is answered', async () => {
    const { client } = talk();
    expect(await client.call('echo', 'hello')).toEqual(ok('hello'));
  });

  it('with an input outside the schema is refused by the peer and names the place', async () => {
    const { client } = talk();
    expect(await client.call('echo', 'too long')).toMatchObject({ ok: false, problem: { code: 'kiosk.badMessage' } });
  });

  it('whose answer is outside the schema never reaches the caller', async () => {
    const { client } = talk(() => 'a secret that is longer than allowed');
    const answer = await client.call('echo', 'x');
    expect(answer).toMatchObject({ ok: false, problem: { code: 'kiosk.badMessage' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('that is never answered settles at its deadline', async () => {
    const { client, clock } = talk();
    const hanging = client.call('hang', null);
    clock.advance(1_000);
    expect(await hanging).toEqual(fail('kiosk.deadline', 'hang'));
    expect(clock.pendingTimers).toBe(0);
  });

  it('that waits when the peer goes settles at once, and so does every later one', async () => {
    const { client, cut, clock } = talk();
    const hanging = client.call('hang', null);
    cut();
    expect(await hanging).toMatchObject({ problem: { code: 'kiosk.peerGone' } });
    expect(await client.call('echo', 'x')).toMatchObject({ problem: { code: 'kiosk.peerGone' } });
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a message that is no call', () => {
  it.each([
    ['a method of the prototype chain', { call: 1, method: 'constructor', input: null }],
    ['an unknown method', { call: 1, method: 'wipe', input: null }],
  ])('such as %s is answered with a problem', async (_name, message) => {
    const { raw, sent } = talk();
    raw(message);
    await Promise.resolve();
    await Promise.resolve();
    expect(sent).toEqual([{ answer: 1, problem: { code: 'kiosk.badMessage', detail: 'unknown method' } }]);
  });

  it.each([
    [null],
    ['text'],
    [{ call: 0, method: 'echo', input: 'x' }],
    [{ call: 1, method: 'echo', input: 'x', extra: 1 }],
  ])('such as %j is dropped', async (message) => {
    const { raw, sent } = talk();
    raw(message);
    await Promise.resolve();
    expect(sent).toEqual([]);
  });
});

describe('an event', () => {
  it('reaches its listeners until they leave; one outside the schema reaches nobody', async () => {
    const { client, server } = talk();
    const heard: number[] = [];
    const leave = client.on('tick', (payload) => heard.push(payload));
    server.emit('tick', 1);
    server.emit('tick', 'two' as unknown as number);
    await new Promise((resolve) => setImmediate(resolve));
    leave();
    server.emit('tick', 3);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([1]);
  });
});
