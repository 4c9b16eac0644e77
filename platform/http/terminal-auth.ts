/**
 * The terminals' door: a request is signed (`trust/verify-request.ts`), is what was signed, and acts in its sender's own name.
 * What was sent becomes known in two steps: the head of a request before a byte of its body is taken, the body against its
 * digest before anything is done with it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PlatformError } from '../../contract/platform-api.schema.ts';
import type { Trust } from '../trust/trust.ts';
import {
  headerOf,
  isBodyOf,
  verifyRequest,
  type Refusal,
  type SignedBy,
  type Verdict,
} from '../trust/verify-request.ts';
import { sendError } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set behind the terminals' door. */
    signedBy: SignedBy | null;
    /** The bytes as they came; null without a body. */
    rawBody: Buffer | null;
  }
}

type GoOn = (error?: Error) => void;

export const NO_BODY = new Uint8Array(0);

/** Everything registered in this scope answers enrolled terminals only. */
export function requireTerminals(app: FastifyInstance, trust: Trust): void {
  keepRawBodies(app);
  app.decorateRequest('signedBy', null);
  // called on every request: hooks that need not wait do not, a promise each would be a large part of a heartbeat
  app.addHook('onRequest', (request, reply, goOn) => requireSender(trust, request, reply, goOn));
  app.addHook('preHandler', requireWholeBody);
}

/** JSON is parsed and files are taken as they are; either way the bytes that were signed are kept for the check. */
export function keepRawBodies(app: FastifyInstance): void {
  app.decorateRequest('rawBody', null);
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    request.rawBody = body;
    if (body.length === 0) return done(null, undefined);
    return parseJson(request, body.toString('utf8'), done);
  });
  app.addContentTypeParser(
    ['application/octet-stream', 'application/offset+octet-stream'],
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      request.rawBody = body;
      done(null, body);
    },
  );
}

/** In this scope JSON is taken as it is, to be read elsewhere; nothing else is taken. */
export function keepJsonUnread(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    request.rawBody = body;
    done(null, undefined);
  });
}

/** Stream batches and keys must be evidence later: only the terminal's own signature will do for them. */
export function requireOwnSignature(request: FastifyRequest, reply: FastifyReply, goOn: GoOn): void {
  if (request.signedBy?.alg === 'ed25519') return goOn();
  sendError(reply, 401, 'signature.wrong', 'This must be signed with the terminal’s own key.');
}

/** Goes on only by `goOn`; a refusal is an answer, and ends here. */
function requireSender(trust: Trust, request: FastifyRequest, reply: FastifyReply, goOn: GoOn): void {
  const verdict = verifyRequest(trust, { method: request.method, url: request.url, headers: request.headers });
  if (verdict instanceof Promise) void verdict.then((later) => letIn(later, request, reply, goOn), goOn);
  else letIn(verdict, request, reply, goOn);
}

function letIn(verdict: Verdict, request: FastifyRequest, reply: FastifyReply, goOn: GoOn): void {
  if (verdict.kind === 'refused') return void sendRefusal(reply, verdict.refusal);
  const { terminal: named } = request.params as { terminal?: string };
  if (named !== verdict.by.terminal)
    return void sendError(reply, 403, 'terminal.notYours', 'This is another terminal’s address.');
  request.signedBy = verdict.by;
  goOn();
}

function requireWholeBody(request: FastifyRequest, reply: FastifyReply, goOn: GoOn): void {
  if (isBodyOf(headerOf(request, 'content-digest'), request.rawBody ?? NO_BODY)) return goOn();
  sendError(reply, 401, 'signature.wrong', 'The body is not the one that was signed.');
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, code, message, nowMs, proof } = refusal;
  const body: PlatformError = {
    code,
    message,
    ...(nowMs === undefined ? {} : { nowMs }),
    ...(proof === undefined ? {} : { proof }),
  };
  if (status === 503) void reply.header('retry-after', '5');
  return reply.code(status).send(body);
}
