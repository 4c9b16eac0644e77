import { describe, expect, it } from 'vitest';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { SimulatedClock, settled } from '../../tests/support/simulated-clock.ts';
import { FakeLink } from '../link/testing/fake.link.ts';
import { framesOf } from '../testing/frames.ts';
import { seededChance } from '../testing/conformance/trial.test-support.ts';
import { offendersIn, type HidListing, type KeyboardPolicy } from './keyboard-watch.ts';
import { openScanner } from './open-scanner.ts';
import { scannerModel, type ScannerModelName } from './scanner-models.ts';
import { ScannerDriver } from './scanner.driver.ts';
import { ScannerSimulator, type Speech } from './simulator/scanner.simulator.ts';

const frame = framesOf('barcode-hidpos');
const KEYBOARD = { usagePage: 1, usage: 6 };
const HONEYWELL_KEYBOARD: HidListing = { vendorId: 0x0c2e, productId: 0x0b61, product: 'Scanner', ...KEYBOARD };
const DESK_KEYBOARD: HidListing = { vendorId: 0x046d, productId: 0xc31c, ...KEYBOARD };
const base64 = (text: string) => Buffer.from(text).toString('base64');

interface StationOptions {
  readonly model?: ScannerModelName;
  readonly speech?: Speech;
  readonly keyboards?: KeyboardPolicy & { readonly listings: () => Promise<readonly HidListing[]> };
}

function station({ model: name = 'honeywell-hidpos', speech = 'honeywell', keyboards }: StationOptions = {}) {
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const model = scannerModel(name);
  if (!model) throw new Error(`no model ${name}`);
  const scanner = new ScannerSimulator({ clock, chance: seededChance(5), speech });
  scanner.onOutput((bytes) => link.say(Buffer.from(bytes).toString('hex')));
  const watch = keyboards && { ...keyboards, list: keyboards.listings };
  const driver = new ScannerDriver({ id: 'scan', model, link, clock, keyboards: watch });
  const scan = (ms = 5_000, signal = new AbortController().signal) =>
    driver.execute({ kind: 'scan' }, { deadline: clock.now() + ms, signal });
  return { clock, link, scanner, driver, scan };
}

describe('scan', () => {
  it.each([
    ['honeywell-hidpos', 'honeywell', { symbology: 'Q1' }],
    ['newland-hidpos', 'newland', {}],
    ['hidpos-report-01', 'report-01', {}],
    ['serial', 'serial', {}],
  ] as const)('gives the bytes as they came, from %s', async (model, speech, symbology) => {
    for (const length of [1, 55, 56, 57, 100, 300, 512]) {
      const { clock, scanner, scan } = station({ model, speech });
      const code = Buffer.alloc(length, '番禺-A012');
      const scanned = scan();
      scanner.holdUp(code);
      expect(await clock.runUntil(scanned)).toEqual({
        kind: 'done',
        reply: { data: code.toString('base64'), ...symbology },
        evidence: { method: 'scanner', value: `${length} bytes` },
      });
    }
  });

  it('drops what was scanned before it was asked for', async () => {
    const { clock, scanner, scan } = station();
    scanner.holdUp(Buffer.from('before'));
    const scanned = scan();
    scanner.holdUp(Buffer.from('asked'));
    expect(await clock.runUntil(scanned)).toMatchObject({ reply: { data: base64('asked') } });
  });

  it('does not give the second half of a code that was begun before', async () => {
    const { clock, link, scanner, scan } = station();
    link.say(frame('qr-part-1'));
    const scanned = scan();
    link.say(frame('qr-part-2'));
    scanner.holdUp(Buffer.from('asked'));
    expect(await clock.runUntil(scanned)).toMatchObject({ reply: { data: base64('asked') } });
  });

  it('does not join the half code of one person with the code of the next', async () => {
    const { clock, scanner, scan } = station();
    scanner.faults.losesEnd = true;
    const first = scan(2_000);
    scanner.holdUp(Buffer.alloc(80, 'x'));
    expect(await clock.runUntil(first)).toMatchObject({ problem: { code: 'scan.none' } });
    scanner.faults.losesEnd = false;
    const second = scan();
    scanner.holdUp(Buffer.from('second'));
    expect(await clock.runUntil(second)).toMatchObject({ reply: { data: base64('second') } });
  });

  it('refuses a code of 7,000 digits at once, and gives no part of it to the next command', async () => {
    const { clock, scanner, scan } = station();
    scanner.faults.reportGapMs = 10;
    const first = scan();
    scanner.holdUp(Buffer.alloc(7_000, '7'));
    const from = clock.now();
    expect(await clock.runUntil(first)).toEqual({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'scan.rejected', detail: 'longer than 512 bytes' },
    });
    expect(clock.now() - from).toBeLessThan(300);
    const second = scan(60_000);
    await clock.run(5_000);
    scanner.holdUp(Buffer.from('second'));
    expect(await clock.runUntil(second)).toMatchObject({ reply: { data: base64('second') } });
  });

  it('without a code says scan.none, cancelled says so, and leaves no timer', async () => {
    const { clock, scan, driver } = station();
    expect(await clock.runUntil(scan(1_000))).toEqual({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'scan.none' },
    });
    const abort = new AbortController();
    const cancelled = scan(5_000, abort.signal);
    abort.abort();
    expect(await cancelled).toMatchObject({ kind: 'failed', problem: { code: 'kiosk.cancelled' } });
    await driver.close();
    await driver.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('in which only noise came says garbage; a truncated report is no code', async () => {
    const { clock, scanner, scan } = station();
    const noisy = scan(3_000);
    scanner.faults.truncateTo = 30;
    scanner.faults.garbageBytes = 9;
    scanner.holdUp(Buffer.from('A012'));
    expect(await clock.runUntil(noisy)).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.garbage' },
    });
    Object.assign(scanner.faults, { truncateTo: 0, garbageBytes: 0 });
    const sound = scan();
    scanner.holdUp(Buffer.from('A012'));
    expect(await clock.runUntil(sound)).toMatchObject({ kind: 'done' });
  });

  it('ends with the wire, and the half code does not outlive it', async () => {
    const { clock, link, driver, scan } = station();
    const lost = scan();
    await settled();
    link.say(frame('qr-part-1'));
    link.vanish();
    expect(await lost).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.lost' } });
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { code: 'device.absent' } });
    link.come();
    expect(driver.status()).toEqual({ device: 'online', paper: 'unknown', media: 'unknown' });
    const scanned = scan(1_000);
    await settled();
    link.say(frame('qr-part-2'));
    expect(await clock.runUntil(scanned)).toMatchObject({ reply: { data: base64('012345678901234567890123') } });
  });

  it('reads duplicates once a command', async () => {
    const { clock, scanner, scan } = station();
    scanner.faults.duplicates = 2;
    scanner.faults.duplicateGapMs = 0;
    const one = scan();
    scanner.holdUp(Buffer.from('twice'));
    expect((await clock.runUntil(one)).kind).toBe('done');
    expect(await clock.runUntil(scan(1_000))).toMatchObject({ problem: { code: 'scan.none' } });
  });
});

