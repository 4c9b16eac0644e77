/** The ledger's campaigns. */
import type { AttackOptions } from '../attack.ts';
import { seedOf } from '../support/draw.ts';
import type { Campaign } from './campaign.ts';
import type { Part } from './campaigns.ts';

/** Runs in one campaign; the long run makes SQLite empty its write-ahead log and begin it again. */
const SHAPES = [
  [170, 15],
  [20, 20, 20],
  [8, 8, 8, 8, 8, 8, 8],
];
const SHORT_SHAPE = [8, 8];

export function ledgerPart({ size, seed }: AttackOptions, tools: Pick<Campaign, 'recorder' | 'program'>): Part {
  const isFull = size === 'full';
  const campaign = (number: number, changes: Pick<Campaign, 'runs' | 'plant'>): Campaign => ({
    ...{ attacks: 'ledger', seed: seedOf(seed, number), drawn: isFull ? 8 : 4, reopenEvery: 60 },
    ...tools,
    ...changes,
  });
  return {
    name: 'campaign',
    goal: 50_000,
    campaign(number) {
      const runs = isFull ? (SHAPES[number % SHAPES.length] ?? SHORT_SHAPE) : SHORT_SHAPE;
      return campaign(number, { runs, plant: 'none' });
    },
    // the lab saw 52 and 42 percent
    controls: [
      {
        figure: 'control, synchronous=NORMAL',
        percent: 20,
        campaign: campaign(0, { runs: [6, 3], plant: 'normal' }),
      },
      {
        figure: 'control, directory not synced',
        percent: 10,
        campaign: campaign(0, { runs: [2], plant: 'unsyncedNames' }),
      },
    ],
    figures: (total) => ({
      campaigns: total.campaigns,
      'points of the recordings': total.points,
      'power-cut images': total.images,
      'opened, written and reopened by the ledger': total.reopened,
      'acknowledged commits lost': total.lost,
      'unsound or invented': total.unsound,
    }),
  };
}
