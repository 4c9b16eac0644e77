import { describe, expect, it } from 'vitest';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import type { DeviceStatus, Limits } from '../../contract/driver.ts';
import { done, fail, ok, type Outcome } from '../../contract/outcome.schema.ts';
import type { Port } from '../../contract/rpc.ts';
import { SimulatedClock, settled } from '../../tests/support/simulated-clock.ts';
import { createRemoteDeviceHost } from './device-host.client.ts';
import { serveDeviceHost } from './device-host.server.ts';
import type { AnyDriver } from '../../drivers/opener.ts';
import { createLocalDeviceHost, type DeviceHost } from './device-host.ts';
import { createDeviceManager } from './device-manager.ts';

const PRINTER: DeviceConfig = {
  id: 'receipt-1',
  class: 'receipt-printer',
  model: 'custom-vkp80',
  link: { kind: 'tcp', host: '127.0.0.1', port: 9100 },
};
const CARD: DeviceConfig = { id: 'card-1', class: 'smart-card-reader', model: 'contactless', link: { kind: 'pcsc' } };
const ONLINE: DeviceStatus = { device: 'online', paper: 'full', media: 'notPresent' };

interface FakeDriver extends AnyDriver {
  readonly commands: unknown[];
  become(status: DeviceStatus): void;
  answer(outcome: Outcome<unknown>): void;
  closed: boolean;
}

function fakeDriver(): FakeDriver {
  const listeners = new Set<(status: DeviceStatus) => void>();
  let settle: ((outcome: Outcome<unknown>) => void) | undefined;
  let status = ONLINE;
  const driver: FakeDriver = {
    describe: { id: 'receipt-1', class: 'receipt-printer', model: 'fake', link: 'none' },
    commands: [],
    closed: false,
    status: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    execute(command, { signal }: Limits) {
      driver.commands.push(command);
      return new Promise((resolve) => {
        settle = resolve;
        signal.addEventListener('abort', () => resolve({ kind: 'unknown', problem: { code: 'kiosk.cancelled' } }));
      });
    },
    async *selfTest() {
      yield await Promise.resolve({ step: 'status', result: 'pass', detail: 'online' } as const);
    },
    close() {
      driver.closed = true;
      return Promise.resolve();
    },
    become(next) {
      status = next;
      for (const listener of listeners) listener(next);
    },
    answer: (outcome) => settle?.(outcome),
  };
  return driver;
}

/** Two ends of a process boundary in one process; `die` is what the death of the far process looks like. */
function boundary() {
  const near: ((message: unknown) => void)[] = [];
  const far: ((message: unknown) => void)[] = [];
  const closers: (() => void)[] = [];
  let isDead = false;
  function die(): void {
    if (isDead) return;
    isDead = true;
    closers.forEach((closer) => closer());
  }
  const end = (own: typeof near, other: typeof near): Port => ({
    post(message) {
      if (!isDead) queueMicrotask(() => other.forEach((listener) => listener(structuredClone(message))));
    },
    onMessage: (listener) => void own.push(listener),
    onClose: (listener) => void closers.push(listener),
    close: die,
  });
  return { near: end(near, far), far: end(far, near), die };
}

function setUp(devices: readonly DeviceConfig[] = [PRINTER]) {
  const clock = new SimulatedClock();
  const started: { group: string; die: () => void; driver: FakeDriver; of: (device: string) => FakeDriver }[] = [];
  const manager = createDeviceManager({
    devices,
    cardProfiles: [],
    clock,
    startHost(group): DeviceHost {
      const wires = boundary();
      const drivers = new Map<string, FakeDriver>();
      const of = (device: string): FakeDriver => {
        const driver = drivers.get(device) ?? fakeDriver();
        drivers.set(device, driver);
        return driver;
      };
      const host = createLocalDeviceHost(({ id }) => ok(of(id)), clock);
      serveDeviceHost(wires.far, host, clock);
      started.push({ group, die: wires.die, driver: of(devices[0]?.id ?? ''), of });
      return createRemoteDeviceHost(wires.near, clock);
    },
  });
  return { clock, manager, started };
}

