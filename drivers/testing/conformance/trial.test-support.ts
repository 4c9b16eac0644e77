/** One run of one task: driver, wire and device, all on one simulated clock. */
import type { Chance } from '../../../contract/clock.ts';
import type { Outcome } from '../../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import type { AnyDriver } from '../../opener.ts';
import { MemoryWire } from './memory-wire.ts';
import type { ConformanceSubject, ConformanceTask, SimulatedDevice } from './subject.ts';

/** How much later than its deadline a command may settle: a driver tidies up, and that has an end, too. */
export const TIDY_MS = 5_000;

/** Stray answers of what went wrong are over by then. */
const QUIET_MS = 1_500;
const STEP_MS = 250;

export interface Trial {
  readonly clock: SimulatedClock;
  readonly device: SimulatedDevice;
  readonly driver: AnyDriver;
  readonly wire: MemoryWire;
  /** Physical acts since `begin`; 0 for tasks that have none. */
  acts(): number;
  /** Sets the scene and gives the command; throws when it is not settled in time. */
  run(limits?: { readonly budgetMs?: number; readonly signal?: AbortSignal }): Promise<Outcome<unknown>>;
  /** Gives the command without waiting. */
  begin(limits?: { readonly budgetMs?: number; readonly signal?: AbortSignal }): Promise<Outcome<unknown>>;
  /** Runs until the driver says `online` and has been quiet for a moment, at most `limitMs`. */
  comeBack(limitMs: number): Promise<void>;
  close(): Promise<void>;
}

export async function openTrial(
  subject: ConformanceSubject,
  task: ConformanceTask<SimulatedDevice>,
  seed = 1,
): Promise<Trial> {
  const clock = new SimulatedClock();
  const device = subject.openDevice({ clock, chance: seededChance(seed) });
  const wire = new MemoryWire(device, clock, seededChance(seed + 1_000));
  const driver = subject.openDriver(wire.link, clock);
  let actsBefore = 0;

  const acts = (): number => (task.acts?.(device) ?? 0) - actsBefore;
  const begin: Trial['begin'] = ({ budgetMs = task.budgetMs, signal = new AbortController().signal } = {}) => {
    task.prepare?.(device);
    actsBefore = task.acts?.(device) ?? 0;
    wire.mark();
    return driver.execute(task.command, { deadline: clock.now() + budgetMs, signal });
  };
  const comeBack = async (limitMs: number): Promise<void> => {
    const endMs = clock.now() + limitMs;
    for (let quietMs = 0; quietMs < QUIET_MS && clock.now() < endMs;) {
      await clock.run(STEP_MS);
      quietMs = driver.status().device === 'online' ? quietMs + STEP_MS : 0;
    }
  };
  await comeBack(subject.noticeMs + QUIET_MS);
  return {
    clock,
    device,
    driver,
    wire,
    acts,
    begin,
    comeBack,
    run: (limits) => clock.runUntil(begin(limits), (limits?.budgetMs ?? task.budgetMs) + TIDY_MS),
    close: () => driver.close(),
  };
}

/** The same bytes for the same seed (xorshift32). */
export function seededChance(seed: number): Chance {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 1) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        bytes[at] = state & 0xff;
      }
      return bytes;
    },
  };
}
