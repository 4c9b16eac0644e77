/** Drivers behind one interface, whether they run in this process or in a child whose death must hurt nobody else. */
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import { DEVICE_CLASSES } from '../../contract/devices/device-classes.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { parse } from '../../contract/check.ts';
import type { Clock } from '../../contract/clock.ts';
import { UNKNOWN_STATUS, type DeviceStatus, type Limits, type SelfTestLine } from '../../contract/driver.ts';
import type { AnyDriver } from '../../drivers/opener.ts';
import { fail, failed, ok, type Outcome, type Result } from '../../contract/outcome.schema.ts';

/** Makes the driver of a device; a model that no driver knows is a fault of the configuration. */
export type OpenDriver = (config: DeviceConfig, cardProfiles: readonly CardProfile[]) => Result<AnyDriver>;

export interface DeviceHost {
  /** A device that cannot be opened says so in its status; the others are open. */
  open(devices: readonly DeviceConfig[], cardProfiles: readonly CardProfile[]): Promise<Result<object>>;
  /** The command is checked against its class before a driver sees it. Never rejects. */
  execute(device: string, command: unknown, limits: Limits): Promise<Outcome<unknown>>;
  selfTest(device: string): Promise<Result<SelfTestLine[]>>;
  /** Asks the device to begin anew; `device.notFitted` when its protocol cannot. */
  reset(device: string): Promise<Result<object>>;
  /** Closes the driver and opens another one; `device.busy` when the old one does not let go of the wire. */
  reopen(device: string): Promise<Result<object>>;
  onStatus(listener: (device: string, status: DeviceStatus) => void): void;
  /** Called when the host died; every pending command has settled by then. */
  onGone(listener: () => void): void;
  close(): Promise<void>;
}

/** A port that the operating system does not give back within this time will not be given back to this process. */
const LET_GO_MS = 3_000;
const RESET_MS = 4_000;

interface Open {
  readonly driver: AnyDriver;
  readonly config: DeviceConfig;
  readonly stop: () => void;
}

export function createLocalDeviceHost(openDriver: OpenDriver, clock: Clock): DeviceHost {
  return new LocalDeviceHost(openDriver, clock);
}

class LocalDeviceHost implements DeviceHost {
  readonly #openDriver: OpenDriver;
  readonly #clock: Clock;
  readonly #drivers = new Map<string, Open>();
  readonly #listeners = new Set<(device: string, status: DeviceStatus) => void>();
  #cardProfiles: readonly CardProfile[] = [];

  constructor(openDriver: OpenDriver, clock: Clock) {
    this.#openDriver = openDriver;
    this.#clock = clock;
  }

  open(devices: readonly DeviceConfig[], cardProfiles: readonly CardProfile[]): Promise<Result<object>> {
    this.#cardProfiles = cardProfiles;
    for (const config of devices) {
      const opened = this.#openOne(config);
      // One device that cannot be opened is no reason to close the others.
      if (!opened.ok) this.#tell(config.id, { ...UNKNOWN_STATUS, device: 'noDevice', problem: opened.problem });
    }
    return Promise.resolve(ok({}));
  }

  execute(device: string, command: unknown, limits: Limits): Promise<Outcome<unknown>> {
    const entry = this.#drivers.get(device);
    if (!entry) return Promise.resolve(failed('device.absent', 'none', device));
    const checked = parse(DEVICE_CLASSES[entry.config.class].command, command);
    if (!checked.ok) return Promise.resolve(failed('kiosk.badMessage', 'none', checked.problem.detail));
    return entry.driver.execute(checked.value, limits);
  }

  async selfTest(device: string): Promise<Result<SelfTestLine[]>> {
    const entry = this.#drivers.get(device);
    if (!entry) return fail('device.absent', device);
    const lines: SelfTestLine[] = [];
    for await (const line of entry.driver.selfTest()) lines.push(line);
    return ok(lines);
  }

  async reset(device: string): Promise<Result<object>> {
    const driver = this.#drivers.get(device)?.driver;
    if (!driver) return fail('device.absent', device);
    if (!driver.reset) return fail('device.notFitted', device);
    const limits = { deadline: this.#clock.now() + RESET_MS, signal: new AbortController().signal };
    const outcome = await driver.reset(limits);
    return outcome.kind === 'done' ? ok({}) : { ok: false, problem: outcome.problem };
  }

  async reopen(device: string): Promise<Result<object>> {
    const entry = this.#drivers.get(device);
    if (!entry) return fail('device.absent', device);
    entry.stop();
    if (!(await this.#closesInTime(entry.driver))) return fail('device.busy', `${device} does not let go of its wire`);
    this.#drivers.delete(device);
    const opened = this.#openOne(entry.config);
    return opened.ok ? ok({}) : opened;
  }

  onStatus(listener: (device: string, status: DeviceStatus) => void): void {
    this.#listeners.add(listener);
  }

  onGone(): void {
    // it lives as long as the process it is in
  }

  async close(): Promise<void> {
    const open = [...this.#drivers.values()];
    this.#drivers.clear();
    for (const { stop } of open) stop();
    await Promise.all(open.map(({ driver }) => this.#closesInTime(driver)));
  }

  #openOne(config: DeviceConfig): Result<AnyDriver> {
    const opened = this.#openDriver(config, this.#cardProfiles);
    if (!opened.ok) return opened;
    const driver = opened.value;
    const stop = driver.subscribe((status) => this.#tell(config.id, status));
    this.#drivers.set(config.id, { driver, config, stop });
    this.#tell(config.id, driver.status());
    return opened;
  }

  #closesInTime(driver: AnyDriver): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(LET_GO_MS, () => resolve(false));
      void driver.close().then(() => {
        this.#clock.cancel(timer);
        resolve(true);
      });
    });
  }

  #tell(device: string, status: DeviceStatus): void {
    for (const listener of this.#listeners) listener(device, status);
  }
}
