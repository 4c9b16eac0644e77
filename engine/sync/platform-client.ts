/** The platform's API as calls that never reject: every answer is parsed with the contract, every failure is a problem. */
import type { Static, TSchema } from 'typebox';
import { parse } from '../../contract/check.ts';
import type { Chance, Clock } from '../../contract/clock.ts';
import type { TerminalReport } from '../../contract/operation.schema.ts';
import { fail, ok, type Problem, type Result } from '../../contract/outcome.schema.ts';
import {
  BatchReply,
  HeartbeatReply,
  PlatformError,
  type BatchRequest,
  type CodeCheckReply,
  type CodeCheckRequest,
  type FaceCheckReply,
  type FaceCheckRequest,
  type FaceReference,
  type FaceReferenceRequest,
  type FingerEndReply,
  type FingerEndRequest,
  type FingerOffer,
  type FingerOfferRequest,
  type FingerTemplates,
  type ParkingQuote,
  type ParkingQuoteRequest,
  type TicketBlock,
  type TicketBlockRequest,
} from '../../contract/platform-api.schema.ts';
import type { Stream } from '../../contract/terminal-event.schema.ts';
import type { TimeProof } from './clock-trust.ts';
import { createCircuit, type Circuit } from './circuit.ts';
import type { Fetch } from './http-exchange.ts';
import {
  CLASS_RETRIES,
  deadlineOf,
  ONLINE_CALLS,
  type CallName,
  type CallReply,
  type OnlineCall,
  type Upstream,
} from './online-calls.ts';
import { exchangeSigned, type SignedAnswer } from './signed-exchange.ts';
import type { SignatureAlgorithm } from '../../contract/http-signature.ts';
import type { TerminalIdentity } from '../trust/terminal-identity.ts';

const BEAT_DEADLINE_MS = 4_000;
/** What is being committed on the other side must not be given up early. */
const BATCH_DEADLINE_MS = 10_000;

export interface PlatformClientOptions {
  /** `http://127.0.0.1:4780`, without a slash at the end. */
  readonly baseUrl: string;
  readonly identity: TerminalIdentity;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly fetch: Fetch;
  /** Platform wall time as well as it is known, for signatures; the terminal's own until told. */
  readonly nowMs?: () => number;
  /**
   * The platform says that our clock is too far from its own to be believed; `sentAt`: when the refused call left. `signed`
   * when only the platform can have said it.
   */
  readonly onSkewed?: (platformNowMs: number, sentAt: number, proof: TimeProof) => void;
}

export type BatchAnswer =
  /** Everything up to the head is kept. */
  | { readonly kind: 'stored'; readonly reply: BatchReply }
  /** Nothing was taken: a gap or a fork; our own hash at the head tells which. */
  | { readonly kind: 'standsElsewhere'; readonly reply: BatchReply }
  /** The platform asks for patience. */
  | { readonly kind: 'later'; readonly afterMs: number }
  /** Too large (413), or something in it is not in the platform's contract (422). */
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Problems: `platform.offline` (no answer in time, 5xx, circuit open), `platform.refused` (detail: status and the
 * platform's code), `platform.suspended`, `platform.badAnswer` (not in the contract). No call is repeated here, but for one
 * that the platform refused because of our clock: it goes once more with the time the refusal brought.
 */
export interface PlatformClient {
  heartbeat(report?: TerminalReport): Promise<Result<HeartbeatReply>>;
  leaseTicketBlock(request: TicketBlockRequest): Promise<Result<TicketBlock>>;
  quoteParking(request: ParkingQuoteRequest): Promise<Result<ParkingQuote>>;
  sendBatch(request: BatchRequest, stream?: Stream): Promise<Result<BatchAnswer>>;
  readonly identity: IdentityCalls;
}

/** Is this the card's owner? Personal answers: nothing of them is logged or kept by this client. */
export interface IdentityCalls {
  fingerOffer(request: FingerOfferRequest): Promise<Result<FingerOffer>>;
  fingerTemplates(request: FingerOfferRequest): Promise<Result<FingerTemplates>>;
  fingerEnd(request: FingerEndRequest): Promise<Result<FingerEndReply>>;
  faceCheck(request: FaceCheckRequest): Promise<Result<FaceCheckReply>>;
  faceReference(request: FaceReferenceRequest): Promise<Result<FaceReference>>;
  codeCheck(request: CodeCheckRequest): Promise<Result<CodeCheckReply>>;
}

export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const { circuits, post, ask } = createTransport(options);
  let wasLost = false;
  async function heartbeat(report?: TerminalReport): Promise<Result<HeartbeatReply>> {
    const beat = await circuits.platform.run(
      async () => understand(HeartbeatReply, await post('heartbeat', report ? { report } : {}, BEAT_DEADLINE_MS)),
      'always',
    );
    // The line was the trouble and is back: no upstream need rest any longer. One that is dead by itself stays closed.
    if (beat.ok && wasLost) for (const circuit of Object.values(circuits)) circuit.close();
    wasLost = !beat.ok;
    return beat;
  }

  return {
    heartbeat,
    async leaseTicketBlock(request) {
      const block = await ask('ticketBlock', request);
      return block.ok ? checkLease(request, block.value) : block;
    },
    async quoteParking(request) {
      const quote = await ask('parkingQuote', request);
      return quote.ok ? checkQuote(request, quote.value) : quote;
    },
    sendBatch: (request, stream = 'ledger') =>
      circuits.platform.run(async () =>
        understandBatch(await post(`streams/${stream}/batches`, request, BATCH_DEADLINE_MS, 'ed25519')),
      ),
    identity: {
      fingerOffer: (request) => ask('fingerOffer', request),
      fingerTemplates: (request) => ask('fingerTemplates', request),
      fingerEnd: (request) => ask('fingerEnd', request),
      faceCheck: (request) => ask('faceCheck', request),
      faceReference: (request) => ask('faceReference', request),
      codeCheck: (request) => ask('codeCheck', request),
    },
  };
}

