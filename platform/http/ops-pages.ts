/** The pages of operations, and the forms on them. Every form ends in a redirect, so that a reload sends nothing twice. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parse } from '../../contract/check.ts';
import type { PlatformContext } from '../context.ts';
import { asAlarmName } from '../ops/alarms.ts';
import { renderBillsPage } from '../ops/bills-page.ts';
import { renderCasePage } from '../ops/case-page.ts';
import { renderFleetPage } from '../ops/fleet-page.ts';
import { readFleet, readFleetTotals, readVersions, SORTS, type FleetQuery } from '../ops/fleet.ts';
import { askOperation, OperationRequest } from '../ops/operations.ts';
import { markSeen, SeenAlarmRequest } from '../ops/seen-alarms.ts';
import { readFindings } from '../ops/reconciliation.ts';
import { readSummary } from '../ops/summary.ts';
import { readTerminalDetail } from '../ops/terminal-detail.ts';
import { renderTerminalPage } from '../ops/terminal-page.ts';
import { readTimeline } from '../ops/timeline.ts';
import { renderTodayPage } from '../ops/today-page.ts';
import { renderWorklistPage } from '../ops/worklist-page.ts';
import {
  closeCase,
  CloseCaseRequest,
  readCase,
  readWorklist,
  takeCase,
  TakeCaseRequest,
  type CaseAnswer,
} from '../ops/worklist.ts';
import { sendError } from './errors.ts';
import type { Line } from './line.ts';
import { sendPage } from './ops-door.ts';

/** A village terminal may be away for days. */
const FORM_EXPIRES_MINUTES = 3 * 1_440;
const LOG_WINDOW_MS = 3_600_000;

type Query = Readonly<Record<string, string | undefined>>;
type Asking = FastifyRequest<{ Querystring: Query }>;
type OfTerminal = FastifyRequest<{ Params: { terminal: string }; Body: Query }>;
type OfCase = FastifyRequest<{ Params: { terminal: string; code: string }; Body: Query }>;

export function addOpsPages(app: FastifyInstance, context: PlatformContext, line: Line): void {
  app.get('/', async (request: Asking, reply) => {
    const query = fleetQuery(request.query);
    await context.presences.write();
    const page = renderFleetPage({
      nowMs: context.clock.wallMs(),
      lineCut: line.isCut(),
      query,
      fleet: await readFleet(context, query),
      totals: await readFleetTotals(context),
      versions: await readVersions(context),
    });
    return sendPage(reply, 200, page);
  });

  app.get('/today', async (_request, reply) =>
    sendPage(reply, 200, renderTodayPage(await readSummary(context, line.isCut()))),
  );
  app.get('/bills', async (_request, reply) =>
    sendPage(reply, 200, renderBillsPage(await readFindings(context), context.clock.wallMs())),
  );
  addTerminalPages(app, context);
  addCasePages(app, context);
}

function addTerminalPages(app: FastifyInstance, context: PlatformContext): void {
  app.get('/terminals/:terminal', (request: OfTerminal, reply) => sendTerminal(context, request, reply, 200));

  app.post('/terminals/:terminal/seen', async (request: OfTerminal, reply) => {
    const form = parse(SeenAlarmRequest, request.body);
    if (!form.ok) return sendTerminal(context, request, reply, 422, form.problem.detail);
    if (!(await markSeen(context, request.params.terminal, form.value))) return noTerminal(reply);
    return reply.redirect(`/terminals/${request.params.terminal}`, 303);
  });

  app.post('/terminals/:terminal/operations', async (request: OfTerminal, reply) => {
    const form = parse(OperationRequest, operationOf(request.body ?? {}, context.clock.wallMs()));
    if (!form.ok) return sendTerminal(context, request, reply, 422, form.problem.detail);
    if (!(await askOperation(context, request.params.terminal, form.value))) return noTerminal(reply);
    return reply.redirect(`/terminals/${request.params.terminal}`, 303);
  });
}

