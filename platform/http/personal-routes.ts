/** Personal parts of forms, for whoever works on them: behind the door of operations. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PlatformContext } from '../context.ts';
import { erasePersonalPart, readPersonalPart } from '../trust/personal-parts.ts';
import { sendError } from './errors.ts';

type FormRequest = FastifyRequest<{ Params: { terminal: string; operation: string } }>;

export function addPersonalRoutes(app: FastifyInstance, context: PlatformContext): void {
  app.post('/v1/ops/terminals/:terminal/forms/:operation/open', async (request: FormRequest, reply) => {
    const { terminal, operation } = request.params;
    const part = await readPersonalPart(context, terminal, operation);
    void reply.header('cache-control', 'no-store');
    if (part.kind === 'unknownForm') return sendError(reply, 404, 'form.unknown', 'There is no such form.');
    if (part.kind === 'opened') return reply.send({ content: part.content });
    return sendError(reply, 410, `form.${part.kind}`, 'The personal part cannot be read (any more).');
  });
  app.post('/v1/ops/terminals/:terminal/forms/:operation/erase', async (request: FormRequest) => {
    const { terminal, operation } = request.params;
    return { erased: await erasePersonalPart(context, terminal, operation) };
  });
}
