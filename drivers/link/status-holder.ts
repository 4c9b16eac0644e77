/** Keeps the last known status of a device and tells listeners when it changes, and only then. */
import { UNKNOWN_STATUS, type DeviceStatus } from '../../contract/driver.ts';
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
    a.problem?.detail === b.problem?.detail
  );
}
