/**
 * The acts the outside world remembers, all written before they are done (law 3). None throws on an expected failure;
 * what cannot be known becomes a case with a code. One act per transaction at a time.
 */
import type { Chance, Clock } from '../../contract/clock.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import { charge, lateCharge, type ChargeRequest, type ChargeResult } from './charge.effect.ts';
import { EFFECT_TIMING, written, type EffectContext, type EffectDevices, type EffectTiming } from './effect-context.ts';
import { noProbe, type Probe } from './kill-points.ts';
import type { Ledger } from './ledger.ts';
import { print, type PrintRequest, type PrintResult } from './print.effect.ts';
import { reverse, type ReverseResult } from './reverse.effect.ts';

export interface EffectOptions {
  readonly ledger: Ledger;
  readonly devices: EffectDevices;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly probe?: Probe;
  readonly timing?: Partial<EffectTiming>;
}

export interface Effects {
  charge(request: ChargeRequest, signal: AbortSignal): Promise<ChargeResult>;
  /** After `charge` ended with a case: asks on until the terminal says; aborting leaves the case open. */
  lateCharge(txn: string, signal: AbortSignal): Promise<ChargeResult>;
  print(request: PrintRequest, signal: AbortSignal): Promise<PrintResult>;
  reverse(request: { readonly txn: string; readonly reason?: string }, signal: AbortSignal): Promise<ReverseResult>;
  /** What was paid for is delivered without paper. Without this (or a print) the next start gives the money back. */
  waive(request: { readonly txn: string; readonly reason: string }): Result<undefined>;
}

export function createEffects(options: EffectOptions): Effects {
  const context = effectContext(options);
  return {
    charge: (request, signal) => charge(context, request, signal),
    lateCharge: (txn, signal) => lateCharge(context, txn, signal),
    print: (request, signal) => print(context, request, signal),
    reverse: (request, signal) => reverse(context, request, signal),
    waive: ({ txn, reason }) => written(context.ledger.append(txn, { step: 'deliver.waived', reason }, [])),
  };
}

export function effectContext(options: EffectOptions): EffectContext {
  const { ledger, devices, clock, chance, probe = noProbe, timing } = options;
  return { ledger, devices, clock, chance, probe, timing: { ...EFFECT_TIMING, ...timing } };
}
