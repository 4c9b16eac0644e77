/** Drivers behind one interface, whether they run in this process or in a child whose death must hurt nobody else. */
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import { DEVICE_CLASSES } from '../../contract/devices/device-classes.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { parse } from '../../contract/check.ts';
import type { DeviceStatus, Limits, SelfTestLine } from '../../contract/driver.ts';
import type { AnyDriver } from '../../drivers/opener.ts';
import { fail, failed, ok, type Outcome, type Result } from '../../contract/outcome.schema.ts';

/** Makes the driver of a device; a model that no driver knows is a fault of the configuration. */
export type OpenDriver = (config: DeviceConfig, cardProfiles: readonly CardProfile[]) => Result<AnyDriver>;

export interface DeviceHost {
  open(devices: readonly DeviceConfig[], cardProfiles: readonly CardProfile[]): Promise<Result<object>>;
  /** The command is checked against its class before a driver sees it. Never rejects. */
  execute(device: string, command: unknown, limits: Limits): Promise<Outcome<unknown>>;
  selfTest(device: string): Promise<Result<SelfTestLine[]>>;
  onStatus(listener: (device: string, status: DeviceStatus) => void): void;
  /** Called when the host died; every pending command has settled by then. */
  onGone(listener: () => void): void;
  close(): Promise<void>;
}

export function createLocalDeviceHost(openDriver: OpenDriver): DeviceHost {
  const drivers = new Map<string, { driver: AnyDriver; config: DeviceConfig; stop: () => void }>();
  const listeners = new Set<(device: string, status: DeviceStatus) => void>();
  function tell(device: string, status: DeviceStatus): void {
    for (const listener of listeners) listener(device, status);
  }
  return {
    open(devices, cardProfiles) {
      for (const config of devices) {
        const opened = openDriver(config, cardProfiles);
        if (!opened.ok) return Promise.resolve(opened);
        const stop = opened.value.subscribe((status) => tell(config.id, status));
        drivers.set(config.id, { driver: opened.value, config, stop });
        tell(config.id, opened.value.status());
      }
      return Promise.resolve(ok({}));
    },
    execute(device, command, limits) {
      const entry = drivers.get(device);
      if (!entry) return Promise.resolve(failed('device.absent', 'none', device));
      const checked = parse(DEVICE_CLASSES[entry.config.class].command, command);
      if (!checked.ok) return Promise.resolve(failed('kiosk.badMessage', 'none', checked.problem.detail));
      return entry.driver.execute(checked.value, limits);
    },
    async selfTest(device) {
      const entry = drivers.get(device);
      if (!entry) return fail('device.absent', device);
      const lines: SelfTestLine[] = [];
      for await (const line of entry.driver.selfTest()) lines.push(line);
      return ok(lines);
    },
    onStatus: (listener) => void listeners.add(listener),
    onGone: () => undefined,
    async close() {
      const open = [...drivers.values()];
      drivers.clear();
      for (const { stop } of open) stop();
      await Promise.all(open.map(({ driver }) => driver.close()));
    },
  };
}
