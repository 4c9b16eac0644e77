/** The HID library without a bus: devices are plugged in and pulled out by the test, and every handle is counted. */
import type { FoundHid, HidLibrary, OpenHid } from '../hid.link.ts';

export interface PluggedHid extends FoundHid {
  readonly path: string;
}

export class FakeHid implements HidLibrary {
  readonly plugged: PluggedHid[] = [];
  /** Open handles, in the order in which they were opened. */
  readonly handles: FakeHandle[] = [];
  opened = 0;
  /** While it is set, a handle opens only when the test calls it. */
  holdOpening: ((open: () => void) => void) | undefined;

  readonly HIDAsync = {
    open: async (path: string): Promise<OpenHid> => {
      if (this.holdOpening) await new Promise<void>((resolve) => this.holdOpening?.(resolve));
      if (!this.plugged.some((device) => device.path === path)) throw new Error(`cannot open device ${path}`);
      if (this.handles.some((handle) => handle.path === path)) throw new Error(`${path} is held already`);
      const handle = new FakeHandle(path, () => void this.handles.splice(this.handles.indexOf(handle), 1));
      this.handles.push(handle);
      this.opened += 1;
      return handle;
    },
  };

  devicesAsync(): Promise<readonly FoundHid[]> {
    return Promise.resolve([...this.plugged]);
  }

  /** The cable is pulled: nothing but a failing read says so. */
  unplug(path: string): void {
    this.plugged.splice(0, this.plugged.length, ...this.plugged.filter((device) => device.path !== path));
    for (const handle of this.handles)
      if (handle.path === path) handle.fail(new Error('could not read from HID device'));
  }
}

export class FakeHandle implements OpenHid {
  readonly path: string;
  /** Capital hex of each report, its number first. */
  readonly written: string[] = [];
  isClosed = false;
  /** Set: the next writes fail with it. */
  writeError: Error | undefined;
  readonly #release: () => void;
  readonly #onData: ((report: Uint8Array) => void)[] = [];
  readonly #onError: ((error: Error) => void)[] = [];

  constructor(path: string, release: () => void) {
    this.path = path;
    this.#release = release;
  }

  on(event: 'data', listener: (report: Uint8Array) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'data' | 'error', listener: ((report: Uint8Array) => void) | ((error: Error) => void)): void {
    if (event === 'data') this.#onData.push(listener as (report: Uint8Array) => void);
    else this.#onError.push(listener as (error: Error) => void);
  }

  write(report: Buffer): Promise<number> {
    if (this.isClosed) return Promise.reject(new Error('write to a closed device'));
    if (this.writeError) return Promise.reject(this.writeError);
    this.written.push(report.toString('hex').toUpperCase());
    return Promise.resolve(report.length);
  }

  close(): Promise<void> {
    if (this.isClosed) return Promise.reject(new Error('closed twice'));
    this.isClosed = true;
    this.#release();
    return Promise.resolve();
  }

  say(report: Uint8Array): void {
    for (const listener of this.#onData) listener(report);
  }

  fail(error: Error): void {
    for (const listener of this.#onError) listener(error);
  }
}
