/** The platform's API as calls that never reject: every answer is parsed with the contract, every failure is a problem. */
import type { Static, TSchema } from 'typebox';
import { parse } from '../../contract/check.ts';
import type { Chance, Clock } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import {
  BatchReply,
  CodeCheckReply,
  FaceCheckReply,
  FaceReference,
  FingerEndReply,
  FingerOffer,
  FingerTemplates,
  HeartbeatReply,
  ParkingQuote,
  PlatformError,
  TicketBlock,
  type BatchRequest,
  type CodeCheckRequest,
  type FaceCheckRequest,
  type FaceReferenceRequest,
  type FingerEndRequest,
  type FingerOfferRequest,
  type ParkingQuoteRequest,
  type TicketBlockRequest,
} from '../../contract/platform-api.schema.ts';
import { createCircuit } from './circuit.ts';
import { exchange, type ExchangeAnswer, type Fetch } from './http-exchange.ts';

/** What somebody waits for, and what must not be given up early (leases, records). */
const READ_DEADLINE_MS = 4_000;
const COMMIT_DEADLINE_MS = 10_000;

export interface PlatformClientOptions {
  /** `http://127.0.0.1:4780`, without a slash at the end. */
  readonly baseUrl: string;
  readonly terminal: string;
  readonly token: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly fetch: Fetch;
}

export type BatchAnswer =
  /** Everything up to the head is kept. */
  | { readonly kind: 'stored'; readonly reply: BatchReply }
  /** Nothing was taken: a gap or a fork; our own hash at the head tells which. */
  | { readonly kind: 'standsElsewhere'; readonly reply: BatchReply }
  /** The platform asks for patience. */
  | { readonly kind: 'later'; readonly afterMs: number };

/**
 * Problems: `platform.offline` (no answer in time, 5xx, circuit open), `platform.refused` (detail: status and the
 * platform's code), `platform.badAnswer` (not in the contract). No call is repeated here.
 */
export interface PlatformClient {
  heartbeat(): Promise<Result<HeartbeatReply>>;
  leaseTicketBlock(request: TicketBlockRequest): Promise<Result<TicketBlock>>;
  quoteParking(request: ParkingQuoteRequest): Promise<Result<ParkingQuote>>;
  sendBatch(request: BatchRequest): Promise<Result<BatchAnswer>>;
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
  const { baseUrl, terminal, token, clock, chance, fetch } = options;
  const circuit = createCircuit(clock, chance);
  const post = (path: string, body: unknown, deadlineMs: number): Promise<Result<ExchangeAnswer>> =>
    exchange(fetch, clock, {
      url: `${baseUrl}/v1/terminals/${encodeURIComponent(terminal)}/${path}`,
      authorization: `Kiosk ${terminal}:${token}`,
      body,
      deadlineMs,
    });
  const ask = <Schema extends TSchema>(
    schema: Schema,
    path: string,
    body: unknown,
    deadlineMs = READ_DEADLINE_MS,
  ): Promise<Result<Static<Schema>>> => circuit.run(async () => understand(schema, await post(path, body, deadlineMs)));

  return {
    heartbeat: () =>
      circuit.run(async () => understand(HeartbeatReply, await post('heartbeat', {}, READ_DEADLINE_MS)), 'always'),
    leaseTicketBlock: (request) =>
      circuit.run(async () => {
        const block = understand(TicketBlock, await post('ticket-blocks', request, COMMIT_DEADLINE_MS));
        return block.ok ? checkLease(request, block.value) : block;
      }),
    quoteParking: (request) =>
      circuit.run(async () => {
        const quote = understand(ParkingQuote, await post('parking/quotes', request, READ_DEADLINE_MS));
        return quote.ok ? checkQuote(quote.value) : quote;
      }),
    sendBatch: (request) =>
      circuit.run(async () => understandBatch(await post('streams/ledger/batches', request, COMMIT_DEADLINE_MS))),
    identity: {
      fingerOffer: (request) => ask(FingerOffer, 'identity/finger-offers', request),
      fingerTemplates: (request) => ask(FingerTemplates, 'identity/finger-templates', request),
      fingerEnd: (request) => ask(FingerEndReply, 'identity/finger-ends', request),
      faceCheck: (request) => ask(FaceCheckReply, 'identity/face-checks', request, COMMIT_DEADLINE_MS),
      faceReference: (request) => ask(FaceReference, 'identity/face-references', request),
      codeCheck: (request) => ask(CodeCheckReply, 'identity/code-checks', request),
    },
  };
}

function understand<Schema extends TSchema>(schema: Schema, answer: Result<ExchangeAnswer>): Result<Static<Schema>> {
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status >= 200 && status < 300) return parse(schema, body, 'platform.badAnswer');
  if (status >= 500 || status === 429) return fail('platform.offline', `http ${status}`);
  const error = parse(PlatformError, body);
  return fail('platform.refused', error.ok ? `${status} ${error.value.code}` : `${status}`);
}

function understandBatch(answer: Result<ExchangeAnswer>): Result<BatchAnswer> {
  if (answer.ok && answer.value.retryAfterMs !== undefined && [429, 503].includes(answer.value.status)) {
    return ok({ kind: 'later', afterMs: answer.value.retryAfterMs });
  }
  if (answer.ok && answer.value.status === 409) {
    const reply = parse(BatchReply, answer.value.body, 'platform.badAnswer');
    return reply.ok ? ok({ kind: 'standsElsewhere', reply: reply.value }) : reply;
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
function checkQuote(quote: ParkingQuote): Result<ParkingQuote> {
  if (quote.state !== 'due' || quote.fullCents - quote.discountCents === quote.dueCents) return ok(quote);
  return fail('platform.badAnswer', 'the price does not add up');
}
