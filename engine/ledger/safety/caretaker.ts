/**
 * What the ledger needs in quiet moments (money-and-sync 1.7): the disk is looked at every minute, a checked backup is made
 * every six hours, and at night every page and row is read and what is past its time is forgotten. Nothing of it holds up a
 * resident: it waits for a quiet moment, and all long work is done a few milliseconds at a time.
 */
import { pause, type Clock, type TimerHandle } from '../../../contract/clock.ts';
import { ok, type Problem, type Result } from '../../../contract/outcome.schema.ts';
import type { Ledger } from '../ledger.ts';
import { makeBackup } from './backup.ts';
import type { Ballast } from './ballast.ts';
import type { DiskLadder } from './disk-ladder.ts';

export interface CaretakerOptions {
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'copyTo' | 'prune' | 'checkWholeChain' | 'rotateBlackBox'>;
  readonly backupDirectory?: string;
  readonly disk?: DiskLadder;
  readonly ballast?: Ballast;
  /** Nobody stands before the machine and no act is under way. */
  readonly isIdle: () => boolean;
  /** Hour of the day at this place, 0 to 23. */
  readonly localHour: () => number;
  /** `ledger.backup`, or `ledger.full` for the ballast: for maintainers. */
  readonly onProblem: (problem: Problem) => void;
  /** A check of the whole database found damage. */
  readonly onDamage: (problem: Problem) => void;
}

const LOOK_MS = 60_000;
const HOUR_MS = 3_600_000;
const BACKUP_EVERY_MS = 6 * HOUR_MS;
/** A machine that is switched off every evening must get its backup too. */
const FIRST_BACKUP_MS = 10 * 60_000;
/** How long something due waits for a quiet moment. */
const PATIENCE_MS = HOUR_MS;
const NIGHT_HOUR = 3;
/** One night is not two; a clock that is set back does not make another. */
const NIGHT_APART_MS = 20 * HOUR_MS;
/** A busy night is made up for by day. */
const NIGHT_OVERDUE_MS = 36 * HOUR_MS;
const BLACK_BOX_BYTES = 4 * 1024 * 1024;

export class Caretaker {
  readonly #options: CaretakerOptions;
  readonly #stopped = new AbortController();
  #timer: TimerHandle | undefined;
  #work: Promise<void> = Promise.resolve();
  #backupDueMs: number;
  #lastNightMs: number;

  constructor(options: CaretakerOptions) {
    this.#options = options;
    const nowMs = options.clock.now();
    this.#backupDueMs = nowMs + FIRST_BACKUP_MS;
    this.#lastNightMs = nowMs - NIGHT_APART_MS;
  }

  start(): void {
    this.#timer = this.#options.clock.after(LOOK_MS, () => {
      this.#work = this.look().then(() => {
        if (!this.#stopped.signal.aborted) this.start();
      });
    });
  }

  /** Resolves when what is under way has come to rest. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    await this.#work;
  }

  /** After a restore, or whenever the next quiet moment should bring a backup. */
  backUpSoon(): void {
    this.#backupDueMs = this.#options.clock.now();
  }

  /** One look at everything; what is due is done before it resolves. */
  async look(): Promise<void> {
    const { disk, ballast, isIdle } = this.#options;
    const level = disk?.level();
    if (ballast && disk && isIdle() && !ballast.isWhole() && disk.hasRoomForBallast()) {
      this.#tell(await ballast.rebuild());
    }
    if (level !== 'syncOnly' && this.#isDue(this.#backupDueMs)) await this.#backUp();
    if (this.#isNight()) await this.#night();
  }

  /** Due and quiet, or due for so long that it is done beside the work. */
  #isDue(atMs: number): boolean {
    const lateMs = this.#options.clock.now() - atMs;
    return lateMs >= 0 && (this.#options.isIdle() || lateMs >= PATIENCE_MS);
  }

  #isNight(): boolean {
    const { clock, isIdle, localHour } = this.#options;
    const sinceMs = clock.now() - this.#lastNightMs;
    if (!isIdle() || sinceMs < NIGHT_APART_MS) return false;
    return localHour() === NIGHT_HOUR || sinceMs >= NIGHT_OVERDUE_MS;
  }

  async #backUp(): Promise<void> {
    const { ledger, backupDirectory, clock, onProblem, onDamage } = this.#options;
    if (backupDirectory === undefined) return;
    this.#backupDueMs = clock.now() + BACKUP_EVERY_MS;
    const made = await makeBackup(ledger, backupDirectory, clock);
    if (made.ok) return this.#tell(ledger.rotateBlackBox(BLACK_BOX_BYTES));
    onProblem({ code: 'ledger.backup', detail: made.problem.detail ?? made.problem.code });
    // The copy is damaged: is it the copy alone?
    if (made.problem.code !== 'ledger.corrupt') return;
    const whole = await ledger.checkWholeChain(this.#stopped.signal);
    if (!whole.ok && whole.problem.code === 'ledger.corrupt') onDamage(whole.problem);
  }

  async #night(): Promise<void> {
    const { ledger, clock, onDamage } = this.#options;
    this.#lastNightMs = clock.now();
    const whole = await ledger.checkWholeChain(this.#stopped.signal);
    if (!whole.ok) {
      if (whole.problem.code === 'ledger.corrupt') onDamage(whole.problem);
      return;
    }
    for (;;) {
      const pruned = this.#stopped.signal.aborted ? ok(0) : ledger.prune();
      if (!pruned.ok || pruned.value === 0) return;
      await pause(clock, 0, this.#stopped.signal);
    }
  }

  #tell(result: Result<undefined>): void {
    if (!result.ok) this.#options.onProblem(result.problem);
  }
}
