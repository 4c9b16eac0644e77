/**
 * What a start does with the acts the last run left open (money-and-sync 2.3). It asks the devices before it does
 * anything; the customer is taken to be gone. Within the budget the start waits for it, after that it goes on behind the
 * open kiosk, with paid services closed.
 */
import { pause } from '../../contract/clock.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import { askTrade, chargeOf, recordPaid, settleCharge } from './charge.effect.ts';
import { backOff, limitsOf, openCase, type EffectContext } from './effect-context.ts';
import { effectContext, type EffectOptions } from './effects.ts';
import type { Txn } from './journal.schema.ts';
import { askPrinter, recordNotPrinted, recordPrinted, settlePrint } from './print.effect.ts';
import { beginReverse, reverseOnce } from './reverse.effect.ts';
import { blocksPaidServices, isOpen } from './txn.fold.ts';

export interface RecoveryOptions extends EffectOptions {
  /** How long a start may wait for devices. Default 20 s. */
  readonly budgetMs?: number;
}

export interface RecoveryStanding {
  /** Still open. */
  readonly pending: readonly Txn[];
  /** Money in doubt that staff do not know of yet: no paid service until it is gone. */
  readonly paidServicesClosed: boolean;
  /** A slip of the last run may still wait in the printer's mouth: nothing may be printed until it is cleared. */
  readonly paperInDoubt: boolean;
}

export interface RecoveryReport extends RecoveryStanding {
  /** How each transaction that was open came to its end. */
  readonly settled: readonly Txn[];
  /** Goes on until nothing is pending or `signal` aborts; calls back after each round. */
  resume(signal: AbortSignal, onRound?: (standing: RecoveryStanding) => void): Promise<RecoveryStanding>;
}

const BUDGET_MS = 20_000;
/** At start-up no device may use up the budget alone. */
const STARTUP_QUESTION_MS = 4_000;
const STARTUP_GAP_CAP_MS = 4_000;
const GAP_CAP_MS = 60_000;

export async function recover(options: RecoveryOptions): Promise<RecoveryReport> {
  const context = effectContext(options);
  const run = startRun(context);
  await runRounds(run, {
    questionMs: STARTUP_QUESTION_MS,
    gapCapMs: STARTUP_GAP_CAP_MS,
    endMs: context.clock.now() + (options.budgetMs ?? BUDGET_MS),
  });
  return {
    ...standingOf(run),
    settled: [...run.found].filter((id) => !run.open.has(id)).map((id) => context.ledger.txn(id)),
    async resume(signal, onRound) {
      await runRounds(run, { questionMs: context.timing.questionMs, gapCapMs: GAP_CAP_MS, signal, onRound });
      return standingOf(run);
    },
  };
}

interface Run {
  readonly context: EffectContext;
  readonly startedAtMs: number;
  readonly found: ReadonlySet<string>;
  readonly open: Set<string>;
  paperInDoubt: boolean;
}

interface Pace {
  readonly questionMs: number;
  readonly gapCapMs: number;
  readonly endMs?: number;
  readonly signal?: AbortSignal;
  readonly onRound?: ((standing: RecoveryStanding) => void) | undefined;
}

function startRun(context: EffectContext): Run {
  const txns = context.ledger.openTxns();
  const found = txns.map((txn) => txn.id);
  return {
    context,
    startedAtMs: context.clock.now(),
    found: new Set(found),
    open: new Set(found),
    paperInDoubt: txns.some((txn) => txn.delivery?.state === 'started'),
  };
}

function standingOf({ context, open, paperInDoubt }: Run): RecoveryStanding {
  const pending = [...open].map((id) => context.ledger.txn(id));
  return { pending, paidServicesClosed: pending.some(blocksPaidServices), paperInDoubt };
}

async function runRounds(run: Run, pace: Pace): Promise<void> {
  const { clock } = run.context;
  for (const delayMs of backOff(pace.gapCapMs)) {
    if (pace.signal?.aborted) return;
    await runRound(run, pace);
    pace.onRound?.(standingOf(run));
    if (run.open.size === 0 && !run.paperInDoubt) return;
    if (pace.endMs !== undefined && clock.now() + delayMs >= pace.endMs) return;
    await pause(clock, delayMs, pace.signal);
  }
}

