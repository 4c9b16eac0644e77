/** Operations answer on the platform's own machine only, and to no page of another site. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './errors.ts';

const FORM_LIMIT_BYTES = 8 * 1024;
const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/** The Host check defeats a name that was rebound to this machine; the Origin check, another site's page in a browser here. */
export async function requireLoopback(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const host = request.headers.host ?? '';
  const origin = request.headers.origin;
  const isLocal = LOOPBACK_ADDRESSES.has(request.ip) && LOOPBACK_HOST.test(host);
  const isOwnPage = origin === undefined || origin === `http://${host}`;
  if (isLocal && isOwnPage) return undefined;
  return sendError(reply, 403, 'ops.loopbackOnly', 'Operations answer on this machine only.');
}

/** A page without a script sends its forms this way. */
export function takeForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
}

/** Sends a page that may load nothing and be framed by nobody. */
export function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply
    .code(status)
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page);
}
