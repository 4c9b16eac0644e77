/**
 * Judges what a power cut may leave of a ledger, at each point of a recorded log: it opens, it is exactly a state the ledger
 * once had, no commit reported as done before that point is missing, nothing is in it that was never written, and no line of
 * the black box is lost or invented.
 */
import type { Wrong } from '../support/try-out.ts';
import { blackBoxLines } from './black-box-lines.ts';
import type { LifePaths } from './life.ts';
import { readState } from './read-state.ts';
import type { LogRecord } from './recording-log.ts';
import { reopenFully } from './reopen.ts';
import { saidBefore, type Said } from './said.ts';
import { walkCuts, type CutJudge, type Judgement, type Shown, type WalkOptions } from './walk-cuts.ts';

export interface JudgeOptions extends Omit<WalkOptions, 'recorded'> {
  readonly recorded: LifePaths;
  /** One image in so many is opened by the ledger itself; those with names in doubt all are. */
  readonly reopenEvery: number;
}

export async function judge(log: readonly LogRecord[], options: JudgeOptions): Promise<Judgement> {
  const { directory, path, blackBoxPath } = options.recorded;
  const ledger = new LedgerJudge(log, options);
  const found = await walkCuts(log, { ...options, recorded: { directory, files: [path, blackBoxPath] } }, ledger);
  return { ...found, reopened: ledger.reopened };
}

class LedgerJudge implements CutJudge {
  readonly #log: readonly LogRecord[];
  readonly #options: JudgeOptions;
  readonly #said: Said;
  /** Each state the database had, by digest, to its number in time. */
  readonly #states = new Map<string, number>();
  /** The newest state and the lines of the black box that were reported as done. */
  #done = { state: 0, lines: 0 };
  #lines: readonly string[] = [];
  reopened = 0;

  constructor(log: readonly LogRecord[], options: JudgeOptions) {
    this.#log = log;
    this.#options = options;
    this.#said = saidBefore(log);
  }

  looksAt(): boolean {
    return true;
  }

  judge(shown: Shown): readonly Wrong[] {
    return shown.isWhole ? this.#judgeWhole(shown) : this.#judgeCut(shown);
  }

  /** With nothing lost: a new state of the database, or the one before. */
  #judgeWhole({ index, disk, images }: Shown): readonly Wrong[] {
    const { path, blackBoxPath } = this.#options.recorded;
    this.#lines = blackBoxLines(disk.names, blackBoxPath);
    const digest = readState(images.path(path));
    const state = this.#states.get(digest) ?? this.#states.size;
    this.#states.set(digest, state);
    if (this.#log[index + 1]?.kind === 'mark') this.#done = { state, lines: this.#lines.length };
    return digest.startsWith('refused') ? [{ kind: 'unsound', detail: `whole, it is ${digest}` }] : [];
  }

  #judgeCut({ index, number, disk, image, images }: Shown): readonly Wrong[] {
    const { recorded, reopenEvery } = this.#options;
    const digest = readState(images.path(recorded.path));
    const lines = blackBoxLines(image, recorded.blackBoxPath);
    const wrongs = [this.#wrongState(digest), ...this.#wrongLines(lines)];
    const hasHole = lines.some((line, at) => line !== this.#lines[at]);
    const isOdd = !this.#states.has(digest) || disk.pendingNames.length > 0 || hasHole;
    if (isOdd || number % reopenEvery === 0) {
      this.reopened++;
      wrongs.push(reopenFully(images, recorded, this.#said.at(index)));
    }
    return wrongs.filter((wrong) => wrong !== undefined);
  }

  #wrongState(digest: string): Wrong | undefined {
    const state = this.#states.get(digest);
    if (state === undefined) return { kind: 'unsound', detail: `${digest} is no state the ledger ever had` };
    if (state >= this.#done.state) return undefined;
    return { kind: 'lost', detail: `state ${state}, though ${this.#done.state} was reported as done` };
  }

  /** Lines that share a write may be torn apart: of those nobody was told of, any may be there, in their order. */
  #wrongLines(lines: readonly string[]): (Wrong | undefined)[] {
    const { lines: done } = this.#done;
    const isWhole = this.#lines.slice(0, done).every((line, at) => line === lines[at]);
    let at = done;
    const stranger = lines.slice(done).find((line) => {
      at = this.#lines.indexOf(line, at) + 1;
      return at === 0;
    });
    return [
      isWhole ? undefined : { kind: 'lost', detail: `not all of the ${done} lines of the black box that were done` },
      stranger === undefined ? undefined : { kind: 'unsound', detail: `never written to the black box: ${stranger}` },
    ];
  }
}
