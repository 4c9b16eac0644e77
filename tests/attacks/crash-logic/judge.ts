/** What must hold when the platform has been told everything. */
import { checkInvariants } from '../../../contract/invariants.ts';
import type { ActFact, InvariantFacts, OutputFact, Violation } from '../../../contract/invariants/facts.types.ts';
import { readBlackBox } from '../../../engine/ledger/black-box.ts';
import type { Txn } from '../../../engine/ledger/journal.schema.ts';
import { recordHash } from '../../../engine/ledger/record-hash.ts';
import type { BlackBoxStep } from '../../../engine/ledger/safety/black-box.schema.ts';
import type { StreamEvent } from '../../../contract/terminal-event.schema.ts';
import { actFact, operationFact, streamFact } from '../support/ledger-facts.ts';
import type { ReferencePlatform } from '../support/reference-platform.ts';
import type { Kiosk } from './stage.ts';
import { DOOR, FIRST, NEXT } from './visits.ts';

/** What a charge has gone through to stand so. */
const MONEY_STEPS: Readonly<Record<string, readonly string[]>> = {
  paid: ['charge.paid'],
  cancelled: ['charge.cancelled'],
  reversing: ['charge.paid', 'reverse.intent'],
  reversed: ['charge.paid', 'reverse.intent', 'reverse.done'],
};

export function judge(kiosk: Kiosk): readonly Violation[] {
  const { ledger, cabinet, platform } = kiosk;
  const txns = [FIRST, NEXT].map((id) => ledger.txn(id)).filter(({ state }) => state !== 'created');
  const unsent = txns.flatMap((txn) => untoldPart(txn, platform));
  const left = ledger.outbox.unacknowledged();
  const missing = txns.flatMap((txn) => missingLines(txn, kiosk.blackBoxPath));
  const facts: InvariantFacts = {
    terminal: { operations: txns.map((txn) => operationFact(txn, actsOf(kiosk, txn))) },
    provider: cabinet.provider(),
    world: [...cabinet.outputs(), ...doors(kiosk)],
    streams: [streamFact(ledger, { acknowledged: kiosk.acknowledged(), durable: kiosk.durable() })],
    platform: platform.facts(),
    ledgerSound: { ok: missing.length === 0, detail: missing.join(', ') },
    bounds: { unfinishedMs: 0 },
  };
  const hashed = { recordHash: (before: string, event: unknown) => recordHash(before, event as StreamEvent) };
  const found = [...checkInvariants(facts, hashed), ...unsent];
  if (left === 0) return found;
  return [...found, { invariant: 'I6', detail: `${left} records never reached the platform` }];
}

function actsOf({ acts }: Kiosk, { id }: Txn): readonly ActFact[] {
  return [...acts.values()].filter(({ operation }) => operation === id).map(({ operation: _, ...act }) => act);
}

/** What is personal in a form lies beside its record: the one must not reach the platform without the other. */
function untoldPart({ id, form }: Txn, platform: ReferencePlatform): readonly Violation[] {
  if (!form || platform.hasSealedPart(form.personal)) return [];
  return [{ invariant: 'I6', operation: id, detail: 'the personal part of its form never reached the platform' }];
}

/** A door does not know for which job it opened; here one job alone asks for it. */
function doors({ ledger, cabinet }: Kiosk): readonly OutputFact[] {
  const act = actFact(ledger.txn(FIRST));
  if (act?.kind !== 'unlock') return [];
  return [{ job: act.job, what: String(DOOR), copies: 0, ...cabinet.openings(DOOR) }];
}

/** The black box may know of a step that the database does not, never the other way round. */
function missingLines({ id, charge, delivery, case: opened }: Txn, path: string): string[] {
  if (!charge) return [];
  const { lines, damaged } = readBlackBox(path);
  const told = new Set((lines as readonly Partial<BlackBoxStep>[]).map(({ txn, entry }) => `${txn} ${entry?.step}`));
  const steps = ['charge.intent', ...(MONEY_STEPS[charge.state] ?? [])];
  if (delivery) steps.push('deliver.intent');
  if (opened) steps.push('flag');
  return [
    ...(damaged > 0 ? [`${damaged} lines of the black box cannot be read`] : []),
    ...steps.filter((step) => !told.has(`${id} ${step}`)).map((step) => `the black box lacks ${step} of ${id}`),
  ];
}
