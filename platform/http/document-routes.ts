/** Documents: what a terminal fetches behind its door, and what operations publish. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Delegation, DocumentReport, SignedDocument } from '../../contract/document.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { Publications } from '../documents/publications.ts';
import { AdvanceRequest, FirstRingRequest } from '../documents/publishing.schema.ts';
import { sendError } from './errors.ts';
import { readBody } from './read-body.ts';

const CALL_LIMIT_BYTES = 4 * 1024;
const DOCUMENT_LIMIT_BYTES = 9 * 1024 * 1024;
type DocumentRequest = FastifyRequest<{ Params: { channel: string; version: string } }>;
type TerminalRequest = FastifyRequest<{ Params: { terminal: string; channel: string; version: string } }>;

/** Behind the terminals' door. */
export function addDocumentRoutes(app: FastifyInstance, { publications }: PlatformContext): void {
  app.get('/:terminal/manifest', (request: TerminalRequest) => publications.manifestFor(request.params.terminal));
  app.get('/:terminal/documents/:channel/:version', async (request: TerminalRequest, reply) => {
    const document = await readNamed(publications, request.params);
    if (!document) return sendError(reply, 404, 'document.unknown', 'There is no such document.');
    void reply.header('cache-control', 'public, max-age=31536000, immutable');
    return document;
  });
  app.post('/:terminal/document-reports', { bodyLimit: CALL_LIMIT_BYTES }, async (request: TerminalRequest, reply) => {
    const body = readBody(DocumentReport, request, reply);
    if (!body) return reply;
    await publications.report(request.params.terminal, body);
    return reply.send({ noted: true });
  });
}

/** Behind the door of operations. */
export function addPublishingRoutes(app: FastifyInstance, { database, publications }: PlatformContext): void {
  app.post('/v1/ops/delegations', async (request, reply) => {
    const body = readBody(Delegation, request, reply);
    return body ? sendTaken(reply, await publications.delegate(body)) : reply;
  });
  app.post('/v1/ops/documents', { bodyLimit: DOCUMENT_LIMIT_BYTES }, async (request, reply) => {
    const body = readBody(SignedDocument, request, reply);
    return body ? sendTaken(reply, await publications.publish(body)) : reply;
  });
  app.get('/v1/ops/documents', () => publications.list());
  app.get('/v1/ops/documents/:channel/:version', async (request: DocumentRequest, reply) => {
    const document = await readNamed(publications, request.params);
    return document ?? sendError(reply, 404, 'document.unknown', 'There is no such document.');
  });
  app.get('/v1/ops/delegations', async (_request, reply) => {
    const delegation = await publications.delegation();
    return delegation ?? sendError(reply, 404, 'delegation.none', 'No key may sign anything yet.');
  });
  app.post('/v1/ops/documents/advance', async (request, reply) => {
    const body = readBody(AdvanceRequest, request, reply);
    if (!body) return reply;
    if (await publications.advance(body.channel, body.version)) return reply.code(204).send();
    return sendError(reply, 404, 'document.unknown', 'There is no such release.');
  });
  app.post('/v1/ops/documents/first-ring', async (request, reply) => {
    const body = readBody(FirstRingRequest, request, reply);
    if (!body) return reply;
    await database.transaction().execute(async (commit) => {
      await commit.deleteFrom('first_ring').execute();
      const rows = [...new Set(body.terminals)].map((terminal_id) => ({ terminal_id }));
      if (rows.length > 0) await commit.insertInto('first_ring').values(rows).execute();
    });
    return reply.code(204).send();
  });
}

function readNamed(
  publications: Publications,
  { channel, version }: DocumentRequest['params'],
): Promise<SignedDocument | undefined> {
  return /^\d{1,15}$/.test(version) ? publications.read(channel, Number(version)) : Promise.resolve(undefined);
}

function sendTaken(reply: FastifyReply, answer: 'taken' | 'notSigned' | 'notNewer'): FastifyReply {
  if (answer === 'taken') return reply.code(204).send();
  if (answer === 'notNewer') return sendError(reply, 409, 'document.notNewer', 'A version as high as this is known.');
  return sendError(reply, 422, 'document.notSigned', 'It is not signed by a key that the root has allowed for it.');
}
