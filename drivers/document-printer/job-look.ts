/** One look at a job, and what a job that has ended proves about paper (RFC 8011 5.3.7, 5.3.8, 5.3.18). */
import { done, failed, unknown, type Evidence, type Outcome } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import { JOB_STATES, type JobState } from './ipp-codes.ts';
import { isNoValue, numberOf, textOf, textsOf } from './ipp-client.ts';
import type { IppGroup } from './ipp.codec.ts';
import type { DocumentPrinterModel } from './printer-models.ts';

export interface JobLook {
  readonly number: number;
  readonly name: string;
  readonly state: JobState;
  readonly reasons: readonly string[];
  readonly impressions: number | undefined;
  readonly sheets: number | undefined;
  /** Seconds of the printer's clock at which it began; undefined when it does not tell or has not begun. */
  readonly beganAt: number | undefined;
  /** The printer says that it never began with it. */
  readonly isUntouched: boolean;
}

export const JOB_ATTRIBUTES = [
  'job-id',
  'job-name',
  'job-state',
  'job-state-reasons',
  'job-impressions-completed',
  'job-media-sheets-completed',
  'time-at-processing',
] as const;

/** Undefined when the group does not name number, name and state: it was withheld, or is none. */
export function jobIn(group: IppGroup | undefined): JobLook | undefined {
  const number = numberOf(group, 'job-id');
  const name = textOf(group, 'job-name');
  const state = JOB_STATES[numberOf(group, 'job-state') as keyof typeof JOB_STATES] as JobState | undefined;
  if (number === undefined || name === undefined || state === undefined) return undefined;
  return {
    number,
    name,
    state,
    reasons: textsOf(group, 'job-state-reasons').filter((reason) => reason !== 'none'),
    impressions: plausible(numberOf(group, 'job-impressions-completed')),
    sheets: plausible(numberOf(group, 'job-media-sheets-completed')),
    beganAt: numberOf(group, 'time-at-processing'),
    isUntouched: isNoValue(group, 'time-at-processing'),
  };
}

export function hasEnded({ state }: JobLook): boolean {
  return state === 'completed' || state === 'canceled' || state === 'aborted';
}

/** The document never became whole, and the printer waits for the rest. */
export function isIncomplete({ state, reasons }: JobLook): boolean {
  return (
    state === 'pending-held' ||
    reasons.some((reason) => reason === 'job-incoming' || reason === 'job-data-insufficient')
  );
}

export function isSame(a: JobLook, b: JobLook): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function evidenceOf({ number, state, reasons, impressions }: JobLook): Evidence {
  const count = impressions === undefined ? '' : `, ${impressions} impressions`;
  const why = reasons.length === 0 ? '' : ` (${reasons.join(' ')})`;
  return { method: 'ipp.job', value: `job ${number} ${state}${why}${count}`.slice(0, 200) };
}

export type PrintReply = { readonly kind: 'print'; readonly jobNumber: number; readonly sheets?: number };

/** `whenNotPrinted`: what to call it when the printer says that nothing came out. */
export function judgeEnd(
  job: JobLook,
  pages: number,
  model: DocumentPrinterModel,
  whenNotPrinted: ProblemCode,
): Outcome<PrintReply> {
  const evidence = evidenceOf(job);
  const reasons = job.reasons.join(' ');
  switch (printedOf(job, pages, model)) {
    case 'yes': {
      const sheets = job.sheets !== undefined && job.sheets > 0 ? { sheets: job.sheets } : {};
      return done({ kind: 'print', jobNumber: job.number, ...sheets }, evidence);
    }
    case 'no':
      return failed(refusalOf(job) ?? whenNotPrinted, 'none', `${job.state}: ${reasons}`);
    case 'partly':
      return failed('document.stopped', 'partial', `${job.state} after ${job.impressions} of ${pages}: ${reasons}`);
    case 'cannotTell':
      return unknown('document.stopped', `${job.state}: ${reasons}`, evidence);
  }
}

/**
 * Whether paper came out. `completed` is believed unless the printer counts and counted too few, or says itself that there
 * were errors. Not printed is believed only when the printer counts and counted nothing, or never began.
 */
export function printedOf(
  job: JobLook,
  pages: number | undefined,
  model: DocumentPrinterModel,
): 'yes' | 'no' | 'partly' | 'cannotTell' {
  const { impressions } = job;
  const counted = model.countsImpressions ? impressions : undefined;
  if (job.state === 'completed') return isProven(job, pages ?? 1, counted) ? 'yes' : 'cannotTell';
  // A printer that is still running to a stop may yet count more.
  if (job.reasons.includes('processing-to-stop-point')) return 'cannotTell';
  if (job.isUntouched) return 'no';
  if ((impressions ?? 0) + (job.sheets ?? 0) > 0) return 'partly';
  return counted === undefined ? 'cannotTell' : 'no';
}

function isProven({ reasons }: JobLook, pages: number, counted: number | undefined): boolean {
  return (counted ?? pages) >= pages && !reasons.includes('job-completed-with-errors');
}

function refusalOf({ reasons }: JobLook): ProblemCode | undefined {
  const isRefusal = (reason: string): boolean => reason.startsWith('document-') || reason.startsWith('unsupported-');
  return reasons.some(isRefusal) ? 'document.refused' : undefined;
}

function plausible(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 && value <= 1_000_000 ? value : undefined;
}
