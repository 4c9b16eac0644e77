/** The short name of an operating system's or SQLite's refusal: `ENOSPC`, `SQLITE_IOERR_FSYNC`. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error ? String(error.code) : error.message.slice(0, 80);
}

/** The same, with the call that was refused where the system names it: `EIO fdatasync`. */
export function refusalOf(error: unknown): string {
  const syscall = error instanceof Error && 'syscall' in error ? String(error.syscall) : '';
  return `${codeOf(error)} ${syscall}`.trim();
}

/** Whether the disk failed to say that what was written is on it, as `refusalOf` or SQLite names it. */
export function isSyncFailure(detail: string): boolean {
  return /fsync|fdatasync/i.test(detail);
}
