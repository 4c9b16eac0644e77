/** Finding jobs by our name in the printer's own lists: to settle after a crash, and to take back what waits. */
import { done, unknown, type Outcome } from '../../contract/outcome.schema.ts';
import type { Scope } from '../link/scope.ts';
import { hasEnded, isSame, printedOf, type JobLook } from './job-look.ts';
import { questionFailed } from './print-document.ts';
import type { NoReply, PrinterDesk } from './printer-desk.ts';
import { TIMING, type DocumentPrinterModel } from './printer-models.ts';

export interface SearchSurroundings {
  readonly desk: PrinterDesk;
  readonly model: DocumentPrinterModel;
  readonly scope: Scope;
}

interface Found {
  readonly jobs: readonly JobLook[];
  /** Both lists were whole, so that a job that is not in them is not there. */
  readonly isWhole: boolean;
}

type Settled = { readonly kind: 'settle'; readonly printed: 'yes' | 'no' | 'cannotTell' };
type Cancelled = { readonly kind: 'cancel'; readonly cancelled: boolean };

/** A job that is still on its way is waited for so many looks; then it cannot be told yet, and `cancel` is the way on. */
const LOOKS = 20;

export async function settleJob(
  { desk, model, scope }: SearchSurroundings,
  name: string,
  pages: number | undefined,
  isHistoryKept: boolean,
): Promise<Outcome<Settled>> {
  const settled = (printed: Settled['printed'], value: string): Outcome<Settled> =>
    done({ kind: 'settle', printed }, { method: 'ipp.jobs', value });
  for (let look = 0; ; look += 1) {
    const found = await searchTwice(desk, scope, name);
    if ('kind' in found) return questionFailed(found);
    const verdicts = found.jobs.map((job) => (hasEnded(job) ? printedOf(job, pages, model) : 'waits'));
    if (found.jobs.length === 0) {
      return isHistoryKept && found.isWhole
        ? settled('no', 'no such job in either list')
        : settled('cannotTell', 'not listed');
    }
    const value = found.jobs
      .map(({ number, state }) => `job ${number} ${state}`)
      .join(', ')
      .slice(0, 200);
    if (verdicts.includes('yes') && !verdicts.includes('waits')) return settled('yes', value);
    if (verdicts.every((verdict) => verdict === 'no')) return settled('no', value);
    if (!verdicts.includes('waits') || look === LOOKS) return settled('cannotTell', value);
    // Nothing is lost when the time is over: the job's fate is simply not known yet.
    if (!(await scope.pause(TIMING.pollMs))) return settled('cannotTell', value);
  }
}

/** `cancelled: false`: there was nothing left to take back. */
export async function cancelJob({ desk, scope }: SearchSurroundings, name: string): Promise<Outcome<Cancelled>> {
  const found = await searchTwice(desk, scope, name);
  if ('kind' in found) return questionFailed(found);
  const waiting = found.jobs.filter((job) => !hasEnded(job));
  const ends: string[] = [];
  for (const { number } of waiting) {
    const ended = await cancelAndFollow(desk, scope, number, name);
    if (typeof ended !== 'object') return unknown('device.absent', `job ${number}: ${ended}`);
    ends.push(`job ${number} ${ended.state}`);
  }
  const value = ends.join(', ').slice(0, 200) || 'nothing waits';
  const cancelled = ends.length > 0 && ends.every((end) => end.endsWith('canceled'));
  return done({ kind: 'cancel', cancelled }, { method: 'ipp.cancel', value });
}

/** The job as it ended; `gone` is an end, too. */
export async function cancelAndFollow(
  desk: PrinterDesk,
  scope: Scope,
  number: number,
  name: string,
): Promise<JobLook | { readonly state: 'gone' } | 'still there' | 'not known'> {
  let last: JobLook | undefined;
  for (let look = 0; look < LOOKS && !scope.interruption; look += 1) {
    const job = await desk.look(scope, number, name);
    if (job === 'gone') return { state: 'gone' };
    if (!('kind' in job)) {
      if (hasEnded(job) && last && isSame(job, last)) return job;
      last = job;
      // Asked again only while it waits: a second Cancel-Job of a job that ended is refused and changes nothing.
      if (!hasEnded(job)) await desk.cancel(scope, number);
    }
    await scope.pause(TIMING.confirmMs);
  }
  return last ? 'still there' : 'not known';
}

/** Both lists, twice: a name that was spoilt on its way must not make a job disappear. */
async function searchTwice(desk: PrinterDesk, scope: Scope, name: string): Promise<Found | NoReply> {
  const first = await search(desk, scope, name);
  if ('kind' in first) return first;
  const second = await search(desk, scope, name);
  if ('kind' in second) return second;
  const isSteady = first.jobs.length === second.jobs.length;
  const agreeing = second.jobs.filter((job) => first.jobs.some((other) => isSame(job, other)));
  const isAgreed = isSteady && agreeing.length === second.jobs.length;
  if (isAgreed) return { jobs: second.jobs, isWhole: first.isWhole && second.isWhole };
  // It moves, or one of the answers was wrong: what moves counts as still on its way.
  const byNumber = new Map([...first.jobs, ...second.jobs].map((job) => [job.number, job]));
  const jobs = [...byNumber.values()].map((job) =>
    agreeing.includes(job) ? job : { ...job, state: 'processing' as const },
  );
  return { jobs, isWhole: false };
}

async function search(desk: PrinterDesk, scope: Scope, name: string): Promise<Found | NoReply> {
  // Waiting first: a job that ends between the two questions is then in both lists, not in neither.
  const waiting = await desk.list(scope, 'not-completed', name);
  if ('kind' in waiting) return waiting;
  const ended = await desk.list(scope, 'completed', name);
  if ('kind' in ended) return ended;
  const numbers = new Set(ended.jobs.map(({ number }) => number));
  const jobs = [...ended.jobs, ...waiting.jobs.filter(({ number }) => !numbers.has(number))];
  return { jobs, isWhole: waiting.isWhole && ended.isWhole };
}
