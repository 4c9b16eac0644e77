import { afterEach, describe, expect, it } from 'vitest';
import type { FingerprintCommand } from '../../contract/devices/fingerprint-reader.schema.ts';
import { moduleStation, onlineStations, storedTemplate } from './testing/module-station.test-support.ts';

const CAPTURE: FingerprintCommand = { kind: 'capture' };
const ENROL: FingerprintCommand = { kind: 'enrol' };
const LIFT: FingerprintCommand = { kind: 'await-lift' };
const WIPE: FingerprintCommand = { kind: 'wipe' };
const VERIFY: FingerprintCommand = { kind: 'verify', template: storedTemplate('resident', 'rightIndex') };

const stations = onlineStations();
const onlineStation = stations.online;
afterEach(stations.end);

describe('a module', () => {
  it('is unknown, then starting, then online once it has answered', async () => {
    const station = moduleStation();
    stations.keep(station);
    expect(station.driver.status()).toMatchObject({ device: 'starting', media: 'unknown' });
    await station.clock.run(2_000);
    expect(station.driver.status()).toEqual({ device: 'online', paper: 'unknown', media: 'unknown' });
  });

  it('that is not asked before it has powered up', async () => {
    const { clock, link } = moduleStation();
    await clock.run(499);
    expect(link.written).toEqual([]);
  });

  it('that falls mute is offline after three silent beats, dialled again, and comes back', async () => {
    const { clock, driver, link, module } = await onlineStation();
    module.wire.faults.silent = true;
    const seen: unknown[] = [];
    driver.subscribe(({ device, problem }) => seen.push([device, problem?.code]));
    await clock.run(25_000);
    expect(seen).toContainEqual(['offline', 'device.absent']);
    expect(driver.status().device).not.toBe('online');
    expect(link.reconnects).toBeGreaterThan(0);
    module.wire.faults.silent = false;
    await clock.run(25_000);
    expect(driver.status()).toMatchObject({ device: 'online' });
  });

  it('that says it is busy is not online', async () => {
    const { clock, driver, module } = await onlineStation();
    module.faults.busy = true;
    await clock.run(6_000);
    expect(driver.status()).toMatchObject({ device: 'deviceBusy', problem: { code: 'device.busy' } });
  });

  it('with another password is a hardware error that says what to do; with the right one it works', async () => {
    const wrong = await onlineStation({ module: { password: 0x1234 } });
    expect(wrong.driver.status()).toMatchObject({
      device: 'hardwareError',
      problem: {
        code: 'finger.sensorFault',
        detail: expect.stringContaining('code 13 wrongPassword: write the password') as string,
      },
    });
    expect(await wrong.execute(CAPTURE)).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'finger.sensorFault' },
    });
    const right = await onlineStation({ module: { password: 0x1234 }, password: 0x1234 });
    expect(right.driver.status().device).toBe('online');
  });

  it('that was switched off and on asks for its password again and gets it', async () => {
    const { module, execute } = await onlineStation({ module: { password: 0x1234 }, password: 0x1234 });
    module.powerCycle();
    module.press('resident', 'rightIndex');
    expect(await execute(CAPTURE)).toMatchObject({ reply: { print: 'good' } });
  });

  it('at another address is told so by its code 20', async () => {
    const { driver } = await onlineStation({ module: { address: 5 } });
    expect(driver.status().problem?.detail).toContain('code 20 addressMismatch: write the address');
    const right = await onlineStation({ module: { address: 5 }, address: 5 });
    expect(right.driver.status().device).toBe('online');
  });

  it('that answers under another address is not listened to', async () => {
    const { module, execute, driver } = await onlineStation();
    module.faults.wrongAddress = true;
    module.press('resident', 'rightIndex');
    expect(await execute(CAPTURE)).toMatchObject({ kind: 'failed', problem: { code: 'device.absent' } });
    expect((await driver.close(), driver.describe.class)).toBe('fingerprint-reader');
  });
});

