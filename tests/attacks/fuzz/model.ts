/** What the platform should know by now, kept beside it. */
import { createHash } from 'node:crypto';
import type { BatchRequest } from '../../../contract/platform-api.schema.ts';
import type { StreamEvent } from '../../../contract/terminal-event.schema.ts';
import { TERMINAL_IDS, type TerminalId } from './platform-under-fuzz.ts';
import { ReferenceTables, type Bureau } from './reference.ts';

export const ZERO_HASH = '0'.repeat(64);
export const STREAMS = ['ledger', 'audit', 'metrics'] as const;
export type StreamName = (typeof STREAMS)[number];
export type Record = BatchRequest['records'][number];

export interface ModelStream {
  /** Acknowledged, in order, from seq 1; of metrics only what arrived. */
  readonly told: Record[];
  /** Reasons by seq. */
  readonly parked: Map<number, string>;
}

export interface ModelIncarnation {
  readonly id: string;
  readonly streams: { readonly [Name in StreamName]: ModelStream };
  predecessor?: { readonly incarnation: string; readonly head: { readonly seq: number; readonly hash: string } };
}

export interface ModelTerminal {
  readonly id: TerminalId;
  readonly incarnations: ModelIncarnation[];
  readonly tables: ReferenceTables;
  suspended: boolean;
  /** Leases by their key. */
  readonly leases: Map<string, { readonly queue: string; readonly size: number; readonly block: unknown }>;
  readonly operations: { readonly id: string; readonly expiresMs: number }[];
}

export interface GivenCode {
  readonly terminal: string;
  readonly station: string;
  readonly code: string;
  readonly expiresAtMs: number;
  /** Name of the machine. */
  usedBy: string | undefined;
}

export class Model {
  readonly bureau: Bureau = { quotes: new Map(), graces: [] };
  readonly terminals: readonly ModelTerminal[] = TERMINAL_IDS.map((id) => ({
    id,
    incarnations: [newIncarnation('first')],
    tables: new ReferenceTables(id, this.bureau),
    suspended: false,
    leases: new Map(),
    operations: [],
  }));
  /** Next free number by `queue day`. */
  readonly nextNumber = new Map<string, number>();
  /** Attempts and failures at proving to be somebody. */
  readonly attempts: {
    readonly terminal: string;
    readonly session: string;
    readonly resident: string;
    atMs: number;
    result: 'match' | 'noMatch' | 'notCompared' | undefined;
  }[] = [];
  failures: { readonly resident: string; readonly atMs: number }[] = [];
  /** For names that must be new. */
  count = 0;
  readonly codes: GivenCode[] = [];
  /** Wrong codes in a row, by station. */
  readonly tries = new Map<string, { readonly failures: number; readonly lockedUntilMs: number }>();
  quarantined = new Set<string>();

  next(prefix: string): string {
    this.count += 1;
    return `${prefix}${this.count}`;
  }
}

export function newIncarnation(id: string): ModelIncarnation {
  const stream = (): ModelStream => ({ told: [], parked: new Map() });
  return { id, streams: { ledger: stream(), audit: stream(), metrics: stream() } };
}

export function currentOf(terminal: ModelTerminal): ModelIncarnation {
  const current = terminal.incarnations.at(-1);
  if (!current) throw new Error('a terminal has a database');
  return current;
}

export function headOf({ told }: ModelStream): { readonly seq: number; readonly hash: string } {
  const last = told.at(-1);
  return last ? { seq: last.seq, hash: last.hash } : { seq: 0, hash: ZERO_HASH };
}

/** The chain rule, written anew. */
export function hashAfter(previous: string, event: unknown): string {
  return createHash('sha256')
    .update(previous)
    .update(JSON.stringify(sorted(event)))
    .digest('hex');
}

export function chained(
  after: { readonly seq: number; readonly hash: string },
  events: readonly StreamEvent[],
): Record[] {
  let { seq, hash } = after;
  return events.map((event) => {
    seq += 1;
    hash = hashAfter(hash, event);
    return { seq, event, hash };
  });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
