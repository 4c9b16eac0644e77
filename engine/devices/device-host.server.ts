/** The device host's end of the channel: answers the engine's calls with a local host's drivers. */
import type { Clock } from '../../contract/clock.ts';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import { NOTHING, serve, type Port } from '../../contract/rpc.ts';
import type { DeviceHost } from './device-host.ts';
import { DEVICE_HOST_RPC } from './device-host.rpc.ts';

export function serveDeviceHost(port: Port, host: DeviceHost, clock: Clock): void {
  const running = new Map<number, AbortController>();
  const server = serve(port, DEVICE_HOST_RPC, {
    async open({ devices, cardProfiles }) {
      return nothingOf(await host.open(devices, cardProfiles));
    },
    async execute({ id, device, command, budgetMs }) {
      const controller = new AbortController();
      running.set(id, controller);
      // Deadlines travel as what is left of them: two processes have no common monotonic clock.
      const limits = { deadline: clock.now() + budgetMs, signal: controller.signal };
      const outcome = await host.execute(device, command, limits);
      running.delete(id);
      return ok(outcome);
    },
    cancel({ id }) {
      running.get(id)?.abort();
      return NOTHING;
    },
    selfTest: ({ device }) => host.selfTest(device),
    reset: async ({ device }) => nothingOf(await host.reset(device)),
    reopen: async ({ device }) => nothingOf(await host.reopen(device)),
  });
  host.onStatus((device, status) => server.emit('status', { device, status }));
}

function nothingOf(result: Result<object>): Result<object> {
  return result.ok ? NOTHING : result;
}
