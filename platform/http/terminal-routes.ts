/** What terminals call. Bodies are checked with the contract's schemas; Fastify's own validation is not used. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  BatchRequest,
  ParkingQuoteRequest,
  TicketBlockRequest,
  type HeartbeatReply,
} from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import { ingestBatch } from '../ingest/ingest-batch.ts';
import { quoteParking } from '../parking/quote-parking.ts';
import { leaseBlock, type LeaseAnswer } from '../tickets/lease-block.ts';
import { readQueueLengths } from '../tickets/queue-lengths.ts';
import { sendError } from './errors.ts';
import { addIdentityRoutes } from './identity-routes.ts';
import { hangUpWhenCut, type Line } from './line.ts';
import { readBody } from './read-body.ts';
import { requireTerminal } from './terminal-auth.ts';

/** 500 records of the largest kind the contract allows fit well below this. */
const BATCH_LIMIT_BYTES = 2 * 1024 * 1024;
const CALL_LIMIT_BYTES = 4 * 1024;

type TerminalRequest = FastifyRequest<{ Params: { terminal: string } }>;

export function addTerminalRoutes(app: FastifyInstance, context: PlatformContext, line: Line): void {
  hangUpWhenCut(app, line);
  app.addHook('onRequest', (request, reply) => requireTerminal(context.database, request, reply));
  addIdentityRoutes(app, context);

  app.post('/:terminal/heartbeat', { bodyLimit: CALL_LIMIT_BYTES }, async (request: TerminalRequest) => {
    const nowMs = context.clock.wallMs();
    await context.database
      .updateTable('terminals')
      .set({ last_seen_ms: nowMs })
      .where('terminal', '=', request.params.terminal)
      .execute();
    const answer: HeartbeatReply = { nowMs, queues: await readQueueLengths(context) };
    return answer;
  });

  app.post(
    '/:terminal/streams/ledger/batches',
    { bodyLimit: BATCH_LIMIT_BYTES },
    async (request: TerminalRequest, reply) => {
      const batch = readBody(BatchRequest, request, reply);
      if (!batch) return reply;
      const answer = await ingestBatch(context, request.params.terminal, batch);
      if (answer.kind === 'broken') return sendError(reply, 422, 'batch.broken', answer.detail);
      return reply.code(answer.kind === 'accepted' ? 200 : 409).send(answer.reply);
    },
  );

  app.post('/:terminal/ticket-blocks', { bodyLimit: CALL_LIMIT_BYTES }, async (request: TerminalRequest, reply) => {
    const body = readBody(TicketBlockRequest, request, reply);
    if (!body) return reply;
    return sendLease(reply, await leaseBlock(context, request.params.terminal, body));
  });

  app.post('/:terminal/parking/quotes', { bodyLimit: CALL_LIMIT_BYTES }, async (request: TerminalRequest, reply) => {
    const body = readBody(ParkingQuoteRequest, request, reply);
    if (!body) return reply;
    return quoteParking(context, body);
  });
}

function sendLease(reply: FastifyReply, answer: LeaseAnswer): FastifyReply {
  switch (answer.kind) {
    case 'leased':
      return reply.send(answer.block);
    case 'unknownQueue':
      return sendError(reply, 404, 'queue.unknown', 'There is no such queue.');
    case 'keyReused':
      return sendError(reply, 422, 'idempotency.keyReused', 'This key was used for another request.');
    case 'usedUp':
      return sendError(reply, 409, 'queue.usedUp', 'The numbers of this queue are used up for today.');
  }
}
