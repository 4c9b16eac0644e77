/** Two ports, each the other's far end; messages are cloned and arrive in a later microtask, as over a real channel. */
import type { Port } from '../../contract/rpc.ts';

class PairedPort implements Port {
  far!: PairedPort;
  isClosed = false;
  readonly posted: unknown[] = [];
  readonly #messageListeners: ((message: unknown) => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];

  post(message: unknown): void {
    if (this.isClosed) return;
    const copy: unknown = structuredClone(message);
    this.posted.push(copy);
    queueMicrotask(() => {
      for (const listener of this.far.#messageListeners) listener(copy);
    });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  close(): void {
    if (this.isClosed) return;
    for (const end of [this, this.far]) {
      end.isClosed = true;
      for (const listener of end.#closeListeners) listener();
    }
  }
}

export function portPair(): [PairedPort, PairedPort] {
  const near = new PairedPort();
  const far = new PairedPort();
  near.far = far;
  far.far = near;
  return [near, far];
}
