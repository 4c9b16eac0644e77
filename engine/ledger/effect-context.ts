/** What every effect is given, and the few acts they share. */
import type { Chance, Clock } from '../../contract/clock.ts';
import type { CommandOf, ReplyOf } from '../../contract/devices/device-classes.ts';
import type { DeviceClass, Limits } from '../../contract/driver.ts';
import { ok, type Outcome, type Problem, type Result } from '../../contract/outcome.schema.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { drawCaseCode } from './case-code.ts';
import type { PaymentProfile } from '../../kiosk-config/payment-profile.schema.ts';
import type { CaseReason, JournalEntry, MachineTime, Txn } from './journal.schema.ts';
import type { Probe } from './kill-points.ts';
import type { Ledger } from './ledger.ts';
import type { Seal } from './sealed-parts.ts';

/** The part of the device manager that effects need. Never rejects. */
export interface EffectDevices {
  execute<Class extends DeviceClass>(
    deviceClass: Class,
    command: CommandOf<Class>,
    limits: Limits,
  ): Promise<Outcome<ReplyOf<Class>>>;
}

/** Milliseconds. */
export interface EffectTiming {
  /** How long the payment terminal may take with card and PIN. */
  readonly saleMs: number;
  /** One question to the payment terminal, and one reversal. */
  readonly questionMs: number;
  readonly printMs: number;
  /** One question to the printer that moves no paper, or to a lock that moves no bolt. */
  readonly counterMs: number;
  /** A reversal, or a doubt found at start-up, that lasts longer than this is also a case for staff. */
  readonly caseAfterMs: number;
}

export const EFFECT_TIMING: EffectTiming = {
  saleMs: 150_000,
  questionMs: 10_000,
  printMs: 30_000,
  counterMs: 5_000,
  caseAfterMs: 600_000,
};

export interface EffectContext {
  readonly ledger: Ledger;
  /** Writes an outcome: at once, or, at a start with many to settle, together with others. */
  readonly append: (
    txn: string,
    entry: JournalEntry,
    events: readonly TerminalEvent[],
  ) => Promise<Result<Txn>> | Result<Txn>;
  readonly devices: EffectDevices;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly probe: Probe;
  readonly timing: EffectTiming;
  /** The provider's rules. */
  readonly payment: PaymentProfile;
  /** Of the machine, across restarts of this program; undefined where it cannot be read. */
  readonly machineTime: () => MachineTime | undefined;
  /** Absent while no key of the platform is known. */
  readonly seal: Seal | undefined;
}

/** In the hands of staff; `code` is what the resident is shown. */
export interface CaseResult {
  readonly kind: 'case';
  readonly code: string;
  readonly problem: Problem;
}

export function limitsOf(context: EffectContext, ms: number, signal: AbortSignal = NEVER): Limits {
  return { deadline: context.clock.now() + ms, signal };
}

/** A question about money is not given up because a session ends. */
const NEVER = new AbortController().signal;

export function at(context: EffectContext): string {
  return new Date(context.clock.wallMs()).toISOString();
}

/**
 * Hands the transaction to staff, once: one that has a case keeps its code. `events` go up in the same commit. When even
 * that cannot be written, the code still goes to the resident: the journal's open intent is settled at the next start.
 */
export async function openCase(
  context: EffectContext,
  id: string,
  reason: CaseReason,
  problem: Problem,
  events: readonly TerminalEvent[] = [],
): Promise<CaseResult> {
  const txn = context.ledger.txn(id);
  const code = txn.case?.code ?? drawCaseCode(context.chance);
  const opened = txn.case ? [] : [caseOpened(context, txn, code, reason)];
  const written = await context.append(id, { step: 'flag', code, reason }, [...events, ...opened]);
  if (written.ok) context.probe('case.recorded');
  return { kind: 'case', code, problem: written.ok ? problem : written.problem };
}

/** For an act that happened but could not be recorded. */
export function unrecorded(context: EffectContext, id: string, problem: Problem): CaseResult {
  return { kind: 'case', code: context.ledger.txn(id).case?.code ?? drawCaseCode(context.chance), problem };
}

/** How long to wait before each next try: from `firstMs` on twice as long in all each time, the gap never over `capMs`. */
export function* backOff(capMs: number, firstMs = 2_000): Generator<number, never> {
  let gapMs = firstMs;
  yield gapMs;
  for (;;) {
    yield Math.min(gapMs, capMs);
    gapMs *= 2;
  }
}

export function evidenceText(method: string, value: string): string {
  return `${method} ${value}`.slice(0, 200);
}

/** The journal's answer without its value. */
export function written(result: Result<Txn>): Result<undefined> {
  return result.ok ? ok(undefined) : result;
}

function caseOpened(context: EffectContext, txn: Txn, code: string, reason: CaseReason): TerminalEvent {
  return {
    ...{ type: 'CaseOpened', at: at(context), operation: txn.id, code, reason },
    ...(txn.charge && { amountCents: txn.charge.amountCents, trade: txn.charge.trade }),
    ...(txn.given && { given: txn.given }),
  };
}
