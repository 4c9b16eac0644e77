/**
 * One document from bytes to paper: ask how the printer is, let it check the ticket, make an empty job, look at it, fill it,
 * follow it to its end. Create-Job and Send-Document rather than Print-Job: the job's number is known before the one byte that
 * may move paper, so that a lost answer to the document is no lost document, and what is in doubt can be looked up or taken back.
 */
import { failed, unknown, type Outcome } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import type { Scope } from '../link/scope.ts';
import { INTERRUPTION_CODES, leftOpen, notBegun } from '../link/scope.ts';
import { numberOf } from './ipp-client.ts';
import { evidenceOf, hasEnded, isIncomplete, isSame, judgeEnd, type JobLook, type PrintReply } from './job-look.ts';
import { isNoReply, type NoReply, type PrintCommand, type PrinterDesk } from './printer-desk.ts';
import { TIMING, type DocumentPrinterModel } from './printer-models.ts';

export interface PrintSurroundings {
  readonly desk: PrinterDesk;
  readonly model: DocumentPrinterModel;
  readonly scope: Scope;
  /** A job of this name may be in the spool and must not stay there; its number when it is known. */
  readonly takeBack: (name: string, number: number | undefined) => void;
}

/** A printer may forget a job for a moment while it restarts; so often in a row it has forgotten it. */
const FORGOTTEN_LOOKS = 3;

export async function printDocument(around: PrintSurroundings, command: PrintCommand): Promise<Outcome<PrintReply>> {
  const { desk, scope, takeBack } = around;
  const refusal = await refusalBefore(around, command.job);
  if (refusal) return refusal;
  const number = await emptyJob(around, command.job);
  if (typeof number !== 'number') return number;

  const sent = await desk.send(scope, number, Buffer.from(command.pdf, 'base64'));
  switch (sent.kind) {
    case 'done':
      return follow(around, command, number, undefined);
    case 'refused':
      return follow(around, command, number, 'document.refused');
    case 'unanswered':
      return follow(around, command, number, 'device.lost');
    case 'unsent':
      takeBack(command.job, number);
      return notPrinted(sent);
    default:
      takeBack(command.job, number);
      return leftOpen(sent.kind);
  }
}

/** Makes the job and looks at it, so that the document cannot get into another one. Prints nothing, but may leave a job. */
async function emptyJob({ desk, scope, takeBack }: PrintSurroundings, name: string): Promise<number | Outcome<never>> {
  const created = await desk.create(scope, name);
  if (created.kind !== 'done') {
    if (created.kind !== 'unsent' && created.kind !== 'refused') takeBack(name, undefined);
    return notPrinted(created);
  }
  const job = created.groups.find(({ group }) => group === 'job');
  const number = numberOf(job, 'job-id') ?? 0;
  const empty = await desk.look(scope, number, name);
  if (empty !== 'gone' && !('kind' in empty) && !hasEnded(empty)) return number;
  takeBack(name, undefined);
  if (empty === 'gone' || !('kind' in empty)) return failed('device.garbage', 'none', 'no job was made');
  return notPrinted(empty);
}

/** Everything that can be known before there is a job. */
async function refusalBefore({ desk, scope }: PrintSurroundings, job: string): Promise<Outcome<never> | undefined> {
  const condition = await desk.condition(scope);
  if (isNoReply(condition)) return notPrinted(condition);
  if (condition.blocks) return { kind: 'failed', problem: condition.blocks, effect: 'none' };
  const checked = await desk.validate(scope, job);
  return checked.kind === 'done' ? undefined : notPrinted(checked);
}

/**
 * Looks at the job until it has ended and twice says the same. `doubt`: the printer did not take the document as a whole; a
 * job that still waits for the rest is cancelled, one that runs is followed.
 */
async function follow(
  around: PrintSurroundings,
  command: PrintCommand,
  number: number,
  doubt: ProblemCode | undefined,
): Promise<Outcome<PrintReply>> {
  const { desk, model, scope, takeBack } = around;
  const beginnings = new Beginnings();
  let last: JobLook | undefined;
  let forgotten = 0;
  while (!scope.interruption) {
    const job = await desk.look(scope, number, command.job);
    forgotten = job === 'gone' ? forgotten + 1 : 0;
    const evidence = last && evidenceOf(last);
    if (forgotten === FORGOTTEN_LOOKS) return unknown('document.stopped', 'the printer forgot the job', evidence);
    if (job !== 'gone' && !('kind' in job)) {
      if (hasEndedAs(job, last)) return judgeEnd(job, command.pages, model, doubt ?? 'document.stopped');
      last = job;
      const mustStop = beginnings.isSecond(job) || isCutShort(job, doubt);
      if (mustStop) await desk.cancel(scope, number);
    }
    await untilNextLook(around, last);
  }
  takeBack(command.job, number);
  return leftOpen(scope.interruption, last && evidenceOf(last));
}

/**
 * A spooler that was killed begins its job again by itself when it is back (CUPS does). Nobody knows what came out the first
 * time, so the second time is taken back. A beginning counts when two looks agree on it.
 */
class Beginnings {
  #first: number | undefined;
  #lastSeen: number | undefined;

  isSecond({ beganAt }: JobLook): boolean {
    const isAgreed = beganAt !== undefined && beganAt === this.#lastSeen;
    this.#lastSeen = beganAt;
    if (isAgreed) this.#first ??= beganAt;
    return isAgreed && beganAt !== this.#first;
  }
}

function isCutShort(job: JobLook, doubt: ProblemCode | undefined): boolean {
  return doubt !== undefined && isIncomplete(job);
}

/** Twice the same: one answer spoilt on its way ends nothing. */
function hasEndedAs(job: JobLook, last: JobLook | undefined): boolean {
  return hasEnded(job) && last !== undefined && isSame(job, last);
}

/** While it runs, the printer is asked, too: whoever stands in front of it wants to know that the paper has ended. */
async function untilNextLook({ desk, scope }: PrintSurroundings, last: JobLook | undefined): Promise<void> {
  if (last && hasEnded(last)) {
    await scope.pause(TIMING.confirmMs);
    return;
  }
  await desk.condition(scope);
  await scope.pause(TIMING.pollMs);
}

function notPrinted(reply: NoReply): Outcome<never> {
  switch (reply.kind) {
    case 'refused':
      return failed('document.refused', 'none', reply.detail);
    case 'unsent':
    case 'unanswered':
      return { kind: 'failed', problem: reply.problem, effect: 'none' };
    case 'deadline':
    case 'cancelled':
    case 'lost':
      return notBegun(reply.kind);
  }
}

/** For questions: an answer that did not come has changed nothing. */
export function questionFailed(reply: NoReply): Outcome<never> {
  if (reply.kind === 'refused') return failed('device.refused', 'none', reply.detail);
  if (reply.kind === 'unsent' || reply.kind === 'unanswered')
    return { kind: 'failed', problem: reply.problem, effect: 'none' };
  return failed(INTERRUPTION_CODES[reply.kind], 'none');
}
