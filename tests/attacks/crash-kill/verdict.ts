/** What must hold at the end of a day, when the last start has settled everything and the platform has been told. */
import { checkInvariants } from '../../../contract/invariants.ts';
import type {
  ActFact,
  HeadFact,
  InvariantFacts,
  OutputFact,
  StreamFact,
} from '../../../contract/invariants/facts.types.ts';
import type { StreamEvent } from '../../../contract/terminal-event.schema.ts';
import { openLedger, type Ledger } from '../../../engine/ledger/ledger.ts';
import { recordHash } from '../../../engine/ledger/record-hash.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { Draw } from '../support/draw.ts';
import { operationFact, streamFact } from '../support/ledger-facts.ts';
import { doorOf } from '../support/residents.ts';
import type { OutsideWorld } from './outside-world.ts';

export interface Day {
  readonly paths: { readonly path: string; readonly blackBoxPath: string };
  readonly world: OutsideWorld;
  /** The ledger's head when it last reported a commit as done. */
  readonly durable: HeadFact | undefined;
  /** Every transaction of which a step was reported as done. */
  readonly txns: ReadonlySet<string>;
}

export interface Verdict {
  readonly operations: number;
  readonly violations: readonly string[];
}

export function judgeDay(day: Day): Verdict {
  const opened = openLedger({ ...day.paths, clock: new SimulatedClock(), chance: new Draw(1) });
  if (!opened.ok) return { operations: 0, violations: [`I8: ${opened.problem.code} ${opened.problem.detail ?? ''}`] };
  try {
    return judge(opened.value, day);
  } finally {
    opened.value.close();
  }
}

function judge(ledger: Ledger, { world, durable, txns }: Day): Verdict {
  const stream = streamFact(ledger, { acknowledged: ledger.outbox.head().acknowledged, ...(durable && { durable }) });
  const told = stream.records.map(({ event }) => (event as { operation?: string } | undefined)?.operation);
  const settled = settledActs(stream);
  const ids = [...new Set([...txns, ...told.filter((id) => id !== undefined)])];
  const facts: InvariantFacts = {
    terminal: { operations: ids.map((id) => operationFact(ledger.txn(id), settled.get(id))) },
    provider: world.cabinet.provider(),
    world: [...world.cabinet.outputs(), ...ids.flatMap((id) => doorOutput(ledger, world, id))],
    streams: [stream],
    platform: world.platform.facts(),
    bounds: { unfinishedMs: 0 },
  };
  const found = checkInvariants(facts, { recordHash: (before, event) => recordHash(before, event as StreamEvent) });
  const violations = found.map(({ invariant, operation = '', detail }) => `${invariant} ${operation}: ${detail}`);
  const lost = [...txns].filter((id) => ledger.txn(id).since === 0);
  if (lost.length > 0) violations.push(`I9: nothing is left of ${lost.join(', ')}`);
  if (ledger.outbox.unacknowledged() > 0) violations.push('I6: the platform was not told everything');
  return { operations: ids.length, violations };
}

/** A door does not know for which job it opened; each operation has one of its own. */
function doorOutput(ledger: Ledger, { cabinet }: OutsideWorld, operation: string): readonly OutputFact[] {
  const { delivery } = ledger.txn(operation);
  const opened = cabinet.openings(doorOf(operation));
  const isDoor = delivery !== undefined && 'act' in delivery;
  if (!isDoor && opened.originals === 0) return [];
  const job = isDoor ? delivery.job : `door of ${operation}`;
  return [{ job, operation, what: String(doorOf(operation)), copies: 0, ...opened }];
}

/** What became of each delivery, by operation: the ledger's transaction holds the latest alone. */
function settledActs({ records }: StreamFact): ReadonlyMap<string, readonly ActFact[]> {
  const acts = new Map<string, readonly ActFact[]>();
  for (const record of records) {
    const event = record.event as StreamEvent | undefined;
    if (event?.type !== 'PrintSettled' && event?.type !== 'ActSettled') continue;
    const isDone = event.state === 'printed' || event.state === 'done';
    const state = isDone ? 'done' : 'failed';
    const act: ActFact =
      event.type === 'PrintSettled'
        ? { kind: 'print', job: event.job, what: event.template, state }
        : { kind: 'unlock', job: event.job, what: event.target, state };
    acts.set(event.operation, [...(acts.get(event.operation) ?? []), act]);
  }
  return acts;
}
