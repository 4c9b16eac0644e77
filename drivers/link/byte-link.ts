/**
 * The wire under a driver: bytes out, bytes in, and whether it stands. A link reconnects by itself; it knows nothing of
 * protocols and resends nothing.
 */
import type { Problem } from '../../contract/outcome.schema.ts';

/** `connecting`: not yet up for the first time. `lost`: was up, or could not be brought up; another try is under way. */
export type LinkState = 'connecting' | 'open' | 'lost';

export interface ByteLink {
  /** One line a technician can read: `tcp 127.0.0.1:9100`. */
  readonly address: string;
  readonly state: LinkState;
  /** Why the link is not open, once that is known. */
  readonly problem: Problem | undefined;
  /** Starts connecting and keeps at it until `close`. */
  open(): void;
  /** Hands the bytes to the operating system; false when the link is not open and not one byte left. */
  write(bytes: Uint8Array): boolean;
  /** Drops the wire and dials again: for a driver whose peer is silent although the wire looks up. */
  reconnect(): void;
  onData(listener: (chunk: Uint8Array) => void): () => void;
  onState(listener: (state: LinkState) => void): () => void;
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}
