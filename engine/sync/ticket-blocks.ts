/**
 * Keeps enough leased queue numbers in the ledger while the line is up, so that numbers can be given while it is down.
 * A lease whose answer was lost is asked for again by the same key: the platform gives the same block.
 */
import type { Chance, Clock, TimerHandle } from '../../contract/clock.ts';
import { fail, type Problem, type Result } from '../../contract/outcome.schema.ts';
import type { TicketBlock, TicketBlockRequest } from '../../contract/platform-api.schema.ts';
import type { Presence } from './presence.ts';

const LOOK_EVERY_MS = 60_000;
const LOW = 10;
const BLOCK_SIZE = 50;
const KEY_BYTES = 16;
/** When our day is not the platform's (midnight, a wrong clock), numbers must not be leased away minute by minute. */
const OTHER_DAY_REST_MS = 600_000;

/** The part of the ledger that holds leased numbers. */
export interface TicketStock {
  /** Keeps a block, durable when it returns ok; storing it again changes nothing. */
  store(block: TicketBlock): Result<unknown>;
  /** Numbers left of a queue on a local day (`YYYY-MM-DD`). */
  remaining(queue: string, day: string): number;
}

export interface TicketBlockKeeperOptions {
  readonly tickets: TicketStock;
  readonly client: { leaseTicketBlock(request: TicketBlockRequest): Promise<Result<TicketBlock>> };
  readonly clock: Clock;
  readonly chance: Chance;
  readonly presence: Pick<Presence, 'online' | 'subscribe'>;
  /** Queues this terminal offers. */
  readonly queues: readonly string[];
  /** Today at this place, `YYYY-MM-DD`. */
  readonly localDay: () => string;
}

export interface TicketBlockKeeper {
  start(): void;
  stop(): void;
  /** Looks now, as after a ticket was given; leases for each queue that runs low. Joins a look that is under way. */
  topUp(): Promise<void>;
  /** Why a queue could not be filled up at the last try. */
  problem(): Problem | undefined;
}

export function createTicketBlockKeeper(options: TicketBlockKeeperOptions): TicketBlockKeeper {
  return new StockKeeper(options);
}

class StockKeeper implements TicketBlockKeeper {
  readonly #options: TicketBlockKeeperOptions;
  /** Keys of leases that may have been granted without our knowing, by day and queue. */
  readonly #openKeys = new Map<string, string>();
  readonly #restUntil = new Map<string, number>();
  readonly #troubles = new Map<string, Problem>();
  #isRunning = false;
  #timer: TimerHandle | undefined;
  #looking: Promise<void> | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: TicketBlockKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#unsubscribe = this.#options.presence.subscribe((online) => {
      if (online) void this.topUp();
    });
    void this.topUp();
  }

  stop(): void {
    this.#isRunning = false;
    this.#unsubscribe?.();
    this.#cancelTimer();
  }

  topUp(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  problem(): Problem | undefined {
    return [...this.#troubles.values()][0];
  }

  async #look(): Promise<void> {
    const { tickets, clock, presence, queues } = this.#options;
    this.#cancelTimer();
    if (this.#isRunning) this.#timer = clock.after(LOOK_EVERY_MS, () => void this.topUp());
    const day = this.#options.localDay();
    for (const name of this.#openKeys.keys()) if (!name.startsWith(day)) this.#openKeys.delete(name);
    for (const queue of queues) {
      if (!presence.online()) return;
      if (tickets.remaining(queue, day) >= LOW) this.#troubles.delete(queue);
      else if (clock.now() >= (this.#restUntil.get(queue) ?? 0)) await this.#fill(queue, day);
    }
  }

  async #fill(queue: string, day: string): Promise<void> {
    const filled = await this.#lease(queue, day);
    if (filled.ok) this.#troubles.delete(queue);
    else this.#troubles.set(queue, filled.problem);
  }

  async #lease(queue: string, day: string): Promise<Result<unknown>> {
    const { tickets, client, clock, chance } = this.#options;
    const name = `${day} ${queue}`;
    const idempotencyKey = this.#openKeys.get(name) ?? Buffer.from(chance.bytes(KEY_BYTES)).toString('hex');
    this.#openKeys.set(name, idempotencyKey);
    const block = await client.leaseTicketBlock({ queue, size: BLOCK_SIZE, idempotencyKey });
    if (!block.ok) {
      // A refusal leased nothing; after anything else the platform may have, and the key finds it again.
      if (block.problem.code === 'platform.refused') this.#openKeys.delete(name);
      return block;
    }
    const stored = tickets.store(block.value);
    // A block that can never be stored must not be given again; a full disk may have room later.
    if (stored.ok || stored.problem.code === 'platform.badAnswer') this.#openKeys.delete(name);
    if (block.value.day === day) return stored;
    this.#restUntil.set(queue, clock.now() + OTHER_DAY_REST_MS);
    return fail('platform.badAnswer', `numbers for ${block.value.day}, not for ${day}`);
  }

  #cancelTimer(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
  }
}
