import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../contract/clock.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf } from '../../simulator/byte-simulator.ts';
import { framesOf } from '../../testing/frames.ts';
import { MisDllSimulator } from './mis-dll.simulator.ts';

const frame = framesOf('pos-mis-dll');

function framed(hex: string): string {
  const check = bytesOf(`${hex}03`).reduce((sum, byte) => sum ^ byte, 0);
  return `02${hex}03${hexOf(Uint8Array.of(check))}`;
}

function terminal() {
  const clock = new SimulatedClock();
  /** 2024-05-01 08:30:15 in Panyu, as in the published answer. */
  const sheetClock: Clock = {
    now: () => clock.now(),
    wallMs: () => Date.UTC(2024, 4, 1, 0, 30, 15),
    after: (delayMs, callback) => clock.after(delayMs, callback),
    cancel: (handle) => clock.cancel(handle),
  };
  const chance = { bytes: (length: number) => new Uint8Array(length) };
  const simulator = new MisDllSimulator({ clock: sheetClock, chance, firstVoucher: 123 });
  const heard: string[] = [];
  simulator.onOutput((bytes) => heard.push(hexOf(bytes)));
  return {
    simulator,
    async say(hex: string) {
      for (const byte of hex.match(/../g) ?? []) simulator.feed(bytesOf(byte));
      await clock.run(10);
      return heard.splice(0);
    },
  };
}

describe('the strings of device-protocols 5.2', () => {
  it('the worked sale is approved as published', async () => {
    const { say, simulator } = terminal();
    expect(await say(framed(frame('req-sale')))).toEqual([framed(frame('rsp-sale-ok'))]);
    expect(simulator.state).toMatchObject({ saleCalls: 1, approved: 1, chargedCents: 200 });
  });

  it('with other digits it is the published answer to somebody else', async () => {
    const { say, simulator } = terminal();
    simulator.faults.wrongEcho = true;
    const [answer = ''] = await say(framed(frame('req-sale')));
    expect(answer.slice(0, -10)).toBe(framed(frame('rsp-wrong-echo')).slice(0, -10));
    expect(answer).not.toBe(framed(frame('rsp-sale-ok')));
  });

  it.each(['req-signin', 'req-settle'])('%s is answered and sells nothing', async (name) => {
    const { say, simulator } = terminal();
    expect(await say(framed(frame(name)))).toHaveLength(1);
    expect(simulator.state).toMatchObject({ saleCalls: 0, sales: [] });
  });

  it('a damaged call is not heard, the next one is', async () => {
    const { say } = terminal();
    const damaged = framed(frame('req-sale')).replace(/..$/, '00');
    expect(await say(damaged)).toEqual([]);
    expect(await say(framed(frame('req-sale')))).toHaveLength(1);
  });

  it('a call during a call is not heard', async () => {
    const { say, simulator } = terminal();
    simulator.faults.approvalDelayMs = 5_000;
    await say(framed(frame('req-sale')));
    expect(await say(framed(frame('req-signin')))).toEqual([]);
  });
});
