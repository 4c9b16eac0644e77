/** Heartbeats and the streams. Most of what a platform hears is one of these two, so both are kept short of work. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HeartbeatRequest, type HeartbeatReply } from '../../contract/platform-api.schema.ts';
import { Stream } from '../../contract/terminal-event.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { BadBatch } from '../ingest/ingest.types.ts';
import { nextTurn } from '../next-turn.system.ts';
import { sendError } from './errors.ts';
import { readBody } from './read-body.ts';
import { keepJsonUnread, NO_BODY, requireOwnSignature } from './terminal-auth.ts';

/** 500 records of the largest kind the contract allows fit well below this. */
const BATCH_LIMIT_BYTES = 2 * 1024 * 1024;
const HEARTBEAT_LIMIT_BYTES = 4 * 1024;
/** A ledger batch up to this size is what a terminal in touch sends after each resident; money is told in such. */
const LIVE_BYTES = 16 * 1024;
const STREAMS: readonly string[] = Stream.enum;

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a small batch, which is as good as here when its head is: tells the group that it need not wait for it. */
    arrived: (() => void) | undefined;
  }
}

type BatchPost = FastifyRequest<{ Params: { terminal: string; stream: Stream } }>;
type HeartbeatPost = FastifyRequest<{ Params: { terminal: string } }>;

export function addStreamRoutes(app: FastifyInstance, context: PlatformContext): void {
  app.decorateRequest('arrived', undefined);
  app.post('/:terminal/heartbeat', { bodyLimit: HEARTBEAT_LIMIT_BYTES }, async (request: HeartbeatPost, reply) => {
    // without a body there is no report, and it is a heartbeat all the same
    const body = request.body === undefined ? {} : readBody(HeartbeatRequest, request, reply);
    if (!body) return reply;
    context.presences.heard(request.params.terminal, body.report && JSON.stringify(body.report));
    const operations = await context.operations.of(request.params.terminal);
    const manifestVersion = context.publications.manifestVersion();
    const answer: HeartbeatReply = {
      nowMs: context.clock.wallMs(),
      queues: await context.queueLengths.read(),
      ...(operations.length === 0 ? {} : { operations: [...operations] }),
      // nothing was ever published: nothing is to be fetched
      ...(manifestVersion === 1 ? {} : { manifestVersion }),
    };
    // those that came together are answered together: the line, and whoever listens at its end, wakes once for all of them
    await nextTurn();
    return answer;
  });

  app.register(async (scope) => addBatchRoute(scope, context));
}

function addBatchRoute(app: FastifyInstance, context: PlatformContext): void {
  keepJsonUnread(app);
  app.post(
    '/:terminal/streams/:stream/batches',
    {
      bodyLimit: BATCH_LIMIT_BYTES,
      onRequest: (request: BatchPost, reply, done) => letIn(context, request, reply, done),
      preHandler: requireOwnSignature,
    },
    async (request: BatchPost, reply) => {
      const { terminal, stream } = request.params;
      const taken = context.ingest.take(terminal, stream, request.rawBody ?? NO_BODY);
      request.arrived?.();
      const answer = await taken;
      context.presences.heard(terminal);
      if (!('reply' in answer)) return sendBad(reply, answer);
      return reply.code(answer.kind === 'accepted' ? 200 : 409).send(answer.reply);
    },
  );
}

const BAD: Readonly<Record<BadBatch['kind'], readonly [status: number, code: string]>> = {
  unreadable: [400, 'unreadable'],
  notInContract: [422, 'body.notInContract'],
  broken: [422, 'batch.broken'],
};

function sendBad(reply: FastifyReply, { kind, detail }: BadBatch): FastifyReply {
  const [status, code] = BAD[kind];
  return sendError(reply, status, code, detail);
}

function letIn({ ingest }: PlatformContext, request: BatchPost, reply: FastifyReply, done: () => void): void {
  const { terminal, stream } = request.params;
  if (!STREAMS.includes(stream)) return void sendError(reply, 404, 'stream.unknown', 'There is no such stream.');
  const bytes = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  const waitMs = ingest.pacer.refuse(terminal, stream === 'ledger' && bytes <= LIVE_BYTES);
  if (waitMs === undefined) {
    // answered, or hung up on
    const arrived = bytes <= LIVE_BYTES ? ingest.expect() : undefined;
    request.arrived = arrived;
    reply.raw.once('close', () => {
      arrived?.();
      ingest.pacer.left();
    });
    return done();
  }
  void reply.header('retry-after', String(Math.ceil(waitMs / 1_000)));
  sendError(reply, 503, 'busy', 'Many terminals are sending; come back at the time that is given.');
}