function limits(clock: SimulatedClock, ms = 10_000, signal = new AbortController().signal): Limits {
  return { deadline: clock.now() + ms, signal };
}

describe('a device behind a process boundary', () => {
  it('is unknown until it has spoken, then what it says', async () => {
    const { manager, started } = setUp();
    expect(manager.status('receipt-printer').device).toBe('unknown');
    await settled();
    expect(manager.status('receipt-printer')).toEqual(ONLINE);
    started[0]?.driver.become({ ...ONLINE, paper: 'out' });
    await settled();
    expect(manager.status('receipt-printer').paper).toBe('out');
  });

  it('that the profile does not name is noDevice, and a command to it fails without effect', async () => {
    const { manager, clock } = setUp();
    expect(manager.status('payment-terminal').device).toBe('noDevice');
    const sale = { kind: 'sale', trade: 'T', echo: '0001', amountCents: 1 } as const;
    expect(await manager.execute('payment-terminal', sale, limits(clock))).toMatchObject({
      kind: 'failed',
      effect: 'none',
    });
  });

  it('gets a command and its outcome comes back', async () => {
    const { manager, clock, started } = setUp();
    await settled();
    const running = manager.execute('receipt-printer', { kind: 'checkpoint' }, limits(clock));
    await settled();
    const reply = { kind: 'checkpoint', checkpoint: 'cm=510' };
    started[0]?.driver.answer(done(reply, { method: 'custom.remaining', value: '510' }));
    expect(await running).toMatchObject({ kind: 'done', reply });
  });

  it('never sees a command that is none of its class', async () => {
    const { manager, clock, started } = setUp();
    await settled();
    const command = { kind: 'open-till' } as unknown as { kind: 'checkpoint' };
    expect(await manager.execute('receipt-printer', command, limits(clock))).toMatchObject({
      kind: 'failed',
      effect: 'none',
    });
    expect(started[0]?.driver.commands).toEqual([]);
  });

  it('whose reply is none of its class gives unknown, not a guess', async () => {
    const { manager, clock, started } = setUp();
    await settled();
    const running = manager.execute('receipt-printer', { kind: 'checkpoint' }, limits(clock));
    await settled();
    started[0]?.driver.answer(done({ kind: 'nonsense' }, { method: 'x', value: 'y' }));
    expect(await running).toMatchObject({ kind: 'unknown', problem: { code: 'device.garbage' } });
  });

  it('is told when the caller gives up', async () => {
    const { manager, clock } = setUp();
    await settled();
    const giveUp = new AbortController();
    const running = manager.execute('receipt-printer', { kind: 'retract' }, limits(clock, 10_000, giveUp.signal));
    await settled();
    giveUp.abort();
    expect(await clock.runUntil(running)).toMatchObject({ kind: 'unknown', problem: { code: 'kiosk.cancelled' } });
  });
});

describe('the death of a device host', () => {
  it('settles the running command as unknown, takes its devices offline, and it is started again', async () => {
    const { manager, clock, started } = setUp();
    await settled();
    const running = manager.execute('receipt-printer', { kind: 'retract' }, limits(clock));
    await settled();
    started[0]?.die();
    expect(await running).toMatchObject({ kind: 'unknown', problem: { code: 'device.lost' } });
    expect(manager.status('receipt-printer')).toMatchObject({ device: 'offline', paper: 'unknown' });
    await clock.run(1_000);
    expect(started).toHaveLength(2);
    expect(manager.status('receipt-printer')).toEqual(ONLINE);
  });

  it('over and over makes the waits longer, up to half a minute', async () => {
    const { clock, started } = setUp();
    for (let death = 0; death < 8; death += 1) {
      await settled();
      started.at(-1)?.die();
      await clock.run(30_000);
    }
    expect(started).toHaveLength(9);
    started.at(-1)?.die();
    await clock.run(29_000);
    expect(started).toHaveLength(9);
  });

  it('of the card reader does not touch the printer', async () => {
    const { manager, started } = setUp([PRINTER, CARD]);
    await settled();
    expect(started.map(({ group }) => group).toSorted()).toEqual(['pcsc', 'wires']);
    started.find(({ group }) => group === 'pcsc')?.die();
    expect(manager.status('receipt-printer')).toEqual(ONLINE);
    expect(manager.status('smart-card-reader').device).toBe('offline');
  });
});

