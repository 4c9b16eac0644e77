/**
 * `MessageChannelMain`: both ends are there to be given to utility processes; main using one itself is not modelled.
 * Whatever the holders say to each other passes through the test process.
 */
import { strict } from './strict.ts';

/** What travels between the test process and a child, either way. */
export type Frame =
  | { readonly kind: 'message'; readonly message: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'portMessage'; readonly port: number; readonly message: unknown }
  | { readonly kind: 'portClosed'; readonly port: number };

type SendFrame = (frame: Frame) => void;

let lastPort = 0;
const models = new WeakMap<object, FakePort>();

export class FakePort {
  readonly number = ++lastPort;
  #peer: FakePort | undefined;
  #send: SendFrame | undefined;
  /** What came before anyone held this end. */
  readonly #waiting: Frame[] = [];

  static pair(): { port1: object; port2: object } {
    const one = new FakePort();
    const other = new FakePort();
    one.#peer = other;
    other.#peer = one;
    return { port1: one.#handle('port1'), port2: other.#handle('port2') };
  }

  /** The end that a strict handle stands for; a port can be given away once. */
  static given(handle: object, send: SendFrame): FakePort {
    const port = models.get(handle);
    if (!port) throw new Error('fake-electron: only ports of a MessageChannelMain may be transferred');
    if (port.#send) throw new Error('Port at index 0 is already neutered.');
    port.#send = send;
    return port;
  }

  /** After its holder was told that it has this end. */
  begin(): void {
    for (const frame of this.#waiting.splice(0)) this.#send?.(frame);
  }

  /** Its holder said this. */
  say(message: unknown): void {
    const peer = this.#peer;
    if (peer) peer.#hear({ kind: 'portMessage', port: peer.number, message });
  }

  /** Its holder closed it, or died. */
  close(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    if (!peer) return;
    peer.#peer = undefined;
    peer.#hear({ kind: 'portClosed', port: peer.number });
  }

  #hear(frame: Frame): void {
    if (this.#send) this.#send(frame);
    else this.#waiting.push(frame);
  }

  #handle(name: string): object {
    const handle = strict(name, {});
    models.set(handle, this);
    return handle;
  }
}
