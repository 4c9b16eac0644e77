import { afterEach, describe, expect, it } from 'vitest';
import type { FlashRate } from '../../contract/devices/sensors-and-lights.schema.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { AnyDriver } from '../opener.ts';
import { MemoryWire } from '../testing/conformance/memory-wire.ts';
import { seededChance } from '../testing/conformance/trial.test-support.ts';
import { ioModel, type IoModelName } from './io-models.ts';
import type { SensorsSettings } from './io-settings.schema.ts';
import { openSensorsAndLights } from './open-sensors-and-lights.ts';
import { SensorsAndLightsDriver } from './sensors-and-lights.driver.ts';
import { IoBoardSimulator } from './simulator/io-board.simulator.ts';

const open: AnyDriver[] = [];
afterEach(async () => {
  for (const driver of open.splice(0)) await driver.close();
});

async function cabinet(name: IoModelName, settings: SensorsSettings = {}) {
  const clock = new SimulatedClock();
  const board = new IoBoardSimulator({
    clock,
    chance: seededChance(1),
    framing: name === 'modbus-tcp' ? 'tcp' : 'rtu',
    unit: settings.unit ?? 1,
  });
  const wire = new MemoryWire(board, clock, seededChance(2));
  const model = ioModel(name);
  if (!model) throw new Error(name);
  const driver = new SensorsAndLightsDriver({ id: 'io', model, settings, link: wire.link, clock });
  open.push(driver as AnyDriver);
  await clock.run(300);
  const limits = (ms = 3_000, signal = new AbortController().signal) => ({ deadline: clock.now() + ms, signal });
  const light = (lamp: string, rate: FlashRate, ms?: number) =>
    clock.runUntil(driver.execute({ kind: 'light', name: lamp, rate }, limits(ms)));
  const read = (ms?: number) => clock.runUntil(driver.execute({ kind: 'read' }, limits(ms)));
  return { clock, board, wire, driver, light, read };
}

