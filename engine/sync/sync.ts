/** The terminal's side of the platform as one part: line, outbox, ticket stock and the questions a flow asks. */
import type { Chance, Clock } from '../../contract/clock.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import type { ParkingQuote, ParkingQuoteRequest } from '../../contract/platform-api.schema.ts';
import { createPlatformClient, type IdentityCalls, type PlatformClientOptions } from './platform-client.ts';
import { createPresence, type QueueFact } from './presence.ts';
import { createTicketBlockKeeper, type TicketStock } from './ticket-blocks.ts';
import { createUplink, type UplinkOutbox, type UplinkStatus } from './uplink.ts';

export interface SyncOptions extends PlatformClientOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly ledger: {
    readonly incarnation: string;
    readonly outbox: Omit<UplinkOutbox, 'incarnation'>;
    readonly tickets: TicketStock;
  };
  /** Queues whose numbers are kept in stock. */
  readonly queues: readonly string[];
  /** Today at this place, `YYYY-MM-DD`. */
  readonly localDay: () => string;
  readonly firstContactSpreadMs: number;
}

export interface Sync {
  start(): void;
  stop(): void;
  online(): boolean;
  subscribe(listener: () => void): () => void;
  /** Something was recorded: send it, and look whether numbers run low. */
  poke(): void;
  quoteParking(request: ParkingQuoteRequest): Promise<Result<ParkingQuote>>;
  queueFact(queue: string): QueueFact | undefined;
  readonly identity: IdentityCalls;
  status(): UplinkStatus;
}

export function createSync(options: SyncOptions): Sync {
  const { clock, chance, ledger } = options;
  const client = createPlatformClient(options);
  const presence = createPresence({ client, clock });
  const uplink = createUplink({
    outbox: { ...ledger.outbox, incarnation: ledger.incarnation },
    client,
    clock,
    chance,
    presence,
    firstContactSpreadMs: options.firstContactSpreadMs,
  });
  const keeper = createTicketBlockKeeper({ ...options, tickets: ledger.tickets, client, presence });
  return {
    start() {
      presence.start();
      uplink.start();
      keeper.start();
    },
    stop() {
      keeper.stop();
      uplink.stop();
      presence.stop();
    },
    online: () => presence.online(),
    subscribe: (listener) => presence.subscribe(listener),
    poke() {
      uplink.poke();
      void keeper.topUp();
    },
    async quoteParking(request) {
      const quote = await client.quoteParking(request);
      // A lost question is the first to know that the line is gone; the screen should not learn it a heartbeat later.
      if (!quote.ok && quote.problem.code === 'platform.offline') void presence.check();
      return quote;
    },
    queueFact: (queue) => presence.queueFact(queue),
    identity: client.identity,
    status: () => uplink.status(),
  };
}
