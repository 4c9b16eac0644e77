/** How long this machine has been up, by the kernel's own clock: it survives a restart of the program and cannot be set. */
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { MachineTime } from './journal.schema.ts';

/** Undefined where the kernel does not name its boots. */
export function machineTime(): MachineTime | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return boot === '' ? undefined : { boot, upMs: Math.floor(uptime() * 1_000) };
  } catch {
    return undefined; // not Linux, or no /proc: then every sale counts as just sent
  }
}
