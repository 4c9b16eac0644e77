/**
 * `app://kiosk/`: the renderer's files. A scheme of our own instead of `file:`, which may read the disk; `standard` and
 * `secure` only, so that neither the content policy nor CORS can be passed by.
 */
import type { CustomScheme } from 'electron';
import { securityHeaders } from '../shell/security-headers.ts';
import { readAsset, type AssetSource } from '../shell/static-assets.ts';
import { APP_SCHEME, isKioskUrl } from './app-url.ts';

export const APP_SCHEMES: CustomScheme[] = [{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }];

/** Answers one request of the page. Never rejects. */
export async function answerAppRequest(source: AssetSource, request: Request): Promise<Response> {
  const headers = securityHeaders(undefined);
  if (request.method !== 'GET' || !isKioskUrl(request.url)) return new Response('', { status: 403, headers });
  const asset = await readAsset(source, new URL(request.url).pathname);
  if (!asset) return new Response('', { status: 404, headers });
  return new Response(asset.body, { headers: { ...headers, 'Content-Type': asset.type } });
}
