/** tus 1.0 for terminals (`contract/attachment.ts`): what goes up in parts. Behind the terminals' door like all they call. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  ATTACHMENT_LIMIT_BYTES,
  PART_BYTES,
  PART_MEDIA_TYPE,
  readUploadMetadata,
  TUS_EXTENSIONS,
  TUS_VERSION,
  uploadChecksum,
} from '../../contract/attachment.ts';
import { contentDigest } from '../../contract/http-signature.ts';
import { addPart, createUpload, findUpload, type Added, type Upload } from '../attachments/uploads.ts';
import type { PlatformContext } from '../context.ts';
import { headerOf } from '../trust/verify-request.ts';
import { sendError } from './errors.ts';

type CreateRequest = FastifyRequest<{ Params: { terminal: string } }>;
type UploadRequest = FastifyRequest<{ Params: { terminal: string; upload: string } }>;

export function addAttachmentRoutes(app: FastifyInstance, context: PlatformContext): void {
  const address = '/:terminal/attachments';
  const options = { bodyLimit: PART_BYTES, preHandler: requireTus };

  app.options(address, async (_request, reply) => {
    void reply.headers({ 'tus-resumable': TUS_VERSION, 'tus-version': TUS_VERSION, 'tus-extension': TUS_EXTENSIONS });
    void reply.headers({ 'tus-max-size': ATTACHMENT_LIMIT_BYTES, 'tus-checksum-algorithm': 'sha256' });
    return reply.code(204).send();
  });

  app.post(address, options, async (request: CreateRequest, reply) => {
    const sizeBytes = numberIn(request, 'upload-length');
    const name = readUploadMetadata(headerOf(request, 'upload-metadata'));
    if (sizeBytes === undefined || sizeBytes === 0 || !name)
      return sendError(reply, 400, 'attachment.unreadable', 'Upload-Length or Upload-Metadata is missing or wrong.');
    if (sizeBytes > ATTACHMENT_LIMIT_BYTES)
      return sendError(reply, 413, 'tooLarge', 'An attachment is larger than allowed.');
    const { terminal } = request.params;
    const created = await createUpload(context, terminal, { ...name, sizeBytes });
    if (created.kind === 'otherContent')
      return sendError(reply, 409, 'attachment.otherContent', 'This name or hash was used for something else.');
    void reply.header('location', `/v1/terminals/${terminal}/attachments/${name.sha256}`);
    return describe(reply, created.upload).code(201).send();
  });

  app.head(`${address}/:upload`, options, async (request: UploadRequest, reply) => {
    const { terminal, upload } = request.params;
    const found = await findUpload(context, terminal, upload);
    if (!found) return unknownUpload(reply);
    void reply.header('upload-length', found.sizeBytes).header('cache-control', 'no-store');
    return describe(reply, found).code(200).send();
  });

  app.patch(`${address}/:upload`, options, async (request: UploadRequest, reply) => {
    const part = readPart(request, reply);
    if (!part) return reply;
    const { terminal, upload } = request.params;
    return answerPart(reply, await addPart(context, terminal, { sha256: upload, ...part }));
  });
}

async function requireTus(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  void reply.header('tus-resumable', TUS_VERSION);
  if (headerOf(request, 'tus-resumable') === TUS_VERSION) return undefined;
  void reply.header('tus-version', TUS_VERSION);
  return sendError(reply, 412, 'tus.otherVersion', 'This is another version of tus than 1.0.0.');
}

/** The part, or nothing after answering. */
function readPart(
  request: FastifyRequest,
  reply: FastifyReply,
): { readonly offsetBytes: number; readonly bytes: Buffer } | undefined {
  const offsetBytes = numberIn(request, 'upload-offset');
  const bytes = request.rawBody ?? Buffer.alloc(0);
  const checksum = headerOf(request, 'upload-checksum');
  if (headerOf(request, 'content-type') !== PART_MEDIA_TYPE) {
    sendError(reply, 415, 'attachment.otherType', `A part is ${PART_MEDIA_TYPE}.`);
  } else if (offsetBytes === undefined || bytes.length === 0 || checksum?.startsWith('sha256 ') !== true) {
    sendError(reply, 400, 'attachment.unreadable', 'Upload-Offset, Upload-Checksum or the part is missing or wrong.');
  } else if (checksum !== uploadChecksum(createHash('sha256').update(bytes).digest('base64'))) {
    sendError(reply, 460, 'attachment.otherHash', 'The part is not what was sent.');
  } else return { offsetBytes, bytes };
  return undefined;
}

function answerPart(reply: FastifyReply, added: Added): FastifyReply {
  switch (added.kind) {
    case 'added':
      return describe(reply, added.upload).code(204).send();
    case 'unknown':
      return unknownUpload(reply);
    case 'otherOffset':
      return sendError(reply, 409, 'attachment.otherOffset', 'The upload stands elsewhere: ask with HEAD.');
    case 'tooLong':
      return sendError(reply, 413, 'tooLarge', 'This is more than was announced.');
    case 'otherHash':
      return sendError(
        reply,
        460,
        'attachment.otherHash',
        'The whole is not what was announced; it is to be sent again.',
      );
  }
}

/** `Repr-Digest` (RFC 9530) once it is whole: the hash of what stands here. */
function describe(reply: FastifyReply, { sha256, receivedBytes, isStored, expiresMs }: Upload): FastifyReply {
  void reply.header('upload-offset', receivedBytes);
  if (isStored) void reply.header('repr-digest', contentDigest(Buffer.from(sha256, 'hex').toString('base64')));
  else if (expiresMs !== undefined) void reply.header('upload-expires', new Date(expiresMs).toUTCString());
  return reply;
}

function unknownUpload(reply: FastifyReply): FastifyReply {
  return sendError(reply, 404, 'attachment.unknown', 'There is no such upload (any more).');
}

function numberIn(request: FastifyRequest, name: string): number | undefined {
  const text = headerOf(request, name);
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
