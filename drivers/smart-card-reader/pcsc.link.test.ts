import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail } from '../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { loadPcscAddOn } from './pcsc-add-on.ts';
import { PcscCardLink } from './pcsc.link.ts';
import { FakePcsc, pcscError, type FakeReader } from './testing/fake-pcsc.ts';

function station(reader?: string) {
  const clock = new SimulatedClock();
  const service = new FakePcsc();
  const link = new PcscCardLink({ reader, clock, load: service.load });
  const plug = (name: string): FakeReader => {
    if (!service.client) throw new Error('no client');
    return service.client.plug(name);
  };
  return { clock, service, link, plug };
}

describe('readers', () => {
  it('is offline while the service has none, online with one, and follows the card', () => {
    const { link, plug } = station();
    link.open();
    link.open();
    expect(link.condition).toMatchObject({ state: 'offline', problem: { code: 'device.absent' } });
    const reader = plug('ACS ACR1281 00 00');
    expect(link.condition).toEqual({ state: 'online', presence: 'notPresent' });
    reader.lay(true);
    expect(link.condition).toEqual({ state: 'online', presence: 'present' });
    reader.lay(false);
    expect(link.condition).toEqual({ state: 'online', presence: 'notPresent' });
    reader.emit('disconnect');
    expect(link.condition).toMatchObject({ state: 'offline', presence: 'unknown' });
  });

  it('uses the reader with the wanted name only', () => {
    const { link, plug } = station('HID');
    link.open();
    plug('ACS ACR1281 00 00').lay(true);
    expect(link.condition.problem?.detail).toContain('HID');
    plug('HID Global OMNIKEY 00 00').lay(true);
    expect(link.condition.presence).toBe('present');
  });

  it('without a name takes the first that has a card', async () => {
    const { link, plug } = station();
    link.open();
    const empty = plug('A');
    const full = plug('B');
    full.lay(true);
    expect(await link.connect()).toMatchObject({ ok: true });
    expect(empty.log).toEqual([]);
    expect(full.log).toEqual(['connect 1']);
  });
});

