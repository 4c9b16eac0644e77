/** What holds for every driver, whatever was done to its wire. */
import { expect } from 'vitest';
import type { Outcome } from '../../../contract/outcome.schema.ts';
import type { ConformanceTask, SimulatedDevice } from './subject.ts';
import type { Trial } from './trial.test-support.ts';

export interface Healthy {
  readonly reply: unknown;
  readonly fromDevice: number;
  readonly toDevice: number;
  readonly said: readonly Uint8Array[];
  /** Milliseconds after the command at which something passed, each once, in order. */
  readonly instantsMs: readonly number[];
  readonly acts: number;
}

/** Never a wrong `done`, never two acts for one command, never `nothing happened` when something did. */
export function expectHonest(
  task: ConformanceTask<SimulatedDevice>,
  trial: Trial,
  outcome: Outcome<unknown>,
  healthy: Healthy,
): void {
  if (outcome.kind === 'done') {
    if (!task.variable) expect(outcome.reply).toEqual(healthy.reply);
    task.check?.(outcome.reply);
  }
  if (!task.acts) return expectUnphysical(outcome);
  expect(trial.acts(), 'physical acts of one command').toBeLessThanOrEqual(healthy.acts);
  if (outcome.kind === 'done') expect(trial.acts(), 'done without the act').toBe(healthy.acts);
  if (outcome.kind === 'failed' && outcome.effect === 'none') expect(trial.acts(), 'failed, effect none').toBe(0);
}

/** A question changes nothing, so how it ends is never in doubt. */
function expectUnphysical(outcome: Outcome<unknown>): void {
  expect(outcome.kind === 'failed' ? outcome.effect : 'none', 'effect of a question').toBe('none');
}