/** One signed call, with what its class allows: deadline, one more try, a circuit of its upstream. */
function createTransport(options: PlatformClientOptions) {
  const { identity, clock, chance } = options;
  const wires = { ...options, nowMs: options.nowMs ?? (() => clock.wallMs()) };
  const circuits: Readonly<Record<Upstream, Circuit>> = {
    platform: createCircuit(clock, chance),
    parking: createCircuit(clock, chance),
    identity: createCircuit(clock, chance),
  };
  async function post(
    path: string,
    body: unknown,
    deadlineMs: number,
    alg: SignatureAlgorithm = 'hmac-sha256',
  ): Promise<Result<SignedAnswer>> {
    const call = { path: `/v1/terminals/${encodeURIComponent(identity.terminal)}/${path}`, body, deadlineMs, alg };
    const sentAt = clock.now();
    const answer = await exchangeSigned(wires, call);
    const refusal = answer.ok ? answer.value.refusal : undefined;
    if (!options.onSkewed || refusal?.code !== 'clock.skewed' || refusal.nowMs === undefined) return answer;
    options.onSkewed(refusal.nowMs, sentAt, refusal.isProven ? 'signed' : 'told');
    return exchangeSigned(wires, call);
  }
  async function attempt(call: OnlineCall, body: unknown): Promise<Result<SignedAnswer>> {
    const endMs = clock.now() + deadlineOf(call);
    for (let triesLeft = CLASS_RETRIES[call.class]; ; triesLeft--) {
      const leftMs = endMs - clock.now();
      const answer = await post(call.path, body, leftMs);
      // A kept-alive connection that had died says so at once; a silent platform has used up the deadline.
      if (answer.ok || triesLeft <= 0 || answer.problem.code !== 'platform.offline' || clock.now() >= endMs)
        return answer;
    }
  }
  function ask<Name extends CallName>(name: Name, body: unknown): Promise<Result<CallReply<Name>>> {
    const call: OnlineCall = ONLINE_CALLS[name];
    return circuits[call.upstream].run(
      async () => understand(call.reply, await attempt(call, body)) as Result<CallReply<Name>>,
    );
  }
  return { circuits, post, ask };
}

function understand<Schema extends TSchema>(schema: Schema, answer: Result<SignedAnswer>): Result<Static<Schema>> {
  if (!answer.ok) return answer;
  const { status, body, refusal } = answer.value;
  if (status >= 200 && status < 300) return parse(schema, body, 'platform.badAnswer');
  if (status >= 500 || status === 429) return fail('platform.offline', `http ${status}`);
  // Said by anybody else, it would close every kiosk behind one gateway.
  if (refusal?.code === 'terminal.suspended' && refusal.isProven) return fail('platform.suspended');
  const error = parse(PlatformError, body);
  return fail('platform.refused', error.ok ? `${status} ${error.value.code}` : `${status}`);
}

function understandBatch(answer: Result<SignedAnswer>): Result<BatchAnswer> {
  if (answer.ok && answer.value.retryAfterMs !== undefined && [429, 503].includes(answer.value.status)) {
    return ok({ kind: 'later', afterMs: answer.value.retryAfterMs });
  }
  if (answer.ok && answer.value.status === 409) {
    const reply = parse(BatchReply, answer.value.body, 'platform.badAnswer');
    return reply.ok ? ok({ kind: 'standsElsewhere', reply: reply.value }) : reply;
  }
  if (answer.ok && [413, 422].includes(answer.value.status)) {
    const refused = understand(BatchReply, answer);
    return refused.ok ? fail('platform.badAnswer') : ok({ kind: 'refused', problem: refused.problem });
  }
  const reply = understand(BatchReply, answer);
  return reply.ok ? ok({ kind: 'stored', reply: reply.value }) : reply;
}

/** A block of another queue, or a larger one than asked for, would put numbers on slips that nobody leased to us. */
function checkLease(request: TicketBlockRequest, block: TicketBlock): Result<TicketBlock> {
  const size = block.last - block.first + 1;
  if (block.queue === request.queue && size >= 1 && size <= request.size) return ok(block);
  return fail('platform.badAnswer', 'the block is not the one asked for');
}

/** The shown price is the charged price: its parts must add up. */
function checkQuote({ prices }: ParkingQuoteRequest, quote: ParkingQuote): Result<ParkingQuote> {
  if (quote.state !== 'due') return ok(quote);
  if (quote.fullCents - quote.discountCents !== quote.dueCents)
    return fail('platform.badAnswer', 'the price does not add up');
  if (quote.prices?.version === prices?.version && quote.prices?.sha256 === prices?.sha256) return ok(quote);
  return fail('platform.badAnswer', 'the price was made under other prices than those that were asked for');
}
