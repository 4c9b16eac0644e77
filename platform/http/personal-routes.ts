/** Personal parts of forms, for whoever works on them: behind the door of operations. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PlatformContext } from '../context.ts';
import { erasePersonalPart, FormAccessRequest, readFormAccess, readPersonalPart } from '../trust/personal-parts.ts';
import { sendError } from './errors.ts';
import { readBody } from './read-body.ts';

type FormRequest = FastifyRequest<{ Params: { terminal: string; operation: string } }>;

export function addPersonalRoutes(app: FastifyInstance, context: PlatformContext): void {
  app.post('/v1/ops/terminals/:terminal/forms/:operation/open', async (request: FormRequest, reply) => {
    const { terminal, operation } = request.params;
    const body = readBody(FormAccessRequest, request, reply);
    if (!body) return reply;
    const part = await readPersonalPart(context, terminal, operation, body);
    void reply.header('cache-control', 'no-store');
    if (part.kind === 'unknownForm') return sendError(reply, 404, 'form.unknown', 'There is no such form.');
    if (part.kind === 'opened') return reply.send({ content: part.content });
    return sendError(reply, 410, `form.${part.kind}`, 'The personal part cannot be read (any more).');
  });
  app.post('/v1/ops/terminals/:terminal/forms/:operation/erase', async (request: FormRequest, reply) => {
    const { terminal, operation } = request.params;
    const body = readBody(FormAccessRequest, request, reply);
    if (!body) return reply;
    return reply.send({ erased: await erasePersonalPart(context, terminal, operation, body) });
  });
  app.get('/v1/ops/terminals/:terminal/forms/:operation/access', ({ params }: FormRequest) =>
    readFormAccess(context, params.terminal, params.operation),
  );
}
