import { describe, expect, it } from 'vitest';
import { CuffSimulator } from './simulator/cuff.simulator.ts';
import { MeterSimulator, type MeterModel } from './simulator/meter.simulator.ts';
import { OmronSimulator } from './simulator/omron.simulator.ts';
import { OximeterSimulator } from './simulator/oximeter.simulator.ts';
import { rig } from './testing/health-rig.test-support.ts';

const PERSON = { systolic: 120, diastolic: 80, mean: 93, pulse: 72, weightKg: 65 };
const OLD = { systolic: 155, diastolic: 99, mean: 118, pulse: 90, weightKg: 80 };

describe('oximeter', () => {
  it('a finger put in during the wait is measured', async () => {
    const { clock, device, measure } = await rig(
      'cms50-5byte',
      (s) => new OximeterSimulator({ ...s, model: 'cms50-5byte' }),
    );
    const measured = measure('oxygen');
    await clock.run(3_000);
    device.putFinger({ pulseBpm: 140, spo2Percent: 97 });
    expect(await clock.runUntil(measured)).toMatchObject({ reply: { measurements: [{ value: 97 }, { value: 140 }] } });
  });

  it.each(['restless', 'neverFinds', 'losesBytes', 'probeError'] as const)(
    '%s: no reading, never a wrong one',
    async (fault) => {
      const { clock, device, measure } = await rig(
        'cms50-5byte',
        (s) => new OximeterSimulator({ ...s, model: 'cms50-5byte' }),
      );
      device.faults[fault] = true;
      device.putFinger({ pulseBpm: 72, spo2Percent: 98 });
      expect(await clock.runUntil(measure('oxygen'))).toMatchObject({
        effect: 'none',
        problem: { code: 'health.noReading' },
      });
    },
  );
});

describe.each(['suntech-ascii', 'maibobo'] as const)('cuff %s', (model) => {
  const cuff = () => rig(model, (s) => new CuffSimulator({ ...s, model }));

  it('measures once', async () => {
    const { clock, device, measure, driver } = await cuff();
    expect(driver.status().device).toBe('online');
    expect(await clock.runUntil(measure('blood-pressure'))).toMatchObject({
      kind: 'done',
      reply: { measurements: expect.arrayContaining([{ code: 'systolic', value: 120, unit: 'mmHg' }]) as unknown },
    });
    expect(device.state.inflations).toBe(1);
  });

  it('a leak is the cuff’s own word, with its number', async () => {
    const { clock, device, measure } = await cuff();
    device.faults.trouble = 'leak';
    expect(await clock.runUntil(measure('blood-pressure'))).toMatchObject({
      kind: 'failed',
      effect: 'partial',
      problem: { code: 'health.cuff', detail: model === 'maibobo' ? '15 leak' : '14 leak' },
    });
  });

  it('one that never ends is told to let the air out at the deadline, and the outcome is open', async () => {
    const { clock, device, measure } = await cuff();
    device.faults.neverEnds = true;
    expect(await clock.runUntil(measure('blood-pressure', 8_000))).toMatchObject({
      kind: 'unknown',
      problem: { code: 'health.noReading' },
    });
    await clock.run(100);
    expect(device.state).toMatchObject({ working: false, inflations: 1 });
  });

  it('cancelled while it pumps: the air goes out', async () => {
    const { clock, device, measure } = await cuff();
    const abort = new AbortController();
    const measured = measure('blood-pressure', 20_000, abort.signal);
    await clock.run(1_000);
    expect(device.state.working).toBe(true);
    abort.abort();
    expect(await measured).toMatchObject({ kind: 'unknown', problem: { code: 'kiosk.cancelled' } });
    await clock.run(100);
    expect(device.state.working).toBe(false);
  });

  it('the result of the person before is never taken for this one', async () => {
    const { clock, device, measure } = await cuff();
    device.putArm(OLD);
    await clock.runUntil(measure('blood-pressure'));
    device.putArm(PERSON);
    device.faults.staleResult = true;
    expect((await clock.runUntil(measure('blood-pressure'))).kind).toBe('unknown');
    expect(device.state.inflations).toBe(1);
  });

  it('a start that is not obeyed is not given again', async () => {
    const { clock, device, measure } = await cuff();
    device.faults.ignoresStart = true;
    expect((await clock.runUntil(measure('blood-pressure', 60_000))).kind).toBe('unknown');
    expect(device.state.inflations).toBe(0);
  });

  it('wrong checksums: nothing is begun, nothing happened', async () => {
    const { clock, device, measure } = await cuff();
    device.faults.wrongChecksum = true;
    expect(await clock.runUntil(measure('blood-pressure'))).toMatchObject({ kind: 'failed', effect: 'none' });
    expect(device.state.inflations).toBe(0);
  });

  it('pressures that cannot be those of a person are no reading', async () => {
    const { clock, device, measure } = await cuff();
    device.putArm({ systolic: 70, diastolic: 90, mean: 80, pulse: 72 });
    expect(await clock.runUntil(measure('blood-pressure'))).toMatchObject({ problem: { code: 'health.noReading' } });
  });
});

