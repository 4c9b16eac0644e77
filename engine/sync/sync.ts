/** The terminal's side of the platform as one part: line, time, outbox, ticket stock and the questions a flow asks. */
import type { Chance, Clock } from '../../contract/clock.ts';
import type { Operation, TerminalReport } from '../../contract/operation.schema.ts';
import type { Problem, Result } from '../../contract/outcome.schema.ts';
import { problem } from '../../contract/outcome.schema.ts';
import type {
  BatchReply,
  BatchRequest,
  Head,
  HeartbeatReply,
  ParkingQuote,
  ParkingQuoteRequest,
} from '../../contract/platform-api.schema.ts';
import type { AuditEvent, Stamp, Stream } from '../../contract/terminal-event.schema.ts';
import type { ClockTrust } from './clock-trust.ts';
import {
  createPlatformClient,
  type IdentityCalls,
  type PlatformClient,
  type PlatformClientOptions,
} from './platform-client.ts';
import { createPresence, type Presence, type QueueFact } from './presence.ts';
import { createTicketBlockKeeper, type TicketBlockKeeper, type TicketStock } from './ticket-blocks.ts';
import { createUplink, type AttachmentLane, type Uplink, type UplinkOutbox, type UplinkStatus } from './uplink.ts';
import { createWedgeWatch, type WedgeWatch } from './wedge-watch.ts';

export interface SyncOptions extends Omit<PlatformClientOptions, 'onSkewed' | 'nowMs'> {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Names this run of the program in what is said of the time. */
  readonly boot: string;
  readonly time: ClockTrust;
  /** A heartbeat said which manifest of documents holds now. */
  readonly onManifest?: (version: number) => void;
  /** A heartbeat told what staff ask of this terminal, and the platform's time. */
  readonly onOperations?: (operations: readonly Operation[], platformNowMs: number) => void;
  /** How this machine is, told with each heartbeat. */
  readonly report?: () => TerminalReport;
  readonly ledger: {
    readonly incarnation: string;
    readonly outbox: Omit<UplinkOutbox, 'incarnation' | 'predecessor'>;
    predecessor(stream: Stream): BatchRequest['predecessor'];
    readonly tickets: TicketStock;
    readonly documents: StateMemory;
  };
  readonly streams: readonly Stream[];
  readonly attachments?: AttachmentLane;
  /** Queues whose numbers are kept in stock. */
  readonly queues: readonly string[];
  /** Today at this place, `YYYY-MM-DD`. */
  readonly localDay: () => string;
  readonly firstContactSpreadMs: number;
  readonly audit: (action: AuditEvent['action'], target?: string, detail?: string) => void;
  /** Whether the platform's signature of a checkpoint is its own. */
  readonly isProven?: (stream: Stream, reply: BatchReply) => boolean;
  /** Goes on under another incarnation that names the one before. */
  readonly onFork?: (stream: Stream, head: Head) => Result<undefined>;
}

/** Remembers over a restart that this terminal is shut out. */
interface StateMemory {
  put(channel: string, version: string, body: unknown): Result<undefined>;
  get(channel: string): { readonly version: string } | undefined;
}

export interface SyncStatus extends UplinkStatus {
  /** Streams whose oldest record does not get through although the platform answers. */
  readonly wedged: readonly Stream[];
}

export interface Sync {
  start(): void;
  stop(): void;
  online(): boolean;
  /** The platform has shut this terminal out. */
  suspended(): boolean;
  /** Instant at which the platform was heard last in this run. */
  heardAt(): number | undefined;
  /** Calls back when the line changes and when the platform has taken records. */
  subscribe(listener: () => void): () => void;
  /** Something was recorded: send it (about money: at once), and look whether numbers run low. */
  poke(urgency?: 'money' | 'soon'): void;
  quoteParking(request: ParkingQuoteRequest): Promise<Result<ParkingQuote>>;
  queueFact(queue: string): QueueFact | undefined;
  readonly identity: IdentityCalls;
  status(): SyncStatus;
}

const STATE_CHANNEL = 'terminal-state';

interface SyncParts {
  readonly client: PlatformClient;
  readonly presence: Presence;
  readonly uplink: Uplink;
  readonly watch: WedgeWatch;
  readonly keeper: TicketBlockKeeper;
}

