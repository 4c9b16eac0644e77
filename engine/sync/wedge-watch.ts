/**
 * Notices a queue that silently stopped: the oldest record stays the oldest while the platform answers. That is a fault of
 * ours, not of the line, and the worst kind, because everything looks well (money-and-sync 1.2).
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { Stream } from '../../contract/terminal-event.schema.ts';

const LOOK_EVERY_MS = 60_000;
/** Longer than any back-off, and than any pacing a healthy platform gives. */
const LIMIT_MS = 15 * 60_000;
/** So many answers while nothing moves: one may have been luck. */
const ANSWERS = 3;

export interface WedgeWatchOptions {
  readonly clock: Clock;
  readonly streams: readonly Stream[];
  /** Seq of the oldest record the platform does not have; undefined when it has all. */
  readonly oldest: (stream: Stream) => number | undefined;
  /** The platform itself asks to be left alone: then nothing is expected to move. */
  readonly isAskedToWait: () => boolean;
  /** Once for each time it gets stuck. */
  readonly onWedged: (stream: Stream, seq: number, stuckMs: number) => void;
}

export interface WedgeWatch {
  start(): void;
  stop(): void;
  /** A request of any kind was answered. */
  answered(): void;
  wedged(): readonly Stream[];
}

interface Standing {
  readonly seq: number;
  readonly since: number;
  readonly answers: number;
  readonly isWedged: boolean;
}

export function createWedgeWatch(options: WedgeWatchOptions): WedgeWatch {
  const { clock, streams } = options;
  const standings = new Map<Stream, Standing>();
  let timer: TimerHandle | undefined;

  function look(stream: Stream): void {
    const seq = options.oldest(stream);
    const before = standings.get(stream);
    if (seq === undefined) return void standings.delete(stream);
    if (seq !== before?.seq || options.isAskedToWait()) {
      return void standings.set(stream, { seq, since: clock.now(), answers: 0, isWedged: false });
    }
    const stuckMs = clock.now() - before.since;
    if (before.isWedged || stuckMs < LIMIT_MS || before.answers < ANSWERS) return;
    standings.set(stream, { ...before, isWedged: true });
    options.onWedged(stream, seq, stuckMs);
  }
  function lookAgain(): void {
    timer = clock.after(LOOK_EVERY_MS, lookAgain);
    for (const stream of streams) look(stream);
  }

  return {
    start() {
      timer ??= clock.after(LOOK_EVERY_MS, lookAgain);
    },
    stop() {
      if (timer) clock.cancel(timer);
      timer = undefined;
    },
    answered() {
      for (const [stream, standing] of standings) standings.set(stream, { ...standing, answers: standing.answers + 1 });
    },
    wedged: () => streams.filter((stream) => standings.get(stream)?.isWedged === true),
  };
}
