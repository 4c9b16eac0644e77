/**
 * One damaged copy: it must be noticed, at the start or by the night's check; the service must come back; and what the
 * terminal then claims must be what the provider, the printer and the platform say.
 */
import { checkInvariants } from '../../../contract/invariants.ts';
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import { recover } from '../../../engine/ledger/recovery.ts';
import type { SafelyOpened } from '../../../engine/ledger/safety/repair.ts';
import { RECEIPT, seededChance } from '../../../engine/ledger/test-support/test-ledger.ts';
import type { Cabinet } from '../support/cabinet.ts';
import { operationFact } from '../support/ledger-facts.ts';
import type { ReferencePlatform } from '../support/reference-platform.ts';
import type { Damage } from './damages.ts';
import type { History } from './history.ts';
import { sendAll } from './send-all.ts';

export interface Verdict {
  readonly noticed: 'start' | 'night' | 'never';
  readonly violations: readonly string[];
}

interface Copy {
  readonly history: History;
  readonly damage: Damage;
  readonly cabinet: Cabinet;
  readonly platform: ReferencePlatform;
}

const never = new AbortController().signal;

/** The damaged files lie in the rig's directory. */
export async function judge(history: History, damage: Damage): Promise<Verdict> {
  const copy = { history, damage, cabinet: history.cabinet.copy(), platform: history.platform.copy() };
  const { rig } = history;
  let opened = await rig.open();
  let noticed: Verdict['noticed'] = opened.notices.length > 0 ? 'start' : 'never';
  if (noticed === 'never') {
    const night = await rig.until(opened.ledger.checkWholeChain());
    if (!night.ok) {
      noticed = 'night';
      opened.ledger.close();
      opened = await rig.open({ condemned: night.problem.detail ?? night.problem.code });
    }
  }
  const violations = [...(await comeBack(copy, opened)), ...(await staysWhole(copy, opened))];
  return { noticed, violations: violations.map((violation) => `${damage.name}: ${violation}`) };
}

/** Recovery settles what is open, the platform hears it, and the next resident is served. */
async function comeBack(copy: Copy, { ledger, restored }: SafelyOpened): Promise<readonly string[]> {
  const { rig, operations } = copy.history;
  const report = await rig.clock.runUntil(
    recover({ ledger, devices: copy.cabinet, clock: rig.clock, chance: seededChance(5) }),
  );
  const next = ledger.newOperation();
  const effects = rig.effects(ledger, copy.cabinet);
  const sale = { txn: next, service: 'parking', amountCents: 480, quote: 'q-next' };
  const paid = await rig.clock.runUntil(effects.charge(sale, never));
  const printed = await rig.clock.runUntil(effects.print({ txn: next, template: 'parking', receipt: RECEIPT }, never));
  copy.cabinet.take(next);
  const sent = sendAll(ledger, copy.platform);
  const mayLack = restored?.mayLack === true;
  return [
    ...(report.pending.length > 0 ? [`${report.pending.length} transactions are not settled`] : []),
    ...(paid.kind === 'paid' && printed.kind === 'printed' ? [] : [`the next resident: ${paid.kind}, ${printed.kind}`]),
    ...(sent.fork === undefined ? [] : [`the platform holds another history: ${sent.fork}`]),
    ...(mayLack && !copy.damage.several ? ['steps are missing although one record was whole'] : []),
    ...broken(copy, ledger, [...operations, next], restored),
  ];
}

/**
 * What nobody can know any more is left to staff and the provider's bill; everything else must agree. Of prints that nobody
 * paid for a restored ledger may lack those since the backup: the second record is for money.
 */
const UNKNOWABLE = /nobody claims it$/;

function broken(
  { history, cabinet, platform }: Copy,
  ledger: Ledger,
  operations: readonly string[],
  restored: SafelyOpened['restored'],
): readonly string[] {
  const { freeJobs } = history;
  const mayLack = restored?.mayLack === true;
  const txns = operations.map((id) => ledger.txn(id)).filter(({ state }) => state !== 'created');
  const found = checkInvariants({
    terminal: { operations: txns.map((txn) => operationFact(txn)) },
    provider: cabinet.provider(),
    world: cabinet.outputs(),
    platform: platform.facts(),
    bounds: { unfinishedMs: 0 },
  });
  return found
    .filter(({ invariant, detail }) => !mayLack || !(invariant === 'I7' || UNKNOWABLE.test(detail)))
    .filter(({ detail }) => !restored || !UNKNOWABLE.test(detail) || !freeJobs.has(detail.split(' ')[0] ?? ''))
    .map(({ invariant, operation = '', detail }) => `${invariant} ${operation} ${detail}`);
}

/** The restored file passes its own checks, and the next start finds nothing. */
async function staysWhole({ history }: Copy, { ledger }: SafelyOpened): Promise<readonly string[]> {
  const { rig } = history;
  const whole = await rig.until(ledger.checkWholeChain());
  ledger.close();
  const again = await rig.open();
  again.ledger.close();
  return [
    ...(whole.ok ? [] : [`is damaged afterwards: ${whole.problem.detail}`]),
    ...again.notices.map(({ code, detail }) => `noticed again at the next start: ${code} ${detail ?? ''}`),
  ];
}
