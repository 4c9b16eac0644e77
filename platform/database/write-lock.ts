/** Who may write to an SQLite file that several connections hold open: one at a time, in the order of asking. */
export interface WriteLock {
  /** Resolves when nobody else writes; call what it gives when done. */
  take(): Promise<Unlock>;
  /** Whether anybody waits for it. */
  readonly isWanted: boolean;
}

export type Unlock = () => void;

export function createWriteLock(): WriteLock {
  const waiting: ((unlock: Unlock) => void)[] = [];
  let isHeld = false;

  function give(taker: (unlock: Unlock) => void): void {
    let isMine = true;
    taker(() => {
      if (!isMine) return;
      isMine = false;
      const next = waiting.shift();
      if (next) give(next);
      else isHeld = false;
    });
  }

  return {
    take() {
      return new Promise((resolve) => {
        if (isHeld) waiting.push(resolve);
        else {
          isHeld = true;
          give(resolve);
        }
      });
    },
    get isWanted() {
      return waiting.length > 0;
    },
  };
}

/** Several pieces of work in one turn at the lock: whoever comes while others are at it joins them, unless somebody waits. */
export interface SharedTurn {
  /** Resolves when the work may begin; call what it gives when it ended. */
  enter(): Promise<Unlock>;
}

export function createSharedTurn(lock: WriteLock): SharedTurn {
  let turn: { readonly unlock: Unlock; inside: number } | undefined;

  async function enterOwn(): Promise<Unlock> {
    const unlock = await lock.take();
    return join({ unlock, inside: 0 });
  }

  function join(joined: { readonly unlock: Unlock; inside: number }): Unlock {
    turn = joined;
    joined.inside += 1;
    return () => {
      joined.inside -= 1;
      if (joined.inside > 0) return;
      turn = undefined;
      joined.unlock();
    };
  }

  return {
    enter: () => (turn && !lock.isWanted ? Promise.resolve(join(turn)) : enterOwn()),
  };
}
