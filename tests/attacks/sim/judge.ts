/** Everything that is known of some days of a kiosk, held against each other. */
import { checkInvariants } from '../../../contract/invariants.ts';
import type { HeadFact, InvariantFacts, OutputFact, Violation } from '../../../contract/invariants/facts.types.ts';
import type { StreamEvent } from '../../../contract/terminal-event.schema.ts';
import { recordHash } from '../../../engine/ledger/record-hash.ts';
import { operationFact, streamFact } from '../support/ledger-facts.ts';
import type { Machine } from './machine.ts';
import type { Doors } from './residents.ts';

/** Where the days begin. */
export interface Since {
  readonly head: HeadFact;
  readonly platformSize: number;
  readonly operations: number;
  readonly trades: number;
  readonly outputs: number;
}

export interface Judged {
  readonly violations: readonly Violation[];
  /** For the digest. */
  readonly known: unknown;
}

export function judge(machine: Machine, operations: readonly string[], doors: Doors, since: Since): Judged {
  const { running, cabinet, platform, acknowledged, durable } = machine;
  const { ledger } = running;
  // also those of earlier days of which something was told since
  const names = new Set([...operations.slice(since.operations), ...platform.operationsFrom(since.platformSize)]);
  const txns = [...names].map((id) => ledger.txn(id)).filter(({ state }) => state !== 'created');
  const claims = txns.map((txn) => operationFact(txn));
  const trades = new Set(claims.map(({ charge }) => charge?.trade));
  const jobs = new Set(claims.flatMap(({ acts }) => acts.map(({ job }) => job)));
  const facts: InvariantFacts = {
    terminal: { operations: claims },
    provider: cabinet.provider().filter(({ trade }, index) => index >= since.trades || trades.has(trade)),
    world: [
      ...cabinet.outputs().filter(({ job }, index) => index >= since.outputs || jobs.has(job)),
      ...doorsOf(machine, doors, names),
    ],
    streams: [streamFact(ledger, { acknowledged, durable }, since.head)],
    platform: platform.facts(since.platformSize, names),
    bounds: { unfinishedMs: 0 },
  };
  const violations = [
    ...checkInvariants(facts, { recordHash: (before, event) => recordHash(before, event as StreamEvent) }),
    ...untold(machine),
    ...(facts.platform?.records ?? [])
      .filter(({ parked }) => parked)
      .map(({ seq }): Violation => ({
        invariant: 'I6',
        detail: `record ${seq} was put aside: nothing here is senseless`,
      })),
  ];
  const { outbox, incarnation } = ledger;
  return {
    violations,
    known: [outbox.head(), platform.headOf(incarnation, 'ledger'), claims, facts.provider, facts.world],
  };
}

function untold({ running }: Machine): readonly Violation[] {
  const left = running.ledger.outbox.unacknowledged();
  return left === 0 ? [] : [{ invariant: 'I6', detail: `${left} records do not reach the platform` }];
}

/** A door does not know for which job it opened: each opens for one operation alone. */
function doorsOf({ running, cabinet }: Machine, doors: Doors, names: ReadonlySet<string>): readonly OutputFact[] {
  return [...doors].flatMap(([door, operation]) => {
    const { delivery } = running.ledger.txn(operation);
    if (!names.has(operation) || !delivery) return [];
    return [{ job: delivery.job, what: String(door), copies: 0, ...cabinet.openings(door) }];
  });
}
