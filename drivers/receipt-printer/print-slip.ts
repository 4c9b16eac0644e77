/** One slip on paper: preflight, one write, then waiting for proof while watching for trouble (device-protocols 4.6, 4.7). */
import type { ReceiptPrinterCommand, ReceiptPrinterReply } from '../../contract/devices/receipt-printer.schema.ts';
import { done, failed, unknown, type Evidence, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { leftOpen, type Wait } from '../link/scope.ts';
import { DRAIN_REQUEST, encodeReceipt, processIdRequest } from './escpos.codec.ts';
import type { PrinterEvent } from './escpos-status.codec.ts';
import type { PrintEvidence } from './print-evidence.ts';
import { conditionFromAutomatic, problemOf, type PrinterCondition } from './printer-condition.ts';
import type { PrinterModel } from './printer-models.ts';
import type { PrinterPoll } from './printer-poll.ts';
import { unanswered } from './unanswered.ts';

export interface SlipJob {
  readonly turn: Turn<PrinterEvent>;
  readonly model: PrinterModel;
  readonly command: Extract<ReceiptPrinterCommand, { kind: 'print' }>;
  readonly poll: PrinterPoll;
  readonly evidence: PrintEvidence;
  readonly onCondition: (condition: PrinterCondition) => void;
}

/** How often the printer is looked at while it prints; its own reports come without asking where it has them. */
const LOOK_EVERY_MS = 500;
/** A drained printer answers at once; this also covers one that is still finishing a line. */
const PIPE_EMPTY_MS = 2_000;
/** Quiet after the last stale answer. */
const PIPE_QUIET_MS = 300;
/** A slip cut off in the middle of a command (a lost link) leaves the parser waiting for data; NUL prints nothing. */
const PARSER_FLUSH = new Uint8Array(2_048);

export async function printSlip(job: SlipJob): Promise<Outcome<ReceiptPrinterReply>> {
  const { turn, model, command, evidence } = job;
  if (evidence.wasBegun(command.job)) return sentBefore(job);
  const before = await job.poll.condition(turn);
  if (before.kind !== 'got') return unanswered(before.kind);
  job.onCondition(before.value);
  const obstacle = problemOf(before.value);
  if (obstacle) return failed(obstacle.code, 'none', obstacle.detail);
  const obstruction = await emptyPipe(job);
  if (obstruction) return obstruction;

  const slip = encodeReceipt(command.receipt, model);
  const request = model.evidence === 'drained' ? DRAIN_REQUEST : undefined;
  turn.discard();
  const processId = evidence.ask(command.job);
  if (!turn.send(Buffer.concat([slip, request ?? processIdRequest(processId)]))) {
    evidence.forgetOwed();
    return failed('device.absent', 'none', 'the link went before the first byte');
  }
  return awaitProof(job);
}

function sentBefore({ evidence, command }: SlipJob): Outcome<ReceiptPrinterReply> {
  const proof = evidence.proofOf(command.job);
  if (proof) return done({ kind: 'print' }, proof);
  return unknown('kiosk.interrupted', 'this job was sent to the printer before and is not sent again');
}

/** Answers owed to an earlier job must not be taken for ours: drop what it has buffered, then let the pipe run dry. */
async function emptyPipe(job: SlipJob): Promise<Outcome<never> | undefined> {
  const { turn, model, evidence } = job;
  if (!evidence.isOwed && !evidence.isPipeDirty) return undefined;
  turn.send(PARSER_FLUSH);
  turn.send(Buffer.from(model.clearBuffers, 'hex'));
  if (model.evidence === 'drained') {
    const first = await turn.ask(DRAIN_REQUEST, isDrained, PIPE_EMPTY_MS);
    if (first.kind !== 'got') return unanswered(first.kind);
    for (let more = await turn.next(isDrained, PIPE_QUIET_MS); more.kind === 'got';) {
      more = await turn.next(isDrained, PIPE_QUIET_MS);
    }
  } else {
    await turn.scope.pause(PIPE_QUIET_MS);
  }
  if (turn.scope.interruption) return unanswered(turn.scope.interruption);
  evidence.pipeIsEmpty();
  return undefined;
}

async function awaitProof(job: SlipJob): Promise<Outcome<ReceiptPrinterReply>> {
  for (;;) {
    const wait = await job.turn.next(proofOrReport, LOOK_EVERY_MS);
    if (wait.kind !== 'got' && wait.kind !== 'timeout') return open(job, wait.kind);
    const proof = job.evidence.proofOf(job.command.job);
    if (proof && job.model.evidence === 'processId') return proven(job, proof);
    if (proof) await job.poll.refreshEjector(job.turn);

    const look = await lookAt(job, wait.kind === 'got' ? wait.value : false);
    if (look.kind === 'timeout') continue; // busy printing: it answers later
    if (look.kind !== 'got') return open(job, look.kind);
    job.onCondition(look.value);
    const settled = judge(job, look.value);
    if (settled) return settled;
  }
}

/** What the printer has just reported by itself, else what it answers when asked. */
function lookAt(job: SlipJob, report: PrinterCondition | false): Promise<Wait<PrinterCondition>> {
  return report ? Promise.resolve({ kind: 'got', value: report }) : job.poll.condition(job.turn);
}

/** What a look at the printer decides; nothing while it is merely busy. */
function judge(job: SlipJob, condition: PrinterCondition): Outcome<ReceiptPrinterReply> | undefined {
  const proof = job.evidence.proofOf(job.command.job);
  if (proof && job.model.evidence === 'processId') return proven(job, proof);
  const trouble = troubleOf(condition, proof);
  if (trouble) {
    // What it has buffered would come out when the paper is loaded, as a second slip beside the reprint.
    job.turn.send(Buffer.from(job.model.clearBuffers, 'hex'));
    job.evidence.forgetOwed();
    return failed(trouble.code, 'partial', trouble.detail);
  }
  return proof ? proven(job, proof) : undefined;
}

/** `device.refused` is a pause the printer ends by itself. A pipe that ran dry at paper end has printed on nothing. */
function troubleOf(condition: PrinterCondition, proof: Evidence | undefined): Problem | undefined {
  if (proof?.method === 'escpos.drained' && (proof.value === '0C' || proof.value === '0F')) {
    return { code: 'printer.paperOut' };
  }
  const why = problemOf(condition);
  return why?.code === 'device.refused' ? undefined : why;
}

function proven(job: SlipJob, proof: Evidence): Outcome<ReceiptPrinterReply> {
  job.evidence.settle(job.command.job, 'yes');
  return done({ kind: 'print' }, proof);
}

function open(job: SlipJob, reason: 'deadline' | 'cancelled' | 'lost'): Outcome<never> {
  return leftOpen(reason, job.evidence.proofOf(job.command.job));
}

/** Evidence wakes the waiting with `false`; an automatic report comes along as the condition it describes. */
function proofOrReport(event: PrinterEvent): PrinterCondition | false | undefined {
  if (event.kind === 'processId' || event.kind === 'drained') return false;
  return event.kind === 'automatic' ? conditionFromAutomatic(event.bytes) : undefined;
}

function isDrained(event: PrinterEvent): true | undefined {
  return event.kind === 'drained' ? true : undefined;
}
