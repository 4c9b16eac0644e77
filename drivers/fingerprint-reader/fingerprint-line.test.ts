/** Clones, and lines that say too much, too late or nothing: no verdict may come of that. */
import { afterEach, describe, expect, it } from 'vitest';
import type { FingerprintCommand } from '../../contract/devices/fingerprint-reader.schema.ts';
import type { SelfTestLine } from '../../contract/driver.ts';
import { settled } from '../../tests/support/simulated-clock.ts';
import { onlineStations, storedTemplate, type ModuleStation } from './testing/module-station.test-support.ts';

const CAPTURE: FingerprintCommand = { kind: 'capture' };
const VERIFY: FingerprintCommand = { kind: 'verify', template: storedTemplate('resident', 'rightIndex') };

const stations = onlineStations();
const onlineStation = stations.online;
afterEach(stations.end);

async function linesOf({ clock, driver }: ModuleStation): Promise<Record<string, SelfTestLine>> {
  const lines: Record<string, SelfTestLine> = {};
  const read = (async () => {
    for await (const line of driver.selfTest()) lines[line.step] = line;
  })();
  await clock.runUntil(read);
  return lines;
}

describe('a clone', () => {
  it.each([
    ['that does not tell its parameters', (sim: ModuleStation['module']) => void (sim.faults.noParameters = true)],
    [
      'that knows no random numbers either',
      (sim: ModuleStation['module']) => void Object.assign(sim.faults, { noParameters: true, noRandom: true }),
    ],
  ])('%s works with 128-byte packets', async (_name, prepare) => {
    const { clock, driver, link, module, execute } = await onlineStation({ model: 'zfm-clone', prepare });
    expect(driver.status().device).toBe('online');
    module.press('resident', 'rightIndex');
    const before = link.written.length;
    expect(await execute(VERIFY)).toMatchObject({ reply: { result: 'match' } });
    const data = link.written.slice(before).filter((hex) => hex.startsWith('EF01FFFFFFFF02'));
    expect(new Set(data.map((hex) => hex.length / 2))).toEqual(new Set([139]));
    module.press('stranger', 'rightIndex');
    expect(await execute(VERIFY)).toMatchObject({ reply: { result: 'mismatch' } });
    await clock.run(20_000);
    expect(module.state.holdsAPerson).toBe(false);
  });

  it('with packets of 32 or 256 bytes is sent such packets', async () => {
    for (const [code, size] of [
      ['00', 43],
      ['03', 267],
    ] as const) {
      const prepare = (sim: ModuleStation['module']): void =>
        sim.feed(Buffer.from(`EF01FFFFFFFF0100050E06${code}00${code === '00' ? '1A' : '1D'}`, 'hex'));
      const { link, module, execute } = await onlineStation({ prepare });
      expect(module.state.packetBytes).toBe(size - 11);
      module.press('resident', 'rightIndex');
      const before = link.written.length;
      await execute(VERIFY);
      const data = link.written.slice(before).filter((hex) => /^EF01FFFFFFFF0[28]/.test(hex));
      expect(data.every((hex) => hex.length / 2 === size)).toBe(true);
      expect(await execute({ kind: 'verify', template: storedTemplate('stranger', 'rightIndex') })).toMatchObject({
        reply: { result: 'mismatch' },
      });
    }
  });
});

