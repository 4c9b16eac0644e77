/** The campaigns of the platform's store. */
import type { AttackOptions } from '../attack.ts';
import { seedOf } from '../support/draw.ts';
import type { Part } from './campaigns.ts';
import type { StoreCampaign } from './store-campaign.ts';

type Shape = Pick<StoreCampaign, 'runs' | 'writeBack'>;

const limits = (stepPages: number, mostPages: number): Shape['writeBack'] => ({ stepPages, mostPages, everyMs: 200 });
const NEVER = limits(1_000_000, 1_000_000);
/** Groups of the runs in one campaign; a group is about ten pages. */
const SHAPES: readonly Shape[] = [
  { runs: [40, 25, 15], writeBack: limits(60, 150) },
  { runs: [12, 12, 12, 12], writeBack: limits(15, 40) },
  { runs: [60, 20], writeBack: NEVER },
];
const SHORT_SHAPE: Shape = { runs: [10, 6], writeBack: limits(20, 50) };

export function platformPart({ size, seed }: AttackOptions, recorder: string): Part {
  const isFull = size === 'full';
  const campaign = (number: number, changes: Shape & Pick<StoreCampaign, 'plant'>): StoreCampaign => ({
    ...{ attacks: 'platform', recorder, seed: seedOf(seed, number), drawn: isFull ? 8 : 4 },
    ...{ writesEvery: isFull ? 25 : 40, reopenEvery: 60 },
    ...changes,
  });
  return {
    name: 'platform campaign',
    goal: 5_000,
    campaign: (number) =>
      campaign(number, { ...((isFull && SHAPES[number % SHAPES.length]) || SHORT_SHAPE), plant: 'none' }),
    controls: [
      {
        figure: 'control, acknowledged before the sync',
        percent: 10,
        campaign: campaign(0, { runs: [10], writeBack: limits(20, 50), plant: 'normal' }),
      },
    ],
    figures: (total) => ({
      'platform: campaigns': total.campaigns,
      'platform: points of the recordings': total.points,
      'platform: power-cut images': total.images,
      'platform: opened and gone on with': total.reopened,
      'platform: acknowledged batches lost': total.lost,
      'platform: unsound or invented': total.unsound,
    }),
  };
}
