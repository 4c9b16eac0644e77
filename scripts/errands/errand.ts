/** What the errands of people at a keyboard share: exit codes as in sysexits.h, and how a problem is said. */
import type { Chance, Clock } from '../../contract/clock.ts';
import type { Problem } from '../../contract/outcome.schema.ts';
import { PROBLEMS } from '../../contract/problem.catalogue.ts';

export interface ErrandSurroundings {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly fetch: typeof globalThis.fetch;
  say(line: string): void;
}

export const EXIT = { done: 0, refused: 1, usage: 64 } as const;

export function sayProblem({ say }: ErrandSurroundings, { code, detail }: Problem): void {
  const { number, maintainer, next } = PROBLEMS[code];
  say(`${number} ${maintainer}${detail === undefined ? '' : ` (${detail})`}`);
  const isInUse = code === 'ledger.unsafe' && detail?.includes('another process');
  say(isInUse ? 'Stop the kiosk first, then try again.' : next);
}
