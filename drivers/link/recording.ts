/**
 * Wraps a link and keeps what passed, for fault reports and for replay. The codec that knows where personal fields stand
 * gives the mask; without one, only lengths are kept.
 */
import type { Clock } from '../../contract/clock.ts';
import type { ByteLink } from './byte-link.ts';

export interface RecordedBytes {
  readonly atMs: number;
  readonly direction: 'toDevice' | 'fromDevice';
  readonly hex: string;
}

export type Mask = (direction: RecordedBytes['direction'], bytes: Uint8Array) => string;

const lengthOnly: Mask = (_direction, bytes) => `(${bytes.length} bytes)`;

/** A mask for wires that carry nothing personal. */
export const plainHex: Mask = (_direction, bytes) => Buffer.from(bytes).toString('hex').toUpperCase();

export function recorded(
  link: ByteLink,
  clock: Clock,
  sink: (entry: RecordedBytes) => void,
  mask: Mask = lengthOnly,
): ByteLink {
  const record = (direction: RecordedBytes['direction'], bytes: Uint8Array): void =>
    sink({ atMs: clock.now(), direction, hex: mask(direction, bytes) });
  const stopRecording = link.onData((chunk) => record('fromDevice', chunk));
  return {
    address: link.address,
    get state() {
      return link.state;
    },
    get problem() {
      return link.problem;
    },
    open: () => link.open(),
    write(bytes) {
      const left = link.write(bytes);
      if (left) record('toDevice', bytes);
      return left;
    },
    reconnect: () => link.reconnect(),
    onData: (listener) => link.onData(listener),
    onState: (listener) => link.onState(listener),
    async close() {
      stopRecording();
      await link.close();
    },
  };
}
