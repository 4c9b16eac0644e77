/** Every refusal has the contract's body: a code for programs, a sentence for people, nothing of the inside. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PlatformError } from '../../contract/platform-api.schema.ts';
import { isUnavailable } from '../database/database-faults.ts';

/** A server that was stopped is back by then, or it takes a person. */
const COME_AGAIN_S = 5;

export function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const body: PlatformError = { code, message: message.slice(0, 400) };
  return reply.code(status).send(body);
}

/** What Fastify itself refuses (unreadable JSON, too large a body), and our own bugs, in the same shape. */
export function answerErrorsInContract(app: FastifyInstance, onFault: (error: unknown) => void): void {
  app.setNotFoundHandler((_request, reply) => sendError(reply, 404, 'notFound', 'There is nothing at this address.'));
  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    if (status === 413) return sendError(reply, 413, 'tooLarge', 'The body is larger than allowed.');
    if (status === 415) return sendError(reply, 415, 'notJson', 'The body must be JSON.');
    if (status >= 400 && status < 500) return sendError(reply, status, 'unreadable', 'The request cannot be read.');
    if (isUnavailable(error)) {
      void reply.header('retry-after', String(COME_AGAIN_S));
      return sendError(reply, 503, 'unavailable', 'The platform cannot store anything at this moment.');
    }
    onFault(error);
    return sendError(reply, 500, 'fault', 'The platform failed; nothing was changed.');
  });
}

function statusOf(error: unknown): number {
  if (error !== null && typeof error === 'object' && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return 500;
}
