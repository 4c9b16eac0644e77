/** A campaign in a process of its own, so that two run side by side. Argument: which; prints its `Judgement`. */
import { runCampaign, type Campaign } from './campaign.ts';
import { runStoreCampaign, type StoreCampaign } from './store-campaign.ts';

const campaign = JSON.parse(process.argv[2] ?? '{}') as Campaign | StoreCampaign;
const judgement = await (campaign.attacks === 'ledger' ? runCampaign(campaign) : runStoreCampaign(campaign));
process.stdout.write(JSON.stringify(judgement));
