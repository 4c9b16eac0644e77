/**
 * Power cuts (money-and-sync 2.7 D). The real ledger works on a recorded disk; for each point of the recording the disks
 * a power cut may leave are built and judged. Two planted bugs show that a loss would be seen.
 */
import { availableParallelism } from 'node:os';
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { bundleProgram } from '../support/bundled-program.ts';
import { seedOf } from '../support/draw.ts';
import { inParallel, runNode } from '../support/run-node.ts';
import { buildRecorder } from './build-recorder.ts';
import type { Campaign } from './campaign.ts';
import type { Judgement } from './judge.ts';
import type { Plant } from './plants.ts';

const FULL_IMAGES = 50_000;
/** Runs in one campaign; the long run makes SQLite empty its write-ahead log and begin it again. */
const SHAPES = [
  [170, 15],
  [20, 20, 20],
  [8, 8, 8, 8, 8, 8, 8],
];
const SHORT_SHAPE = [8, 8];
/** Of images with a planted bug that must be found wanting, in percent; the lab saw 52 and 42. */
const CONTROLS: readonly { readonly plant: Plant; readonly runs: readonly number[]; readonly percent: number }[] = [
  { plant: 'normal', runs: [6, 3], percent: 20 },
  { plant: 'unsyncedNames', runs: [2], percent: 10 },
];

export const crashPower: Attack = {
  name: 'crash-power',
  promise: 'a power cut at any moment loses no commit that was reported as done, and leaves nothing that never was',
  usage: '[--campaign N]',
  run,
};

async function run(options: AttackOptions): Promise<AttackReport> {
  const program = bundleProgram('crash-power/life.main.ts');
  try {
    return await runWith(options, { recorder: buildRecorder(), program: program.path });
  } finally {
    program.remove();
  }
}

type Tools = Pick<Campaign, 'recorder' | 'program'>;

async function runWith(options: AttackOptions, tools: Tools): Promise<AttackReport> {
  const { total, violations } = await attack(options, tools);
  const controls = await Promise.all(
    CONTROLS.map(({ plant, runs }) => judged({ ...tools, ...campaignOf(options, { plant, runs }) })),
  );
  const isWhole = isFull(options) && options.args['campaign'] === undefined;
  const shares = controls.map(({ lost, unsound, images }) => Math.round((100 * Math.max(lost, unsound)) / images));
  const toothless = CONTROLS.flatMap(({ plant, percent }, index) => {
    const share = shares[index] ?? 0;
    return share >= percent ? [] : [`control: with ${plant} only ${share} % of the images were found wanting`];
  });
  return {
    figures: {
      campaigns: total.campaigns,
      'points of the recordings': total.points,
      'power-cut images': total.images,
      'opened, written and reopened by the ledger': total.reopened,
      'acknowledged commits lost': total.lost,
      'unsound or invented': total.unsound,
      'control, synchronous=NORMAL: images with a loss, %': shares[0] ?? 0,
      'control, directory not synced: images with a loss, %': shares[1] ?? 0,
    },
    violations: [...violations, ...toothless],
    missed: isWhole && total.images < FULL_IMAGES ? [`${total.images} of ${FULL_IMAGES} images`] : [],
  };
}

/** One campaign after the other, two at a time, until there are images enough. */
async function attack(options: AttackOptions, tools: Tools) {
  const total = { campaigns: 0, points: 0, images: 0, reopened: 0, lost: 0, unsound: 0 };
  const violations: string[] = [];
  function* numbers(): Generator<number> {
    const { campaign } = options.args;
    if (campaign !== undefined) yield Number(campaign);
    else if (!isFull(options)) yield 0;
    else for (let number = 0; total.images < FULL_IMAGES; number++) yield number;
  }
  await inParallel(numbers(), availableParallelism(), async (number) => {
    const runs = isFull(options) ? (SHAPES[number % SHAPES.length] ?? SHORT_SHAPE) : SHORT_SHAPE;
    const found = await judged({ ...tools, ...campaignOf(options, { plant: 'none', runs, number }) });
    total.campaigns++;
    for (const key of ['points', 'images', 'reopened', 'lost', 'unsound'] as const) total[key] += found[key];
    violations.push(...found.findings.map((finding) => `campaign ${number}, ${finding}`));
    const wanting = found.lost + found.unsound;
    options.say(`campaign ${number}: ${found.images} images, ${wanting} found wanting; ${total.images} in all`);
  });
  return { total, violations };
}

interface Wanted {
  readonly plant: Plant;
  readonly runs: readonly number[];
  readonly number?: number;
}

function campaignOf(options: AttackOptions, { plant, runs, number = 0 }: Wanted): Omit<Campaign, keyof Tools> {
  const seed = seedOf(options.seed, number);
  return { seed, runs, plant, drawn: isFull(options) ? 8 : 4, reopenEvery: 60 };
}

async function judged(campaign: Campaign): Promise<Judgement> {
  const { status, stdout, stderr } = await runNode('crash-power/campaign.main.ts', campaign);
  if (status !== 0) throw new Error(`the campaign with seed ${campaign.seed} broke off: ${stderr}`);
  return JSON.parse(stdout) as Judgement;
}

function isFull({ size }: AttackOptions): boolean {
  return size === 'full';
}
