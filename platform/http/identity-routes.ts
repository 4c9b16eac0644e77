/** What terminals ask about a card's owner. Mounted below the terminals' own prefix, behind the same door. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  CodeCheckRequest,
  FaceCheckRequest,
  FaceReferenceRequest,
  FingerEndRequest,
  FingerOfferRequest,
} from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import { checkCode } from '../identity/code-checks.ts';
import { checkFace, giveFaceReference } from '../identity/face-checks.ts';
import { endFingers, handOutTemplates, offerFingers } from '../identity/finger-checks.ts';
import { sendError } from './errors.ts';
import { readBody } from './read-body.ts';

const CALL_LIMIT_BYTES = 4 * 1024;
/** The largest picture of the contract, and the words around it. */
const PICTURE_LIMIT_BYTES = 64 * 1024;

type TerminalRequest = FastifyRequest<{ Params: { terminal: string } }>;

export function addIdentityRoutes(app: FastifyInstance, context: PlatformContext): void {
  const small = { bodyLimit: CALL_LIMIT_BYTES };
  app.post('/:terminal/identity/finger-offers', small, async (request: TerminalRequest, reply) => {
    const body = readBody(FingerOfferRequest, request, reply);
    return body ? offerFingers(context, request.params.terminal, body) : reply;
  });

  app.post('/:terminal/identity/finger-templates', small, async (request: TerminalRequest, reply) => {
    const body = readBody(FingerOfferRequest, request, reply);
    if (!body) return reply;
    const templates = await handOutTemplates(context, request.params.terminal, body);
    return templates ?? sendError(reply, 409, 'finger.notOpen', 'No finger can be compared now.');
  });

  app.post('/:terminal/identity/finger-ends', small, async (request: TerminalRequest, reply) => {
    const body = readBody(FingerEndRequest, request, reply);
    return body ? endFingers(context, request.params.terminal, body) : reply;
  });

  app.post('/:terminal/identity/face-checks', { bodyLimit: PICTURE_LIMIT_BYTES }, async (request, reply) => {
    const body = readBody(FaceCheckRequest, request, reply);
    if (!body) return reply;
    const checked = await checkFace(context, body);
    return checked ?? sendError(reply, 422, 'face.noPicture', 'The picture is no JPEG.');
  });

  app.post('/:terminal/identity/face-references', small, async (request, reply) => {
    const body = readBody(FaceReferenceRequest, request, reply);
    return body ? giveFaceReference(context, body) : reply;
  });

  app.post('/:terminal/identity/code-checks', small, async (request, reply) => {
    const body = readBody(CodeCheckRequest, request, reply);
    return body ? checkCode(context, body) : reply;
  });
}
