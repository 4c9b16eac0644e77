/** What operations staff call from the machine the platform runs on. Nobody else may: not a page in a browser either. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { parse } from '../../contract/check.ts';
import { ParkingQuoteRequest } from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import { renderFleetPage } from '../ops/fleet-page.ts';
import { readSummary } from '../ops/summary.ts';
import { arrive } from '../parking/stays.ts';
import { callNext } from '../tickets/queue-lengths.ts';
import { sendError } from './errors.ts';
import type { Line } from './line.ts';

const closed = { additionalProperties: false } as const;
const LineRequest = Type.Object({ cut: Type.Boolean() }, closed);
const ArrivalRequest = Type.Object(
  {
    plate: ParkingQuoteRequest.properties.plate,
    place: Type.String({ maxLength: 40 }),
    parkedMinutes: Type.Integer({ minimum: 0, maximum: 100_000 }),
  },
  closed,
);

const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

export function addOpsRoutes(app: FastifyInstance, context: PlatformContext, line: Line): void {
  app.addHook('onRequest', requireLoopback);

  app.get('/', async (_request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    reply.header('cache-control', 'no-store');
    reply.type('text/html; charset=utf-8');
    return renderFleetPage(await readSummary(context, line.isCut()));
  });

  app.get('/v1/ops/summary', () => readSummary(context, line.isCut()));

  /** Demonstrations: cut the line to all terminals, or mend it. */
  app.post('/v1/ops/line', async (request, reply) => {
    const body = parse(LineRequest, request.body);
    if (!body.ok) return sendError(reply, 422, 'body.notInContract', body.problem.detail ?? '');
    line.set(body.value.cut);
    return reply.send({ cut: line.isCut() });
  });

  /** Demonstrations: a car comes in (again), so that parking can be paid a second time. */
  app.post('/v1/ops/parking/arrivals', async (request, reply) => {
    const body = parse(ArrivalRequest, request.body);
    if (!body.ok) return sendError(reply, 422, 'body.notInContract', body.problem.detail ?? '');
    if (!(await arrive(context, body.value)))
      return sendError(reply, 404, 'place.unknown', 'There is no such car park.');
    return reply.code(204).send();
  });

  /** The window calls the next person of a queue. */
  app.post('/v1/ops/queues/:queue/call', async (request: FastifyRequest<{ Params: { queue: string } }>, reply) => {
    if (!(await callNext(context, request.params.queue))) {
      return sendError(reply, 404, 'queue.unknown', 'There is no such queue.');
    }
    return reply.code(204).send();
  });
}

/** The Host check defeats a name that was rebound to this machine; the Origin check, another site's page in a browser here. */
async function requireLoopback(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const host = request.headers.host ?? '';
  const origin = request.headers.origin;
  const isLocal = LOOPBACK_ADDRESSES.has(request.ip) && LOOPBACK_HOST.test(host);
  const isOwnPage = origin === undefined || origin === `http://${host}`;
  if (isLocal && isOwnPage) return undefined;
  return sendError(reply, 403, 'ops.loopbackOnly', 'Operations answer on this machine only.');
}
