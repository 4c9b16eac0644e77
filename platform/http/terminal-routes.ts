/** What terminals call. Bodies are checked with the contract's schemas; Fastify's own validation is not used. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ParkingQuoteRequest, TicketBlockRequest } from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import { quoteParking } from '../parking/quote-parking.ts';
import { leaseBlock, type LeaseAnswer } from '../tickets/lease-block.ts';
import { sendError } from './errors.ts';
import { addAttachmentRoutes } from './attachment-routes.ts';
import { addIdentityRoutes } from './identity-routes.ts';
import { hangUpWhenCut, type Line } from './line.ts';
import { readBody } from './read-body.ts';
import { addStreamRoutes } from './stream-routes.ts';
import { addDocumentRoutes } from './document-routes.ts';
import { addKeyRoutes } from './enrolment-routes.ts';
import { requireTerminals } from './terminal-auth.ts';

const CALL_LIMIT_BYTES = 4 * 1024;

type TerminalRequest = FastifyRequest<{ Params: { terminal: string } }>;

export function addTerminalRoutes(app: FastifyInstance, context: PlatformContext, line: Line): void {
  hangUpWhenCut(app, line);
  requireTerminals(app, context.trust);
  addKeyRoutes(app, context);
  addDocumentRoutes(app, context);
  addIdentityRoutes(app, context);
  addStreamRoutes(app, context);
  addAttachmentRoutes(app, context);

  app.post('/:terminal/ticket-blocks', { bodyLimit: CALL_LIMIT_BYTES }, async (request: TerminalRequest, reply) => {
    const body = readBody(TicketBlockRequest, request, reply);
    if (!body) return reply;
    return sendLease(reply, await leaseBlock(context, request.params.terminal, body));
  });

  app.post('/:terminal/parking/quotes', { bodyLimit: CALL_LIMIT_BYTES }, async (request: TerminalRequest, reply) => {
    const body = readBody(ParkingQuoteRequest, request, reply);
    if (!body) return reply;
    const quote = await quoteParking(context, body);
    if (quote !== 'unknownPrices') return quote;
    return sendError(reply, 409, 'prices.unknown', 'The platform has not published these prices.');
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