describe('too much movement in the SunTech cuff', () => {
  it('is no reading, not a broken cuff', async () => {
    const { clock, device, measure } = await rig(
      'suntech-ascii',
      (s) => new CuffSimulator({ ...s, model: 'suntech-ascii' }),
    );
    device.faults.trouble = 'movement';
    expect(await clock.runUntil(measure('blood-pressure'))).toMatchObject({ problem: { code: 'health.noReading' } });
  });
});

describe.each([
  ['ble-bp', 'blood-pressure', 120],
  ['ble-weight', 'weight', 65],
] as const)('Bluetooth %s', (model: MeterModel, quantity, first) => {
  const meter = () => rig(model, (s) => new MeterSimulator({ ...s, model }));

  it('the new reading is taken out of a burst of old ones', async () => {
    const { clock, device, measure } = await meter();
    device.keep(OLD, 48);
    device.keep(OLD, 1);
    const measured = measure(quantity);
    device.measure(PERSON);
    const outcome = await clock.runUntil(measured);
    expect(outcome.kind === 'done' && outcome.reply.measurements[0]?.value).toBe(first);
    expect(device.state.sent).toBe(3);
  });

  it('old readings alone are no reading, and the detail says how many there were', async () => {
    const { clock, device, measure } = await meter();
    device.keep(OLD, 1);
    device.keep(OLD, 24);
    device.faults.sendsOnlyOld = true;
    const measured = measure(quantity);
    device.measure(PERSON);
    expect(await clock.runUntil(measured)).toMatchObject({
      effect: 'none',
      problem: { code: 'health.noReading', detail: expect.stringContaining('2 old') as unknown },
    });
  });

  it('a reading made just before the command is not this resident’s', async () => {
    const { clock, device, measure } = await meter();
    device.measure(OLD);
    await clock.run(3_050); // made, not yet sent
    expect(await clock.runUntil(measure(quantity))).toMatchObject({ problem: { code: 'health.noReading' } });
  });

  it.each([-86_400, 86_400])('a clock that is %i seconds off gives no reading', async (clockOffsetSeconds) => {
    const { clock, device, measure } = await meter();
    device.faults.clockOffsetSeconds = clockOffsetSeconds;
    const measured = measure(quantity);
    device.measure(PERSON);
    expect(await clock.runUntil(measured)).toMatchObject({ problem: { code: 'health.noReading' } });
  });

  it('what the meter could not measure is no reading', async () => {
    const { clock, device, measure } = await meter();
    device.faults.fails = true;
    const measured = measure(quantity);
    device.measure(PERSON);
    expect(await clock.runUntil(measured)).toMatchObject({ problem: { code: 'health.noReading' } });
  });

  it('a payload that is cut short is none', async () => {
    const { clock, device, measure } = await meter();
    device.faults.cutPayload = true;
    const measured = measure(quantity);
    device.measure(PERSON);
    expect((await clock.runUntil(measured)).kind).toBe('failed');
  });

  it('a reading without a date, sent after the command, counts', async () => {
    const { clock, device, measure } = await meter();
    device.faults.undated = true;
    const measured = measure(quantity);
    device.measure(PERSON);
    const outcome = await clock.runUntil(measured);
    expect(outcome).toMatchObject({ kind: 'done', evidence: { value: 'without a date' } });
    expect(outcome.kind === 'done' && 'deviceTime' in outcome.reply).toBe(false);
  });

  it('says whether the meter is awake', async () => {
    const { clock, device, driver } = await meter();
    expect(driver.status()).toMatchObject({ device: 'online', signals: { meterConnected: false } });
    device.measure(PERSON);
    await clock.run(3_100);
    expect(driver.status()).toMatchObject({ signals: { meterConnected: true } });
  });
});

