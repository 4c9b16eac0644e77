/** Where a courier hands a bundle in and is given the receipt: behind the door of operations. */
import type { FastifyInstance } from 'fastify';
import { COURIER_LIMIT_BYTES } from '../../contract/courier.schema.ts';
import type { PlatformContext } from '../context.ts';
import { importBundle } from '../trust/import-bundle.ts';
import { sendError } from './errors.ts';

export function addCourierRoutes(app: FastifyInstance, context: PlatformContext): void {
  app.post('/v1/ops/courier', { bodyLimit: COURIER_LIMIT_BYTES }, async (request, reply) => {
    const answer = await importBundle(context, request.body);
    if (answer.kind === 'taken') return reply.send(answer.receipt);
    return sendError(reply, answer.status, answer.code, answer.message);
  });
}
