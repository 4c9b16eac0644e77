/**
 * Keeps a ledger under the engine whatever the disk does: opens it through the ladder, and when a write has failed or damage
 * is found closes the services, waits for quiet, opens it again, lets the engine settle what is open, and opens them.
 */
import type { Clock, TimerHandle } from '../../../contract/clock.ts';
import { fail, ok, problem, type Problem, type Result } from '../../../contract/outcome.schema.ts';
import type { Head } from '../../../contract/platform-api.schema.ts';
import type { ProblemCode } from '../../../contract/problem.catalogue.ts';
import type { Stream } from '../../../contract/terminal-event.schema.ts';
import { auditEvent } from '../audit-event.ts';
import { openLedger, type Ledger } from '../ledger.ts';
import type { Ballast } from './ballast.ts';
import { Caretaker } from './caretaker.ts';
import { createDiskLadder, type DiskLadder, type DiskLevel } from './disk-ladder.ts';
import { isSyncFailure } from './error-code.ts';
import { openLedgerSafely, type SafeLedgerOptions } from './repair.ts';
import { createSteadyLedger, type SteadyLedger } from './steady-ledger.ts';

export interface LedgerKeeperOptions extends Omit<SafeLedgerOptions, 'condemned' | 'makeRoom'> {
  /** Free bytes of the ledger's file system; without it the disk is taken to have room. */
  readonly freeBytes?: () => number | undefined;
  readonly ballast?: Ballast;
  /** For the maintainers' log. */
  readonly onProblem: (problem: Problem) => void;
}

/** What the engine does for the ledger. */
export interface LedgerUser {
  /** Nobody stands before the machine. */
  readonly isIdle: () => boolean;
  readonly localHour: () => number;
  /** Settles what is open in a ledger that was opened again; the services stay closed until it resolves. */
  readonly settle: () => Promise<void>;
  /** Services were closed or opened. */
  readonly onChange: () => void;
}

export interface LedgerKeeper {
  /** Holds for the whole run, whatever file lies behind it. */
  readonly ledger: Ledger;
  /** Why nothing, or nothing that is paid, may be begun now. Looked at afresh when older than a second. */
  closedFor(what: 'all' | 'paid'): ProblemCode | undefined;
  /** Whether attachments and media may still be added. */
  hasRoomForMedia(): boolean;
  /** An act on devices: the file is not opened again while one is under way. */
  during<Value>(act: () => Promise<Value>): Promise<Value>;
  /** The platform holds another history: goes on under a new incarnation, at most once in ten minutes. */
  fork(stream: Stream, head: Head): Result<undefined>;
  start(user: LedgerUser): void;
  /** Ends its timers and closes the ledger. */
  stop(): Promise<void>;
}

const QUIET_LOOK_MS = 1_000;
const REOPEN = { baseMs: 5_000, capMs: 300_000 } as const;
const FORK_APART_MS = 600_000;

export async function openKeptLedger(options: LedgerKeeperOptions): Promise<Result<LedgerKeeper>> {
  const { ballast } = options;
  let hasRoomForMedia = () => true;
  const safe: SafeLedgerOptions = {
    ...options,
    hasRoomForMedia: () => hasRoomForMedia(),
    ...(ballast && { makeRoom: () => ballast.release() }),
  };
  const opened = await openLedgerSafely(safe);
  if (!opened.ok) return opened;
  for (const notice of opened.value.notices) options.onProblem(notice);
  const keeper = new Keeper(options, safe, opened.value.ledger, opened.value.notices.length > 0);
  hasRoomForMedia = () => keeper.hasRoomForMedia();
  return ok(keeper);
}

class Keeper implements LedgerKeeper {
  readonly #options: LedgerKeeperOptions;
  readonly #safe: SafeLedgerOptions;
  readonly #clock: Clock;
  readonly #steady: SteadyLedger;
  readonly #disk: DiskLadder | undefined;
  #user: LedgerUser | undefined;
  #caretaker: Caretaker | undefined;
  #isBackupDue: boolean;
  /** Why the file has to be opened again; undefined while it is trusted. */
  #distrust: Problem | undefined;
  #condemned: string | undefined;
  #acts = 0;
  #tries = 0;
  #timer: TimerHandle | undefined;
  #forkedAtMs: number | undefined;
  #isStopped = false;

