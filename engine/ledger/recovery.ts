/**
 * What a start does with the acts the last run left open (money-and-sync 2.3). It asks the devices before it does
 * anything; the customer is taken to be gone. Within the budget the start waits for it, after that it goes on behind the
 * open kiosk, with paid services closed.
 */
import { pause } from '../../contract/clock.ts';
import type { DeviceClass } from '../../contract/driver.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import { askTrade, chargeOf, recordPaid, settleCharge } from './charge.effect.ts';
import { askDelivery, recordGiven, recordNotGiven, settleDelivery, type DeliveryKind } from './delivery.effect.ts';
import { deliveryKind } from './delivery-kinds.ts';
import { backOff, limitsOf, openCase, type EffectContext } from './effect-context.ts';
import { effectContext, type EffectOptions } from './effects.ts';
import type { Txn } from './journal.schema.ts';
import { beginReverse, sendReversal, waitMs } from './reverse.effect.ts';
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
  const { ledger } = options;
  // many wait at once here, and none of them is a resident
  const context = { ...effectContext(options), append: ledger.appendSoon };
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
  /** A bug showed: nothing more is asked. */
  isBroken: boolean;
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
    paperInDoubt: txns.some(isPrint) || mayHoldPaper(context),
    isBroken: false,
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
    // for the mouth alone nobody waits at a start: the kiosk opens without printing
    if (run.open.size === 0 && (!run.paperInDoubt || pace.endMs !== undefined)) return;
    if (pace.endMs !== undefined && clock.now() + delayMs >= pace.endMs) return;
    await pause(clock, delayMs, pace.signal);
  }
}

async function runRound(run: Run, pace: Pace): Promise<void> {
  const { clock, timing, ledger } = run.context;
  for (let due = [...run.open]; due.length > 0; due = await runPass(run, pace, due));
  for (const id of run.open) {
    if (!isOpen(ledger.txn(id))) run.open.delete(id);
    else if (clock.now() - run.startedAtMs >= timing.caseAfterMs) await handToStaff(run, id);
  }
  if (!run.paperInDoubt || isPrinting(run) || !(await clearMouth(run.context, pace.questionMs))) return;
  run.paperInDoubt = false;
  // were it refused, the next start would clear the mouth once more
  void ledger.documents.put(CLEARED_CHANNEL, ledger.lastPrint() ?? '', {});
}

/**
 * One question for each transaction: devices side by side, each of them one question after the other. What was heard is
 * written together, one commit for many. Returns those that came further and need another question.
 */
async function runPass(run: Run, pace: Pace, due: readonly string[]): Promise<string[]> {
  const { ledger } = run.context;
  const before = new Map(due.map((id) => [id, ledger.txn(id)]));
  await beginReversals(run.context, [...before.values()]);
  const lanes = Map.groupBy([...before.keys()], (id) => deviceFor(ledger.txn(id)));
  const heard = await all([...lanes.values()].map((ids) => runLane(run, pace, ids)));
  await all(heard.flat().map((write) => write()));
  return due.filter((id) => ledger.txn(id) !== before.get(id) && isOpen(ledger.txn(id)));
}

/** Who can say how it stands. */
function deviceFor({ delivery }: Txn): DeviceClass {
  return delivery?.state === 'started' ? deliveryKind(delivery).device : 'payment-terminal';
}

/** The customer is gone: what was paid and not delivered goes back. The intents of all of them are one commit. */
async function beginReversals(context: EffectContext, txns: readonly Txn[]): Promise<void> {
  const begun = txns
    .filter((txn) => txn.state === 'charged' && !txn.case)
    .map((txn) =>
      txn.given
        ? openCase(context, txn.id, 'delivery.partial', { code: 'kiosk.interrupted' })
        : beginReverse(context, txn.id, 'customer gone'),
    );
  await all<unknown>(begun);
}

type Write = () => Promise<unknown>;

