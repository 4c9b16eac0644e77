/** What was seen in the life of one simulated kiosk. */
import { createHash } from 'node:crypto';

export interface Tally {
  transactions: number;
  powerCuts: number;
  records: number;
  violations: string[];
  /** By kind, how often it was drawn. */
  readonly faults: Record<string, number>;
  /** Over everything that is known at the end of each day: the same life gives the same one. */
  digest: string;
}

export function newTally(): Tally {
  return { transactions: 0, powerCuts: 0, records: 0, violations: [], faults: {}, digest: '' };
}

export function count(tally: Tally, fault: string): void {
  tally.faults[fault] = (tally.faults[fault] ?? 0) + 1;
}

export function digestOf(before: string, known: unknown): string {
  return createHash('sha256')
    .update(before + JSON.stringify(known))
    .digest('hex');
}
