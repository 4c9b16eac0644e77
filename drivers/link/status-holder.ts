/** Keeps the last known status of a device and tells listeners when it changes, and only then. */
import { UNKNOWN_STATUS, type DeviceStatus, type Signals } from '../../contract/driver.ts';
import { Listeners } from './listeners.ts';

export class StatusHolder {
  readonly #listeners = new Listeners<DeviceStatus>();
  #status: DeviceStatus = UNKNOWN_STATUS;

  get value(): DeviceStatus {
    return this.#status;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#listeners.add(listener);
  }

  become(status: DeviceStatus): void {
    if (isSame(this.#status, status)) return;
    this.#status = status;
    this.#listeners.tell(status);
  }
}

function isSame(a: DeviceStatus, b: DeviceStatus): boolean {
  return (
    a.device === b.device &&
    a.paper === b.paper &&
    a.media === b.media &&
    a.problem?.code === b.problem?.code &&
    a.problem?.detail === b.problem?.detail &&
    sameSignals(a.signals ?? {}, b.signals ?? {})
  );
}

function sameSignals(a: Signals, b: Signals): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
