/** What crosses the WebSocket: one JSON text a message. A value JSON would change on the way is a bug and throws. */
import { fail, ok, type Result } from '../contract/outcome.schema.ts';

export const MAX_MESSAGE_BYTES = 64 * 1024;

export function encodeMessage(message: unknown): string {
  // the replacer sees values after toJSON has run, so it looks at the holder for a Date
  return JSON.stringify(message, function (this: Record<string, unknown>, key, value: unknown) {
    const raw = key === '' ? value : this[key];
    if (!isPlain(raw)) throw new TypeError(`not plain JSON at ${key || 'the top'}`);
    return value;
  });
}

function isPlain(value: unknown): boolean {
  if (value === null || value === undefined) return true; // an absent optional key
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** `isBinary`: a frame of bytes, which nobody of ours sends. */
export function decodeMessage(bytes: Buffer, isBinary: boolean): Result<unknown> {
  if (isBinary) return fail('kiosk.badMessage', 'binary frame');
  if (bytes.length > MAX_MESSAGE_BYTES) return fail('kiosk.badMessage', 'oversize message');
  try {
    return ok(JSON.parse(bytes.toString('utf8')));
  } catch {
    return fail('kiosk.badMessage', 'not JSON');
  }
}
