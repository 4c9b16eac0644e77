/** How an IPP message reaches the printer and its answer comes back. Given to the driver, so that tests give their own. */
import type { Problem } from '../../contract/outcome.schema.ts';

export type IppDelivery =
  /** The body of an HTTP answer that is IPP. */
  | { readonly kind: 'answered'; readonly body: Uint8Array }
  /** Not one byte of the message reached the printer. */
  | { readonly kind: 'unsent'; readonly problem: Problem }
  /** Some or all of it did, and no whole answer came back. */
  | { readonly kind: 'unanswered'; readonly problem: Problem };

export interface IppTransport {
  /** One line a technician can read: `ipp://127.0.0.1:631/printers/a4`. */
  readonly address: string;
  /** One message, one answer. Never rejects; aborting gives `unsent` or `unanswered` and lets the wire go. */
  deliver(message: Uint8Array, signal: AbortSignal): Promise<IppDelivery>;
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}

/** Attributes of a printer are some tens of kilobytes; more than this is no answer. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
