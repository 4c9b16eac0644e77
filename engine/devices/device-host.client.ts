/** The engine's end: a host in another process. Its death settles every pending command as `unknown`: bytes may have gone out. */
import type { Clock } from '../../contract/clock.ts';
import { parse } from '../../contract/check.ts';
import { DEVICE_CLASSES } from '../../contract/devices/device-classes.ts';
import type { DeviceClass } from '../../contract/driver.ts';
import { failed, outcomeSchema, unknown, type Outcome, type Result } from '../../contract/outcome.schema.ts';
import { connect, type Port } from '../../contract/rpc.ts';
import type { DeviceHost } from './device-host.ts';
import { DEVICE_HOST_RPC } from './device-host.rpc.ts';

/** How much longer than its own deadline a command may stay unanswered before the host counts as hanging. */
const GRACE_MS = 2_000;
const SELF_TEST_MS = 60_000;
/** A host that cannot even answer this within its own limits hangs. */
const MEND_MS = 6_000;

export function createRemoteDeviceHost(port: Port, clock: Clock): DeviceHost {
  const client = connect(port, DEVICE_HOST_RPC, clock);
  const classes = new Map<string, DeviceClass>();
  let lastId = 0;
  return {
    async open(devices, cardProfiles) {
      for (const device of devices) classes.set(device.id, device.class);
      return client.call('open', { devices: [...devices], cardProfiles: [...cardProfiles] });
    },
    async execute(device, command, limits) {
      const deviceClass = classes.get(device);
      if (!deviceClass) return failed('device.absent', 'none', device);
      if (limits.signal.aborted) return failed('kiosk.cancelled', 'none');
      const id = ++lastId;
      const cancel = () => void client.call('cancel', { id });
      limits.signal.addEventListener('abort', cancel, { once: true });
      const budgetMs = Math.max(0, limits.deadline - clock.now());
      const answer = await client.call('execute', { id, device, command, budgetMs }, budgetMs + GRACE_MS);
      limits.signal.removeEventListener('abort', cancel);
      return outcomeOf(deviceClass, answer);
    },
    reset: (device) => client.call('reset', { device }, MEND_MS),
    reopen: (device) => client.call('reopen', { device }, MEND_MS),
    selfTest: (device) => client.call('selfTest', { device }, SELF_TEST_MS),
    onStatus: (listener) => void client.on('status', ({ device, status }) => listener(device, status)),
    onGone: (listener) => client.onGone(listener),
    close() {
      port.close();
      return Promise.resolve();
    },
  };
}

function outcomeOf(deviceClass: DeviceClass, answer: Result<unknown>): Outcome<unknown> {
  if (!answer.ok) return unknown('device.lost', answer.problem.code);
  const outcome = parse(outcomeSchema(DEVICE_CLASSES[deviceClass].reply), answer.value);
  return outcome.ok ? (outcome.value as Outcome<unknown>) : unknown('device.garbage', outcome.problem.detail);
}
