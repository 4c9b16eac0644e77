/** Numbers of RFC 8011 that people read as words: operations (5.4.15), status codes (appendix B), states of jobs (5.3.7). */
const OPERATIONS: Readonly<Record<number, string>> = {
  0x0002: 'Print-Job',
  0x0003: 'Print-URI',
  0x0004: 'Validate-Job',
  0x0005: 'Create-Job',
  0x0006: 'Send-Document',
  0x0007: 'Send-URI',
  0x0008: 'Cancel-Job',
  0x0009: 'Get-Job-Attributes',
  0x000a: 'Get-Jobs',
  0x000b: 'Get-Printer-Attributes',
  0x000c: 'Hold-Job',
  0x000d: 'Release-Job',
  0x000e: 'Restart-Job',
  0x0010: 'Pause-Printer',
  0x0011: 'Resume-Printer',
  0x0012: 'Purge-Jobs',
};

const STATUSES: Readonly<Record<number, string>> = {
  0x0000: 'successful-ok',
  0x0001: 'successful-ok-ignored-or-substituted-attributes',
  0x0002: 'successful-ok-conflicting-attributes',
  0x0400: 'client-error-bad-request',
  0x0401: 'client-error-forbidden',
  0x0402: 'client-error-not-authenticated',
  0x0403: 'client-error-not-authorized',
  0x0404: 'client-error-not-possible',
  0x0405: 'client-error-timeout',
  0x0406: 'client-error-not-found',
  0x0407: 'client-error-gone',
  0x0408: 'client-error-request-entity-too-large',
  0x0409: 'client-error-request-value-too-long',
  0x040a: 'client-error-document-format-not-supported',
  0x040b: 'client-error-attributes-or-values-not-supported',
  0x040c: 'client-error-uri-scheme-not-supported',
  0x040d: 'client-error-charset-not-supported',
  0x040e: 'client-error-conflicting-attributes',
  0x040f: 'client-error-compression-not-supported',
  0x0410: 'client-error-compression-error',
  0x0411: 'client-error-document-format-error',
  0x0412: 'client-error-document-access-error',
  0x0500: 'server-error-internal-error',
  0x0501: 'server-error-operation-not-supported',
  0x0502: 'server-error-service-unavailable',
  0x0503: 'server-error-version-not-supported',
  0x0504: 'server-error-device-error',
  0x0505: 'server-error-temporary-error',
  0x0506: 'server-error-not-accepting-jobs',
  0x0507: 'server-error-busy',
  0x0508: 'server-error-job-canceled',
  0x0509: 'server-error-multiple-document-jobs-not-supported',
};

export const OPERATION = {
  validateJob: 0x0004,
  createJob: 0x0005,
  sendDocument: 0x0006,
  cancelJob: 0x0008,
  getJobAttributes: 0x0009,
  getJobs: 0x000a,
  getPrinterAttributes: 0x000b,
} as const;

export const STATUS_NOT_POSSIBLE = 0x0404;
export const STATUS_NOT_FOUND = 0x0406;
export const STATUS_GONE = 0x0407;

export const JOB_STATES = {
  3: 'pending',
  4: 'pending-held',
  5: 'processing',
  6: 'processing-stopped',
  7: 'canceled',
  8: 'aborted',
  9: 'completed',
} as const;
export type JobState = (typeof JOB_STATES)[keyof typeof JOB_STATES];

export function operationName(code: number): string {
  return OPERATIONS[code] ?? `0x${code.toString(16).padStart(4, '0')}`;
}

export function statusName(code: number): string {
  return STATUSES[code] ?? `0x${code.toString(16).padStart(4, '0')}`;
}

/** RFC 8011 appendix B.1: 0x0000 to 0x00ff are successes, some with remarks. */
export function isSuccess(code: number): boolean {
  return code <= 0x00ff;
}
