/**
 * The acts the outside world remembers, all written before they are done (law 3). None throws on an expected failure;
 * what cannot be known becomes a case with a code. One act per transaction at a time.
 */
import type { Chance, Clock } from '../../contract/clock.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import { CARD_TERMINAL_PROFILE, type PaymentProfile } from '../../kiosk-config/payment-profile.schema.ts';
import { charge, lateCharge, type ChargeRequest, type ChargeResult } from './charge.effect.ts';
import {
  at,
  EFFECT_TIMING,
  written,
  type EffectContext,
  type EffectDevices,
  type EffectTiming,
} from './effect-context.ts';
import { noProbe, type Probe } from './kill-points.ts';
import type { Ledger } from './ledger.ts';
import type { EntryOf, MachineTime } from './journal.schema.ts';
import { print, type PrintRequest, type PrintResult } from './print.effect.ts';
import { reverse, type ReverseResult } from './reverse.effect.ts';
import type { Seal } from './sealed-parts.ts';
import { submit, type SubmitRequest } from './submit.effect.ts';
import { unlock, type UnlockRequest, type UnlockResult } from './unlock.effect.ts';

export interface EffectOptions {
  readonly ledger: Ledger;
  readonly devices: EffectDevices;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly probe?: Probe;
  readonly timing?: Partial<EffectTiming>;
  /** The provider's rules; those of a bank card terminal when absent. */
  readonly payment?: PaymentProfile;
  /** Of the machine, across restarts of this program; without it no sale counts as old after a restart. */
  readonly machineTime?: () => MachineTime | undefined;
  /** Seals what is personal to the platform's key; without it nothing can be handed in. */
  readonly seal?: Seal;
}

export interface Effects {
  charge(request: ChargeRequest, signal: AbortSignal): Promise<ChargeResult>;
  /** After `charge` ended with a case: asks on until the terminal says; aborting leaves the case open. */
  lateCharge(txn: string, signal: AbortSignal): Promise<ChargeResult>;
  print(request: PrintRequest, signal: AbortSignal): Promise<PrintResult>;
  unlock(request: UnlockRequest, signal: AbortSignal): Promise<UnlockResult>;
  submit(request: SubmitRequest): Promise<Result<undefined>>;
  reverse(request: { readonly txn: string; readonly reason?: string }, signal: AbortSignal): Promise<ReverseResult>;
  /** What was paid for is delivered without paper. Without this (or a print) the next start gives the money back. */
  waive(request: { readonly txn: string; readonly reason: string }): Result<undefined>;
  /** Staff closed the case at the machine: `by` is the name on their ticket. Throws when there is none that is open. */
  closeCase(request: CaseClosing): Result<undefined>;
}

export interface CaseClosing {
  readonly txn: string;
  readonly outcome: EntryOf<'flag.closed'>['outcome'];
  readonly by: string;
}

export function createEffects(options: EffectOptions): Effects {
  const context = effectContext(options);
  return {
    charge: (request, signal) => charge(context, request, signal),
    lateCharge: (txn, signal) => lateCharge(context, txn, signal),
    print: (request, signal) => print(context, request, signal),
    unlock: (request, signal) => unlock(context, request, signal),
    submit: (request) => submit(context, request),
    reverse: (request, signal) => reverse(context, request, signal),
    waive: ({ txn, reason }) => written(context.ledger.append(txn, { step: 'deliver.waived', reason }, [])),
    closeCase: (request) => closeCase(context, request),
  };
}

function closeCase(context: EffectContext, { txn, outcome, by }: CaseClosing): Result<undefined> {
  const { ledger } = context;
  const code = ledger.txn(txn).case?.code ?? '';
  const event = { type: 'CaseClosed', at: at(context), operation: txn, code, outcome, by } as const;
  return written(ledger.append(txn, { step: 'flag.closed', outcome, by }, [event]));
}

export function effectContext(options: EffectOptions): EffectContext {
  const { ledger, devices, clock, chance, probe = noProbe, timing } = options;
  const { payment = CARD_TERMINAL_PROFILE, machineTime = () => undefined, seal } = options;
  const { append } = ledger;
  const own = { append, payment, machineTime, seal, timing: { ...EFFECT_TIMING, ...timing } };
  return { ledger, devices, clock, chance, probe, ...own };
}
