/**
 * A conversation over a byte link: decoded events arrive in an inbox, a turn asks and waits for the answer it means, and
 * when the link goes everything pending settles at once. The driver above says only what to ask and what it means.
 */
import type { Clock } from '../../contract/clock.ts';
import type { Limits } from '../../contract/driver.ts';
import { failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { ByteLink } from './byte-link.ts';
import { CommandQueue } from './command-queue.ts';
import type { Scope, Wait } from './scope.ts';

/** More unread events than this is a device that talks nonsense; the oldest are dropped. */
const INBOX_LIMIT = 256;

export interface ExchangeOptions<Event> {
  readonly link: ByteLink;
  readonly clock: Clock;
  /** Bytes to events; keeps its own unfinished frame. */
  readonly decode: (chunk: Uint8Array) => Event[];
  /** The wire is new: forget unfinished frames. */
  readonly onOpen?: () => void;
  readonly onLost?: () => void;
  /** Sees every event, also those no turn waits for. */
  readonly onEvent?: (event: Event) => void;
}

/** What one command holds while it runs. */
export class Turn<Event> {
  readonly scope: Scope;
  readonly #link: ByteLink;
  readonly #inbox: Inbox<Event>;

  constructor(scope: Scope, link: ByteLink, inbox: Inbox<Event>) {
    this.scope = scope;
    this.#link = link;
    this.#inbox = inbox;
  }

  /** False when not one byte left this side. */
  send(bytes: Uint8Array): boolean {
    return this.#link.write(bytes);
  }

  /** Forgets what came before the next question. */
  discard(): void {
    this.#inbox.clear();
  }

  /** The first event, read or still to come, for which `match` gives a value; those before it are dropped. */
  next<Value>(match: (event: Event) => Value | undefined, timeoutMs?: number): Promise<Wait<Value>> {
    return this.scope.race((settle) => this.#inbox.take(match, settle), timeoutMs);
  }

  /** Forgets, asks, and waits. A question that could not leave counts as a lost link. */
  async ask<Value>(
    bytes: Uint8Array,
    match: (event: Event) => Value | undefined,
    timeoutMs: number,
  ): Promise<Wait<Value>> {
    this.discard();
    if (!this.send(bytes)) return { kind: 'lost' };
    return this.next(match, timeoutMs);
  }
}

export class Exchange<Event> {
  readonly #options: ExchangeOptions<Event>;
  readonly #queue: CommandQueue;
  readonly #inbox = new Inbox<Event>();
  readonly #stop: (() => void)[];

  constructor(options: ExchangeOptions<Event>) {
    this.#options = options;
    this.#queue = new CommandQueue(options.clock);
    this.#stop = [
      options.link.onData((chunk) => this.#received(chunk)),
      options.link.onState((state) => {
        if (state === 'open') options.onOpen?.();
        if (state !== 'lost') return;
        this.#queue.interruptRunning('lost');
        options.onLost?.();
      }),
    ];
  }

  get isIdle(): boolean {
    return this.#queue.isIdle;
  }

  run<Reply>(limits: Limits, task: (turn: Turn<Event>) => Promise<Outcome<Reply>>): Promise<Outcome<Reply>> {
    const { link } = this.#options;
    return this.#queue.run(limits, (scope) => {
      if (link.state !== 'open') {
        return Promise.resolve(failed(link.problem?.code ?? 'device.absent', 'none', link.problem?.detail));
      }
      this.#inbox.clear();
      return task(new Turn(scope, link, this.#inbox));
    });
  }

  async close(): Promise<void> {
    await this.#queue.close();
    for (const stop of this.#stop) stop();
    await this.#options.link.close();
  }

  #received(chunk: Uint8Array): void {
    for (const event of this.#options.decode(chunk)) this.put(event);
  }

  /** For events that no byte brings, e.g. what a quiet line flushes out of the decoder. */
  put(event: Event): void {
    this.#options.onEvent?.(event);
    this.#inbox.put(event);
  }
}

class Inbox<Event> {
  #events: Event[] = [];
  #taker: ((event: Event) => void) | undefined;

  put(event: Event): void {
    if (this.#taker) return this.#taker(event);
    this.#events.push(event);
    if (this.#events.length > INBOX_LIMIT) this.#events.shift();
  }

  clear(): void {
    this.#events = [];
  }

  take<Value>(match: (event: Event) => Value | undefined, settle: (value: Value) => void): () => void {
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      const value = match(event);
      if (value === undefined) continue;
      settle(value);
      return () => {};
    }
    const taker = (event: Event): void => {
      const value = match(event);
      if (value === undefined) return;
      this.#taker = undefined;
      settle(value);
    };
    this.#taker = taker;
    return () => {
      if (this.#taker === taker) this.#taker = undefined;
    };
  }
}