describe('Bluetooth blood pressure', () => {
  const meter = () => rig('ble-bp', (s) => new MeterSimulator({ ...s, model: 'ble-bp' }));

  it('keeps the unit of the meter', async () => {
    const { clock, device, measure } = await meter();
    device.faults.kiloPascal = true;
    const measured = measure('blood-pressure');
    device.measure(PERSON);
    expect(await clock.runUntil(measured)).toMatchObject({
      reply: {
        measurements: [{ value: 16, unit: 'kPa' }, { value: 10.7, unit: 'kPa' }, {}, { value: 72, unit: 'bpm' }],
      },
    });
  });

  it('remarks what the meter remarks, and a loose cuff that spoils the reading is the cuff’s', async () => {
    const { clock, device, measure } = await meter();
    device.faults.irregularPulse = true;
    const measured = measure('blood-pressure');
    device.measure(PERSON);
    expect(await clock.runUntil(measured)).toMatchObject({ reply: { remarks: ['irregular-pulse'] } });
    Object.assign(device.faults, { fails: true, cuffLoose: true });
    const again = measure('blood-pressure');
    device.measure(PERSON);
    expect(await clock.runUntil(again)).toMatchObject({ effect: 'none', problem: { code: 'health.cuff' } });
  });
});

describe('Omron', () => {
  const omron = () => rig('omron-hid-790it', (s) => new OmronSimulator(s));

  it.each([false, true])(
    'finds the new reading at either end of the memory (newest first: %s)',
    async (newestFirst) => {
      const { clock, device, measure } = await omron();
      device.faults.newestFirst = newestFirst;
      device.keep(OLD, 48);
      device.keep(OLD, 24);
      const measured = measure('blood-pressure');
      device.press(PERSON);
      expect(await clock.runUntil(measured)).toMatchObject({
        reply: { measurements: [{ value: 120 }, { value: 80 }, { value: 72 }] },
      });
    },
  );

  it('asks again after NO', async () => {
    const { clock, device, measure } = await omron();
    const measured = measure('blood-pressure');
    device.press(PERSON);
    await clock.run(3_000);
    device.faults.notReadyTimes = 7;
    expect((await clock.runUntil(measured)).kind).toBe('done');
  });

  it.each(['wrongXor', 'switchedOff'] as const)('%s: no reading', async (fault) => {
    const { clock, device, measure } = await omron();
    device.faults[fault] = true;
    const measured = measure('blood-pressure');
    device.press(PERSON);
    expect((await clock.runUntil(measured)).kind).toBe('failed');
  });

  it('old readings alone are no reading', async () => {
    const { clock, device, measure } = await omron();
    device.keep(OLD, 1);
    expect(await clock.runUntil(measure('blood-pressure'))).toMatchObject({
      problem: { code: 'health.noReading', detail: expect.stringContaining('old') as unknown },
    });
  });
});
