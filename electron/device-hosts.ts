/**
 * Device hosts for one engine. The engine cannot start them itself: an Electron whose RunAsNode fuse is off forks no Node.
 * Each gets one end of a channel, the engine the other; main keeps neither, and ends them all when their engine ends, so
 * that the next engine finds the wires free.
 */
import { MessageChannelMain, utilityProcess, type UtilityProcess } from 'electron';
import { parse } from '../contract/check.ts';
import { problem, type Problem } from '../contract/outcome.schema.ts';
import { DeviceHostEnd, DeviceHostRequest } from '../engine/ports/device-host-request.schema.ts';

/** One for PC/SC, one for the wires, and as many again while those are on their way out. */
const MAX_DEVICE_HOSTS = 4;

export interface DeviceHostsOptions {
  /** Path of the built device host. */
  readonly entry: string;
  readonly report: (problem: Problem) => void;
}

/** Serves an engine until it exits. */
export function serveDeviceHosts(engine: UtilityProcess, { entry, report }: DeviceHostsOptions): void {
  const running = new Map<number, UtilityProcess>();
  let isEngineGone = false;

  function refuse(number: number, why: string): void {
    report(problem('kiosk.badMessage', why));
    engine.postMessage({ deviceHostGone: number });
  }

  function start(number: number, group: string): void {
    const host = utilityProcess.fork(entry, [], {
      serviceName: `kiosk-devices-${group}`,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    running.set(number, host);
    host.once('exit', (code) => {
      running.delete(number);
      if (isEngineGone) return;
      if (code !== 0) report(problem('kiosk.peerGone', `device host ${group}: exit code ${code}`));
      engine.postMessage({ deviceHostGone: number });
    });
    const { port1, port2 } = new MessageChannelMain();
    host.postMessage({ deviceHost: number }, [port1]);
    engine.postMessage({ deviceHost: number }, [port2]);
  }

  engine.on('message', (message: unknown) => {
    const ended = parse(DeviceHostEnd, message);
    const stuck = ended.ok ? running.get(ended.value.endDeviceHost) : undefined;
    if (stuck) return end(stuck);
    const request = parse(DeviceHostRequest, message);
    if (!request.ok) return; // what the engine says to its keeper
    const { startDeviceHost: number, group } = request.value;
    if (running.has(number)) refuse(number, `a second device host ${number}`);
    else if (running.size >= MAX_DEVICE_HOSTS) refuse(number, `more than ${MAX_DEVICE_HOSTS} device hosts`);
    else start(number, group);
  });
  engine.once('exit', () => {
    isEngineGone = true;
    for (const host of running.values()) end(host);
  });
}

/** Without asking: whoever could have been told what it still does is gone. */
function end(host: UtilityProcess): void {
  // false: it has not been spawned yet, and can be ended only after it was
  if (!host.kill()) host.once('spawn', () => void host.kill());
}
