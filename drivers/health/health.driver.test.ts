import { describe, expect, it } from 'vitest';
import type { HealthCommand, HealthReply } from '../../contract/devices/health.schema.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { FakeLink } from '../link/testing/fake.link.ts';
import { framesOf } from '../testing/frames.ts';
import { healthModel } from './health-models.ts';

const OLD = framesOf('spo2-cms50-5byte');
const NEW = framesOf('spo2-cms50-9byte');

function onFakeLink(model: string, isChunked = false) {
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const settings = { utcOffsetMinutes: 480, resultOffset: 7, isChunked } as const;
  const driver = healthModel(model)?.open({ id: 'health-1', link, clock, ...settings });
  if (!driver) throw new Error(model);
  const measure = (quantity: HealthCommand['quantity'], ms = 20_000, signal = new AbortController().signal) =>
    driver.execute({ kind: 'measure', quantity }, { deadline: clock.now() + ms, signal }) as Promise<
      Outcome<HealthReply>
    >;
  /** Says the frame so many times, ten a second. */
  const stream = async (frame: string, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      link.say(frame);
      await clock.run(100);
    }
  };
  return { clock, link, driver, measure, stream };
}

describe('oximeter, old stream', () => {
  it('starts unknown, is online with the first packet and says whether a finger is in', async () => {
    const { link, driver } = onFakeLink('cms50-5byte');
    expect(driver.status()).toEqual({ device: 'starting', paper: 'unknown', media: 'unknown' });
    link.say(OLD('finger-out'));
    expect(driver.status()).toEqual({ device: 'online', paper: 'unknown', media: 'notPresent' });
    link.say(OLD('normal-72-98'));
    expect(driver.status().media).toBe('present');
  });

  it('gives a reading after four good seconds, not before', async () => {
    const { measure, stream } = onFakeLink('cms50-5byte');
    let isSettled = false;
    const measured = measure('oxygen').finally(() => (isSettled = true));
    await stream(OLD('normal-72-98'), 40);
    expect(isSettled).toBe(false);
    await stream(OLD('normal-72-98'), 2);
    expect(await measured).toEqual({
      kind: 'done',
      reply: {
        quantity: 'oxygen',
        measurements: [
          { code: 'spo2', value: 98, unit: '%' },
          { code: 'pulse', value: 72, unit: 'bpm' },
        ],
        remarks: [],
      },
      evidence: { method: 'cms50.steady', value: '41 good packets over 4000 ms' },
    });
  });

  it.each([
    ['finger-out', 'no finger is in the probe'],
    ['searching', 'the pulse is searched for'],
  ])('%s all the time: no reading at the deadline, and why', async (frame, why) => {
    const { measure, stream } = onFakeLink('cms50-5byte');
    const measured = measure('oxygen', 8_000);
    await stream(OLD(frame), 85);
    expect(await measured).toEqual({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'health.noReading', detail: why },
    });
  });

  it('a finger that slips out half-way begins the four seconds anew', async () => {
    const { measure, stream } = onFakeLink('cms50-5byte');
    let isSettled = false;
    const measured = measure('oxygen').finally(() => (isSettled = true));
    await stream(OLD('normal-72-98'), 35);
    await stream(OLD('finger-out'), 1);
    await stream(OLD('normal-72-98'), 38);
    expect(isSettled).toBe(false);
    await stream(OLD('normal-72-98'), 5);
    expect((await measured).kind).toBe('done');
  });

  it('one packet with a wrong bit neither changes the reading nor the time by much', async () => {
    const { measure, stream } = onFakeLink('cms50-5byte');
    const measured = measure('oxygen');
    await stream(OLD('normal-72-98'), 20);
    await stream('873C064860', 1); // oxygen 96 instead of 98
    await stream(OLD('normal-72-98'), 25);
    expect(await measured).toMatchObject({ reply: { measurements: [{ value: 98 }, { value: 72 }] } });
  });

  it('values that jump never become a reading', async () => {
    const { measure, stream } = onFakeLink('cms50-5byte');
    const measured = measure('oxygen', 10_000);
    for (let turn = 0; turn < 60; turn += 1) await stream(turn % 2 ? OLD('normal-72-98') : '873C064852', 2);
    expect(await measured).toMatchObject({
      problem: { code: 'health.noReading', detail: 'the values are not steady yet' },
    });
  });

  it('a stream that is damaged in every packet never becomes a reading', async () => {
    const { measure, stream } = onFakeLink('cms50-5byte');
    const measured = measure('oxygen', 8_000);
    await stream(`${OLD('normal-72-98').slice(0, 6)}${OLD('normal-72-98')}`, 85);
    expect(await measured).toMatchObject({ problem: { code: 'health.noReading', detail: 'packets are damaged' } });
  });

  it('impossible values never become a reading', async () => {
    const { measure, stream } = onFakeLink('cms50-5byte');
    const measured = measure('oxygen', 8_000);
    await stream('873C064814', 85); // oxygen 20 %
    expect(await measured).toMatchObject({ problem: { detail: 'the values are out of bounds' } });
  });

  it('a stream that stands still ends the wait before its deadline', async () => {
    const { clock, measure, stream } = onFakeLink('cms50-5byte');
    const measured = measure('oxygen', 60_000);
    await stream(OLD('normal-72-98'), 10);
    expect(await clock.runUntil(measured, 4_000)).toMatchObject({ effect: 'none', problem: { code: 'device.absent' } });
  });

  it('three silent beats: offline with a reason, and the wire is dialled anew', async () => {
    const { clock, link, driver, stream } = onFakeLink('cms50-5byte');
    await stream(OLD('finger-out'), 5);
    const seen: string[] = [];
    driver.subscribe(({ device, problem }) => seen.push(`${device} ${problem?.code ?? ''}`));
    await clock.run(8_000);
    expect(seen).toContain('offline device.absent');
    expect(link.reconnects).toBe(1);
  });

  it('a weak signal is remarked', async () => {
    const { measure, stream } = onFakeLink('cms50-5byte');
    const measured = measure('oxygen');
    await stream('813C064862', 45);
    expect(await measured).toMatchObject({ reply: { remarks: ['weak-signal'] } });
  });

  it('cancelled, lost and closed: each wait ends with no effect', async () => {
    const abort = new AbortController();
    const cancelled = onFakeLink('cms50-5byte');
    const first = cancelled.measure('oxygen', 20_000, abort.signal);
    abort.abort();
    expect(await first).toMatchObject({ effect: 'none', problem: { code: 'kiosk.cancelled' } });
    const lost = onFakeLink('cms50-5byte');
    await lost.stream(OLD('finger-out'), 1);
    const second = lost.measure('oxygen');
    await lost.stream(OLD('finger-out'), 1);
    lost.link.vanish();
    expect(await second).toMatchObject({ effect: 'none', problem: { code: 'device.lost' } });
    const closed = onFakeLink('cms50-5byte');
    const third = closed.measure('oxygen');
    await closed.driver.close();
    await closed.driver.close();
    expect(await third).toMatchObject({ effect: 'none', problem: { code: 'kiosk.cancelled' } });
    expect(closed.clock.pendingTimers).toBe(0);
  });

  it('is not asked for what it cannot measure', async () => {
    const { measure } = onFakeLink('cms50-5byte');
    expect(await measure('weight')).toMatchObject({ effect: 'none', problem: { code: 'device.refused' } });
  });

  it('tells a maintainer about link, answer, damage and assumptions', async () => {
    const { clock, link, driver, stream } = onFakeLink('cms50-5byte');
    link.say('FF');
    link.say(OLD('normal-72-98'));
    const testing = Array.fromAsync(driver.selfTest());
    await stream(OLD('normal-72-98'), 3);
    const lines = await clock.runUntil(testing);
    expect(lines.map(({ step, result }) => `${step}: ${result}`)).toEqual([
      'link: pass',
      'answer: pass',
      'line: fail',
      'to be confirmed: skip',
    ]);
  });
});

