/** One slip on paper: preflight, sending once, then waiting for proof while watching for trouble (device-protocols 4.6, 4.7). */
import type { ReceiptPrinterCommand, ReceiptPrinterReply } from '../../contract/devices/receipt-printer.schema.ts';
import { done, failed, unknown, type Evidence, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { leftOpen, type Interruption, type Wait } from '../link/scope.ts';
import { bytesOf } from './bytes.ts';
import { emptyPipe } from './empty-pipe.ts';
import type { EscposStatusDecoder, PrinterEvent } from './escpos-status.codec.ts';
import type { FlowGate, Pace } from './flow-gate.ts';
import type { GlyphPress } from './glyph-press.ts';
import type { PrintEvidence } from './print-evidence.ts';
import { conditionFromAutomatic, conditionFromStar, problemOf, type PrinterCondition } from './printer-condition.ts';
import type { PrinterModel } from './printer-models.ts';
import type { PrinterPoll } from './printer-poll.ts';
import { DRAIN_REQUEST, proofRequest } from './printer-requests.ts';
import { typeset } from './typeset.ts';
import { unanswered } from './unanswered.ts';

export interface SlipJob {
  readonly turn: Turn<PrinterEvent>;
  readonly model: PrinterModel;
  readonly command: Extract<ReceiptPrinterCommand, { kind: 'print' }>;
  readonly poll: PrinterPoll;
  readonly decoder: EscposStatusDecoder;
  readonly evidence: PrintEvidence;
  readonly press: GlyphPress;
  readonly gate: FlowGate;
  /** None on wires that hold the sender back by themselves. */
  readonly pace: Pace | undefined;
  /** A printer that does not answer is printed on all the same. */
  readonly printsBlind: boolean;
  readonly onCondition: (condition: PrinterCondition) => void;
}

type Settled = Outcome<ReceiptPrinterReply>;

/** How often the printer is looked at while it prints; its own reports come without asking where it has them. */
const LOOK_EVERY_MS = 500;
/** A printer that keeps its XOFF so long is looked at; one that is well then has lost its XON. */
const HELD_MS = 3_000;

export async function printSlip(job: SlipJob): Promise<Settled> {
  const { turn, model, command, evidence } = job;
  if (evidence.wasBegun(command.job)) return sentBefore(job);
  const slip = await turn.scope.raceOf(typeset(command.receipt, model, job.press));
  if (slip.kind !== 'got') return unanswered(slip.kind);
  if (!slip.value.ok) return failed(slip.value.problem.code, 'none', slip.value.problem.detail);
  const before = await job.poll.condition(turn);
  const isBlind = before.kind === 'timeout' && job.printsBlind;
  if (before.kind !== 'got' && !isBlind) return unanswered(before.kind);
  if (before.kind === 'got') {
    job.onCondition(before.value);
    const obstacle = problemOf(before.value);
    if (obstacle) return failed(obstacle.code, 'none', obstacle.detail);
  }
  const obstruction = await emptyPipe(job);
  if (obstruction) return obstruction;
  turn.discard();
  const processId = evidence.ask(command.job);
  return (await send(job, Buffer.concat([slip.value.value, proofRequest(model, processId)]))) ?? awaitProof(job);
}

function sentBefore({ evidence, command }: SlipJob): Settled {
  const proof = evidence.proofOf(command.job);
  if (proof) return done({ kind: 'print' }, proof);
  return unknown('kiosk.interrupted', 'this job was sent to the printer before and is not sent again');
}

/** Undefined when all has left this side. */
async function send(job: SlipJob, bytes: Uint8Array): Promise<Settled | undefined> {
  const { turn, evidence, pace } = job;
  const pieceBytes = pace?.pieceBytes ?? bytes.length;
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    if (!turn.send(bytes.subarray(from, from + pieceBytes))) {
      if (from > 0) return open(job, 'lost');
      evidence.forgetOwed();
      return failed('device.absent', 'none', 'the link went before the first byte');
    }
    if (!pace) continue;
    if (!(await turn.scope.pause(pace.pieceMs))) return open(job, turn.scope.interruption ?? 'cancelled');
    const settled = await untilThereIsRoom(job);
    if (settled) return settled;
  }
  return undefined;
}

async function untilThereIsRoom(job: SlipJob): Promise<Settled | undefined> {
  while (!job.gate.isOpen) {
    const wait = await job.turn.next(goOrReport, HELD_MS);
    if (wait.kind !== 'got' && wait.kind !== 'timeout') return open(job, wait.kind);
    if (wait.kind === 'got' && wait.value === false) continue;
    const look = await lookAt(job, wait.kind === 'got' ? wait.value : false);
    if (look.kind === 'timeout') continue;
    if (look.kind !== 'got') return open(job, look.kind);
    job.onCondition(look.value);
    const settled = judge(job, look.value);
    if (settled) return settled;
    if (wait.kind === 'timeout') job.gate.open();
  }
  return undefined;
}

async function awaitProof(job: SlipJob): Promise<Settled> {
  for (;;) {
    const wait = await job.turn.next(proofOrReport, LOOK_EVERY_MS);
    if (wait.kind !== 'got' && wait.kind !== 'timeout') return open(job, wait.kind);
    const proof = job.evidence.proofOf(job.command.job);
    if (proof && job.model.evidence === 'processId') return proven(job, proof);
    if (proof) await job.poll.refreshEjector(job.turn);

    const look = await lookAt(job, wait.kind === 'got' ? wait.value : false);
    askAgain(job);
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

/** Beside a damaged status the answer to GS r cannot be believed; asking again moves nothing. */
function askAgain(job: SlipJob): void {
  const mayBeLost = job.decoder.takeLostDrained() > 0;
  if (!mayBeLost || job.model.evidence !== 'drained' || job.evidence.proofOf(job.command.job)) return;
  job.evidence.ask(job.command.job);
  job.turn.send(DRAIN_REQUEST);
}

/** What a look at the printer decides; nothing while it is merely busy. */
function judge(job: SlipJob, condition: PrinterCondition): Settled | undefined {
  const proof = job.evidence.proofOf(job.command.job);
  if (proof && job.model.evidence === 'processId') return proven(job, proof);
  const trouble = troubleOf(condition, proof);
  if (trouble) {
    // What it has buffered would come out when the paper is loaded, as a second slip beside the reprint.
    job.turn.send(bytesOf(job.model.clearBuffers));
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

function proven(job: SlipJob, proof: Evidence): Settled {
  job.evidence.settle(job.command.job, 'yes');
  return done({ kind: 'print' }, proof);
}

function open(job: SlipJob, reason: Interruption): Outcome<never> {
  return leftOpen(reason, job.evidence.proofOf(job.command.job));
}

function reportIn(event: PrinterEvent): PrinterCondition | undefined {
  if (event.kind === 'automatic') return conditionFromAutomatic(event.bytes);
  return event.kind === 'starStatus' ? conditionFromStar(event.bytes) : undefined;
}

/** Evidence wakes the waiting with `false`; an automatic report comes along as the condition it describes. */
function proofOrReport(event: PrinterEvent): PrinterCondition | false | undefined {
  return event.kind === 'processId' || event.kind === 'drained' ? false : reportIn(event);
}

function goOrReport(event: PrinterEvent): PrinterCondition | false | undefined {
  return event.kind === 'flow' ? false : reportIn(event);
}
