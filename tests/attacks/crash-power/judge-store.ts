/**
 * Judges what a power cut may leave of the platform's store: it opens, SQLite finds it sound, of each terminal there is
 * everything that was acknowledged by then, in order and as it was sent, and nothing that was never sent. Images are dear
 * here: they are built around each acknowledgement, at each act other than a write, and at a share of the writes.
 */
import { Draw } from '../support/draw.ts';
import type { Wrong } from '../support/try-out.ts';
import { readImage } from './read-state.ts';
import type { LogRecord } from './recording-log.ts';
import { reopenStore } from './reopen-store.ts';
import { storePromises, type StorePromises } from './store-promises.ts';
import { NOTHING_STORED, readStoredChains, wrongsOf } from './stored-chains.ts';
import { walkCuts, type CutJudge, type Judgement, type Shown, type WalkOptions } from './walk-cuts.ts';

export interface StoreJudgeOptions extends Omit<WalkOptions, 'recorded' | 'draw'> {
  readonly recorded: { readonly directory: string; readonly path: string };
  readonly seed: number;
  /** The terminals' seed. */
  readonly chains: number;
  /** One in so many of the writes that are not beside an acknowledgement is a point. */
  readonly writesEvery: number;
  /** One image in so many is opened by the platform and gone on with. */
  readonly reopenEvery: number;
}

export async function judgeStore(log: readonly LogRecord[], options: StoreJudgeOptions): Promise<Judgement> {
  const { directory, path } = options.recorded;
  const store = new StoreJudge(log, options, await storePromises(log, options.chains));
  const draw = new Draw(options.seed);
  const found = await walkCuts(log, { ...options, draw, recorded: { directory, files: [path] } }, store);
  return { ...found, reopened: store.reopened };
}

class StoreJudge implements CutJudge {
  readonly #log: readonly LogRecord[];
  readonly #options: StoreJudgeOptions;
  readonly #promises: StorePromises;
  readonly #points: Draw;
  reopened = 0;

  constructor(log: readonly LogRecord[], options: StoreJudgeOptions, promises: StorePromises) {
    this.#log = log;
    this.#options = options;
    this.#promises = promises;
    this.#points = new Draw(~options.seed);
  }

  looksAt(index: number): boolean {
    if (this.#log[index]?.kind !== 'write' || this.#promises.isNearAcknowledgement(index)) return true;
    return this.#points.below(this.#options.writesEvery) === 0;
  }

  async judge({ index, number, images }: Shown): Promise<readonly Wrong[]> {
    const path = images.path(this.#options.recorded.path);
    const promised = this.#promises.at(index);
    const found = readImage(path, NOTHING_STORED, readStoredChains);
    if (typeof found === 'string') return [{ kind: 'unsound', detail: `it is ${found}` }];
    const wrongs = wrongsOf(found, promised);
    if (wrongs.length > 0 || number % this.#options.reopenEvery !== 0) return wrongs;
    this.reopened++;
    return reopenStore(images.root, path, promised);
  }
}
