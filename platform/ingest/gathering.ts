/** Waits a moment for those that were let in and are not here yet, so that they share what is about to begin. */
import type { Clock, TimerHandle } from '../../contract/clock.ts';

export interface Gathering {
  /** Somebody is in the house and will be here in a moment; call what is returned once they are, or will not be. */
  expect(): () => void;
  /** Resolves when nobody is expected any more, or the moment is over. */
  allHere(): Promise<void>;
}

export function createGathering(clock: Clock, momentMs: number): Gathering {
  let coming = 0;
  let allCame: (() => void) | undefined;
  let gathering: Promise<void> | undefined;

  async function untilAllCame(): Promise<void> {
    const timer = await new Promise<TimerHandle>((resolve) => {
      const handle = clock.after(momentMs, () => resolve(handle));
      allCame = () => resolve(handle);
    });
    allCame = undefined;
    clock.cancel(timer);
  }

  return {
    expect() {
      let isHere = false;
      coming += 1;
      return () => {
        if (isHere) return;
        isHere = true;
        coming -= 1;
        if (coming === 0) allCame?.();
      };
    },
    async allHere() {
      if (coming === 0) return;
      // whoever else asks waits for the same ones
      gathering ??= untilAllCame().finally(() => (gathering = undefined));
      await gathering;
    },
  };
}
