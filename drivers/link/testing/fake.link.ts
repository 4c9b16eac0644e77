/** A wire without a wire: the test is the device. What the driver writes is kept; what the test says arrives. */
import { problem, type Problem } from '../../../contract/outcome.schema.ts';
import type { ByteLink, LinkState } from '../byte-link.ts';
import { Listeners } from '../listeners.ts';

export class FakeLink implements ByteLink {
  readonly address = 'fake';
  readonly written: string[] = [];
  state: LinkState = 'connecting';
  problem: Problem | undefined;
  reconnects = 0;
  /** Called with what the driver wrote, as capital hex; answers come back on the next microtask. */
  device: (hex: string) => void = () => {};
  readonly #data = new Listeners<Uint8Array>();
  readonly #states = new Listeners<LinkState>();

  open(): void {
    this.come();
  }

  /** The wire comes up. */
  come(): void {
    this.problem = undefined;
    this.#become('open');
  }

  /** The wire is torn out. */
  vanish(why: Problem = problem('device.absent', 'fake wire is out')): void {
    this.problem = why;
    this.#become('lost');
  }

  write(bytes: Uint8Array): boolean {
    if (this.state !== 'open') return false;
    const hex = Buffer.from(bytes).toString('hex').toUpperCase();
    this.written.push(hex);
    queueMicrotask(() => this.device(hex));
    return true;
  }

  /** The device says these bytes, given as hex; in pieces of `chunkBytes` when asked. */
  say(hex: string, chunkBytes = Number.POSITIVE_INFINITY): void {
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    if (this.state !== 'open') return;
    for (let at = 0; at < bytes.length; at += chunkBytes) this.#data.tell(bytes.slice(at, at + chunkBytes));
  }

  reconnect(): void {
    this.reconnects += 1;
    this.vanish();
    this.come();
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#data.add(listener);
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#states.add(listener);
  }

  close(): Promise<void> {
    this.#become('lost');
    return Promise.resolve();
  }

  #become(state: LinkState): void {
    this.state = state;
    this.#states.tell(state);
  }
}
