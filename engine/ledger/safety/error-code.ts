/** The short name of an operating system's or SQLite's refusal: `ENOSPC`, `SQLITE_IOERR_FSYNC`. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error ? String(error.code) : error.message.slice(0, 80);
}