describe('a keyboard', () => {
  it('is kept out when a scanner maker made it, when it is our scanner, or when the site does not list it', () => {
    const all = [HONEYWELL_KEYBOARD, DESK_KEYBOARD, { vendorId: 0x0c2e, productId: 1, usagePage: 0x8c, usage: 2 }];
    expect(offendersIn(all, {})).toEqual([HONEYWELL_KEYBOARD]);
    expect(offendersIn(all, { allowed: [] })).toEqual([HONEYWELL_KEYBOARD, DESK_KEYBOARD]);
    expect(offendersIn(all, { allowed: [DESK_KEYBOARD, HONEYWELL_KEYBOARD] })).toEqual([]);
    const policy = { allowed: [DESK_KEYBOARD], scanner: { vendorId: 0x046d, productId: 0xc31c } };
    expect(offendersIn([DESK_KEYBOARD], policy)).toEqual([DESK_KEYBOARD]);
  });

  it('closes the scanner, its wire is not even opened, and it opens when the keyboard is gone', async () => {
    let listed: readonly HidListing[] = [HONEYWELL_KEYBOARD];
    const { clock, driver, link, scan, scanner } = station({ keyboards: { listings: () => Promise.resolve(listed) } });
    await settled();
    expect(link.state).toBe('connecting');
    expect(driver.status()).toMatchObject({
      device: 'userError',
      problem: { code: 'scan.keyboard', detail: 'types like a keyboard: 0c2e:0b61 Scanner' },
    });
    listed = [];
    await clock.run(2_000);
    expect(link.state).toBe('open');
    expect(driver.status().device).toBe('online');
    listed = [HONEYWELL_KEYBOARD];
    await clock.run(2_000);
    expect(driver.status().device).toBe('userError');
    const refused = scan();
    scanner.holdUp(Buffer.from('A012'));
    expect(await refused).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'scan.keyboard' } });
    await driver.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('that cannot be looked for is not assumed to be absent', async () => {
    const { driver, link } = station({ keyboards: { listings: () => Promise.reject(new Error('no such module')) } });
    await settled();
    expect(link.state).toBe('connecting');
    expect(driver.status()).toMatchObject({
      device: 'noDevice',
      problem: { code: 'device.driverMissing', detail: 'node-hid: no such module' },
    });
    await driver.close();
  });

  it('shows in the self-test with its numbers', async () => {
    const { driver } = station({ keyboards: { allowed: [], listings: () => Promise.resolve([DESK_KEYBOARD]) } });
    await settled();
    const lines = [];
    for await (const line of driver.selfTest()) lines.push(line);
    expect(lines[1]).toEqual({
      step: 'keyboards',
      result: 'fail',
      detail: 'scan.keyboard: types like a keyboard: 046d:c31c',
    });
    await driver.close();
  });
});

describe('a site', () => {
  const open = (config: Partial<DeviceConfig>) =>
    openScanner(
      {
        id: 'scan',
        class: 'scanner',
        model: 'serial',
        link: { kind: 'serial', path: '/dev/none', baudRate: 9600 },
        ...config,
      },
      { clock: new SimulatedClock(), cardProfiles: [] },
    );

  it('may set line end and AIM of a serial scanner, and nothing unknown', async () => {
    const opened = open({ settings: { lineEnd: 'lf', saysAim: true } });
    expect(opened.ok).toBe(true);
    if (opened.ok) await opened.value.close();
    expect(open({ settings: { lineEnd: 'nul' } })).toMatchObject({ ok: false, problem: { code: 'kiosk.badConfig' } });
    expect(open({ settings: { speed: 9600 } })).toMatchObject({ ok: false, problem: { code: 'kiosk.badConfig' } });
  });

  it('cannot hang a scanner on a wire it does not speak on', () => {
    expect(open({ model: 'honeywell-hidpos' })).toMatchObject({ ok: false, problem: { code: 'kiosk.badConfig' } });
    expect(open({ link: { kind: 'hid', vendorId: 1, productId: 2 } })).toMatchObject({ ok: false });
    expect(open({ model: 'no-such' })).toMatchObject({ ok: false });
  });
});
