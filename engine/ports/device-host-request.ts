/** The engine's side of asking for a device host: a `Port` at once, which is joined to the real one when that arrives. */
import { parse } from '../../contract/check.ts';
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { Port } from '../../contract/rpc.ts';
import { DEVICE_HOST_END_MS, DeviceHostGone, DeviceHostStarted } from './device-host-request.schema.ts';
import { portToMessagePort } from './message-port.ts';
import type { UtilityParentPort } from './utility-port.ts';

/** Asks main for a device host for a group of devices (`pcsc`, `wires`); its port closes when the host is gone or refused. */
export function askForDeviceHosts(parentPort: UtilityParentPort, clock: Clock): (group: string) => Port {
  const asked = new Map<number, PortToCome>();
  /** Closed on this side, not yet known to be gone. */
  const ending = new Map<number, TimerHandle>();
  let lastNumber = 0;
  parentPort.on('message', ({ data, ports }) => {
    const started = parse(DeviceHostStarted, data);
    const end = ports?.[0];
    if (started.ok && end) {
      const waiting = asked.get(started.value.deviceHost);
      if (waiting) waiting.arrive(portToMessagePort(end));
      else end.close(); // it was given up meanwhile; a device host ends when its port closes
      return;
    }
    const gone = parse(DeviceHostGone, data);
    if (gone.ok) forget(gone.value.deviceHostGone);
  });

  function forget(number: number): void {
    asked.get(number)?.close();
    const timer = ending.get(number);
    if (timer) clock.cancel(timer);
    ending.delete(number);
  }

  /** A native call that never returns would keep the process, and with it the wire that the next one needs. */
  function expectEnd(number: number): void {
    asked.delete(number);
    const timer = clock.after(DEVICE_HOST_END_MS, () => {
      ending.delete(number);
      parentPort.postMessage({ endDeviceHost: number });
    });
    ending.set(number, timer);
  }

  return (group) => {
    lastNumber += 1;
    const number = lastNumber;
    const port = new PortToCome();
    asked.set(number, port);
    port.onClose(() => expectEnd(number));
    parentPort.postMessage({ startDeviceHost: number, group });
    return port;
  };
}

class PortToCome implements Port {
  readonly #unsent: unknown[] = [];
  readonly #messageListeners: ((message: unknown) => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  #port: Port | undefined;
  #isOpen = true;

  /** Only asked for while this port is open. */
  arrive(port: Port): void {
    this.#port = port;
    for (const message of this.#unsent.splice(0)) port.post(message);
    port.onClose(() => this.close());
    port.onMessage((message) => {
      for (const listener of this.#messageListeners) listener(message);
    });
  }

  post(message: unknown): void {
    if (!this.#isOpen) return;
    if (this.#port) this.#port.post(message);
    else this.#unsent.push(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener);
  }

  onClose(listener: () => void): void {
    if (this.#isOpen) this.#closeListeners.push(listener);
    else listener();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#port?.close();
    for (const listener of this.#closeListeners.splice(0)) listener();
  }
}
