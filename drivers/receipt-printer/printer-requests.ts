/** The questions a printer is asked, and the one that follows a slip as its proof (device-protocols 4.4, 4.6, 4.8, 4.9). */
import { ascii, bytesOf } from './bytes.ts';
import type { PrinterModel } from './printer-models.ts';

/** GS ( H fn 48 with four characters. */
export function processIdRequest(processId: string): Uint8Array {
  return Uint8Array.of(0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...ascii(processId));
}

/** GS r 1: queued behind the print data, so that its answer means that they are printed. */
export const DRAIN_REQUEST = bytesOf('1D7201');
/** ETB: Star's counter goes on when it is reached. */
export const COUNT_REQUEST = bytesOf('17');
export const PAPER_LENGTH_REQUEST = bytesOf('1DE1');
export const FULL_STATUS_REQUEST = bytesOf('100414');
export const EJECTOR_STATUS_REQUEST = bytesOf('1D6506');
export const MODEL_NAME_REQUEST = bytesOf('1D4943');
/** ESC ACK SOH: status at once, also while the buffer is full. Not in the sheet; open drivers use it: assumed. */
export const STAR_STATUS_REQUEST = bytesOf('1B0601');

/** DLE EOT n. */
export function realTimeRequest(n: 1 | 2 | 3 | 4): Uint8Array {
  return Uint8Array.of(0x10, 0x04, n);
}

/** What goes behind the cut. */
export function proofRequest(model: PrinterModel, processId: string): Uint8Array {
  switch (model.evidence) {
    case 'processId':
      return processIdRequest(processId);
    case 'drained':
      return DRAIN_REQUEST;
    case 'counter':
      return COUNT_REQUEST;
  }
}
