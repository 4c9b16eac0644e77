/** What happens in a life of the kiosk: a visit, the start after a crash, the next resident. */
import { pause } from '../../../contract/clock.ts';
import { recover, type RecoveryStanding } from '../../../engine/ledger/recovery.ts';
import { RECEIPT } from '../../../engine/ledger/test-support/test-ledger.ts';
import type { Visit } from './plans.ts';
import type { Kiosk } from './stage.ts';

export const FIRST = 'first';
export const NEXT = 'next';
export const DOOR = 12;

/** How long a resident in doubt is asked after in the background. */
const LATE_MS = 120_000;
const DRAIN_ROUNDS = 60;
const ROUND_MS = 10_000;

export async function visit(kiosk: Kiosk, kind: Visit): Promise<void> {
  if (kind === 'number') await takeNumber(kiosk, FIRST);
  else if (kind === 'collect') await collect(kiosk);
  else if (kind === 'handIn') await handIn(kiosk);
  else await payFor(kiosk, kind);
  kiosk.cabinet.take(FIRST);
  kiosk.cabinet.shutDoors();
  await kiosk.uplink.flush();
}

async function payFor(kiosk: Kiosk, kind: Exclude<Visit, 'number' | 'collect' | 'handIn'>): Promise<void> {
  const { effects, uplink, clock } = kiosk;
  const { signal } = new AbortController();
  const charged = await effects.charge({ txn: FIRST, service: 'parking', amountCents: 960, quote: 'q-1' }, signal);
  await uplink.flush();
  if (charged.kind === 'case') {
    const late = new AbortController();
    clock.after(LATE_MS, () => late.abort());
    await effects.lateCharge(FIRST, late.signal);
  }
  if (charged.kind !== 'paid') return;
  if (kind === 'waive') void effects.waive({ txn: FIRST, reason: 'no paper wanted' });
  else if (kind === 'giveBack') await effects.reverse({ txn: FIRST, reason: 'changed their mind' }, signal);
  else {
    const more = kind === 'both' ? { more: 1 } : {};
    const printed = await effects.print({ txn: FIRST, template: 'parking', receipt: RECEIPT, ...more }, signal);
    if (kind === 'both' && printed.kind === 'printed') await collect(kiosk);
  }
}

async function collect({ effects }: Kiosk): Promise<void> {
  await effects.unlock({ txn: FIRST, door: DOOR }, new AbortController().signal);
}

async function takeNumber({ ledger, effects }: Kiosk, txn: string): Promise<void> {
  const issued = ledger.tickets.issue({ queue: 'social', day: '2026-01-05', operation: txn, offline: false });
  if (!issued.ok) return;
  await effects.print({ txn, template: 'ticket', receipt: RECEIPT }, new AbortController().signal);
}

async function handIn({ effects }: Kiosk): Promise<void> {
  const form = { service: 'housing', form: 'repair', formVersion: '3', content: { answers: ['the tap drips'] } };
  const written = await effects.submit({ txn: FIRST, ...form });
  if (!written.ok) return;
  await effects.print({ txn: FIRST, template: 'window-slip', receipt: RECEIPT }, new AbortController().signal);
}

/** Until the kiosk would open its paid services and its printer again. */
export async function startAgain(kiosk: Kiosk): Promise<RecoveryStanding> {
  const report = await recover(kiosk);
  const isOpen = ({ paidServicesClosed, paperInDoubt }: RecoveryStanding): boolean =>
    !paidServicesClosed && !paperInDoubt;
  if (isOpen(report)) return report;
  const stop = new AbortController();
  return report.resume(stop.signal, (standing) => {
    if (isOpen(standing)) stop.abort();
  });
}

/** Somebody else, who takes whatever lies in the mouth. */
export async function nextResident(kiosk: Kiosk): Promise<void> {
  await takeNumber(kiosk, NEXT);
  kiosk.cabinet.take(NEXT);
}

/** Until the platform has everything. */
export async function drain({ ledger, uplink, clock }: Kiosk): Promise<void> {
  for (let round = 0; round < DRAIN_ROUNDS && ledger.outbox.unacknowledged() > 0; round++) {
    await uplink.flush();
    if (ledger.outbox.unacknowledged() > 0) await pause(clock, ROUND_MS);
  }
}
