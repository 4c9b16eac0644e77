/**
 * The ten invariants of money-and-sync 2.5, one checker for every attack, the journeys and the platform in production.
 * It judges one terminal by whatever witnesses there are; with the platform's rows alone it finds what those can show.
 */
import { moneyAsClaimed, outputAsClaimed } from './invariants/claims.ts';
import type { InvariantFacts, InvariantName, Violation } from './invariants/facts.types.ts';
import { gatherOperations } from './invariants/gathered.ts';
import { anEnd, noNeedlessCase, notBoth, oneCharge, oneOriginal, ownOutput } from './invariants/operations.ts';
import { onceAndKept, type RecordHash } from './invariants/streams.ts';
import { shownAsTold } from './invariants/tables.ts';

export type { InvariantFacts, InvariantName, Violation } from './invariants/facts.types.ts';

export const INVARIANTS: Readonly<Record<InvariantName, string>> = {
  I1: 'at most one charge per transaction',
  I2: 'at most one physical original; every further one is marked as a copy and numbered',
  I3: 'every charge ends delivered, given back or with staff, within a bounded time',
  I4: 'what the kiosk claims is what provider and device say',
  I5: 'nothing is delivered and given back',
  I6: 'the platform sees each state once, in order, on an unbroken chain',
  I7: 'nothing is handed to staff that a device could have told',
  I8: 'the database is sound',
  I9: 'no acknowledged record is lost, by kiosk or platform',
  I10: 'nobody receives what was made for somebody else',
};

/** A doubt is a case after ten minutes (2.3); five more for the round that opens it. */
const UNFINISHED_MS = 900_000;

/** `recordHash`: the hash rule of the chain; without it only the links are compared, not the contents. */
export function checkInvariants(
  facts: InvariantFacts,
  tools: { readonly recordHash?: RecordHash } = {},
): readonly Violation[] {
  const { bounds = { unfinishedMs: UNFINISHED_MS }, ledgerSound } = facts;
  const operations = gatherOperations(facts);
  const found = operations.flatMap((all) => [
    ...oneCharge(all),
    ...oneOriginal(all),
    ...anEnd(all, bounds.unfinishedMs),
    ...(facts.provider && (facts.terminal ?? facts.platform?.payments) ? moneyAsClaimed(all) : []),
    ...(facts.world ? outputAsClaimed(all, facts.terminal !== undefined) : []),
    ...notBoth(all),
    ...noNeedlessCase(all),
    ...ownOutput(all, operations),
  ]);
  found.push(...onceAndKept(facts, tools.recordHash), ...shownAsTold(facts));
  if (ledgerSound?.ok === false) {
    found.push({ invariant: 'I8', detail: ledgerSound.detail ?? 'the checks of the file failed' });
  }
  return found;
}
