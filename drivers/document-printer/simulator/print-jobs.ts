/** The spool of the simulated printer: jobs in order, one printing at a time (RFC 8011 5.3.7, figure 3). */
import type { PaperPath } from './paper-path.ts';

export const STATE = { pending: 3, held: 4, processing: 5, stopped: 6, canceled: 7, aborted: 8, completed: 9 } as const;

export interface Job {
  readonly number: number;
  readonly name: string;
  readonly user: string;
  state: number;
  reason: string;
  pages: number;
  pagesPrinted: number;
  hasBegun: boolean;
  /** Seconds; 0 before it has begun. */
  begunAt: number;
  document: Uint8Array | undefined;
}

export interface SpoolFaults {
  /** Every document is aborted as soon as it is begun. */
  abortsJobs: boolean;
  /** The document is taken, and the job is not known any more. */
  forgetsJobs: boolean;
  /** Jobs are called completed, and no paper moves. */
  liesCompleted: boolean;
}

export class PrintJobs {
  readonly faults: SpoolFaults = { abortsJobs: false, forgetsJobs: false, liesCompleted: false };
  /** Documents whose first sheet has come out, by name; a reprint counts again. */
  readonly printed: { readonly name: string; readonly pages: number; readonly pdf: Uint8Array }[] = [];
  readonly #path: PaperPath;
  readonly #nowSeconds: () => number;
  #jobs: Job[] = [];
  #lastNumber = 0;

  constructor(path: PaperPath, nowSeconds: () => number) {
    this.#path = path;
    this.#nowSeconds = nowSeconds;
  }

  get all(): readonly Job[] {
    return this.#jobs;
  }

  create(name: string, user: string): Job {
    this.#lastNumber += 1;
    const job: Job = {
      number: this.#lastNumber,
      name,
      user,
      state: STATE.held,
      reason: 'job-incoming',
      pages: 0,
      pagesPrinted: 0,
      hasBegun: false,
      begunAt: 0,
      document: undefined,
    };
    this.#jobs.push(job);
    return job;
  }

  find(number: number): Job | undefined {
    return this.#jobs.find((job) => job.number === number);
  }

  fill(job: Job, document: Uint8Array): void {
    job.document = document;
    job.pages = countPages(document);
    job.state = STATE.pending;
    job.reason = 'none';
    if (this.faults.forgetsJobs) this.#jobs = this.#jobs.filter((other) => other !== job);
    else this.run();
  }

  /** False when it has ended already. */
  cancel(job: Job): boolean {
    if (job.state >= STATE.canceled) return false;
    if (job.hasBegun) this.#path.stop();
    this.#end(job, STATE.canceled, 'job-canceled-by-user');
    return true;
  }

  /** As after a power cut: what was not finished is aborted, and the list of ended jobs is empty. */
  restart(): void {
    this.#path.stop();
    this.#jobs = [];
  }

  /** As CUPS after it was killed: what was under way is begun again, from the first page. */
  beginAgain(): void {
    this.#path.stop();
    for (const job of this.#jobs) {
      if (job.state !== STATE.processing && job.state !== STATE.stopped) continue;
      Object.assign(job, { state: STATE.pending, hasBegun: false, pagesPrinted: 0 });
    }
    this.run();
  }

  /** Goes on with the first job that waits, or stops where the paper path is in trouble. */
  run(): void {
    const job = this.#jobs.find(
      ({ state }) => state === STATE.processing || state === STATE.stopped || state === STATE.pending,
    );
    if (!job) return;
    const isInTrouble = this.#path.troubles.length > 0;
    if (this.faults.liesCompleted) return this.#end(job, STATE.completed, 'job-completed-successfully');
    if (isInTrouble && !job.hasBegun) return;
    if (!job.hasBegun) job.begunAt = this.#nowSeconds();
    job.hasBegun = true;
    job.state = isInTrouble ? STATE.stopped : STATE.processing;
    job.reason = isInTrouble ? 'printer-stopped' : 'job-printing';
    if (this.faults.abortsJobs) return this.#end(job, STATE.aborted, 'aborted-by-system');
    this.#path.feed(() => this.#sheetOut(job));
  }

  #sheetOut(job: Job): void {
    job.pagesPrinted += 1;
    if (job.pagesPrinted === 1) {
      this.printed.push({ name: job.name, pages: job.pages, pdf: job.document ?? new Uint8Array() });
    }
    if (job.pagesPrinted >= job.pages) this.#end(job, STATE.completed, 'job-completed-successfully');
    else this.run();
  }

  #end(job: Job, state: number, reason: string): void {
    job.state = state;
    job.reason = reason;
    job.document = undefined;
    this.run();
  }
}

/** Page objects of a PDF that stand in the clear; at least one. */
function countPages(document: Uint8Array): number {
  const text = Buffer.from(document).toString('latin1');
  return Math.max(1, [...text.matchAll(/\/Type\s*\/Page(?![A-Za-z])/g)].length);
}
