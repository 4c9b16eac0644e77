/** What a printer's attributes say about paper and machine (RFC 8011 5.4.11, 5.4.12; PWG 5100.13 for more keywords). */
import type { DeviceState, DeviceStatus, PaperState } from '../../contract/driver.ts';
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import { numberOf, textsOf, valuesOf } from './ipp-client.ts';
import type { IppGroup } from './ipp.codec.ts';

export interface PrinterCondition {
  readonly status: DeviceStatus;
  /** Why no document may be sent now; a document that waits in the spool would come out in somebody else's session. */
  readonly blocks: Problem | undefined;
  readonly reasons: readonly string[];
  readonly takesPdf: boolean;
}

export const PRINTER_ATTRIBUTES = [
  'printer-state',
  'printer-state-reasons',
  'printer-is-accepting-jobs',
  'document-format-supported',
  'printer-make-and-model',
] as const;

interface Meaning {
  readonly device: DeviceState;
  readonly paper?: PaperState;
  readonly code: ProblemCode;
}

/** In this order: the first that is there names the problem. */
const STOPPERS: readonly (readonly [keyword: string, meaning: Meaning])[] = [
  ['media-jam', { device: 'userError', paper: 'jammed', code: 'printer.jammed' }],
  ['media-empty', { device: 'userError', paper: 'out', code: 'printer.paperOut' }],
  ['media-needed', { device: 'userError', paper: 'out', code: 'printer.paperOut' }],
  ['input-tray-missing', { device: 'userError', paper: 'out', code: 'printer.paperOut' }],
  ['cover-open', { device: 'userError', code: 'printer.coverOpen' }],
  ['door-open', { device: 'userError', code: 'printer.coverOpen' }],
  ['interlock-open', { device: 'userError', code: 'printer.coverOpen' }],
  ['toner-empty', { device: 'userError', code: 'document.toner' }],
  ['marker-supply-empty', { device: 'userError', code: 'document.toner' }],
  ['developer-empty', { device: 'userError', code: 'document.toner' }],
  ['marker-waste-full', { device: 'userError', code: 'document.toner' }],
  ['output-area-full', { device: 'userError', code: 'printer.jammed' }],
  ['output-tray-missing', { device: 'userError', code: 'printer.jammed' }],
  ['fuser-over-temp', { device: 'hardwareError', code: 'printer.hardware' }],
  ['fuser-under-temp', { device: 'hardwareError', code: 'printer.hardware' }],
  ['opc-life-over', { device: 'hardwareError', code: 'printer.hardware' }],
  ['spool-area-full', { device: 'hardwareError', code: 'printer.hardware' }],
  // The queue is there, the machine behind it is not.
  ['offline', { device: 'offline', code: 'device.absent' }],
  ['connecting-to-device', { device: 'offline', code: 'device.absent' }],
  ['timed-out', { device: 'offline', code: 'device.absent' }],
  ['shutdown', { device: 'offline', code: 'device.absent' }],
  ['paused', { device: 'offline', code: 'device.refused' }],
  ['moving-to-paused', { device: 'offline', code: 'device.refused' }],
];
const LOW = ['media-low'];
const STOPPED = 5;
const PDF = 'application/pdf';

/** Without these nothing comes out, whatever else is well: with one tray, a warning about them is as good as an error. */
const PAPER_PATH = /^(?:media-(?:jam|empty|needed)|input-tray-missing|cover-open|door-open|interlock-open)$/;

/** Undefined when the group does not even tell a state: that is no printer. */
export function conditionOf(printer: IppGroup | undefined, trays: number): PrinterCondition | undefined {
  const state = numberOf(printer, 'printer-state');
  if (state === undefined || state < 3 || state > STOPPED) return undefined;
  const reasons = textsOf(printer, 'printer-state-reasons').filter((reason) => reason !== 'none');
  const takesPdf = textsOf(printer, 'document-format-supported').includes(PDF);
  const paper = paperOf(reasons);
  const found = stopperOf(reasons, state, trays) ?? otherTrouble(printer, state, takesPdf);
  const blocks = found && problem(found.code, reasons.length > 0 ? reasons.join(', ') : found.detail);
  const status = { device: found?.device ?? 'online', paper: found?.paper ?? paper, media: 'unknown' } as const;
  return { status: blocks ? { ...status, problem: blocks } : status, blocks, reasons, takesPdf };
}

function paperOf(reasons: readonly string[]): PaperState {
  const isLow = reasons.some((reason) => LOW.includes(withoutSeverity(reason)) || reason === 'media-empty-warning');
  return isLow ? 'low' : 'full';
}

/**
 * A reason counts as it stands or as an error. As a warning it is about one tray of several, or about what is to come; as a
 * report it is for the record (5.4.12). A printer that has stopped means each of its reasons.
 */
function stopperOf(
  reasons: readonly string[],
  state: number,
  trays: number,
): (Meaning & { readonly detail: string }) | undefined {
  const isStop = (reason: string, keyword: string): boolean => {
    if (state === STOPPED) return true;
    if (reason.endsWith('-warning')) return trays === 1 && PAPER_PATH.test(keyword);
    return !reason.endsWith('-report');
  };
  for (const [keyword, meaning] of STOPPERS) {
    const isThere = reasons.some((reason) => withoutSeverity(reason) === keyword && isStop(reason, keyword));
    if (isThere) return { ...meaning, detail: keyword };
  }
  return undefined;
}

function otherTrouble(
  printer: IppGroup | undefined,
  state: number,
  takesPdf: boolean,
): (Meaning & { readonly detail: string }) | undefined {
  if (state === STOPPED)
    return { device: 'hardwareError', code: 'printer.hardware', detail: 'stopped, no reason given' };
  const [isAccepting] = valuesOf(printer, 'printer-is-accepting-jobs');
  if (isAccepting === false) return { device: 'offline', code: 'device.refused', detail: 'not accepting jobs' };
  if (!takesPdf) return { device: 'hardwareError', code: 'document.refused', detail: `does not take ${PDF}` };
  return undefined;
}

function withoutSeverity(reason: string): string {
  return reason.replace(/-(?:report|warning|error)$/, '');
}
