/** A wire from the driver to a simulated card or PSAM without a network: what is said arrives on the next microtask. */
import { problem, type Problem } from '../../../contract/outcome.schema.ts';
import { Listeners } from '../../link/listeners.ts';
import type { ByteLink, LinkState } from '../../link/byte-link.ts';
import type { Insertable } from '../simulator/card-wire.ts';

export class SimulatedCardLink implements ByteLink {
  readonly address = 'simulated';
  state: LinkState = 'connecting';
  problem: Problem | undefined;
  readonly #card: Insertable;
  readonly #data = new Listeners<Uint8Array>();
  readonly #states = new Listeners<LinkState>();
  readonly #stops: readonly (() => void)[];
  #isOpen = false;
  /** What was written on an earlier wire does not arrive on the next. */
  #connection = 0;

  constructor(card: Insertable) {
    this.#card = card;
    this.#stops = [
      card.onOutput((bytes) => this.#later(() => this.#data.tell(bytes))),
      card.onPresence((isPresent) => (isPresent ? this.#come() : this.#go())),
      card.onHangUp(() => this.reconnect()),
    ];
  }

  open(): void {
    this.#isOpen = true;
    if (this.#card.present) this.#come();
    else this.#become('lost');
  }

  write(bytes: Uint8Array): boolean {
    if (this.state !== 'open') return false;
    this.#later(() => this.#card.feed(bytes));
    return true;
  }

  reconnect(): void {
    if (this.state !== 'open') return;
    this.#go();
    queueMicrotask(() => this.#card.present && this.#come());
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#data.add(listener);
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#states.add(listener);
  }

  close(): Promise<void> {
    this.#isOpen = false;
    for (const stop of this.#stops) stop();
    this.problem = problem('device.absent', 'closed');
    this.#go();
    return Promise.resolve();
  }

  #later(act: () => void): void {
    const connection = this.#connection;
    queueMicrotask(() => connection === this.#connection && act());
  }

  #come(): void {
    if (!this.#isOpen || this.state === 'open') return;
    this.#card.connected();
    this.#become('open');
  }

  #go(): void {
    this.#connection += 1;
    if (this.state === 'open') this.#card.disconnected();
    this.#become('lost');
  }

  #become(state: LinkState): void {
    this.state = state;
    this.#states.tell(state);
  }
}
