/**
 * Walks a recorded log and, at each point of it, builds what a power cut may leave there and judges it: it opens, it is
 * exactly a state the ledger once had, no commit reported as done before that point is missing, nothing is in it that was
 * never written, and no line of the black box is lost or invented.
 */
import type { Draw } from '../support/draw.ts';
import type { Wrong } from '../support/try-out.ts';
import { blackBoxLines } from './black-box-lines.ts';
import { DiskModel } from './disk-model.ts';
import { ImageDirectory } from './image-directory.ts';
import type { LifePaths } from './life.ts';
import { readState } from './read-state.ts';
import { drawCuts, imageOf, type PowerCut } from './power-cut.ts';
import type { LogRecord } from './recording-log.ts';
import { reopenFully } from './reopen.ts';
import { saidBefore, type Said } from './said.ts';

export interface JudgeOptions {
  readonly recorded: LifePaths;
  /** Directory for the images. */
  readonly scratch: string;
  /** Random cuts at each point, besides the fixed ones. */
  readonly drawn: number;
  /** One image in so many is opened by the ledger itself; those with names in doubt all are. */
  readonly reopenEvery: number;
  readonly draw: Draw;
}

export interface Judgement {
  points: number;
  images: number;
  /** Opened by the real ledger, written to, closed and opened again. */
  reopened: number;
  /** Images that lack a commit that was reported as done. */
  lost: number;
  /** Images that do not open, are damaged, or hold what was never written. */
  unsound: number;
  readonly findings: string[];
}

const KEPT_FINDINGS = 20;

export function judge(log: readonly LogRecord[], options: JudgeOptions): Judgement {
  return new Judge(log, options).walk();
}

class Judge {
  readonly #log: readonly LogRecord[];
  readonly #options: JudgeOptions;
  readonly #disk = new DiskModel();
  readonly #images: ImageDirectory;
  readonly #said: Said;
  readonly #judgement: Judgement = { points: 0, images: 0, reopened: 0, lost: 0, unsound: 0, findings: [] };
  /** Each state the database had, by digest, to its number in time. */
  readonly #states = new Map<string, number>();
  /** The newest state and the lines of the black box that were reported as done. */
  #done = { state: 0, lines: 0 };
  #lines: readonly string[] = [];

  constructor(log: readonly LogRecord[], options: JudgeOptions) {
    this.#log = log;
    this.#options = options;
    const { directory, path, blackBoxPath } = options.recorded;
    this.#images = new ImageDirectory(directory, [path, blackBoxPath], options.scratch);
    this.#said = saidBefore(log);
  }

  walk(): Judgement {
    for (let index = 0; index < this.#log.length; index++) {
      const record = this.#log[index];
      if (!record || record.kind === 'mark') continue;
      this.#disk.apply(record);
      this.#judgePoint(index);
    }
    this.#images.close();
    return this.#judgement;
  }

  #judgePoint(index: number): void {
    this.#judgement.points++;
    this.#lines = blackBoxLines(this.#disk.names, this.#options.recorded.blackBoxPath);
    const [whole, ...others] = drawCuts(this.#disk, this.#options.drawn, this.#options.draw);
    if (!whole) return;
    const state = this.#stateOfWhole(whole, index);
    if (this.#log[index + 1]?.kind === 'mark') this.#done = { state, lines: this.#lines.length };
    for (const cut of others) this.#judgeCut(cut, index);
  }

  /** With nothing lost: a new state of the database, or the one before. */
  #stateOfWhole(cut: PowerCut, index: number): number {
    this.#images.show(imageOf(this.#disk, cut));
    this.#judgement.images++;
    const digest = readState(this.#images.path(this.#options.recorded.path));
    if (digest.startsWith('refused')) this.#count([{ kind: 'unsound', detail: `whole, it is ${digest}` }], index, cut);
    const state = this.#states.get(digest) ?? this.#states.size;
    this.#states.set(digest, state);
    return state;
  }

  #judgeCut(cut: PowerCut, index: number): void {
    const { recorded, reopenEvery } = this.#options;
    const image = imageOf(this.#disk, cut);
    this.#images.show(image);
    const number = ++this.#judgement.images;
    const digest = readState(this.#images.path(recorded.path));
    const lines = blackBoxLines(image, recorded.blackBoxPath);
    const wrongs = [this.#wrongState(digest), ...this.#wrongLines(lines)];
    const hasHole = lines.some((line, at) => line !== this.#lines[at]);
    const isOdd = !this.#states.has(digest) || this.#disk.pendingNames.length > 0 || hasHole;
    if (isOdd || number % reopenEvery === 0) {
      this.#judgement.reopened++;
      wrongs.push(reopenFully(this.#images, recorded, this.#said.at(index)));
    }
    this.#count(
      wrongs.filter((wrong) => wrong !== undefined),
      index,
      cut,
    );
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

  #count(wrongs: readonly Wrong[], index: number, cut: PowerCut): void {
    // one that does not open has lost everything, whatever it says
    const kinds = wrongs.map(({ kind }) => (kind === 'lost' ? 'lost' : 'unsound'));
    for (const kind of new Set(kinds)) this.#judgement[kind]++;
    const { findings } = this.#judgement;
    for (const { detail } of wrongs) {
      if (findings.length < KEPT_FINDINGS) findings.push(`point ${index}, cut ${describeCut(cut)}: ${detail}`);
    }
  }
}

/** `names 10, writes k-t0110`: kept, lost, torn into sectors. */
function describeCut({ names, writes }: PowerCut): string {
  const fates = writes.map((fate) => {
    if (typeof fate === 'string') return fate === 'kept' ? 'k' : '-';
    return `t${fate.sectors.map(Number).join('')}`;
  });
  return `names ${names.map(Number).join('') || 'all'}, writes ${fates.join(' ') || 'all'}`;
}
