/**
 * What is known of one terminal, as plain data, from any of its witnesses. Each source may be missing: then nothing is
 * judged by it. A source that is given is taken to be complete for the operations it speaks of.
 */

export interface InvariantFacts {
  /** What the terminal's own ledger claims. */
  readonly terminal?: { readonly operations: readonly OperationFact[] };
  /** What the payment provider (or its bill) says; every trade that reached it. */
  readonly provider?: readonly TradeFact[];
  /** What physically came out. */
  readonly world?: readonly OutputFact[];
  /** Streams as the terminal holds them. */
  readonly streams?: readonly StreamFact[];
  /** Rows of the platform about this terminal. */
  readonly platform?: PlatformFact;
  /** The checks of the database file: pages, chain, fold. */
  readonly ledgerSound?: { readonly ok: boolean; readonly detail?: string };
  readonly bounds?: InvariantBounds;
}

export interface InvariantBounds {
  /** Age from which a charge without an end breaks I3. 0: everything must have ended. */
  readonly unfinishedMs: number;
}

export interface OperationFact {
  readonly operation: string;
  /** One resident's stay; operations of the same session may hand out to the same person. */
  readonly session?: string;
  readonly charge?: ChargeFact;
  readonly acts: readonly ActFact[];
  readonly case?: CaseFact;
  /** Delivered without paper, by the resident's own choice. */
  readonly waived?: boolean;
  /** Since its first entry; absent counts as past every bound. */
  readonly ageMs?: number;
}

export interface ChargeFact {
  readonly trade: string;
  readonly amountCents: number;
  readonly state: 'asked' | 'paid' | 'cancelled' | 'reversing' | 'reversed';
}

export interface ActFact {
  readonly kind: 'print' | 'unlock' | 'dispense';
  readonly job: string;
  /** Template, door or bin: two different things of one operation are two originals. */
  readonly what?: string;
  /** `doubt`: the device could not say, and staff have it. */
  readonly state: 'started' | 'done' | 'failed' | 'doubt';
  /** Number on a duplicate (补打 1, 2, ...); absent for the original. */
  readonly copy?: number;
  /** It only says what happened and is not what was paid for. */
  readonly notice?: boolean;
}

export interface CaseFact {
  readonly code: string;
  readonly reason: string;
  /** Closed by a person, who may have given money back for something that came out. */
  readonly open: boolean;
}

export interface TradeFact {
  readonly trade: string;
  readonly operation?: string;
  readonly state: 'captured' | 'reversed' | 'none';
  /** With the provider now, or given back. */
  readonly cents: number;
  /** How often money was taken under this trade; more than 1 is a double charge. */
  readonly captures?: number;
  /** The provider answered, or would have, whenever it was asked. */
  readonly couldTell?: boolean;
  /** It would have taken a reversal. */
  readonly couldReverse?: boolean;
}

export interface OutputFact {
  readonly job: string;
  readonly operation?: string;
  readonly what?: string;
  /** Whole and unmarked. */
  readonly originals: number;
  /** Whole and marked as a duplicate. */
  readonly copies: number;
  /** Operations whose residents took it. */
  readonly takenBy?: readonly string[];
  /** The device answered, or would have, whenever it was asked. */
  readonly couldTell?: boolean;
  readonly notice?: boolean;
}

export interface HeadFact {
  readonly seq: number;
  readonly hash: string;
}

/** `event` is read for its type, state and business key alone. */
export interface RecordFact extends HeadFact {
  readonly event?: { readonly type: string };
}

export interface StreamFact {
  readonly incarnation: string;
  readonly stream: string;
  /** In order; may begin after 1 when older ones were pruned. */
  readonly records: readonly RecordFact[];
  /** The furthest head the platform ever acknowledged, and for as long as the platform was not restored: still has. */
  readonly acknowledged?: HeadFact;
  /** The last record whose commit was reported as done before whatever happened. */
  readonly durable?: HeadFact;
}

export interface PlatformFact {
  /** In the order in which they were stored; a window of them is enough. */
  readonly records?: readonly PlatformRecordFact[];
  readonly heads?: readonly (HeadFact & { readonly incarnation: string; readonly stream: string })[];
  readonly payments?: readonly PaymentRowFact[];
  readonly prints?: readonly PrintRowFact[];
  readonly cases?: readonly CaseRowFact[];
}

export interface PlatformRecordFact extends RecordFact {
  readonly incarnation: string;
  readonly stream: string;
  readonly parked?: boolean;
}

export interface PaymentRowFact {
  readonly trade: string;
  readonly operation?: string;
  readonly amountCents: number;
  readonly state: 'asked' | 'paid' | 'cancelled' | 'reversed';
  readonly ageMs?: number;
}

/** A print, an opened door or a card given out. */
export interface PrintRowFact {
  readonly job: string;
  readonly operation?: string;
  readonly what?: string;
  readonly state: 'done' | 'notDone';
  readonly copy?: number;
  readonly notice?: boolean;
}

export interface CaseRowFact {
  readonly code: string;
  readonly operation: string;
  readonly trade?: string;
  readonly reason: string;
  readonly open: boolean;
}

export type InvariantName = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10';

export interface Violation {
  readonly invariant: InvariantName;
  readonly operation?: string;
  /** For the person who looks for it: trades, jobs and numbers, nothing personal. */
  readonly detail: string;
}
