import { describe, expect, it } from 'vitest';
import { done, failed, type Outcome } from '../../contract/outcome.schema.ts';
import { settled, SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { Exchange, type Turn } from './exchange.ts';
import { leftOpen } from './scope.ts';
import { FakeLink } from './testing/fake.link.ts';

/** A device of one-byte questions and one-byte answers. */
function conversation() {
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const exchange = new Exchange<number>({ link, clock, decode: (chunk) => [...chunk] });
  link.open();
  const limits = (ms: number, signal = new AbortController().signal) => ({ deadline: clock.now() + ms, signal });
  const ask = (byte: number, ms: number, signal?: AbortSignal): Promise<Outcome<number>> =>
    exchange.run(limits(ms, signal), async (turn: Turn<number>) => {
      const wait = await turn.ask(Uint8Array.of(byte), (event) => (event === byte + 1 ? event : undefined), 5_000);
      if (wait.kind === 'got') return done(wait.value, { method: 'test', value: '' });
      return wait.kind === 'timeout' ? failed('device.absent', 'none') : leftOpen(wait.kind);
    });
  return { clock, link, exchange, ask };
}

describe('exchange', () => {
  it('sends the second question only after the first is settled', async () => {
    const { link, ask, clock } = conversation();
    const first = ask(1, 1_000);
    const second = ask(3, 1_000);
    await clock.run(10);
    expect(link.written).toEqual(['01']);
    link.say('02');
    await clock.run(10);
    expect(link.written).toEqual(['01', '03']);
    link.say('04');
    expect([(await first).kind, (await second).kind]).toEqual(['done', 'done']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets a waiting command be aborted for free, and sends nothing for it', async () => {
    const { link, ask, clock } = conversation();
    const abort = new AbortController();
    const first = ask(1, 1_000);
    const second = ask(3, 1_000, abort.signal);
    abort.abort();
    expect(await second).toEqual(failed('kiosk.cancelled', 'none'));
    link.say('02');
    await first;
    await clock.run(10);
    expect(link.written).toEqual(['01']);
  });

  it('ends a waiting command at its deadline with no effect', async () => {
    const { ask, clock, link } = conversation();
    const first = ask(1, 5_000);
    const second = ask(3, 1_000);
    expect(await clock.runUntil(second)).toEqual(failed('device.deadline', 'none'));
    link.say('02');
    await first;
  });

  it('refuses a command whose deadline has passed before it was given', async () => {
    const { ask, link } = conversation();
    expect(await ask(1, 0)).toEqual(failed('device.deadline', 'none'));
    expect(link.written).toEqual([]);
  });

  it('settles the running command as lost and the waiting ones as absent when the link goes', async () => {
    const { link, ask } = conversation();
    const first = ask(1, 1_000);
    const second = ask(3, 1_000);
    await settled();
    link.vanish();
    expect(await first).toMatchObject({ kind: 'unknown', problem: { code: 'device.lost' } });
    expect(await second).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.absent' } });
  });

  it('keeps an answer that arrives in one piece with an earlier one', async () => {
    const { link, exchange, clock } = conversation();
    const both = exchange.run({ deadline: 1_000, signal: new AbortController().signal }, async (turn) => {
      const first = await turn.ask(Uint8Array.of(9), (event) => (event === 1 ? event : undefined), 100);
      const second = await turn.next((event) => (event === 2 ? event : undefined), 100);
      return done([first.kind, second.kind], { method: 'test', value: '' });
    });
    link.device = () => link.say('0102');
    expect(await clock.runUntil(both)).toMatchObject({ reply: ['got', 'got'] });
  });

  it('does not take a stale byte for the answer to a new question', async () => {
    const { link, ask, clock } = conversation();
    link.say('02');
    const asked = ask(1, 300);
    expect(await clock.runUntil(asked)).toMatchObject({ kind: 'unknown', problem: { code: 'device.deadline' } });
  });

  it('settles everything on close and refuses what comes later', async () => {
    const { ask, exchange } = conversation();
    const first = ask(1, 1_000);
    const second = ask(3, 1_000);
    await exchange.close();
    await exchange.close();
    expect((await first).kind).toBe('unknown');
    expect(await second).toEqual(failed('kiosk.cancelled', 'none'));
    expect(await ask(1, 1_000)).toMatchObject({ kind: 'failed', effect: 'none' });
  });
});
