/** Walks a recorded log, builds at its points what a power cut may leave there, and counts what is found wanting. */
import type { Draw } from '../support/draw.ts';
import type { Wrong } from '../support/try-out.ts';
import { DiskModel } from './disk-model.ts';
import { ImageDirectory } from './image-directory.ts';
import { drawCuts, imageOf, type Image, type PowerCut } from './power-cut.ts';
import { changesDisk, type LogRecord } from './recording-log.ts';

export interface WalkOptions {
  readonly recorded: {
    /** Where the paths of the log lie. */
    readonly directory: string;
    readonly files: readonly string[];
  };
  /** Directory for the images. */
  readonly scratch: string;
  /** Random cuts at each point, besides the fixed ones. */
  readonly drawn: number;
  readonly draw: Draw;
}

export interface Judgement {
  points: number;
  images: number;
  /** Opened by the real ledger or platform, written to, and looked into again. */
  reopened: number;
  /** Images that lack something that was reported as done. */
  lost: number;
  /** Images that do not open, are damaged, or hold what was never written. */
  unsound: number;
  readonly findings: string[];
}

/** One image, lying there to be looked into. */
export interface Shown {
  /** In the log, of the last act before the power cut. */
  readonly index: number;
  /** Of all images. */
  readonly number: number;
  /** Nothing was lost: the first image of each point. */
  readonly isWhole: boolean;
  readonly disk: DiskModel;
  readonly image: Image;
  readonly images: ImageDirectory;
}

export interface CutJudge {
  /** Whether images are built at this point. */
  looksAt(index: number): boolean;
  judge(shown: Shown): readonly Wrong[] | Promise<readonly Wrong[]>;
}

const KEPT_FINDINGS = 20;

export async function walkCuts(
  log: readonly LogRecord[],
  { recorded, scratch, drawn, draw }: WalkOptions,
  judge: CutJudge,
): Promise<Judgement> {
  const judgement: Judgement = { points: 0, images: 0, reopened: 0, lost: 0, unsound: 0, findings: [] };
  const disk = new DiskModel();
  const images = new ImageDirectory(recorded.directory, recorded.files, scratch);
  for (const [index, record] of log.entries()) {
    disk.apply(record);
    if (!changesDisk(record) || !judge.looksAt(index)) continue;
    judgement.points++;
    let isWhole = true;
    for (const cut of drawCuts(disk, drawn, draw)) {
      const image = imageOf(disk, cut);
      images.show(image);
      const number = ++judgement.images;
      const wrongs = await judge.judge({ index, number, isWhole, disk, image, images });
      count(judgement, wrongs, `point ${index}, cut ${describeCut(cut)}`);
      isWhole = false;
    }
  }
  images.close();
  return judgement;
}

function count(judgement: Judgement, wrongs: readonly Wrong[], where: string): void {
  // one that does not open has lost everything, whatever it says
  const kinds = wrongs.map(({ kind }) => (kind === 'lost' ? 'lost' : 'unsound'));
  for (const kind of new Set(kinds)) judgement[kind]++;
  for (const { detail } of wrongs) {
    if (judgement.findings.length < KEPT_FINDINGS) judgement.findings.push(`${where}: ${detail}`);
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
