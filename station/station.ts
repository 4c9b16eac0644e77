import type { StationConfig } from '../contract/station-config.schema.ts';
import { startControlServer } from './control-server.ts';
import { openDevice } from './open-device.ts';
import type { StationDeviceHandle, Surroundings } from './station-device.ts';

export interface Station {
  /** Where a person finds the page. */
  readonly page: string;
  readonly devices: readonly StationDeviceHandle[];
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}

/** Starts every simulator of the configuration and the page. Rejects, with nothing left open, when a port is taken. */
export async function startStation(options: StationConfig & Surroundings): Promise<Station> {
  const opened = await Promise.allSettled(options.devices.map((config) => openDevice(config, options)));
  const devices = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    const refused = opened.find((result) => result.status === 'rejected');
    if (refused) throw refused.reason;
    const server = await startControlServer(devices, options.controlPort);
    return {
      page: `http://127.0.0.1:${server.port}/`,
      devices,
      async close() {
        await Promise.all([server.close(), closeAll(devices)]);
      },
    };
  } catch (error) {
    await closeAll(devices);
    throw error;
  }
}

async function closeAll(devices: readonly StationDeviceHandle[]): Promise<void> {
  await Promise.all(devices.map((device) => device.close()));
}