it('a model that no driver knows shows as no device with the configuration named, and closes no other', async () => {
  const clock = new SimulatedClock();
  const manager = createDeviceManager({
    devices: [{ ...PRINTER, id: 'bad-1', class: 'locker' }, PRINTER],
    cardProfiles: [],
    clock,
    startHost: () =>
      createLocalDeviceHost(
        ({ id }) => (id === 'bad-1' ? fail('kiosk.badConfig', 'no driver for model x') : ok(fakeDriver())),
        clock,
      ),
  });
  await settled();
  expect(manager.status('locker')).toMatchObject({ device: 'noDevice', problem: { code: 'kiosk.badConfig' } });
  expect(manager.status('receipt-printer')).toEqual(ONLINE);
});

describe('a device that stays silent', () => {
  const SILENT: DeviceStatus = { device: 'offline', paper: 'unknown', media: 'unknown' };

  it('is opened anew, and works again when the new driver finds it', async () => {
    const { clock, manager, started } = setUp();
    const notes: string[] = [];
    manager.onRecovery(({ rung, result }) => notes.push(`${rung} ${result}`));
    await settled();
    started[0]?.driver.become(SILENT);
    await clock.run(11_000);
    expect(started[0]?.driver.closed).toBe(true);
    started[0]?.driver.become(ONLINE);
    await settled();
    expect(notes).toEqual(['reset notFitted', 'reopen tried', 'reopen recovered']);
    expect(manager.all()[0]).toMatchObject({ recoveries: { reset: 0, reopen: 1 }, isIsolated: false });
  });

  it('and whose driver never lets go of its wire gets a new host within five seconds of that', async () => {
    const { clock, manager, started } = setUp();
    const notes: string[] = [];
    manager.onRecovery(({ rung, result }) => notes.push(`${rung} ${result} at ${clock.now()}`));
    await settled();
    const driver = started[0]?.driver;
    if (driver) driver.close = () => new Promise(() => undefined);
    driver?.become(SILENT);
    await clock.run(10_000 + 5_000);
    expect(notes.slice(1)).toEqual([
      'reopen failed at 13000',
      'restartHost tried at 13000',
      'restartHost recovered at 14000',
    ]);
    expect(started).toHaveLength(2);
    expect(manager.status('receipt-printer')).toEqual(ONLINE);
  });

  it('does not take its neighbours down with it while they are well', async () => {
    const { clock, manager, started } = setUp([PRINTER, { ...PRINTER, id: 'pay-1', class: 'payment-terminal' }]);
    const notes: string[] = [];
    manager.onRecovery(({ rung, result }) => notes.push(`${rung} ${result}`));
    await settled();
    started[0]?.of('receipt-1').become(SILENT);
    await clock.run(60_000);
    expect(started).toHaveLength(1);
    expect(notes).toContain('restartHost notFitted');
  });

  it('does not take the host from under another device’s command', async () => {
    const { clock, manager, started } = setUp([PRINTER, { ...PRINTER, id: 'pay-1', class: 'payment-terminal' }]);
    await settled();
    const sale = { kind: 'sale', trade: 'T', echo: '0001', amountCents: 1 } as const;
    void manager.execute('payment-terminal', sale, limits(clock, 600_000));
    await settled();
    started[0]?.driver.become(SILENT);
    await clock.run(120_000);
    expect(started).toHaveLength(1);
  });

  it('is isolated, and counted, when nothing helps', async () => {
    const { clock, manager, started } = setUp();
    await settled();
    for (let second = 0; second < 75; second += 1) {
      started.at(-1)?.driver.become(SILENT);
      await clock.run(1_000);
    }
    expect(manager.all()[0]).toMatchObject({ isIsolated: true, recoveries: { isolate: 1 } });
  });
});
