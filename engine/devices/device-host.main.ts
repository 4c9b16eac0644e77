/** A device host process: drivers and their native add-ons, away from the engine. Ends when its channel closes. */
import { systemClock } from '../../contract/clock.system.ts';
import { portToParent } from '../ports/child-port.ts';
import { createLocalDeviceHost } from './device-host.ts';
import { serveDeviceHost } from './device-host.server.ts';
import { openAnyDriver } from './open-any-driver.ts';

const port = portToParent(process);
const host = createLocalDeviceHost(openAnyDriver(systemClock));
serveDeviceHost(port, host, systemClock);
port.onClose(() => void host.close().then(() => process.exit(0)));
