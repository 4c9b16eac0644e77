/** I4: what the kiosk (or, when it is silent, the platform) claims, beside what provider and devices say. */
import type { ChargeFact, TradeFact, Violation } from './facts.types.ts';
import { broken, type Gathered } from './gathered.ts';

/** What a claim asks of the provider; nothing while the kiosk itself says that it does not know. */
const CLAIMS: Readonly<Record<ChargeFact['state'], readonly TradeFact['state'][] | undefined>> = {
  asked: undefined,
  paid: ['captured'],
  // given back before we heard that it was taken: nothing was charged either way
  cancelled: ['none', 'reversed'],
  reversing: undefined,
  reversed: ['reversed'],
};

export function moneyAsClaimed(all: Gathered): Violation[] {
  const claims: readonly ChargeFact[] = all.own?.charge ? [all.own.charge] : all.payments;
  const known = new Set(claims.map(({ trade }) => trade));
  return [
    ...claims.flatMap((claim) => {
      const wrong = wrongMoney(claim, all.trades);
      return wrong === undefined ? [] : [broken('I4', all, wrong)];
    }),
    ...all.trades
      .filter(({ trade, state }) => state === 'captured' && !known.has(trade))
      .map(({ trade }) => broken('I4', all, `${trade} was taken, and nobody claims it`)),
  ];
}

function wrongMoney({ trade, state, amountCents }: ChargeFact, trades: readonly TradeFact[]): string | undefined {
  const seen = trades.find((one) => one.trade === trade) ?? { state: 'none', cents: 0 };
  if (CLAIMS[state]?.includes(seen.state) === false) return `${trade} is ${state} here and ${seen.state} there`;
  const isOtherAmount = seen.state === 'captured' && seen.cents !== amountCents;
  return isOtherAmount ? `${trade}: ${amountCents} cents here, ${seen.cents} there` : undefined;
}

export function outputAsClaimed(all: Gathered, isTerminalGiven: boolean): Violation[] {
  const claims: readonly { readonly job: string; readonly state: string }[] = all.own?.acts ?? all.prints;
  const known = new Set(claims.map(({ job }) => job));
  const cameOut = new Set(all.outputs.filter(({ originals, copies }) => originals + copies > 0).map(({ job }) => job));
  return [
    ...claims
      .filter(({ job, state }) => state === 'done' && !cameOut.has(job))
      .map(({ job }) => broken('I4', all, `${job} is done here, and nothing came out`)),
    ...claims
      .filter(({ job, state }) => (state === 'failed' || state === 'notDone') && cameOut.has(job))
      .map(({ job }) => broken('I4', all, `${job} failed here, and it came out`)),
    // of a print in doubt the platform has no row
    ...(isTerminalGiven ? [...cameOut] : [])
      .filter((job) => !known.has(job))
      .map((job) => broken('I4', all, `${job} came out, and nobody claims it`)),
  ];
}
