/** Opens drivers directly, without engine and hosts, and waits until each device has spoken. */
import type { Clock } from '../../contract/clock.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import { openDriver } from '../../drivers/open-driver.ts';
import type { AnyDriver, DriverWiring } from '../../drivers/opener.ts';

export interface OpenDevice {
  readonly config: DeviceConfig;
  readonly driver: AnyDriver;
}

/** All or none: with the first that cannot be, what is open is closed again. */
export async function openDevices(
  configs: readonly DeviceConfig[],
  wiring: DriverWiring,
): Promise<Result<readonly OpenDevice[]>> {
  const open: OpenDevice[] = [];
  for (const config of configs) {
    const driver = openDriver(config, wiring);
    if (!driver.ok) {
      await closeDevices(open);
      return driver;
    }
    open.push({ config, driver: driver.value });
  }
  return ok(open);
}

export async function closeDevices(devices: readonly OpenDevice[]): Promise<void> {
  await Promise.all(devices.map(({ driver }) => driver.close()));
}

/** Resolves when the device has said how it is, when it cannot ever, or when the time is over. */
export function untilSpoken(driver: AnyDriver, clock: Clock, waitMs: number): Promise<DeviceStatus> {
  return new Promise((resolve) => {
    const timer = clock.after(waitMs, end);
    const stop = driver.subscribe(look);
    function end(): void {
      clock.cancel(timer);
      stop();
      resolve(driver.status());
    }
    function look({ device }: DeviceStatus): void {
      if (!WAITING.includes(device)) end();
    }
    look(driver.status());
  });
}

/** A wire that is lost is dialled again, so `offline` may still pass; a library that is missing does not come. */
const WAITING: readonly DeviceStatus['device'][] = ['unknown', 'starting', 'offline'];