describe('a line', () => {
  it.each([
    ['that splits packets', { splitEveryBytes: 3 }],
    ['that splits packets with pauses', { splitEveryBytes: 20, splitGapMs: 20 }],
    ['that repeats the acknowledge before each new one', { staleAck: true }],
    ['that echoes each acknowledge a little later', { echoAfterMs: 40 }],
  ])('%s never changes a verdict', async (_name, faults) => {
    const { module, execute } = await onlineStation();
    Object.assign(module.faults, faults);
    for (const [person, finger, result] of [
      ['resident', 'rightIndex', 'match'],
      ['stranger', 'rightIndex', 'mismatch'],
      ['resident', 'rightThumb', 'poor'],
    ] as const) {
      module.press(person, finger);
      const outcome = await execute(VERIFY);
      if (outcome.kind === 'done') expect(outcome.reply).toMatchObject({ result });
      else expect(outcome).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.garbage' } });
      if (!('staleAck' in faults)) expect(outcome.kind).toBe('done');
    }
  });

  it('that says everything twice changes nothing', async () => {
    const { module, execute } = await onlineStation();
    module.wire.faults.doubled = true;
    module.press('resident', 'rightIndex');
    expect(await execute(VERIFY)).toMatchObject({ reply: { result: 'match' } });
    module.press('stranger', 'rightIndex');
    expect(await execute(VERIFY)).toMatchObject({ reply: { result: 'mismatch' } });
  });

  it('that loses a command is asked again', async () => {
    const { module, execute } = await onlineStation();
    module.faults.receiveErrors = 2;
    module.press('resident', 'rightIndex');
    expect(await execute(VERIFY)).toMatchObject({ reply: { result: 'match' } });
  });

  it.each([
    ['damaged sums', (module: ModuleStation['module']) => void (module.faults.badChecksum = true)],
    ['noise', (module: ModuleStation['module']) => void (module.wire.faults.garble = true)],
  ])('with %s only is called garbage', async (_name, spoil) => {
    const { module, execute } = await onlineStation();
    spoil(module);
    module.press('resident', 'rightIndex');
    expect(await execute(VERIFY)).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.garbage' },
    });
  });

  it('whose answers come after everybody gave up gives them to nobody else', async () => {
    const { clock, module, execute } = await onlineStation();
    module.press('resident', 'rightIndex');
    module.wire.faults.lateMs = 1_400;
    expect((await execute(VERIFY, 2_500)).kind).toBe('failed');
    // the acknowledges of that finger are still on their way
    module.wire.faults.lateMs = 0;
    module.lift();
    expect(await execute(CAPTURE, 6_000)).toMatchObject({ problem: { code: 'finger.none' } });
    await clock.run(5_000);
    module.press('stranger', 'rightIndex');
    expect(await execute(VERIFY)).toMatchObject({ reply: { result: 'mismatch' } });
  });

  it('on which a success is said unasked, in the middle of a wait, makes no finger of it', async () => {
    const { clock, module, start } = await onlineStation();
    const captured = start(CAPTURE, 20_000);
    for (let time = 0; time < 15; time += 1) {
      await clock.run(333);
      module.sayUnasked(0x00);
    }
    expect(await clock.runUntil(captured)).toMatchObject({ kind: 'failed', problem: { code: 'finger.none' } });
  });

  it('without an answer fails the command and nothing is left waiting', async () => {
    const { module, execute } = await onlineStation();
    module.wire.faults.silent = true;
    expect(await execute(CAPTURE)).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.absent' },
    });
  });
});

describe('the end', () => {
  it('settles what runs, overwrites what is held, and may come twice', async () => {
    const { clock, driver, module, start } = await onlineStation();
    module.press('resident', 'rightIndex');
    await clock.runUntil(start(CAPTURE));
    module.lift();
    const waiting = start(CAPTURE);
    await clock.run(500);
    await Promise.all([driver.close(), driver.close()]);
    expect(await waiting).toMatchObject({ kind: 'failed', problem: { code: 'kiosk.cancelled' } });
    await settled();
    expect(module.state.memory).toMatchObject({ buffer1: 'zeros', buffer2: 'zeros' });
  });
});

describe('self-test', () => {
  it('reads out the module, its library and the proof of its wipe', async () => {
    const lines = await linesOf(await onlineStation());
    expect(lines).toMatchObject({
      link: { result: 'pass' },
      module: { result: 'pass', detail: 'capacity 200, security 3, 128-byte packets, 57600 baud' },
      library: { result: 'pass', detail: '0 templates stored in the module; the kiosk stores none there' },
      wipe: { result: 'pass', detail: 'both buffers overwritten, read back as zeros' },
      line: { result: 'pass' },
    });
  });

  it('counts what was wrong on the line and names the fault of a mute module', async () => {
    const station = await onlineStation();
    station.module.faults.badChecksum = true;
    await station.execute(CAPTURE);
    station.module.faults.badChecksum = false;
    station.module.wire.faults.silent = true;
    const lines = await linesOf(station);
    expect(lines['library']).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('device.absent') as string,
    });
    expect(lines['line']).toMatchObject({
      result: 'fail',
      detail: expect.stringMatching(/^[1-9]\d* damaged/) as string,
    });
  });
});
