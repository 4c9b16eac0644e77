/** Settles what is open in the ledger, at the start and after it was opened again, and says what stays closed until then. */
import { recover, type RecoveryOptions, type RecoveryStanding } from './ledger/recovery.ts';

/** What is left open; changes while the settling goes on behind the open kiosk. */
export interface Standing {
  paidServicesClosed: boolean;
  /** A slip of the last run may still lie in the printer: until it is cleared nothing else is printed. */
  paperInDoubt: boolean;
  onChange?: () => void;
  /** Ends the settling that is under way. */
  stopBefore?: AbortController;
}

export function createStanding(): Standing {
  return { paidServicesClosed: true, paperInDoubt: false };
}

/** Waits within the budget; what is still open then is settled until `signal` aborts, or until it is begun again. */
export async function settleOpen(options: RecoveryOptions, standing: Standing, signal: AbortSignal): Promise<void> {
  standing.stopBefore?.abort();
  const report = await recover(options);
  const take = (now: RecoveryStanding): void => {
    standing.paidServicesClosed = now.paidServicesClosed;
    standing.paperInDoubt = now.paperInDoubt;
    standing.onChange?.();
  };
  take(report);
  if (report.pending.length === 0 && !report.paperInDoubt) return;
  standing.stopBefore = new AbortController();
  void report.resume(AbortSignal.any([signal, standing.stopBefore.signal]), take);
}
