/** A device host process: drivers and their native add-ons, away from the engine. Ends when its channel closes. */
import { openDriver } from '../../drivers/open-driver.ts';
import { systemClock } from '../../contract/clock.system.ts';
import { portToParent } from '../ports/child-port.ts';
import { createLocalDeviceHost } from './device-host.ts';
import { serveDeviceHost } from './device-host.server.ts';

const port = portToParent(process);
const host = createLocalDeviceHost((config, cardProfiles) => openDriver(config, { clock: systemClock, cardProfiles }));
serveDeviceHost(port, host, systemClock);
port.onClose(() => void host.close().then(() => process.exit(0)));
