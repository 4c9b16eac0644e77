/** What operations staff and their programs call, as JSON; the pages are in `ops-pages.ts`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PlatformContext } from '../context.ts';
import { openApiDocument } from '../openapi/document.ts';
import { ArrivalRequest, LineRequest } from '../ops/demonstration.schema.ts';
import { readFleet, readFleetTotals } from '../ops/fleet.ts';
import { readBill } from '../ops/bill.ts';
import { renderMetrics } from '../ops/metrics.ts';
import { askOperation, OperationRequest } from '../ops/operations.ts';
import { markSeen, SeenAlarmRequest } from '../ops/seen-alarms.ts';
import { importBill } from '../ops/reconciliation.ts';
import { readSummary } from '../ops/summary.ts';
import { closeCase, CloseCaseRequest, takeCase, TakeCaseRequest, type CaseAnswer } from '../ops/worklist.ts';
import { arrive } from '../parking/stays.ts';
import { callNext } from '../tickets/queue-lengths.ts';
import { addTrustOpsRoutes } from './enrolment-routes.ts';
import { sendError } from './errors.ts';
import type { Line } from './line.ts';
import { requireLoopback, takeForms } from './ops-door.ts';
import { addOpsPages, fleetQuery } from './ops-pages.ts';
import { readBody } from './read-body.ts';

type OfTerminal = FastifyRequest<{ Params: { terminal: string } }>;
type OfCase = FastifyRequest<{ Params: { terminal: string; code: string } }>;

export function addOpsRoutes(app: FastifyInstance, context: PlatformContext, line: Line): void {
  app.addHook('onRequest', requireLoopback);
  takeForms(app);
  addOpsPages(app, context, line);
  addTrustOpsRoutes(app, context);
  addDemonstrationRoutes(app, context, line);

  app.get('/v1/openapi.json', () => openApiDocument());
  app.get('/v1/ops/summary', () => readSummary(context, line.isCut()));
  addBillRoute(app, context);
  app.get('/v1/ops/metrics', async (_request, reply) => {
    await context.presences.write();
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await renderMetrics(context));
  });
  app.get('/v1/ops/fleet', async (request: FastifyRequest<{ Querystring: Record<string, string> }>) => {
    await context.presences.write();
    return { totals: await readFleetTotals(context), ...(await readFleet(context, fleetQuery(request.query))) };
  });

  app.post('/v1/ops/terminals/:terminal/operations', async (request: OfTerminal, reply) => {
    const body = readBody(OperationRequest, request, reply);
    if (!body) return reply;
    const asked = await askOperation(context, request.params.terminal, body);
    return asked ?? sendError(reply, 404, 'terminal.unknown', 'There is no such terminal.');
  });

  app.post('/v1/ops/terminals/:terminal/seen', async (request: OfTerminal, reply) => {
    const body = readBody(SeenAlarmRequest, request, reply);
    if (!body) return reply;
    if (await markSeen(context, request.params.terminal, body)) return reply.code(204).send();
    return sendError(reply, 404, 'terminal.unknown', 'There is no such terminal.');
  });

  app.post('/v1/ops/cases/:terminal/:code/take', async (request: OfCase, reply) => {
    const body = readBody(TakeCaseRequest, request, reply);
    if (!body) return reply;
    return sendCaseAnswer(reply, await takeCase(context, request.params.terminal, request.params.code, body));
  });

  app.post('/v1/ops/cases/:terminal/:code/close', async (request: OfCase, reply) => {
    const body = readBody(CloseCaseRequest, request, reply);
    if (!body) return reply;
    return sendCaseAnswer(reply, await closeCase(context, request.params.terminal, request.params.code, body));
  });
}

const BILL_LIMIT_BYTES = 8 * 1024 * 1024;
const PROVIDER = /^[a-z][a-z0-9-]{0,39}$/;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

type OfBill = FastifyRequest<{ Params: { provider: string; day: string }; Body: unknown }>;

function addBillRoute(app: FastifyInstance, context: PlatformContext): void {
  const asText = { parseAs: 'string', bodyLimit: BILL_LIMIT_BYTES } as const;
  app.addContentTypeParser('text/csv', asText, (_request, body, done) => done(null, body));
  app.post('/v1/ops/bills/:provider/:day', { bodyLimit: BILL_LIMIT_BYTES }, async (request: OfBill, reply) => {
    const { provider, day } = request.params;
    if (!PROVIDER.test(provider) || !DAY.test(day))
      return sendError(reply, 404, 'bill.unknown', 'The address is .../bills/PROVIDER/YYYY-MM-DD.');
    const lines = typeof request.body === 'string' ? readBill(request.body) : undefined;
    if (!lines?.ok) return sendError(reply, 422, 'bill.unreadable', lines?.problem.detail ?? 'not CSV');
    return importBill(context, provider, day, lines.value);
  });
}

function sendCaseAnswer(reply: FastifyReply, answer: CaseAnswer): FastifyReply {
  if (answer === 'done') return reply.code(204).send();
  if (answer === 'unknown') return sendError(reply, 404, 'case.unknown', 'There is no such case.');
  return sendError(reply, 409, 'case.settled', 'The case is settled already.');
}

/** For demonstrations and for the window: the line to the terminals, cars that come in, the next person of a queue. */
function addDemonstrationRoutes(app: FastifyInstance, context: PlatformContext, line: Line): void {
  app.post('/v1/ops/line', async (request, reply) => {
    const body = readBody(LineRequest, request, reply);
    if (!body) return reply;
    line.set(body.cut);
    return reply.send({ cut: line.isCut() });
  });

  app.post('/v1/ops/parking/arrivals', async (request, reply) => {
    const body = readBody(ArrivalRequest, request, reply);
    if (!body) return reply;
    if (await arrive(context, body)) return reply.code(204).send();
    return sendError(reply, 404, 'place.unknown', 'There is no such car park.');
  });

  app.post('/v1/ops/queues/:queue/call', async (request: FastifyRequest<{ Params: { queue: string } }>, reply) => {
    if (await callNext(context, request.params.queue)) return reply.code(204).send();
    return sendError(reply, 404, 'queue.unknown', 'There is no such queue.');
  });
}
