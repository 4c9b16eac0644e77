import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { describeFirstError } from '../../contract/check.ts';
import { findRoute } from '../openapi/route-table.ts';
import { sendError } from './errors.ts';

/** Here eval is allowed: each shape is compiled once, and checked at a fraction of the cost. */
const compiled = new Map<TSchema, Validator>();

/**
 * The body, or nothing after answering 422. What is parsed here is what the OpenAPI document promises: another schema than the
 * one in the route table is a bug, and thrown.
 */
export function readBody<Schema extends TSchema>(
  schema: Schema,
  request: FastifyRequest,
  reply: FastifyReply,
): Static<Schema> | undefined {
  const { method, routeOptions } = request;
  const declared = findRoute(method, routeOptions.url);
  if (declared && declared.body !== schema)
    throw new Error(`${method} ${routeOptions.url ?? ''} declares another body`);
  const { body } = request;
  if (isOf(schema, body)) return body;
  sendError(reply, 422, 'body.notInContract', describeFirstError(schema, body));
  return undefined;
}

function isOf<Schema extends TSchema>(schema: Schema, value: unknown): value is Static<Schema> {
  let validator = compiled.get(schema);
  if (!validator) compiled.set(schema, (validator = Compile(schema)));
  return validator.Check(value);
}
