/** I1, I2, I3, I5, I7 and I10: rules about one operation. */
import type { ActFact, OperationFact, OutputFact, Violation } from './facts.types.ts';
import { broken, type Gathered } from './gathered.ts';

/** I1 */
export function oneCharge(all: Gathered): Violation[] {
  const charges = [all.own?.charge, ...all.payments, ...all.trades].filter((charge) => charge !== undefined);
  const trades = new Set(charges.map(({ trade }) => trade));
  const found = all.trades
    .filter(({ captures = 1 }) => captures > 1)
    .map(({ trade, captures }) => broken('I1', all, `${trade} was captured ${captures} times`));
  if (trades.size > 1) found.push(broken('I1', all, `trades ${[...trades].join(', ')}`));
  return found;
}

/** I2 */
export function oneOriginal(all: Gathered): Violation[] {
  const acts = all.own?.acts ?? [];
  // as with most operations: one thing, told of once
  if (all.outputs.length === 0 && acts.length < 2 && all.prints.length < 2) return [];
  const surelyOut = acts.filter(({ state, copy }) => (state === 'done' || state === 'doubt') && copy === undefined);
  const toldOut = all.prints.filter(({ state, copy }) => state === 'done' && copy === undefined);
  const counts = [
    ...perThing(surelyOut).map((same) => ({ from: 'terminal', count: same.length })),
    ...perThing(toldOut).map((same) => ({ from: 'platform', count: same.length })),
    ...perThing(all.outputs).map((same) => ({
      from: 'device',
      count: same.reduce((sum, { originals }) => sum + originals, 0),
    })),
  ];
  return [
    ...counts
      .filter(({ count }) => count > 1)
      .map(({ from, count }) => broken('I2', all, `${count} originals, says the ${from}`)),
    ...[acts, all.prints].filter(hasOneNumberTwice).map(() => broken('I2', all, 'two copies carry the same number')),
    ...all.outputs.flatMap((output) => {
      const wrong = wronglyMarked(
        output,
        acts.find(({ job }) => job === output.job),
      );
      return wrong === undefined ? [] : [broken('I2', all, `${output.job} ${wrong}`)];
    }),
  ];
}

function hasOneNumberTwice(outputs: readonly { readonly copy?: number; readonly what?: string }[]): boolean {
  const numbers = outputs.flatMap(({ copy, what }) => (copy === undefined ? [] : [`${what ?? ''} ${copy}`]));
  return new Set(numbers).size < numbers.length;
}

/** Two templates, doors or bins of one operation are two originals. */
function perThing<Item extends { readonly what?: string }>(items: readonly Item[]): readonly Item[][] {
  return [...Map.groupBy(items, ({ what }) => what ?? '').values()];
}

function wronglyMarked({ originals, copies }: OutputFact, act: ActFact | undefined): string | undefined {
  if (!act) return undefined;
  if (act.copy !== undefined && originals > 0) return 'is a copy without its mark';
  return copies > 0 && act.copy === undefined ? 'is a copy without a number' : undefined;
}

/** I3 */
export function anEnd(all: Gathered, unfinishedMs: number): Violation[] {
  if (all.cases.length > 0) return [];
  const isOld = (ageMs = Number.POSITIVE_INFINITY): boolean => ageMs >= unfinishedMs;
  const { own, prints } = all;
  if (own) return isOld(own.ageMs) && !hasEnded(own) ? [broken('I3', all, `not ended: ${wordsOf(own)}`)] : [];
  const isUndelivered = prints.length > 0 && prints.every(({ state }) => state === 'notDone');
  return all.payments
    .filter(({ ageMs, state }) => isOld(ageMs) && (state === 'asked' || (state === 'paid' && isUndelivered)))
    .map(({ trade, state }) => broken('I3', all, `${trade} is ${state}, without delivery or case`));
}

function hasEnded({ charge, acts, waived }: OperationFact): boolean {
  if (acts.some(({ state }) => state === 'started')) return false;
  if (charge?.state === 'paid') return waived === true || acts.some(isDelivery);
  return charge === undefined || charge.state === 'cancelled' || charge.state === 'reversed';
}

function isDelivery({ state, notice }: { readonly state: string; readonly notice?: boolean }): boolean {
  return state === 'done' && notice !== true;
}

function wordsOf({ charge, acts }: OperationFact): string {
  const words = acts.map(({ kind, state }) => `${kind} ${state}`);
  return (charge ? [`charge ${charge.state}`, ...words] : words).join(', ');
}

/** I5. A person who closes a case may decide otherwise. */
export function notBoth(all: Gathered): Violation[] {
  const charges = [all.own?.charge, ...all.payments, ...all.trades];
  const isReversed = charges.some((charge) => charge?.state === 'reversed');
  if (!isReversed || all.cases.some(({ open }) => !open)) return [];
  const isDelivered =
    [...(all.own?.acts ?? []), ...all.prints].some(isDelivery) ||
    all.outputs.some(({ originals, copies, notice }) => originals + copies > 0 && notice !== true);
  return isDelivered ? [broken('I5', all, 'the money went back, and what it was for came out')] : [];
}

/** I7 */
export function noNeedlessCase(all: Gathered): Violation[] {
  const found = new Set<string>();
  for (const { reason } of all.cases) {
    if (reason === 'charge.unknown' && all.trades.some(({ couldTell }) => couldTell)) {
      found.add('the provider could have told what became of the charge');
    }
    if (reason === 'print.unknown' && all.outputs.some(({ couldTell }) => couldTell)) {
      found.add('the printer could have told what became of the print');
    }
    if (reason.startsWith('reverse.') && all.trades.some(({ couldReverse }) => couldReverse)) {
      found.add('the provider would have taken the reversal');
    }
  }
  return [...found].map((detail) => broken('I7', all, detail));
}

/** I10. Nothing is said of an output nobody is known to have asked for. */
export function ownOutput(all: Gathered, operations: readonly Gathered[]): Violation[] {
  const sessionOf = (id: string): string => operations.find((one) => one.id === id)?.own?.session ?? id;
  const isOwned = all.own !== undefined || all.prints.length > 0;
  return all.outputs.flatMap(({ job, operation, takenBy = [] }) =>
    takenBy
      .filter((taker) => (isOwned || operation !== undefined) && taker !== all.id)
      .filter((taker) => sessionOf(taker) !== sessionOf(all.id))
      .map((taker) => broken('I10', all, `${job} was taken by the resident of ${taker}`)),
  );
}
