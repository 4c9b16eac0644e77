/**
 * The HTTP half: launch, the built renderer, the shell's own pages. Answers on 127.0.0.1 only, to its own name only
 * (a foreign name that resolves to 127.0.0.1 is DNS rebinding), and to the browser that redeemed the ticket only.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { securityHeaders } from '../shell/security-headers.ts';
import { readAsset, type AssetSource } from '../shell/static-assets.ts';
import type { Admission } from './admission.ts';

const LAUNCH_PATH = '/launch';
const INDEX_PATH = '/index.html';
const GUARD_PATH = '/page-guard.js';

export interface PageServerOptions {
  readonly admission: Admission;
  readonly assets: AssetSource;
  /** `127.0.0.1:PORT`. */
  readonly host: () => string;
  /** The path of the page to show when nothing else is asked for. */
  readonly frontPage: () => string;
}

export function pageServer(options: PageServerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(options, request, response).catch(() => response.destroy());
  };
}

async function answer(options: PageServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const host = options.host();
  const headers = securityHeaders(`ws://${host}`);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.headers.host !== host) return end(response, 421, 'wrong host');
  if (request.method !== 'GET') return end(response, 405, 'only GET');
  const path = request.url ?? '';
  if (path.startsWith(`${LAUNCH_PATH}?`)) return launch(options.admission, path, response);
  if (!options.admission.admits(request.headers.cookie)) return end(response, 403, 'not the kiosk browser');
  await giveAsset(options, path, response);
}

/**
 * Not a redirect: when the chain began at a `file:` page, chromium leaves a Strict cookie out of the request that
 * follows a 303. A page that refreshes itself begins a chain of its own.
 */
function launch(admission: Admission, path: string, response: ServerResponse): void {
  const ticket = new URLSearchParams(path.slice(LAUNCH_PATH.length)).get('ticket') ?? '';
  const cookie = admission.redeem(ticket);
  if (cookie === undefined) return end(response, 403, 'no valid ticket');
  response.setHeader('Set-Cookie', cookie);
  response.setHeader('Refresh', '0;url=/');
  end(response, 200, '');
}

async function giveAsset(options: PageServerOptions, path: string, response: ServerResponse): Promise<void> {
  const wanted = path === '/' || path === INDEX_PATH ? options.frontPage() : path;
  const asset = await readAsset(options.assets, wanted);
  if (!asset) return end(response, 404, 'no such file');
  response.setHeader('Content-Type', asset.type);
  response.end(wanted.endsWith('.html') ? withGuard(asset.body) : asset.body);
}

/** The guard comes before the renderer's first script. */
function withGuard(page: string | Uint8Array): string {
  const html = typeof page === 'string' ? page : Buffer.from(page).toString('utf8');
  return html.replace(/<head[^>]*>/, (head) => `${head}<script src="${GUARD_PATH}"></script>`);
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(text);
}

export { GUARD_PATH, INDEX_PATH };
