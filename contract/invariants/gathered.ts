/** Everything every witness says of one operation, side by side. */
import type {
  CaseFact,
  InvariantFacts,
  InvariantName,
  OperationFact,
  OutputFact,
  PaymentRowFact,
  PrintRowFact,
  TradeFact,
  Violation,
} from './facts.types.ts';

export interface Gathered {
  readonly id: string;
  /** What the terminal itself says. */
  own: OperationFact | undefined;
  readonly trades: TradeFact[];
  readonly outputs: OutputFact[];
  readonly payments: PaymentRowFact[];
  readonly prints: PrintRowFact[];
  /** By whichever side. */
  readonly cases: CaseFact[];
}

export function broken(invariant: InvariantName, { id }: Gathered, detail: string): Violation {
  return { invariant, operation: id, detail };
}

/** What no operation is known for stands under its own trade or job. */
export function gatherOperations(facts: InvariantFacts): readonly Gathered[] {
  const { operations, payments, prints, cases, provider, world } = sourcesOf(facts);
  // the platform's rows name their operation, and nobody has to be asked
  let owners: ReadonlyMap<string, string> | undefined;
  const byId = new Map<string, Gathered>();
  const of = (id: string): Gathered => {
    const known = byId.get(id);
    if (known) return known;
    const all: Gathered = { id, own: undefined, trades: [], outputs: [], payments: [], prints: [], cases: [] };
    byId.set(id, all);
    return all;
  };
  const ownerOf = (key: string): string => (owners ??= ownersOf(facts)).get(key) ?? key;
  const owner = (key: string, operation: string | undefined): Gathered => of(operation ?? ownerOf(key));

  for (const own of operations) {
    of(own.operation).own = own;
    if (own.case) of(own.operation).cases.push(own.case);
  }
  for (const row of payments) owner(row.trade, row.operation).payments.push(row);
  for (const row of prints) owner(row.job, row.operation).prints.push(row);
  for (const row of cases) of(row.operation).cases.push(row);
  for (const fact of provider) owner(fact.trade, fact.operation).trades.push(fact);
  for (const fact of world) owner(fact.job, fact.operation).outputs.push(fact);
  return [...byId.values()];
}

function sourcesOf({ terminal, provider = [], world = [], platform = {} }: InvariantFacts) {
  const { payments = [], prints = [], cases = [] } = platform;
  return { operations: terminal?.operations ?? [], payments, prints, cases, provider, world };
}

/** Trade or job to the operation it belongs to. */
function ownersOf(facts: InvariantFacts): ReadonlyMap<string, string> {
  const { operations, payments, prints, cases } = sourcesOf(facts);
  const owners = new Map<string, string>();
  const note = (key: string | undefined, operation: string | undefined): void => {
    if (key !== undefined && operation !== undefined) owners.set(key, operation);
  };
  for (const { operation, charge, acts } of operations) {
    note(charge?.trade, operation);
    for (const { job } of acts) note(job, operation);
  }
  for (const { trade, operation } of cases) note(trade, operation);
  for (const { trade, operation } of payments) note(trade, operation);
  for (const { job, operation } of prints) note(job, operation);
  return owners;
}