async function runRound(run: Run, pace: Pace): Promise<void> {
  const { clock, timing } = run.context;
  for (const id of run.open) {
    const leftMs = pace.endMs === undefined ? pace.questionMs : pace.endMs - clock.now();
    if (leftMs <= 0 || pace.signal?.aborted) return;
    if (await settleTxn(run.context, id, Math.min(pace.questionMs, leftMs))) run.open.delete(id);
    else if (clock.now() - run.startedAtMs >= timing.caseAfterMs) handToStaff(run, id);
  }
  if (run.paperInDoubt && !isPrinting(run)) run.paperInDoubt = !(await clearMouth(run.context, pace.questionMs));
}

/** Takes the transaction as far as the devices allow; true when nothing is open any more. */
async function settleTxn(context: EffectContext, id: string, questionMs: number): Promise<boolean> {
  for (;;) {
    const before = context.ledger.txn(id);
    if (!isOpen(before)) return true;
    await takeStep(context, before, questionMs);
    if (context.ledger.txn(id) === before) return false;
  }
}

async function takeStep(context: EffectContext, txn: Txn, questionMs: number): Promise<void> {
  if (txn.delivery?.state === 'started') return settleDelivery(context, txn, questionMs);
  if (chargeOf(txn).state === 'asked') return settleDoubt(context, txn, questionMs);
  if (!beginReverse(context, txn.id, 'customer gone')) await reverseOnce(context, txn.id, questionMs);
}

/** The resident of an open case was told to come back: a late approval is theirs. Of any other, the money goes back. */
async function settleDoubt(context: EffectContext, txn: Txn, questionMs: number): Promise<void> {
  const answer = await askTrade(context, txn.id, questionMs);
  if (answer.kind === 'unknown' || context.ledger.txn(txn.id) !== txn) return;
  if (answer.kind === 'approved' && !txn.case) recordPaid(context, txn.id, answer.reply, false);
  else settleCharge(context, txn.id, answer);
}

/** A slip that surely did not come out is not printed now: whoever it was for is gone, and paid money goes back. */
async function settleDelivery(context: EffectContext, txn: Txn, questionMs: number): Promise<void> {
  const answer = await askPrinter(context, txn.id, questionMs);
  if (answer.kind === 'away' || context.ledger.txn(txn.id) !== txn) return;
  if (answer.kind === 'yes') recordPrinted(context, txn.id, answer.evidence);
  else if (answer.kind === 'no') recordNotPrinted(context, txn.id, answer);
  else settlePrint(context, txn.id, answer);
}

function handToStaff({ context, open }: Run, id: string): void {
  const txn = context.ledger.txn(id);
  const why = { code: 'kiosk.interrupted' } as const;
  if (txn.delivery?.state === 'started') {
    openCase(context, id, 'print.unknown', why);
    open.delete(id);
  } else if (!txn.case) {
    openCase(context, id, txn.charge?.state === 'asked' ? 'charge.unknown' : 'reverse.late', why);
  }
}

function isPrinting({ context, open }: Run): boolean {
  return [...open].some((id) => context.ledger.txn(id).delivery?.state === 'started');
}

const AWAY: readonly ProblemCode[] = ['device.absent', 'device.lost', 'device.busy', 'device.deadline'];

/**
 * The last person's paper must not greet the next one. Only after the counters were read: it may change them. Tried
 * again only while the printer is away: an unclear answer is not a reason to move paper twice.
 */
async function clearMouth(context: EffectContext, withinMs: number): Promise<boolean> {
  const sent = context.devices.execute('receipt-printer', { kind: 'retract' }, limitsOf(context, withinMs));
  context.probe('retract.sent');
  const outcome = await sent;
  return !(outcome.kind === 'failed' && outcome.effect === 'none' && AWAY.includes(outcome.problem.code));
}
