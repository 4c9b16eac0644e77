/** What a failed statement says about the database, whichever it is. */

/** PostgreSQL: the server is going, is starting, has no connection left, or the line to it broke. */
const POSTGRES_GONE = /^(?:08|57P0|53|58)/;
const SOCKET_GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENOENT',
]);
const QUERY_CANCELED = '57014';
/** Two commits stood in each other's way; neither did anything. */
const POSTGRES_CONFLICT = new Set(['40001', '40P01']);
/** SQLite: no room, or the disk or its file cannot be written now. */
const SQLITE_GONE = /^SQLITE_(?:FULL|IOERR|BUSY|LOCKED|CANTOPEN|READONLY)/;
/** What is thrown without a code. */
const GONE_WORDS =
  /the store was closed|connection terminated|timeout exceeded when trying to connect|not queryable|client was closed|driver has already been destroyed/i;

/** Nothing is wrong with what was asked; the database cannot do it now. The asker is told to come again. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error && GONE_WORDS.test(error.message);
  return POSTGRES_GONE.test(code) || code === QUERY_CANCELED || SOCKET_GONE.has(code) || SQLITE_GONE.test(code);
}

/** True when the same commit may succeed at once, because nothing of it was done. */
export function mayRepeat(error: unknown): boolean {
  return POSTGRES_CONFLICT.has(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