describe.each(['modbus-rtu', 'modbus-tcp'] as const)('%s', (name) => {
  it('shows the inputs by name, debounced, while nobody asks', async () => {
    const { clock, board, driver } = await cabinet(name);
    expect(driver.status()).toMatchObject({
      device: 'online',
      signals: { cabinetDoor: false, serviceDoor: false, presence: false },
    });
    const seen: unknown[] = [];
    driver.subscribe(({ signals }) => seen.push(signals?.['serviceDoor']));
    board.setInput(1, true);
    await clock.run(1_000);
    expect(seen).toEqual([true]);
  });

  it('a bouncing presence sensor is not told as somebody coming and going', async () => {
    const { clock, board, driver } = await cabinet(name);
    let changes = 0;
    driver.subscribe(() => (changes += 1));
    board.bounce(2, 9, 150);
    await clock.run(3_000);
    expect(changes).toBe(0);
  });

  it('a cabinet door opened between two polls of somebody slow is still told a minute long', async () => {
    const { clock, board, driver } = await cabinet(name);
    board.setInput(0, true);
    await clock.run(250);
    board.setInput(0, false);
    await clock.run(50_000);
    expect(driver.status().signals?.['cabinetDoor']).toBe(true);
    await clock.run(11_000);
    expect(driver.status().signals?.['cabinetDoor']).toBe(false);
  });

  it('a lamp is done when the coil reads back as asked', async () => {
    const { board, light } = await cabinet(name);
    expect(await light('scanner', 'continuous')).toEqual({
      kind: 'done',
      reply: { kind: 'light', name: 'scanner', rate: 'continuous' },
      evidence: { method: 'modbus.coil', value: 'coil 3 on' },
    });
    expect(board.state.coils[3]).toBe(true);
    await light('scanner', 'off');
    expect(board.state.coils[3]).toBe(false);
  });

  it.each([['stuckCoil', 3] as const, ['echoOnly', true] as const])(
    '%s: the echo alone is no evidence',
    async (fault, value) => {
      const { board, light } = await cabinet(name);
      Object.assign(board.faults, { [fault]: value });
      expect(await light('scanner', 'continuous')).toMatchObject({
        kind: 'failed',
        effect: 'none',
        problem: { code: 'device.refused', detail: 'coil 3 does not follow' },
      });
    },
  );

  it('an exception is told by number and name, and shows that the board is not well', async () => {
    const { clock, board, driver, light, read } = await cabinet(name);
    board.faults.exception = 4;
    expect(await light('scanner', 'continuous')).toMatchObject({
      effect: 'none',
      problem: { code: 'device.refused', detail: 'exception 4 deviceFailure' },
    });
    expect(await read()).toMatchObject({ kind: 'failed', problem: { detail: 'exception 4 deviceFailure' } });
    expect(driver.status().device).toBe('hardwareError');
    board.faults.exception = null;
    await clock.run(500);
    expect(driver.status().device).toBe('online');
  });

  it.each([
    ['slow', 1_000],
    ['medium', 500],
    ['quick', 200],
  ] as const)('%s flashes, and stops when told', async (rate, halfMs) => {
    const { clock, board, light } = await cabinet(name);
    expect((await light('scanner', rate)).kind).toBe('done');
    const before = board.state.coilChanges;
    await clock.run(10_000);
    const flashes = board.state.coilChanges - before;
    expect(flashes).toBeGreaterThan((10_000 / halfMs) * 0.85);
    expect(flashes).toBeLessThanOrEqual(10_000 / halfMs);
    await light('scanner', 'off');
    const after = board.state.coilChanges;
    await clock.run(5_000);
    expect([board.state.coilChanges, board.state.coils[3]]).toEqual([after, false]);
  });

  it('lamps stand as before when the board comes back from a power cut', async () => {
    const { clock, board, wire, light } = await cabinet(name);
    await light('scanner', 'continuous');
    await light('receiptPrinter', 'slow');
    wire.unplug();
    board.powerCycle();
    await clock.run(5_000);
    expect(board.state.coils).not.toContain(true);
    wire.plug();
    await clock.run(6_000);
    expect(board.state.coils[3]).toBe(true);
    const changes = board.state.coilChanges;
    await clock.run(4_000);
    expect(board.state.coilChanges - changes).toBeGreaterThanOrEqual(3);
  });

  it('a lamp that was left in doubt is not lit later', async () => {
    const { clock, board, wire, light } = await cabinet(name);
    wire.tampering.answer = () => [];
    expect((await light('scanner', 'continuous')).kind).toBe('unknown');
    board.powerCycle();
    wire.tampering.answer = (piece) => [piece];
    await clock.run(30_000);
    expect(board.state.coils).not.toContain(true);
  });

  it.each([
    ['silent', 'wire'],
    ['wrongUnit', 'board'],
  ] as const)('%s: not online after three polls, and back by itself', async (fault, where) => {
    const { clock, board, driver } = await cabinet(name);
    const faults = where === 'wire' ? board.wire.faults : board.faults;
    Object.assign(faults, { [fault]: true });
    await clock.run(700);
    expect(driver.status().device).toBe('online');
    await clock.run(5_000);
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { code: 'device.absent' } });
    Object.assign(faults, { [fault]: false });
    await clock.run(10_000);
    expect(driver.status().device).toBe('online');
  });

  it('follows the wiring of the site', async () => {
    const { clock, board, driver, light } = await cabinet(name, {
      unit: 17,
      inputs: { backDoor: { input: 9, activeHigh: false } },
      lamps: { sign: { coil: 12, activeHigh: false } },
    });
    expect(driver.status().signals).toEqual({ backDoor: true });
    board.setInput(9, true);
    await clock.run(1_000);
    expect(driver.status().signals).toEqual({ backDoor: false });
    await light('sign', 'off');
    expect(board.state.coils[12]).toBe(true);
    expect(await light('scanner', 'off')).toMatchObject({ kind: 'failed', problem: { code: 'kiosk.badConfig' } });
  });

  it('the self-test tries every lamp and leaves it as it was', async () => {
    const { clock, board, driver, light } = await cabinet(name);
    await light('scanner', 'continuous');
    const lines = await clock.runUntil(Array.fromAsync(driver.selfTest()));
    expect(lines.map(({ step, result }) => `${step} ${result}`)).toEqual([
      'link pass',
      'inputs pass',
      'lamp cardReader pass',
      'lamp receiptPrinter pass',
      'lamp documentPrinter pass',
      'lamp scanner pass',
      'lamp cabinetLight pass',
      'line pass',
    ]);
    expect(board.state.coils.flatMap((coil, index) => (coil ? [index] : []))).toEqual([3]);
  });

  it('leaves no timer behind when closed while a lamp flashes', async () => {
    const { clock, driver, light } = await cabinet(name);
    await light('scanner', 'quick');
    await driver.close();
    await clock.run(100);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('RTU only', () => {
  it('an answer with a wrong CRC is none', async () => {
    const { clock, board, driver, read } = await cabinet('modbus-rtu');
    board.faults.badCrc = true;
    expect(await read()).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.absent' } });
    board.faults.badCrc = false;
    await clock.run(10_000);
    expect(driver.status().device).toBe('online');
    const lines = await clock.runUntil(Array.fromAsync(driver.selfTest()));
    expect(lines.at(-1)).toMatchObject({ step: 'line', result: 'fail' });
  });

  it('an answer that comes after all is not taken for the next one', async () => {
    const { clock, board, wire, read } = await cabinet('modbus-rtu', { pollMs: 10_000 });
    wire.tampering.lateMs = 400;
    expect((await read()).kind).toBe('failed');
    wire.tampering.lateMs = 0;
    board.setInput(1, true);
    // the late answer says that the door is shut
    await clock.run(0);
    const next = await read();
    if (next.kind === 'done') expect(next.reply).toMatchObject({ signals: { serviceDoor: true } });
    await clock.run(1_000);
    expect(await read()).toMatchObject({ kind: 'done', reply: { signals: { serviceDoor: true } } });
  });
});

describe('configuration', () => {
  const base: DeviceConfig = {
    id: 'io',
    class: 'sensors-and-lights',
    model: 'modbus-rtu',
    link: { kind: 'tcp', host: '127.0.0.1', port: 1 },
  };
  it.each([
    ['an unknown key', { ...base, settings: { unitt: 1 } }, 'unitt'],
    ['a unit nobody has', { ...base, settings: { unit: 248 } }, 'unit'],
    ['no inputs', { ...base, settings: { inputs: {} } }, 'inputs'],
    [
      'inputs too far apart',
      { ...base, settings: { inputs: { a: { input: 0 }, b: { input: 2_000 } } } },
      'more than 2000 apart',
    ],
    ['another model', { ...base, model: 'modbus-ascii' }, 'modbus-ascii'],
    [
      'Modbus TCP on a serial line',
      { ...base, model: 'modbus-tcp', link: { kind: 'serial', path: '/dev/null', baudRate: 9600 } },
      'serial',
    ],
  ] as const)('%s is refused by name', (_what, config, detail) => {
    const opened = openSensorsAndLights(config as DeviceConfig, { clock: new SimulatedClock(), cardProfiles: [] });
    expect(opened).toMatchObject({ ok: false, problem: { code: 'kiosk.badConfig' } });
    expect(opened.ok ? '' : opened.problem.detail).toContain(detail);
  });
});