export function createSync(options: SyncOptions): Sync {
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  const { client, presence, uplink, watch, keeper } = createParts(options, tell);
  presence.subscribe(() => {
    rememberState(options, presence);
    tell();
  });
  return {
    start() {
      presence.start();
      uplink.start();
      keeper.start();
      watch.start();
    },
    stop() {
      watch.stop();
      keeper.stop();
      uplink.stop();
      presence.stop();
    },
    online: () => presence.online(),
    suspended: () => presence.suspended(),
    heardAt: () => presence.heardAt(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    poke(urgency) {
      uplink.poke(urgency);
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
    status: () => statusOf(uplink.status(), watch.wedged()),
  };
}

/** `tell` hears that the platform has taken records. */
function createParts(options: SyncOptions, tell: () => void): SyncParts {
  const { clock, chance, ledger, time } = options;
  const client = createPlatformClient({
    ...options,
    nowMs: () => time.nowMs(),
    onSkewed: (nowMs, sentAt, proof) => time.sample(nowMs, sentAt, proof),
  });
  const isSuspended = ledger.documents.get(STATE_CHANNEL)?.version === 'suspended';
  async function heartbeat(): Promise<Result<HeartbeatReply>> {
    const beat = await client.heartbeat(options.report?.());
    if (!beat.ok) return beat;
    watch.answered();
    if (beat.value.manifestVersion !== undefined) options.onManifest?.(beat.value.manifestVersion);
    if (beat.value.operations) options.onOperations?.(beat.value.operations, beat.value.nowMs);
    return beat;
  }
  const presence = createPresence({ client: { heartbeat }, clock, time, isSuspended });
  const { attachments, onFork } = options;
  const uplink = createUplink({
    outbox: outboxOf(options),
    ...{ client, clock, chance, presence, streams: options.streams },
    firstContactSpreadMs: options.firstContactSpreadMs,
    ...(attachments && { attachments }),
    ...(onFork && { onFork }),
    clockNow: () => ({ ...stampOf(options), wallMs: Math.round(clock.wallMs()) }),
    onReply(stream, reply, sentAt) {
      // Only the time within the signature is proven by it.
      if (reply.checkpoint && options.isProven?.(stream, reply)) time.sample(reply.checkpoint.atMs, sentAt, 'signed');
      else if (reply.nowMs !== undefined) time.sample(reply.nowMs, sentAt, 'told');
      presence.heard();
      watch.answered();
      tell();
    },
  });
  const watch = createWedgeWatch({
    clock,
    streams: options.streams.filter((stream) => stream !== 'metrics'),
    oldest: (stream) => ledger.outbox.pending(1, stream).records[0]?.seq,
    isAskedToWait: () => uplink.status().askedToWaitMs > 0,
    onWedged(stream, seq, stuckMs) {
      options.audit('sync.wedged', stream, `record ${seq}, ${Math.round(stuckMs / 60_000)} min`);
      void uplink.flush();
    },
  });
  const keeper = createTicketBlockKeeper({ ...options, tickets: ledger.tickets, client, presence });
  return { client, presence, uplink, watch, keeper };
}

export function stampOf({ boot, clock, time }: Pick<SyncOptions, 'boot' | 'clock' | 'time'>): Stamp {
  return { boot, monoMs: Math.round(clock.now()), ...time.offset() };
}

/** Delegates rather than copies: methods keep their owner, and the incarnation may change. */
function outboxOf({ ledger }: SyncOptions): UplinkOutbox {
  const { outbox } = ledger;
  return {
    get incarnation() {
      return ledger.incarnation;
    },
    pending: (limit, stream) => outbox.pending(limit, stream),
    acknowledge: (head, stream) => outbox.acknowledge(head, stream),
    unacknowledged: (stream) => outbox.unacknowledged(stream),
    predecessor: (stream) => ledger.predecessor(stream),
  };
}

function rememberState({ ledger }: SyncOptions, presence: Presence): void {
  const state = presence.suspended() ? 'suspended' : 'active';
  const known = ledger.documents.get(STATE_CHANNEL)?.version ?? 'active';
  // A full disk forgets it over a restart only; the platform says it again with the first answer.
  if (known !== state) void ledger.documents.put(STATE_CHANNEL, state, {});
}

function statusOf(uplink: UplinkStatus, wedged: readonly Stream[]): SyncStatus {
  const stuck: Problem | undefined = wedged[0] === undefined ? undefined : problem('sync.wedged', wedged.join(', '));
  return { ...uplink, problem: uplink.problem ?? stuck, wedged };
}