describe('capture', () => {
  it('waits for a finger and says that its print is good', async () => {
    const { clock, module, start, driver } = await onlineStation();
    const captured = start(CAPTURE);
    await clock.run(5_000);
    expect(driver.status().media).toBe('notPresent');
    module.press('resident', 'rightIndex');
    expect(await clock.runUntil(captured)).toMatchObject({ kind: 'done', reply: { kind: 'capture', print: 'good' } });
    expect(driver.status().media).toBe('present');
  });

  it('asks for a finger every 200 to 500 ms', async () => {
    const { clock, link, start } = await onlineStation();
    const before = link.written.length;
    const captured = start(CAPTURE, 10_000);
    await clock.runUntil(captured);
    const polls = link.written.slice(before).filter((hex) => hex === 'EF01FFFFFFFF010003010005').length;
    expect(polls).toBeGreaterThanOrEqual(20);
    expect(polls).toBeLessThanOrEqual(50);
  });

  it.each([
    ['dry', 'normal', 22, 'dry', 'press'],
    ['wet', 'wet', 22, 'wet', 'press'],
  ] as const)(
    'of a %s finger advises, and advises something else the second time',
    async (_name, skin, quality, one, two) => {
      const { module, execute } = await onlineStation();
      module.press('resident', 'rightThumb', { skin, quality });
      expect(await execute(CAPTURE)).toMatchObject({ reply: { print: 'poor', advice: one } });
      expect(await execute(CAPTURE)).toMatchObject({ reply: { print: 'poor', advice: two } });
      module.press('resident', 'rightIndex');
      expect(await execute(CAPTURE)).toMatchObject({ reply: { kind: 'capture', print: 'good' } });
      module.press('resident', 'rightThumb', { skin, quality });
      expect(await execute(CAPTURE)).toMatchObject({ reply: { print: 'poor', advice: one } });
    },
  );

  it('of a finger that moves says to hold it still', async () => {
    const { module, execute } = await onlineStation();
    module.press('resident', 'rightIndex');
    module.faults.captureFails = true;
    expect(await execute(CAPTURE)).toMatchObject({ reply: { print: 'poor', advice: 'hold' } });
  });

  it('without a finger ends with finger.none, not with a fault of the device', async () => {
    const { execute, driver } = await onlineStation();
    expect(await execute(CAPTURE, 3_000)).toEqual({ kind: 'failed', effect: 'none', problem: { code: 'finger.none' } });
    expect(driver.status().device).toBe('online');
  });

  it('keeps the print in the module until wipe, and then nothing is left', async () => {
    const { clock, module, execute } = await onlineStation();
    module.press('resident', 'rightIndex');
    await execute(CAPTURE);
    module.lift();
    await clock.run(20_000);
    expect(module.state.memory.buffer1).toBe('of resident rightIndex');
    expect(await execute(WIPE)).toMatchObject({
      kind: 'done',
      evidence: { value: 'buffers read back as zeros; image overwritten' },
    });
    expect(module.state).toMatchObject({
      holdsAPerson: false,
      memory: { image: 'zeros', buffer1: 'zeros', buffer2: 'zeros' },
    });
  });
});

describe('verify', () => {
  it('matches the finger of the template and nobody else’s, and shows no score', async () => {
    const { module, execute } = await onlineStation();
    module.press('resident', 'rightIndex');
    const matched = await execute(VERIFY);
    expect(matched).toMatchObject({ kind: 'done', reply: { kind: 'verify', result: 'match' } });
    expect(JSON.stringify(matched)).not.toContain('96');
    module.press('stranger', 'rightIndex');
    expect(await execute(VERIFY)).toMatchObject({ reply: { kind: 'verify', result: 'mismatch' } });
  });

  it('of a print too poor to compare is no mismatch', async () => {
    const { module, execute } = await onlineStation();
    module.press('resident', 'rightThumb');
    expect(await execute(VERIFY)).toMatchObject({ reply: { kind: 'verify', result: 'poor', advice: 'dry' } });
  });

  it('leaves nothing in the buffers when it replies, and no image soon after', async () => {
    for (const [person, finger] of [
      ['resident', 'rightIndex'],
      ['stranger', 'leftThumb'],
      ['resident', 'leftThumb'],
    ] as const) {
      const { clock, module, execute } = await onlineStation();
      module.press(person, finger);
      await execute(VERIFY);
      expect(module.state.memory).toMatchObject({ buffer1: 'zeros', buffer2: 'zeros' });
      module.lift();
      await clock.run(10_000);
      expect(module.state.holdsAPerson).toBe(false);
    }
  });

  it('that is cancelled or late at any moment leaves nothing in the buffers within two seconds', async () => {
    const found = new Set<string>();
    for (let ms = 1; ms < 200; ms += 6) {
      const { clock, module, start } = await onlineStation();
      Object.assign(module.faults, { splitEveryBytes: 64, splitGapMs: 2 });
      module.press('resident', 'rightIndex');
      const abort = new AbortController();
      const verified = start(VERIFY, 30_000, abort.signal);
      await clock.run(ms);
      abort.abort();
      const outcome = await verified;
      found.add(`${outcome.kind} ${module.state.memory.buffer2}`);
      if (outcome.kind !== 'done')
        expect(outcome).toMatchObject({ effect: 'none', problem: { code: 'kiosk.cancelled' } });
      await clock.run(2_000);
      expect(module.state.memory, `${ms} ms`).toMatchObject({ buffer1: 'zeros', buffer2: 'zeros' });
    }
    expect([...found]).toContain('failed of resident rightIndex');
  });

  it('that is cut off by a lost wire is wiped when the wire comes back, before anything else', async () => {
    const { clock, link, module, start } = await onlineStation();
    module.press('resident', 'rightIndex');
    module.wire.faults.hangUpAfterInputBytes = 150;
    const outcome = await clock.runUntil(start(VERIFY));
    expect(outcome).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.lost' } });
    expect(module.state.memory.buffer1).toBe('of resident rightIndex');
    link.come();
    expect(await clock.runUntil(start(WIPE))).toMatchObject({ kind: 'done' });
    expect(module.state.memory).toMatchObject({ buffer1: 'zeros', buffer2: 'zeros' });
  });

  it('does not hold up the next command with the blanking of the picture', async () => {
    const { clock, module, execute } = await onlineStation();
    module.press('resident', 'rightIndex');
    await execute(VERIFY);
    await clock.run(1_000);
    const from = clock.now();
    expect(await execute(VERIFY)).toMatchObject({ reply: { result: 'match' } });
    expect(clock.now() - from).toBeLessThan(500);
  });

  it('refuses a template the model cannot have made, before it waits for a finger', async () => {
    const { execute } = await onlineStation();
    const command: FingerprintCommand = { kind: 'verify', template: storedTemplate('resident', 'rightIndex', 768) };
    expect(await execute(command)).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.refused' },
    });
  });

  it.each([
    ['r503', 768],
    ['r503', 1_536],
    ['jm-101b', 768],
    ['as608', 256],
  ] as const)('takes the templates of %s with %i bytes', async (model, bytes) => {
    const sizes = { featureBytes: bytes, templateBytes: bytes };
    const { module, execute } = await onlineStation({ model, module: { sizes } });
    module.press('resident', 'rightIndex');
    const command: FingerprintCommand = { kind: 'verify', template: storedTemplate('resident', 'rightIndex', bytes) };
    expect(await execute(command)).toMatchObject({ reply: { result: 'match' } });
    expect(module.state.memory).toMatchObject({ buffer1: 'zeros', buffer2: 'zeros' });
  });
});

