/**
 * Takes a USB device away from the kernel and gives it back, through `authorized` of its port: on hubs that switch power
 * per port this cuts it, on all others the device is at least enumerated anew. Needs write access to that file (a udev rule,
 * docs/operations/devices.md). (Linux, Documentation/usb/authorization)
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../contract/clock.ts';
import { pause } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

/** Long enough for the capacitors of a card reader. */
const OFF_MS = 2_000;

/** `device.notFitted` where there is no such port; `device.refused` where this user may not switch it. */
export function usbPortPower(
  clock: Clock,
  root = '/sys/bus/usb/devices',
): (usbPort: string) => Promise<Result<object>> {
  return async (usbPort) => {
    const file = join(root, usbPort, 'authorized');
    try {
      await writeFile(file, '0', { flag: 'r+' });
      await pause(clock, OFF_MS);
      await writeFile(file, '1', { flag: 'r+' });
      return ok({});
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'ENOENT') return fail('device.notFitted', `no USB port ${usbPort}`);
      if (code === 'EACCES' || code === 'EPERM') return fail('device.refused', `${file}: ${code}`);
      throw error;
    }
  };
}