  constructor(options: LedgerKeeperOptions, safe: SafeLedgerOptions, first: Ledger, isBackupDue: boolean) {
    const { clock, ballast, freeBytes } = options;
    this.#options = options;
    // a file that is opened again belongs to the same run
    this.#safe = { ...safe, bootId: first.boot };
    this.#clock = clock;
    this.#isBackupDue = isBackupDue;
    this.#steady = createSteadyLedger(first, {
      onBroken: (why) => this.#distrusted(why),
      onFull: () => ballast?.release() ?? false,
    });
    const onChange = (level: DiskLevel, free: number): void => this.#diskChanged(level, free);
    this.#disk = freeBytes && createDiskLadder({ clock, freeBytes, onChange, ...(ballast && { ballast }) });
  }

  get ledger(): Ledger {
    return this.#steady.ledger;
  }

  closedFor(what: 'all' | 'paid'): ProblemCode | undefined {
    if (this.#distrust) return 'ledger.unsafe';
    const level = this.#disk?.level();
    if (level === 'syncOnly') return 'disk.full';
    return what === 'paid' && level === 'noPaid' ? 'disk.low' : undefined;
  }

  hasRoomForMedia(): boolean {
    return this.#distrust === undefined && (this.#disk?.level() ?? 'plenty') === 'plenty';
  }

  async during<Value>(act: () => Promise<Value>): Promise<Value> {
    this.#acts++;
    try {
      return await act();
    } finally {
      this.#acts--;
    }
  }

  fork(stream: Stream, head: Head): Result<undefined> {
    const nowMs = this.#clock.now();
    if (this.#forkedAtMs !== undefined && nowMs - this.#forkedAtMs < FORK_APART_MS) {
      return fail('platform.fork', 'a second time within ten minutes');
    }
    this.#forkedAtMs = nowMs;
    const before = this.ledger.incarnation;
    const begun = this.ledger.beginIncarnation();
    if (!begun.ok) return begun;
    const again = this.#steady.replaceNow(() => openLedger(this.#safe));
    if (!again.ok) {
      this.#distrusted(again.problem);
      return again;
    }
    return this.#audit('chain.forked', `${stream} at ${head.seq}: goes on from ${before.slice(0, 12)}`);
  }

  start(user: LedgerUser): void {
    const { clock, backupDirectory, ballast, onProblem } = this.#options;
    this.#user = user;
    this.#caretaker = new Caretaker({
      clock,
      ledger: this.ledger,
      isIdle: () => this.#isQuiet(),
      localHour: user.localHour,
      onProblem,
      onDamage: (damage) => {
        this.#condemned = damage.detail ?? 'found damaged';
        this.#distrusted(damage);
      },
      ...(backupDirectory !== undefined && { backupDirectory }),
      ...(this.#disk && { disk: this.#disk }),
      ...(ballast && { ballast }),
    });
    if (this.#isBackupDue) this.#caretaker.backUpSoon();
    this.#caretaker.start();
    if (this.#distrust) this.#look();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) this.#clock.cancel(this.#timer);
    await this.#caretaker?.stop();
    this.ledger.close();
  }

  #isQuiet(): boolean {
    return this.#acts === 0 && this.#distrust === undefined && (this.#user?.isIdle() ?? false);
  }

  #distrusted(why: Problem): void {
    if (this.#distrust) return;
    this.#distrust = why;
    this.#options.onProblem(why);
    this.#user?.onChange();
    if (this.#user) this.#look();
  }

  /** Waits until no act is under way and nobody stands there: whoever has paid gets their slip or their code first. */
  #look(delayMs = QUIET_LOOK_MS): void {
    if (this.#isStopped) return;
    this.#timer = this.#clock.after(delayMs, () => {
      if (this.#acts > 0 || !this.#user?.isIdle()) return this.#look();
      void this.#openAgain();
    });
  }

  async #openAgain(): Promise<void> {
    const why = this.#distrust;
    const condemned = this.#condemned;
    const again = await this.#steady.replace(async () => {
      const opened = await openLedgerSafely({ ...this.#safe, ...(condemned !== undefined && { condemned }) });
      if (!opened.ok) return opened;
      for (const notice of opened.value.notices) this.#options.onProblem(notice);
      if (opened.value.notices.length > 0) this.#caretaker?.backUpSoon();
      return ok(opened.value.ledger);
    });
    const action = isSyncFailure(why?.detail ?? '') ? 'fsync.failed' : 'ledger.unsafe';
    const told = again.ok ? this.#audit(action, `opened again: ${why?.code} ${why?.detail ?? ''}`) : again;
    if (!told.ok) {
      this.#options.onProblem(told.problem);
      return this.#look(Math.min(REOPEN.baseMs * 2 ** this.#tries++, REOPEN.capMs));
    }
    this.#tries = 0;
    this.#condemned = undefined;
    await this.#user?.settle();
    this.#distrust = undefined;
    this.#user?.onChange();
  }

  #diskChanged(level: DiskLevel, freeBytes: number): void {
    const mebibytes = `${Math.floor(freeBytes / (1024 * 1024))} MB free`;
    if (level === 'noPaid') this.#options.onProblem(problem('disk.low', mebibytes));
    if (level === 'syncOnly') this.#options.onProblem(problem('disk.full', mebibytes));
    // Not in the middle of whatever asked for the level. On a disk this full the record may not fit; the log has it.
    queueMicrotask(() => {
      void this.#audit('disk.ladder', `${level}, ${mebibytes}`);
      this.#user?.onChange();
    });
  }

  #audit(action: 'chain.forked' | 'ledger.unsafe' | 'fsync.failed' | 'disk.ladder', detail: string): Result<undefined> {
    return this.ledger.record([auditEvent(this.#clock, action, detail)], 'audit');
  }
}
