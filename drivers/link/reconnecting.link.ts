/**
 * What every real wire shares: dial, notice the end, wait longer each time, dial again. Events of a wire that was already
 * given up are dropped, so that a late `close` of an old socket cannot end the new one.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink, LinkState } from './byte-link.ts';
import { Listeners } from './listeners.ts';

export interface WireEvents {
  opened(): void;
  data(chunk: Uint8Array): void;
  /** The wire is gone or never came up. */
  gone(why: Problem): void;
}

export interface Wire {
  write(bytes: Uint8Array): void;
  /** Idempotent; resolves when the operating system has let go. */
  end(): Promise<void>;
}

/** Starts one attempt. Must not call back before it has returned. */
export type Dial = (events: WireEvents) => Wire;

const BACK_OFF_MS = [250, 500, 1_000, 2_000, 5_000];
/** A dial that neither opens nor fails (a host that swallows SYN) is given up after this. */
const DIAL_LIMIT_MS = 5_000;

export function reconnectingLink(address: string, clock: Clock, dial: Dial): ByteLink {
  return new ReconnectingLink(address, clock, dial);
}

class ReconnectingLink implements ByteLink {
  readonly address: string;
  readonly #clock: Clock;
  readonly #dial: Dial;
  readonly #data = new Listeners<Uint8Array>();
  readonly #states = new Listeners<LinkState>();
  #state: LinkState = 'connecting';
  #problem: Problem | undefined;
  #wire: Wire | undefined;
  #attempt = 0;
  #failures = 0;
  #timer: TimerHandle | undefined;
  #wanted = false;

  constructor(address: string, clock: Clock, dial: Dial) {
    this.address = address;
    this.#clock = clock;
    this.#dial = dial;
  }

  get state(): LinkState {
    return this.#state;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  open(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#dialNow();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#state !== 'open' || !this.#wire) return false;
    this.#wire.write(bytes);
    return true;
  }

  reconnect(): void {
    if (this.#state === 'open') this.#drop(problem('device.absent', `no answer on ${this.address}`));
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#data.add(listener);
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#states.add(listener);
  }

  async close(): Promise<void> {
    this.#wanted = false;
    this.#attempt += 1;
    this.#stopTimer();
    const wire = this.#wire;
    this.#wire = undefined;
    this.#become('lost');
    await wire?.end();
  }

  #dialNow(): void {
    const attempt = ++this.#attempt;
    const isCurrent = (): boolean => attempt === this.#attempt;
    this.#wire = this.#dial({
      opened: () => isCurrent() && this.#opened(),
      data: (chunk) => isCurrent() && this.#data.tell(chunk),
      gone: (why) => isCurrent() && this.#drop(why),
    });
    this.#timer = this.#clock.after(DIAL_LIMIT_MS, () =>
      this.#drop(problem('device.absent', `${this.address} does not open`)),
    );
  }

  #opened(): void {
    this.#stopTimer();
    this.#failures = 0;
    this.#problem = undefined;
    this.#become('open');
  }

  #drop(why: Problem): void {
    this.#attempt += 1;
    this.#stopTimer();
    void this.#wire?.end();
    this.#wire = undefined;
    this.#problem = why;
    const waitMs = BACK_OFF_MS[Math.min(this.#failures, BACK_OFF_MS.length - 1)] ?? 5_000;
    this.#failures += 1;
    this.#timer = this.#clock.after(waitMs, () => this.#dialNow());
    this.#become('lost');
  }

  #stopTimer(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  /** `lost` is told again with each new reason: a missing library matters more than a refused connection. */
  #become(state: LinkState): void {
    this.#state = state;
    this.#states.tell(state);
  }
}
