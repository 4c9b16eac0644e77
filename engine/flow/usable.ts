/** Whether a device can be asked for something now. */
import type { DeviceStatus } from '../../contract/driver.ts';

export function usable({ device }: Pick<DeviceStatus, 'device'>): boolean {
  return device === 'online' || device === 'deviceBusy';
}
