/** Where terminals get and change their identity, and where staff hand out codes and take terminals out of the fleet. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EnrolRequest, KeyRotationRequest, NewTerminalRequest } from '../../contract/enrolment.schema.ts';
import { readSignature } from '../../contract/http-signature.ts';
import type { PlatformContext } from '../context.ts';
import { createTerminalCode, enrol, rotateKeys, setStanding, type EnrolAnswer } from '../trust/enrolment.ts';
import { pairFingerprint, publicKeyOf } from '../trust/raw-keys.ts';
import { headerOf, isBodyOf, isSignedWith } from '../trust/verify-request.ts';
import { addCourierRoutes } from './courier-routes.ts';
import { addPublishingRoutes } from './document-routes.ts';
import { sendError } from './errors.ts';
import { hangUpWhenCut, type Line } from './line.ts';
import { addPersonalRoutes } from './personal-routes.ts';
import { readBody } from './read-body.ts';
import { keepRawBodies, requireOwnSignature } from './terminal-auth.ts';

const LIMIT_BYTES = 4 * 1024;

type NamedRequest = FastifyRequest<{ Params: { terminal: string } }>;

/** `POST /v1/enrol`: before the terminals' door, for who comes has no key there yet. */
export function addEnrolRoute(app: FastifyInstance, context: PlatformContext, line: Line): void {
  hangUpWhenCut(app, line);
  keepRawBodies(app);
  app.post('/v1/enrol', { bodyLimit: LIMIT_BYTES }, async (request, reply) => {
    const body = readBody(EnrolRequest, request, reply);
    if (!body) return reply;
    if (!(await isSignedByItsKeys(request, body)))
      return sendError(reply, 401, 'signature.wrong', 'This must be signed with the keys it brings.');
    return sendEnrolment(reply, await enrol(context.database, context.trust, body), context.clock.wallMs());
  });
}

/** Behind the terminals' door. */
export function addKeyRoutes(app: FastifyInstance, context: PlatformContext): void {
  const options = { bodyLimit: LIMIT_BYTES, preHandler: requireOwnSignature };
  app.post('/:terminal/keys', options, async (request: NamedRequest, reply) => {
    const body = readBody(KeyRotationRequest, request, reply);
    if (!body || !request.signedBy) return reply;
    const answer = await rotateKeys(context.database, context.trust, request.signedBy, body);
    return answer ?? sendError(reply, 422, 'keys.notProven', 'The new keys did not sign the change.');
  });
}

/** Behind the door of operations. */
export function addTrustOpsRoutes(app: FastifyInstance, context: PlatformContext): void {
  addPersonalRoutes(app, context);
  addCourierRoutes(app, context);
  addPublishingRoutes(app, context);
  app.post('/v1/ops/terminals', async (request, reply) => {
    const body = readBody(NewTerminalRequest, request, reply);
    return body ? createTerminalCode(context.database, context.trust, body) : reply;
  });
  for (const [word, state] of [
    ['suspend', 'suspended'],
    ['resume', 'active'],
  ] as const) {
    app.post(`/v1/ops/terminals/:terminal/${word}`, async (request: NamedRequest, reply) => {
      if (await setStanding(context.database, context.trust, request.params.terminal, state))
        return reply.code(204).send();
      return sendError(reply, 404, 'terminal.unknown', 'There is no such terminal.');
    });
  }
}

async function isSignedByItsKeys(request: FastifyRequest, { keys }: EnrolRequest): Promise<boolean> {
  const written = readSignature(headerOf(request, 'signature-input'), headerOf(request, 'signature'));
  if (written?.keyId !== pairFingerprint(keys) || !request.rawBody) return false;
  const key = publicKeyOf('ed25519', keys.signing);
  return isBodyOf(headerOf(request, 'content-digest'), request.rawBody) && isSignedWith(key, written, request);
}

function sendEnrolment(reply: FastifyReply, answer: EnrolAnswer, nowMs: number): FastifyReply {
  switch (answer.kind) {
    case 'enrolled':
      return reply.send(answer.reply);
    case 'wrongCode':
      return sendError(reply, 403, 'enrol.wrongCode', 'No such code was given out for this station.');
    case 'usedCode':
      return sendError(reply, 409, 'enrol.usedCode', 'Another machine was enrolled with this code; ask for a new one.');
    case 'expiredCode':
      return sendError(reply, 410, 'enrol.expiredCode', 'This code is older than 72 hours; ask for a new one.');
    case 'locked':
      void reply.header('retry-after', String(Math.ceil((answer.untilMs - nowMs) / 1_000)));
      return sendError(reply, 429, 'enrol.locked', 'Five wrong codes: enrolment at this station rests for a while.');
  }
}