describe('oximeter, nine bytes', () => {
  it('is started when the wire comes up and kept alive every two seconds, also while it measures', async () => {
    const { clock, link, measure, stream } = onFakeLink('cms50-9byte');
    expect(link.written[0]).toBe(NEW('start-live'));
    void measure('oxygen', 60_000);
    await stream(NEW('live-published'), 35);
    await clock.run(500);
    expect(link.written.filter((hex) => hex === '7D81AF808080808080')).toHaveLength(2);
  });

  it('is started again when its stream stands still', async () => {
    const { clock, link } = onFakeLink('cms50-9byte');
    await clock.run(2_500);
    expect(link.written.filter((hex) => hex === NEW('start-live')).length).toBeGreaterThan(2);
  });

  it('uses bytes 5 and 6 alone', async () => {
    const { measure, stream } = onFakeLink('cms50-9byte');
    const measured = measure('oxygen');
    for (let turn = 0; turn < 45; turn += 1) await stream(turn % 2 ? NEW('live-published') : '01F0FF8080C1E18080', 1);
    expect(await measured).toMatchObject({ reply: { measurements: [{ value: 97 }, { value: 65 }] } });
  });

  it('gives no pulse where one description would add an eighth bit', async () => {
    const { measure, stream } = onFakeLink('cms50-9byte');
    const measured = measure('oxygen', 8_000);
    await stream('01E885B396C1E1FFFF', 85);
    expect(await measured).toMatchObject({
      problem: { code: 'health.noReading', detail: 'the device gives no value' },
    });
  });
});

describe('Omron on its own USB plug', () => {
  it('writes the mode as two bytes and each question as whole reports, without gateway frames', async () => {
    const { clock, link, driver } = onFakeLink('omron-hid-790it', true);
    link.device = (hex) => {
      if (hex === '0556455230300000') link.say('074F4B0048454D2D');
    };
    await clock.run(100);
    expect(link.written.slice(0, 2)).toEqual(['0101', '0556455230300000']);
    expect(driver.status().device).toBe('online');
  });
});
