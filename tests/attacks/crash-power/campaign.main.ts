/** A campaign in a process of its own, so that two run side by side. Argument: a `Campaign`; prints its `Judgement`. */
import { runCampaign, type Campaign } from './campaign.ts';

const campaign = JSON.parse(process.argv[2] ?? '{}') as Campaign;
process.stdout.write(JSON.stringify(await runCampaign(campaign)));