function addCasePages(app: FastifyInstance, context: PlatformContext): void {
  app.get('/cases', async (request: Asking, reply) => {
    const { code = '', state, page } = request.query;
    const query = {
      code: code.slice(0, 20),
      state: state === 'closed' ? 'closed' : 'open',
      page: pageOf(page),
    } as const;
    const list = await readWorklist(context, query);
    return sendPage(reply, 200, renderWorklistPage({ nowMs: context.clock.wallMs(), query, list }));
  });

  app.get('/cases/:terminal/:code', (request: OfCase, reply) => sendCase(context, request, reply, 200));

  app.post('/cases/:terminal/:code/take', async (request: OfCase, reply) => {
    const form = parse(TakeCaseRequest, request.body);
    if (!form.ok) return sendCase(context, request, reply, 422, form.problem.detail);
    const { terminal, code } = request.params;
    return afterCase(context, request, reply, await takeCase(context, terminal, code, form.value));
  });

  app.post('/cases/:terminal/:code/close', async (request: OfCase, reply) => {
    const form = parse(CloseCaseRequest, request.body);
    if (!form.ok) return sendCase(context, request, reply, 422, form.problem.detail);
    const { terminal, code } = request.params;
    return afterCase(context, request, reply, await closeCase(context, terminal, code, form.value));
  });
}

async function afterCase(
  context: PlatformContext,
  request: OfCase,
  reply: FastifyReply,
  answer: CaseAnswer,
): Promise<FastifyReply> {
  if (answer === 'settled') return sendCase(context, request, reply, 409, '已有结果 it is settled already');
  if (answer === 'unknown') return noCase(reply);
  return reply.redirect(`/cases/${request.params.terminal}/${request.params.code}`, 303);
}

async function sendTerminal(
  context: PlatformContext,
  request: OfTerminal,
  reply: FastifyReply,
  status: number,
  problem?: string,
): Promise<FastifyReply> {
  const detail = await readTerminalDetail(context, request.params.terminal);
  if (!detail) return noTerminal(reply);
  return sendPage(reply, status, renderTerminalPage(detail, context.clock.wallMs(), problem));
}

async function sendCase(
  context: PlatformContext,
  request: OfCase,
  reply: FastifyReply,
  status: number,
  problem?: string,
): Promise<FastifyReply> {
  const { terminal, code } = request.params;
  const row = await readCase(context, terminal, code);
  if (!row) return noCase(reply);
  const timeline = await readTimeline(context, terminal, row.operation);
  const view = { nowMs: context.clock.wallMs(), row, timeline, ...(problem === undefined ? {} : { problem }) };
  return sendPage(reply, status, renderCasePage(view));
}

function noTerminal(reply: FastifyReply): FastifyReply {
  return sendError(reply, 404, 'terminal.unknown', 'There is no such terminal.');
}

function noCase(reply: FastifyReply): FastifyReply {
  return sendError(reply, 404, 'case.unknown', 'There is no such case.');
}

/** Whatever stands in an address bar means something: what is not known is left out. */
export function fleetQuery(query: Query): FleetQuery {
  const only = asAlarmName(query['only']);
  return {
    search: (query['q'] ?? '').slice(0, 64),
    sort: SORTS.find((sort) => sort === query['sort']) ?? 'worst',
    page: pageOf(query['page']),
    ...(only === undefined ? {} : { only }),
  };
}

function pageOf(text: string | undefined): number {
  return /^\d{1,6}$/.test(text ?? '') ? Math.max(1, Number(text)) : 1;
}

function operationOf({ by, kind, device }: Query, nowMs: number): unknown {
  const window = kind === 'collectLogs' ? { fromMs: nowMs - LOG_WINDOW_MS, toMs: nowMs } : {};
  const tested = kind === 'selfTest' ? { device } : {};
  return { by, command: { kind, ...window, ...tested }, expiresInMinutes: FORM_EXPIRES_MINUTES };
}
