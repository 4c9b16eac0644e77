/** Campaigns of one part of the attack, two at a time, each in a process of its own, until there are images enough. */
import { availableParallelism } from 'node:os';
import type { AttackOptions, AttackReport } from '../attack.ts';
import { inParallel, runNode } from '../support/run-node.ts';
import type { Campaign } from './campaign.ts';
import type { StoreCampaign } from './store-campaign.ts';
import type { Judgement } from './walk-cuts.ts';

export type AnyCampaign = Campaign | StoreCampaign;

export interface Part {
  /** Said before the number of a campaign. */
  readonly name: string;
  /** Images of the full form. */
  readonly goal: number;
  campaign(number: number): AnyCampaign;
  readonly controls: readonly Control[];
  figures(total: Total): AttackReport['figures'];
}

/** A planted bug, and the share of images that must be found wanting with it. */
export interface Control {
  readonly figure: string;
  readonly percent: number;
  readonly campaign: AnyCampaign;
}

export type Total = Omit<Judgement, 'findings'> & { campaigns: number };

export async function runPart(options: AttackOptions, part: Part): Promise<AttackReport> {
  const { name, goal, controls } = part;
  const total: Total = { campaigns: 0, points: 0, images: 0, reopened: 0, lost: 0, unsound: 0 };
  const violations: string[] = [];
  const shares = new Map<string, number>();
  function* work(): Generator<Control | number> {
    yield* controls;
    const { campaign } = options.args;
    if (campaign !== undefined) yield Number(campaign);
    else if (options.size === 'short') yield 0;
    else for (let number = 0; total.images < goal; number++) yield number;
  }
  await inParallel(work(), availableParallelism(), async (item) => {
    if (typeof item !== 'number') {
      const { lost, unsound, images } = await judged(item.campaign);
      shares.set(item.figure, Math.round((100 * Math.max(lost, unsound)) / images));
      return;
    }
    const found = await judged(part.campaign(item));
    total.campaigns++;
    for (const key of ['points', 'images', 'reopened', 'lost', 'unsound'] as const) total[key] += found[key];
    violations.push(...found.findings.map((finding) => `${name} ${item}, ${finding}`));
    const wanting = found.lost + found.unsound;
    options.say(`${name} ${item}: ${found.images} images, ${wanting} found wanting; ${total.images} in all`);
  });
  const isWhole = options.size === 'full' && options.args['campaign'] === undefined;
  return {
    figures: {
      ...part.figures(total),
      ...Object.fromEntries(
        controls.map(({ figure }) => [`${figure}: images with a loss, %`, shares.get(figure) ?? 0]),
      ),
    },
    violations: [...violations, ...toothless(controls, shares)],
    missed: isWhole && total.images < goal ? [`${name}: ${total.images} of ${goal} images`] : [],
  };
}

function toothless(controls: readonly Control[], shares: ReadonlyMap<string, number>): readonly string[] {
  return controls.flatMap(({ figure, percent }) => {
    const share = shares.get(figure) ?? 0;
    return share >= percent ? [] : [`${figure}: only ${share} % of the images were found wanting`];
  });
}

async function judged(campaign: AnyCampaign): Promise<Judgement> {
  const { status, stdout, stderr } = await runNode('crash-power/campaign.main.ts', campaign);
  if (status !== 0) throw new Error(`the campaign with seed ${campaign.seed} broke off: ${stderr}`);
  return JSON.parse(stdout) as Judgement;
}
