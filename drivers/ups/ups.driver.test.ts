import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { FakeLink } from '../link/testing/fake.link.ts';
import { openTrial } from '../testing/conformance/trial.test-support.ts';
import type { NutSimulator } from './simulator/nut.simulator.ts';
import { SUBJECTS } from './testing/ups.subjects.ts';
import { upsModel } from './ups-models.ts';
import { UpsDriver } from './ups.driver.ts';

const hex = (text: string) => Buffer.from(text).toString('hex');

/** upsd is the test: one line of answer, or several, for each line of question. */
function station(
  values: Record<string, string> = { 'ups.status': 'OL', 'battery.charge': '87', 'battery.runtime': '1200' },
) {
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const upsd = { values, isSilent: false, refusal: '', questions: [] as string[] };
  link.device = (asked) => {
    const question = Buffer.from(asked, 'hex').toString().trim();
    upsd.questions.push(question);
    if (upsd.isSilent) return;
    if (upsd.refusal !== '') return link.say(hex(`ERR ${upsd.refusal}\n`));
    const line = (name: string) => `VAR kiosk ${name} "${upsd.values[name] ?? ''}"\n`;
    const name = question.split(' ')[3];
    if (question === 'LIST VAR kiosk') {
      const lines = Object.keys(upsd.values).map(line).join('');
      link.say(hex(`BEGIN LIST VAR kiosk\n${lines}END LIST VAR kiosk\n`), 7);
    } else link.say(hex(name !== undefined && name in upsd.values ? line(name) : 'ERR VAR-NOT-SUPPORTED\n'));
  };
  const model = upsModel('nut');
  if (!model) throw new Error('no model');
  const driver = new UpsDriver({ id: 'ups', model, ups: 'kiosk', link, clock });
  const read = (ms = 5_000, signal = new AbortController().signal) =>
    driver.execute({ kind: 'read' }, { deadline: clock.now() + ms, signal });
  return { clock, link, upsd, driver, read };
}

describe('a reading', () => {
  it('tells line, charge and run time, and shows them in the status', async () => {
    const { clock, driver, read } = station();
    expect(driver.status()).toEqual({ device: 'unknown', paper: 'unknown', media: 'unknown' });
    expect(await clock.runUntil(read())).toEqual({
      kind: 'done',
      reply: { onBattery: false, batteryLow: false, chargePercent: 87, runtimeSeconds: 1200 },
      evidence: { method: 'nut.status', value: 'OL' },
    });
    expect(driver.status()).toMatchObject({
      device: 'online',
      signals: { onBattery: false, batteryLow: false, replaceBattery: false, chargePercent: 87 },
    });
  });

  it.each([
    ['OB DISCHRG', { onBattery: true, batteryLow: false }],
    ['OB LB DISCHRG', { onBattery: true, batteryLow: true }],
    // the mains are back and the battery charges: nothing has to go down
    ['OL LB CHRG', { onBattery: false, batteryLow: false }],
    ['FSD OL', { onBattery: false, batteryLow: true }],
    ['OL CAL', { onBattery: false, batteryLow: false }],
  ])('%s', async (status, reply) => {
    const { clock, read } = station({ 'ups.status': status });
    expect(await clock.runUntil(read())).toMatchObject({ kind: 'done', reply });
  });

  it('of a supply that measures nothing leaves charge and run time out', async () => {
    const { clock, read } = station({ 'ups.status': 'OL' });
    expect(await clock.runUntil(read())).toMatchObject({ reply: { onBattery: false, batteryLow: false } });
  });

  it.each([
    ['DATA-STALE', 'offline', 'device.absent'],
    ['DRIVER-NOT-CONNECTED', 'offline', 'device.absent'],
    ['UNKNOWN-UPS', 'noDevice', 'device.absent'],
    ['ACCESS-DENIED', 'noDevice', 'device.refused'],
  ])('refused with %s is not online at once, without the signals of before', async (refusal, device, code) => {
    const { clock, upsd, driver, read } = station();
    await clock.run(100);
    upsd.refusal = refusal;
    expect(await clock.runUntil(read())).toMatchObject({ kind: 'failed', effect: 'none', problem: { code } });
    expect(driver.status()).toEqual({
      device,
      paper: 'unknown',
      media: 'unknown',
      problem: { code, detail: `upsd: ${refusal}` },
    });
    upsd.refusal = '';
    await clock.run(3_000);
    expect(driver.status().device).toBe('online');
  });

  it.each([
    ['', 'starting'],
    ['WAIT', 'starting'],
    ['OFF', 'hardwareError'],
    ['OL OB', 'hardwareError'],
  ])('whose status is "%s" says neither yes nor no', async (status, device) => {
    const { clock, driver, read } = station({ 'ups.status': status });
    expect(await clock.runUntil(read())).toMatchObject({ kind: 'failed', effect: 'none' });
    expect(driver.status().device).toBe(device);
  });

  it('with a charge that is no number is not believed', async () => {
    const { clock, read } = station({ 'ups.status': 'OL', 'battery.charge': '8x' });
    expect(await clock.runUntil(read())).toMatchObject({ kind: 'failed', problem: { code: 'device.garbage' } });
  });

  it('asks nothing that changes the supply', async () => {
    const { clock, upsd, driver } = station();
    for await (const line of driver.selfTest()) expect(line.result, line.detail).toBe('pass');
    await clock.run(60_000);
    expect(upsd.questions.filter((question) => !/^(?:GET|LIST) VAR kiosk/.test(question))).toEqual([]);
  });
});

