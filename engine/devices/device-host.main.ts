/** A device host process: drivers and their native add-ons, away from the engine. Ends when its channel closes. */
import { openDriver } from '../../drivers/open-driver.ts';
import { systemClock } from '../../contract/clock.system.ts';
import type { Port } from '../../contract/rpc.ts';
import { portToParent } from '../ports/child-port.ts';
import { portToMessagePort } from '../ports/message-port.ts';
import { parentPortOf } from '../ports/utility-port.ts';
import { createLocalDeviceHost } from './device-host.ts';
import { serveDeviceHost } from './device-host.server.ts';

/** Electron's main process starts it and hands it a port to the engine; in plain Node its parent is the engine. */
function portToEngine(): Promise<Port> {
  const parentPort = parentPortOf(process);
  if (!parentPort) return Promise.resolve(portToParent(process));
  return new Promise((resolve) => {
    parentPort.on('message', ({ ports }) => {
      const end = ports?.[0];
      if (end) resolve(portToMessagePort(end));
    });
  });
}

const port = await portToEngine();
const host = createLocalDeviceHost(
  (config, cardProfiles) => openDriver(config, { clock: systemClock, cardProfiles }),
  systemClock,
);
// `close` has a limit of its own, so that a port that is never given back does not keep the process.
port.onClose(() => void host.close().then(() => process.exit(0)));
serveDeviceHost(port, host, systemClock);