describe('enrol', () => {
  it('makes a template of two captures, stripped of packet headers, that later verifies', async () => {
    const { clock, module, start, execute } = await onlineStation();
    module.press('neighbour', 'leftIndex');
    const enrolled = start(ENROL);
    await clock.run(2_000);
    module.lift();
    await clock.run(2_000);
    module.press('neighbour', 'leftIndex');
    const outcome = await clock.runUntil(enrolled);
    if (outcome.kind !== 'done' || outcome.reply.kind !== 'enrol') throw new Error(JSON.stringify(outcome));
    const template = Buffer.from(outcome.reply.template, 'base64');
    expect(template.length).toBe(512);
    expect(template.includes(Buffer.from('EF01', 'hex'))).toBe(false);
    expect(module.state.memory).toMatchObject({ buffer1: 'zeros', buffer2: 'zeros' });
    expect(await execute({ kind: 'verify', template: outcome.reply.template })).toMatchObject({
      reply: { result: 'match' },
    });
  });

  it('of two different fingers fails as poor and leaves nothing', async () => {
    const { clock, module, start } = await onlineStation();
    module.press('neighbour', 'leftIndex');
    const enrolled = start(ENROL);
    await clock.run(2_000);
    module.lift();
    await clock.run(2_000);
    module.press('neighbour', 'rightIndex');
    expect(await clock.runUntil(enrolled)).toMatchObject({
      problem: { code: 'finger.poor', detail: 'the two captures do not merge' },
    });
    await clock.run(2_000);
    expect(module.state.memory).toMatchObject({ buffer1: 'zeros', buffer2: 'zeros' });
  });

  it('of a poor print says what to do', async () => {
    const { module, execute } = await onlineStation();
    module.press('resident', 'leftThumb');
    expect(await execute(ENROL)).toMatchObject({ kind: 'failed', problem: { code: 'finger.poor', detail: 'dry' } });
  });

  it('with a packet lost on the way gives no template', async () => {
    const { clock, module, start } = await onlineStation();
    module.faults.losesDataPacket = true;
    module.press('neighbour', 'leftIndex');
    const enrolled = start(ENROL);
    await clock.run(2_000);
    module.lift();
    await clock.run(2_000);
    module.press('neighbour', 'leftIndex');
    expect(await clock.runUntil(enrolled)).toMatchObject({ kind: 'failed', problem: { code: 'device.garbage' } });
  });
});

describe('await-lift', () => {
  it('ends when the finger is gone, and not before', async () => {
    const { clock, module, start } = await onlineStation();
    module.press('resident', 'rightIndex');
    let isOver = false;
    const lifted = start(LIFT);
    void lifted.then(() => (isOver = true));
    await clock.run(3_000);
    expect(isOver).toBe(false);
    module.lift();
    expect(await clock.runUntil(lifted)).toMatchObject({ kind: 'done', reply: { kind: 'await-lift' } });
  });

  it('leaves no picture of the finger it saw', async () => {
    const { clock, module, start } = await onlineStation();
    module.press('resident', 'rightIndex');
    const lifted = start(LIFT);
    await clock.run(1_000);
    module.lift();
    await clock.runUntil(lifted);
    await clock.run(10_000);
    expect(module.state).toMatchObject({ holdsAPerson: false, memory: { image: 'zeros' } });
  });
});