describe('silence', () => {
  it('once is no loss; three times is, and the wire is dialled again', async () => {
    const { clock, link, upsd, driver } = station();
    await clock.run(100);
    upsd.isSilent = true;
    await clock.run(3_500);
    expect(driver.status().device).toBe('online');
    await clock.run(6_000);
    expect(link.reconnects).toBeGreaterThan(0);
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { code: 'device.absent' } });
    upsd.isSilent = false;
    // one question was left open: its answer is waited for in vain until the wire is dialled again
    await clock.run(15_000);
    expect(driver.status().device).toBe('online');
  });

  it('ends a command at its own deadline', async () => {
    const { clock, upsd, read } = station();
    await clock.run(100);
    upsd.isSilent = true;
    expect(await clock.runUntil(read(300))).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.deadline' },
    });
  });

  it('an answer that comes after all is not taken for the answer to the next question', async () => {
    const { clock, link, upsd, read } = station();
    await clock.run(100);
    upsd.isSilent = true;
    await clock.runUntil(read());
    upsd.isSilent = false;
    const device = link.device;
    let isFirst = true;
    link.device = (asked) => {
      if (isFirst) link.say(hex('BEGIN LIST VAR kiosk\nVAR kiosk ups.status "OB LB"\nEND LIST VAR kiosk\n'));
      isFirst = false;
      device(asked);
    };
    upsd.questions.length = 0;
    expect(await clock.runUntil(read())).toMatchObject({ reply: { onBattery: false, batteryLow: false } });
    // passed over, not met by a contradiction and asked for again
    expect(upsd.questions.length).toBe(4);
  });
});

it('leaves no timer behind when closed, twice, with a command under way', async () => {
  const { clock, upsd, driver, read } = station();
  await clock.run(100);
  upsd.isSilent = true;
  const reading = read();
  await driver.close();
  await driver.close();
  expect((await reading).kind).toBe('failed');
  expect(clock.pendingTimers).toBe(0);
});

describe('with the simulated upsd', () => {
  async function withSimulator() {
    const subject = SUBJECTS[0]!;
    const trial = await openTrial(subject, subject.tasks[0]!);
    return { ...trial, ups: trial.device as NutSimulator };
  }

  it('the mains are pulled, the battery runs down, the mains come back', async () => {
    const { clock, driver, ups, close } = await withSimulator();
    ups.pullMains();
    await clock.run(3_000);
    expect(driver.status().signals).toMatchObject({ onBattery: true, batteryLow: false, chargePercent: 100 });
    ups.setCharge(12);
    await clock.run(3_000);
    expect(driver.status().signals).toMatchObject({ onBattery: true, batteryLow: true, chargePercent: 12 });
    ups.plugMains();
    ups.wearBattery(true);
    await clock.run(3_000);
    expect(driver.status().signals).toMatchObject({ onBattery: false, batteryLow: false, replaceBattery: true });
    await close();
  });

  it.each(['endlessList', 'contradictory', 'otherSupply'] as const)('%s: never a reading', async (fault) => {
    const { clock, driver, ups, run, close } = await withSimulator();
    ups.faults[fault] = true;
    expect(await run()).toMatchObject({ kind: 'failed', effect: 'none' });
    await clock.run(20_000);
    expect(driver.status().device).not.toBe('online');
    ups.faults[fault] = false;
    await clock.run(20_000);
    expect(driver.status().device).toBe('online');
    await close();
  });
});
