import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { parse } from '../../contract/check.ts';
import { sendError } from './errors.ts';

/** The body, or nothing after answering 422. */
export function readBody<Schema extends TSchema>(
  schema: Schema,
  request: FastifyRequest,
  reply: FastifyReply,
): Static<Schema> | undefined {
  const body = parse(schema, request.body);
  if (body.ok) return body.value;
  sendError(reply, 422, 'body.notInContract', body.problem.detail ?? '');
  return undefined;
}
