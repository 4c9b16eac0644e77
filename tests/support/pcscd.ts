/** The machine's real PC/SC service with the virtual reader of vsmartcard (device-protocols 2.7). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { loadPcscAddOn } from '../../drivers/smart-card-reader/pcsc-add-on.ts';
import { until } from '../../scripts/journey/watching.ts';

const PCSCD = '/usr/sbin/pcscd';
const VPCD = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';

/** Where the virtual reader waits for its card, and how it is called. */
export const VPCD_PORT = 35_963;
export const VPCD_READER = 'Virtual PCD 00 00';

/** Why it cannot be used here; undefined when it can. */
export function whatPcscdLacks(): string | undefined {
  if (!existsSync(PCSCD)) return 'apt-get install pcscd';
  if (!existsSync(VPCD)) return 'apt-get install vsmartcard-vpcd';
  const addOn = loadPcscAddOn();
  return addOn.ok ? undefined : addOn.problem.detail;
}

export interface Pcscd {
  end(): Promise<void>;
}

/** Starts the service unless one runs already; one that ran already is left running. */
export async function startPcscd(): Promise<Pcscd> {
  if (await vpcdListens()) return { end: () => Promise.resolve() };
  const daemon = spawn(PCSCD, ['--foreground'], { stdio: 'ignore' });
  const ended = once(daemon, 'exit');
  await until('pcscd has its virtual reader', vpcdListens);
  return {
    async end() {
      daemon.kill('SIGTERM');
      await ended;
    },
  };
}

function vpcdListens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: VPCD_PORT });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
