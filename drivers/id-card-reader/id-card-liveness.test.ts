import { describe, expect, it, vi } from 'vitest';
import { problem } from '../../contract/outcome.schema.ts';
import { framesOf } from '../testing/frames.ts';
import { openIdCardReader } from './open-id-card-reader.ts';
import { SamDecoder } from './sam-frame.codec.ts';
import { idCardStation, READ, READ_ALL } from './testing/id-card-station.test-support.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';

const sam = framesOf('idcard-sam');
const RESET = sam('cmd-reset');

describe('liveness', () => {
  it('a reader that falls mute is gone within ten seconds, dialled again, and back', async () => {
    const { clock, link, reader, driver } = idCardStation();
    await clock.run(3_000);
    reader.wire.faults.silent = true;
    await clock.run(2_900);
    expect(driver.status().device).toBe('online');
    const seen: string[] = [];
    driver.subscribe((status) => seen.push(status.device));
    await clock.run(7_000);
    expect(seen).toContain('offline');
    expect(link.reconnects).toBeGreaterThan(0);
    expect(driver.status()).not.toMatchObject({ device: 'online' });
    reader.wire.faults.silent = false;
    await clock.run(5_000);
    expect(driver.status()).toMatchObject({ device: 'online' });
  });

  it('a reading at a mute reader ends when the wire is dropped, not at its own deadline', async () => {
    const { clock, reader, execute } = idCardStation();
    await clock.run(100);
    reader.wire.faults.silent = true;
    expect(await clock.runUntil(execute(READ, 60_000), 10_000)).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.lost' },
    });
  });

  it('is reset when the ladder asks for it, and a module that does not answer has not obeyed', async () => {
    const { clock, link, reader, driver } = idCardStation();
    await clock.run(100);
    const reset = () =>
      clock.runUntil(driver.reset({ deadline: clock.now() + 4_000, signal: new AbortController().signal }), 10_000);
    expect(await reset()).toMatchObject({ kind: 'done', evidence: { method: 'sam.reset' } });
    expect(link.written).toContain(RESET);
    reader.wire.faults.silent = true;
    expect(await reset()).toMatchObject({ kind: 'failed', effect: 'none' });
  });

  it('a torn wire ends a reading at once', async () => {
    const { clock, link, execute, driver } = idCardStation();
    const read = execute();
    await clock.run(1_000);
    link.vanish();
    expect(await read).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.lost' } });
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { code: 'device.absent' } });
  });

  it('names a missing library as a device that is not there', () => {
    const { link, driver } = idCardStation();
    link.vanish(problem('device.driverMissing', 'node-hid'));
    expect(driver.status()).toMatchObject({ device: 'noDevice', problem: { code: 'device.driverMissing' } });
  });

  it('asks a quiet reader now and then, and no more', async () => {
    const { clock, link } = idCardStation();
    await clock.run(100);
    link.written.length = 0;
    await clock.run(10_000);
    expect(link.written).toEqual(Array.from({ length: 5 }, () => sam('cmd-status')));
  });

  it('an answer that comes after its question was given up meets no other question', async () => {
    const { clock, link, reader, execute } = idCardStation('sam-v', 2_000);
    reader.lay('chen-xiaoming');
    expect(await clock.runUntil(execute(READ, 1_000))).toMatchObject({ problem: { code: 'device.deadline' } });
    reader.lay('long-term');
    reader.faults.radioMs = 0;
    const before = link.written.length;
    const read = execute(READ, 20_000);
    await clock.run(299);
    expect(link.written.length).toBe(before);
    expect(await clock.runUntil(read)).toMatchObject({ reply: { document: { name: '示范乙' } } });
  });
});

describe('a module that is not well', () => {
  it.each([0x47, 0x60] as const)('%i is a hardware error with its number, and is reset once', async (samCode) => {
    const { clock, link, reader, driver } = idCardStation();
    reader.faults.samCode = samCode;
    await clock.run(10_000);
    expect(driver.status()).toMatchObject({
      device: 'hardwareError',
      problem: { code: 'idCard.samFault', detail: samCode.toString(16) },
    });
    expect(link.written.filter((hex) => hex === RESET).length).toBe(1);
  });

  it('comes round by a reset', async () => {
    const { clock, reader, driver } = idCardStation();
    Object.assign(reader.faults, { samCode: 0x60, resetMends: true });
    await clock.run(100);
    expect(driver.status()).toEqual({ device: 'online', paper: 'unknown', media: 'unknown' });
  });

  it('without a licence is not reset, and comes back when its status does', async () => {
    const { clock, link, reader, driver } = idCardStation();
    reader.faults.samCode = 0x66;
    await clock.run(5_000);
    expect(driver.status()).toMatchObject({ device: 'hardwareError', problem: { detail: '66' } });
    expect(link.written).not.toContain(RESET);
    reader.faults.samCode = null;
    await clock.run(2_100);
    expect(driver.status().device).toBe('online');
  });

  it('ends a reading with its fault, at every step', async () => {
    for (const step of [0, 1, 2]) {
      const { clock, link, reader, execute, driver } = idCardStation();
      await clock.run(50);
      const device = link.device;
      let questions = 0;
      link.device = (hex) => {
        if (questions === step) reader.faults.samCode = 0x60;
        questions += 1;
        device(hex);
      };
      reader.lay('chen-xiaoming');
      expect(await clock.runUntil(execute())).toMatchObject({
        kind: 'failed',
        effect: 'none',
        problem: { code: 'idCard.samFault' },
      });
      expect(driver.status().device).toBe('hardwareError');
    }
  });

  it('that still finds cards is not called well for that', async () => {
    const { clock, link, driver, execute, reader } = idCardStation();
    const device = link.device;
    link.device = (hex) => (hex === sam('cmd-status') ? link.say('AAAAAA9669000400006662') : device(hex));
    await clock.run(100);
    const seen: string[] = [];
    driver.subscribe((status) => seen.push(status.device));
    await clock.runUntil(execute(READ, 3_000));
    expect(driver.status().device).toBe('hardwareError');
    expect(seen).not.toContain('online');
    expect(reader.state.readings).toBe(0);
  });
});

