/**
 * Stops asking a platform that does not answer, so that each resident is told at once instead of waiting for a deadline.
 * Opens after five failures in a row; after a while, a different one on each terminal, one call tries again.
 */
import type { Chance, Clock } from '../../contract/clock.ts';
import { fail, type Result } from '../../contract/outcome.schema.ts';
import { uniform } from './jitter.ts';

const FAILURES_TO_OPEN = 5;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 60_000;

export interface Circuit {
  /**
   * Runs the call, or answers `platform.offline` without one. `always`: the call is the probe itself and is never held
   * back (the heartbeat); its success closes the circuit.
   */
  run<Value>(call: () => Promise<Result<Value>>, when?: 'always'): Promise<Result<Value>>;
  isOpen(): boolean;
  /** What kept it open is known to be over. */
  close(): void;
}

export function createCircuit(clock: Clock, chance: Chance): Circuit {
  let failures = 0;
  let rests = 0;
  let openUntil: number | undefined;
  let isTrying = false;

  function open(): void {
    const longest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** rests);
    openUntil = clock.now() + longest * (0.5 + uniform(chance) / 2);
    rests = Math.min(rests + 1, 10);
  }

  function note(hasAnswered: boolean, wasTrial: boolean): void {
    if (hasAnswered) {
      failures = 0;
      rests = 0;
      openUntil = undefined;
      return;
    }
    failures++;
    // A call from before the circuit opened tells nothing new when it fails.
    if (wasTrial || (openUntil === undefined && failures >= FAILURES_TO_OPEN)) open();
  }

  return {
    async run(call, when) {
      const isHeld = openUntil !== undefined && when !== 'always';
      if (isHeld && (isTrying || clock.now() < (openUntil ?? 0))) {
        return fail('platform.offline', 'waiting before the next try');
      }
      if (isHeld) isTrying = true;
      try {
        const result = await call();
        note(hasAnswered(result), isHeld);
        return result;
      } finally {
        if (isHeld) isTrying = false;
      }
    },
    isOpen: () => openUntil !== undefined,
    close: () => note(true, false),
  };
}

/** A refusal is an answer: the platform is there. */
function hasAnswered(result: Result<unknown>): boolean {
  return result.ok || (result.problem.code !== 'platform.offline' && result.problem.code !== 'platform.badAnswer');
}
