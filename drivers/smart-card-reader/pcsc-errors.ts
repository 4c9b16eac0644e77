/** What an exception of the PC/SC add-on means to the driver. Its `code` is the PC/SC error without prefix; its `name` is `Error`. */
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';

const CODES: Readonly<Record<string, ProblemCode>> = {
  NoSmartCard: 'card.removed',
  RemovedCard: 'card.removed',
  SharingViolation: 'device.busy',
  CommError: 'device.lost',
  InvalidHandle: 'device.lost',
  NoReadersAvailable: 'device.lost',
  NoService: 'device.lost',
  ReaderUnavailable: 'device.lost',
  ServiceStopped: 'device.lost',
  UnknownReader: 'device.lost',
};

/** Anything else is between reader and card, and cannot be told from a card on its way out: `card.unreadable`. */
export function problemOfPcscError(error: unknown): Problem {
  const name = pcscErrorName(error);
  return problem(CODES[name] ?? 'card.unreadable', `PC/SC ${name}`);
}

export function pcscErrorName(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'error';
}