/** Stops at a device that does not answer at all: it would keep each of the others waiting as long. */
async function runLane(run: Run, pace: Pace, ids: readonly string[]): Promise<readonly Write[]> {
  const { clock, ledger } = run.context;
  const writes: Write[] = [];
  for (const id of ids) {
    const leftMs = pace.endMs === undefined ? pace.questionMs : pace.endMs - clock.now();
    if (leftMs <= 0 || pace.signal?.aborted || run.isBroken) break;
    try {
      const { write, isAway } = await askFor(run.context, ledger.txn(id), Math.min(pace.questionMs, leftMs));
      if (write) writes.push(write);
      if (isAway) break;
    } catch (error) {
      run.isBroken = true;
      throw error;
    }
  }
  return writes;
}

interface Heard {
  readonly write?: Write | undefined;
  readonly isAway?: boolean;
}

async function askFor(context: EffectContext, txn: Txn, questionMs: number): Promise<Heard> {
  if (!isOpen(txn)) return {};
  const { delivery, id } = txn;
  if (delivery?.state === 'started') return askForDelivery(context, txn, deliveryKind(delivery), questionMs);
  if (chargeOf(txn).state === 'asked') return askForCharge(context, txn, questionMs);
  if (chargeOf(txn).state !== 'reversing' || waitMs(context, id) > 0) return {};
  return { write: await sendReversal(context, id, questionMs) };
}

/** The resident of an open case was told to come back: a late approval is theirs. Of any other, the money goes back. */
async function askForCharge(context: EffectContext, txn: Txn, questionMs: number): Promise<Heard> {
  const answer = await askTrade(context, txn.id, questionMs);
  if (answer.kind === 'unknown') return { isAway: AWAY.includes(answer.problem.code) };
  if (context.ledger.txn(txn.id) !== txn) return {};
  const { kind } = answer;
  if (kind === 'approved' && !txn.case) return { write: () => recordPaid(context, txn.id, answer.reply, false) };
  return { write: () => settleCharge(context, txn.id, answer) };
}

/** What surely did not come out is not given now: whoever it was for is gone, and paid money goes back. */
async function askForDelivery(context: EffectContext, txn: Txn, kind: DeliveryKind, withinMs: number): Promise<Heard> {
  const { id } = txn;
  const answer = await askDelivery(context, kind, id, withinMs);
  if (answer.kind === 'away') return { isAway: AWAY.includes(answer.problem.code) };
  if (context.ledger.txn(id) !== txn) return {};
  if (answer.kind === 'yes') return { write: () => recordGiven(context, kind, id, answer.evidence) };
  if (answer.kind === 'no') return { write: () => recordNotGiven(context, kind, id, answer) };
  return { write: () => settleDelivery(context, kind, id, answer) };
}

/** Waits for all of them also when one breaks, so that nothing goes on behind whoever hears of it. */
async function all<Value>(work: readonly Promise<Value>[]): Promise<Value[]> {
  const ends = await Promise.allSettled(work);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason as Error;
    return end.value;
  });
}

/** Where it is kept after which print the mouth was last seen empty. */
const CLEARED_CHANNEL = 'printer-mouth';

/** Also of a print whose end is known: whoever it was for may have been gone before they took it. */
function mayHoldPaper({ ledger }: EffectContext): boolean {
  const last = ledger.lastPrint();
  return last !== undefined && ledger.documents.get(CLEARED_CHANNEL)?.version !== last;
}

async function handToStaff({ context, open }: Run, id: string): Promise<void> {
  const { delivery, case: opened, charge } = context.ledger.txn(id);
  const why = { code: 'kiosk.interrupted' } as const;
  if (delivery?.state === 'started') {
    await openCase(context, id, deliveryKind(delivery).unknown, why);
    open.delete(id);
  } else if (!opened) {
    await openCase(context, id, charge?.state === 'asked' ? 'charge.unknown' : 'reverse.late', why);
  }
}

function isPrinting({ context, open }: Run): boolean {
  return [...open].some((id) => isPrint(context.ledger.txn(id)));
}

/** A slip was begun and it is not known whether it came out. */
function isPrint({ delivery }: Txn): boolean {
  return delivery?.state === 'started' && 'template' in delivery;
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
