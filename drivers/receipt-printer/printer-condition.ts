/** Status bits of all dialects as one set of facts, and those facts as the status and problem words of the contract. */
import type { DeviceStatus, MediaState, PaperState } from '../../contract/driver.ts';
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import type { PrinterEvent } from './escpos-status.codec.ts';

export interface PrinterCondition {
  readonly isCoverOpen: boolean;
  readonly isPaperOut: boolean;
  readonly isPaperLow: boolean;
  readonly isJammed: boolean;
  readonly isCutterStuck: boolean;
  readonly isBroken: boolean;
  /** Offline, but it mends itself (hot head, low voltage) or names no cause (the feed button is held). */
  readonly isOffline: boolean;
  /** `unknown` where no sensor looks at the mouth. */
  readonly slip: 'unknown' | 'waiting' | 'none';
}

/** DLE EOT 1 to 4 (device-protocols 4.4). Near end and end each set two bits; one is enough. */
export interface RealTimeBytes {
  readonly printer: number;
  readonly offlineCause: number;
  readonly errorCause: number;
  readonly rollPaper: number;
}

const bit = (byte: number, mask: number): boolean => (byte & mask) !== 0;

/** `hasMouthBit`: bit 7 of n = 1 says that printed paper is not yet torn off (Cashino, uncertainty 12). */
export function conditionFromRealTime(bytes: RealTimeBytes, hasMouthBit = false): PrinterCondition {
  const slip = bit(bytes.printer, 0x80) ? 'waiting' : 'none';
  return {
    isCoverOpen: bit(bytes.offlineCause, 0x04),
    isPaperOut: bit(bytes.offlineCause, 0x20) || bit(bytes.rollPaper, 0x60),
    isPaperLow: bit(bytes.rollPaper, 0x0c),
    isJammed: bit(bytes.errorCause, 0x04),
    isCutterStuck: bit(bytes.errorCause, 0x08),
    isBroken: bit(bytes.errorCause, 0x20),
    isOffline: bit(bytes.printer, 0x08) || bit(bytes.errorCause, 0x40),
    slip: hasMouthBit ? slip : 'unknown',
  };
}

/** The four bytes of automatic status back (4.5). */
export function conditionFromAutomatic(bytes: readonly [number, number, number, number]): PrinterCondition {
  const [printer, error, paper] = bytes;
  return {
    isCoverOpen: bit(printer, 0x20),
    isPaperOut: bit(paper, 0x0c),
    isPaperLow: bit(paper, 0x03),
    isJammed: bit(error, 0x04),
    isCutterStuck: bit(error, 0x08),
    isBroken: bit(error, 0x20),
    isOffline: bit(printer, 0x08) || bit(error, 0x40),
    slip: 'unknown',
  };
}

/** Custom's full status (4.9); `ejector` adds the one thing it leaves out, a jam in the presenter. */
export function conditionFromFullStatus(
  status: Extract<PrinterEvent, { kind: 'fullStatus' }>,
  ejector: number | undefined,
): PrinterCondition {
  return {
    isCoverOpen: bit(status.user, 0x03) || bit(status.unrecoverable, 0x02),
    isPaperOut: bit(status.paper, 0x01),
    isPaperLow: bit(status.paper, 0x04),
    isJammed: ejector !== undefined && bit(ejector, 0x80),
    isCutterStuck: bit(status.unrecoverable, 0x01),
    isBroken: bit(status.unrecoverable, 0x0c),
    isOffline: bit(status.recoverable, 0x09),
    slip: bit(status.paper, 0x20) ? 'waiting' : 'none',
  };
}

/**
 * Star's status (4.9). Cover and paper end are the sheet's; errors, near end and the presenter (bits 1 to 3 of the ninth
 * byte, 0 when it is empty) as open drivers read them: assumed.
 */
export function conditionFromStar(bytes: readonly number[]): PrinterCondition {
  const [, , printer = 0, error = 0, cause = 0, paper = 0, , , presenter] = bytes;
  return {
    isCoverOpen: bit(printer, 0x20),
    isPaperOut: bit(paper, 0x08),
    isPaperLow: bit(paper, 0x04),
    isJammed: bit(cause, 0x0a),
    isCutterStuck: bit(error, 0x08),
    isBroken: bit(error, 0x24),
    isOffline: bit(printer, 0x08) || bit(error, 0x40),
    slip: presenter === undefined ? 'unknown' : bit(presenter, 0x0e) ? 'waiting' : 'none',
  };
}

/** What keeps the printer from printing, the cause a person can mend first. */
export function problemOf(condition: PrinterCondition): Problem | undefined {
  if (condition.isCoverOpen) return problem('printer.coverOpen');
  if (condition.isPaperOut) return problem('printer.paperOut');
  if (condition.isCutterStuck) return problem('printer.cutter');
  if (condition.isJammed) return problem('printer.jammed');
  if (condition.isBroken) return problem('printer.hardware');
  if (condition.isOffline)
    return problem('device.refused', 'the printer pauses and names no cause a person could mend');
  return undefined;
}

export function statusOf(condition: PrinterCondition): DeviceStatus {
  const why = problemOf(condition);
  const axes = { paper: paperOf(condition), media: mediaOf(condition) };
  if (!why) return { device: 'online', ...axes };
  const isForPeople = condition.isCoverOpen || condition.isPaperOut || condition.isJammed;
  const device = isForPeople ? 'userError' : why.code === 'device.refused' ? 'offline' : 'hardwareError';
  return { device, ...axes, problem: why };
}

function paperOf(condition: PrinterCondition): PaperState {
  if (condition.isJammed) return 'jammed';
  if (condition.isPaperOut) return 'out';
  return condition.isPaperLow ? 'low' : 'full';
}

function mediaOf(condition: PrinterCondition): MediaState {
  if (condition.slip === 'unknown') return 'unknown';
  return condition.slip === 'waiting' ? 'present' : 'notPresent';
}