describe('service', () => {
  it('is tried again, ever more slowly, until it runs', () => {
    const { clock, service, link } = station();
    service.isRunning = false;
    link.open();
    expect(link.condition.problem?.detail).toContain('NoService');
    clock.advance(60_000);
    expect(service.clients).toBeGreaterThan(8);
    expect(service.clients).toBeLessThan(20);
    service.isRunning = true;
    clock.advance(5_000);
    service.client?.plug('A');
    expect(link.condition.state).toBe('online');
    expect(clock.pendingTimers).toBe(0);
  });

  it('killed and started again is met with a new client; the old one is not listened to', () => {
    const { clock, service, link, plug } = station();
    link.open();
    const reader = plug('A');
    reader.lay(true);
    const old = service.client;
    old?.die();
    expect(link.condition).toMatchObject({ state: 'offline', presence: 'unknown' });
    expect(old?.isStopped).toBe(true);
    reader.lay(true);
    old?.emit('error', pcscError('CommError'));
    old?.plug('B');
    expect(link.condition.state).toBe('offline');
    service.isRunning = true;
    clock.advance(250);
    expect(service.client).not.toBe(old);
    plug('A').lay(true);
    expect(link.condition).toEqual({ state: 'online', presence: 'present' });
    clock.advance(10_000);
    expect(service.clients).toBe(2);
  });

  it('is left alone after close', async () => {
    const { clock, service, link } = station();
    service.isRunning = false;
    link.open();
    await link.close();
    await link.close();
    clock.advance(60_000);
    expect(service.clients).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('card', () => {
  async function connected() {
    const all = station();
    all.link.open();
    const reader = all.plug('A');
    reader.lay(true);
    const connection = await all.link.connect();
    if (!connection.ok) throw new Error(connection.problem.detail);
    return { ...all, reader, card: connection.value };
  }

  it('is let go once, powered off, whatever the service says', async () => {
    const { card, reader } = await connected();
    await card.end();
    await card.end();
    expect(reader.log).toEqual(['connect 1', 'disconnect 2']);
  });

  it.each([
    ['NoSmartCard', 'card.removed'],
    ['RemovedCard', 'card.removed'],
    ['NotTransacted', 'card.unreadable'],
    ['ResetCard', 'card.unreadable'],
    ['NoService', 'device.lost'],
    ['ReaderUnavailable', 'device.lost'],
  ])('%s in an exchange means %s', async (name, code) => {
    const { card, reader } = await connected();
    reader.answer = () => Promise.reject(pcscError(name));
    expect(await card.transmit(Uint8Array.of(0))).toMatchObject({ ok: false, problem: { code } });
  });

  it('has the ATR the service told with the change, else the one it is asked for', async () => {
    const { link, plug } = station();
    link.open();
    const reader = plug('A');
    reader.lay(true, Uint8Array.of(0x3b, 0x80));
    const told = await link.connect();
    expect(told.ok && told.value.atr).toEqual(Uint8Array.of(0x3b, 0x80));
    reader.lay(true);
    const asked = await link.connect();
    expect(asked.ok && asked.value.atr).toEqual(Uint8Array.of(0x3b));
  });

  it('that is still busy is let go when it has answered: the add-on throws at two things at once', async () => {
    const { card, reader } = await connected();
    let answer: (bytes: Uint8Array) => void = () => {};
    reader.answer = () => new Promise((resolve) => (answer = resolve));
    const late = card.transmit(Uint8Array.of(0));
    const ended = card.end();
    await Promise.resolve();
    expect(reader.log).toEqual(['connect 1']);
    answer(Uint8Array.of(0x90, 0x00));
    await ended;
    expect(await late).toMatchObject({ ok: true });
    expect(reader.log).toEqual(['connect 1', 'disconnect 2']);
  });

  it('that left in the middle answers with nothing', async () => {
    const { card, reader } = await connected();
    reader.answer = () => Promise.resolve(new Uint8Array());
    expect(await card.transmit(Uint8Array.of(0))).toEqual(fail('card.unreadable', 'no status word'));
  });

  it('cannot be connected: says why, and is let go when it was half done', async () => {
    const { link, plug } = station();
    expect(await link.connect()).toMatchObject({ ok: false });
    link.open();
    const reader = plug('A');
    expect(await link.connect()).toEqual(fail('card.removed'));
    reader.lay(true);
    reader.connectError = pcscError('SharingViolation');
    expect(await link.connect()).toMatchObject({ ok: false, problem: { code: 'device.busy' } });
    reader.connectError = undefined;
    reader.stateError = pcscError('RemovedCard');
    expect(await link.connect()).toMatchObject({ ok: false, problem: { code: 'card.removed' } });
    expect(reader.log.at(-1)).toBe('disconnect 2');
  });
});

describe('add-on', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kiosk-pcsc-'));
    writeFileSync(join(folder, 'package.json'), '{}');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function install(code: string): void {
    mkdirSync(join(folder, 'node_modules', 'pcsc-mini'), { recursive: true });
    writeFileSync(join(folder, 'node_modules', 'pcsc-mini', 'index.js'), code);
  }

  it('that is missing is named with the command that installs it', () => {
    const missing = fail(
      'device.driverMissing',
      'npm install --no-save --no-audit --no-fund --prefix drivers/smart-card-reader/pcsc',
    );
    expect(loadPcscAddOn(folder)).toEqual(missing);
    const link = new PcscCardLink({ clock: new SimulatedClock(), load: () => loadPcscAddOn(folder) });
    link.open();
    expect(link.condition).toMatchObject({ state: 'offline', problem: { code: 'device.driverMissing' } });
  });

  it('without its system library is named with the package that has it', () => {
    install('throw new Error("libpcsclite.so.1: cannot open shared object file")');
    expect(loadPcscAddOn(folder)).toEqual(fail('device.driverMissing', 'apt-get install libpcsclite1 pcscd'));
  });

  it('that is something else is not used', () => {
    install('module.exports = { Client: 1 }');
    expect(loadPcscAddOn(folder)).toMatchObject({ ok: false, problem: { code: 'device.driverMissing' } });
  });
});