describe('what a card said', () => {
  it('is blanked in every frame once it has been read, or was never asked for', async () => {
    const push = vi.spyOn(SamDecoder.prototype, 'push');
    try {
      const { clock, link, reader, execute } = idCardStation();
      reader.lay('moved');
      expect((await clock.runUntil(execute(READ_ALL))).kind).toBe('done');
      link.say(sam('rsp-read-base-citizen'));
      const frames = push.mock.results.flatMap((result) => (result.type === 'return' ? result.value : []));
      const payloads = frames.flatMap((event) => (event.kind === 'frame' ? [event.payload] : []));
      expect(payloads.filter(({ length }) => length > 1_000).length).toBe(2);
      expect(payloads.every((payload) => payload.every((byte) => byte === 0))).toBe(true);
    } finally {
      push.mockRestore();
    }
  });
});

describe('the self-test', () => {
  async function lines(station: ReturnType<typeof idCardStation>): Promise<string[]> {
    const found: string[] = [];
    const testing = (async () => {
      for await (const { step, result, detail } of station.driver.selfTest())
        found.push(`${step}: ${result}, ${detail}`);
    })();
    await station.clock.runUntil(testing);
    return found;
  }

  it('passes on a healthy reader, names the module, and tells nothing of the card that lies there', async () => {
    const station = idCardStation();
    station.reader.lay('chen-xiaoming');
    await station.clock.runUntil(station.execute());
    const found = await lines(station);
    expect(found).toEqual([
      'link: pass, fake open',
      'security module: pass, 90, in order',
      'module identity: pass, 05.03-20200101-0012345678-0087654321',
      'line: pass, 0 damaged frames, 0 bytes of noise',
      'model: pass, a card must be lifted before it is read again (sheet), pause of 0 ms in a reading (sheet)',
      'reading a card: skip, lay a test card on the reader in a service to see it read',
    ]);
  });

  it('fails at the module that is not licensed, at a mute one, and without a wire', async () => {
    const faulty = idCardStation();
    faulty.reader.faults.samCode = 0x66;
    expect(await lines(faulty)).toContain('security module: fail, 66, notLicensed');
    const mute = idCardStation('sam-v-hid');
    mute.reader.wire.faults.silent = true;
    const said = await lines(mute);
    expect(said).toContain('security module: fail, no answer');
    expect(said).toContain(
      'model: skip, a card must be lifted before it is read again (sheet), pause of 100 ms in a reading (oneSource)',
    );
    const unplugged = idCardStation();
    unplugged.link.vanish();
    expect(await lines(unplugged)).toContain('security module: fail, fake wire is out');
  });
});

describe('opening', () => {
  const wiring = { clock: new SimulatedClock(), cardProfiles: [] };
  const tcp = { kind: 'tcp', host: '127.0.0.1', port: 1 } as const;
  const base = { id: 'id-1', class: 'id-card-reader', model: 'sam-v', link: tcp } as const;

  it.each([
    ['an unknown model', { ...base, model: 'sam-x' }],
    ['a link it does not have', { ...base, link: { kind: 'pcsc' } }],
    ['a stream model on HID', { ...base, link: { kind: 'hid', vendorId: 0x2b8b, productId: 0x2721 } }],
    [
      'a HID model on a serial port',
      { ...base, model: 'sam-v-hid', link: { kind: 'serial', path: '/dev/x', baudRate: 9_600 } },
    ],
    ['a setting it does not know', { ...base, settings: { readPauseMs: -1 } }],
  ] as const)('%s is refused', (_what, config) => {
    expect(openIdCardReader(config, wiring)).toMatchObject({ ok: false, problem: { code: 'kiosk.badConfig' } });
  });

  it('tells model and wire', async () => {
    const opened = openIdCardReader({ ...base, settings: { liftAgain: false, readPauseMs: 20 } }, wiring);
    if (!opened.ok) throw new Error(opened.problem.detail);
    expect(opened.value.describe).toEqual({
      id: 'id-1',
      class: 'id-card-reader',
      model: 'sam-v',
      link: 'tcp 127.0.0.1:1',
    });
    await opened.value.close();
  });
});
