/**
 * What the flow asks of the rest of the engine, in its own words. The implementations live in devices/, ledger/ and
 * sync/; the composition root (engine.ts) joins them, so that the flow can be walked with anything behind it.
 */
import type { Clock } from '../../contract/clock.ts';
import type { CommandOf, ReplyOf } from '../../contract/devices/device-classes.ts';
import type { DeviceClass, DeviceStatus, Limits } from '../../contract/driver.ts';
import type { Localised } from '../../contract/document.schema.ts';
import type { Outcome, Problem, Result } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import type { ParkingQuote } from '../../contract/platform-api.schema.ts';
import type { PricesName } from '../../contract/published-content.schema.ts';
import type { Receipt } from '../../contract/receipt.schema.ts';
import type { FaceAdapter, Finger } from '../../contract/check.schema.ts';

export interface FlowDevices {
  /** Last known status; `noDevice` for a class this terminal does not have. */
  status(deviceClass: DeviceClass): DeviceStatus;
  /** Calls back on each change of any device; returns the way to stop. */
  subscribe(listener: (deviceClass: DeviceClass, status: DeviceStatus) => void): () => void;
  execute<Class extends DeviceClass>(
    deviceClass: Class,
    command: CommandOf<Class>,
    limits: Limits,
  ): Promise<Outcome<ReplyOf<Class>>>;
}

export interface ChargeRequest {
  readonly txn: string;
  readonly service: string;
  readonly amountCents: number;
  readonly quote: string;
  /** The published prices the quote was made under. */
  readonly prices?: PricesName;
}

/** `case`: the outcome is not known; staff settle it under this code. */
export type ChargeEnd =
  | { readonly kind: 'paid'; readonly cardMasked?: string }
  | { readonly kind: 'declined' | 'notCharged'; readonly problem: Problem }
  | { readonly kind: 'case'; readonly code: string; readonly problem: Problem };

export interface PrintRequest {
  readonly txn: string;
  readonly template: string;
  readonly receipt: Receipt;
}

export type PrintEnd =
  | { readonly kind: 'printed' }
  | { readonly kind: 'notPrinted'; readonly problem: Problem }
  | { readonly kind: 'case'; readonly code: string; readonly problem: Problem };

export interface FlowEffects {
  charge(request: ChargeRequest, signal: AbortSignal): Promise<ChargeEnd>;
  print(request: PrintRequest, signal: AbortSignal): Promise<PrintEnd>;
}

export interface IssuedTicket {
  readonly txn: string;
  /** `A001`; absent when the leased block is used up: the slip is honoured at the desk without one. */
  readonly number?: string;
  readonly offline: boolean;
}

export interface QueueFact {
  readonly ahead: number;
  /** `HH:MM` when this was true. */
  readonly asOf: string;
  readonly opensAt?: string;
}

/** Whose record the platform looks at: what the card says of itself, nothing of the person. */
export interface CardOwner {
  readonly cardKind: string;
  readonly cardNumber: string;
}

/** `used`: this resident's tries of this session are used up. `none`: no fingerprint is kept for this person. */
export type FingerOffer =
  { readonly state: 'open'; readonly fingers: readonly Finger[] } | { readonly state: 'locked' | 'none' | 'used' };

/** A module template, clear only here: whoever holds it zeroes it when the comparing is over. */
export interface FingerReference {
  readonly finger: Finger;
  readonly template: Uint8Array;
}

/** How a finger session ended. `notCompared`: nothing was compared, so nothing is counted. */
export type FingerEnd = 'match' | 'noMatch' | 'notCompared';

export type FaceLook = { readonly seen: 'face'; readonly picture: Uint8Array } | { readonly seen: 'notLive' };
/** `again`: not live, another try is allowed. `paused`: closed for ten minutes, and the owner is told. */
export type FaceVerdict = 'match' | 'noMatch' | 'again' | 'paused' | 'notOffered';
export type CodeVerdict = 'match' | 'noMatch' | 'paused';

/** What the platform knows of a card's owner, asked only when it is needed. All of it needs the line. */
export interface FlowIdentity {
  openFingerCheck(owner: CardOwner, session: string): Promise<Result<FingerOffer>>;
  fingerTemplates(owner: CardOwner, session: string): Promise<Result<readonly FingerReference[]>>;
  /** One attempt is counted per session, however often this is said; the first word stands. */
  closeFingerCheck(owner: CardOwner, session: string, end: FingerEnd): void;
  /** Whether a face can be looked at at all: for `on-device` only with a model whose signature was good. */
  offersFace(adapter: FaceAdapter): boolean;
  checkFace(owner: CardOwner, session: string, look: FaceLook, adapter: FaceAdapter): Promise<Result<FaceVerdict>>;
  checkCode(owner: CardOwner, session: string, code: string): Promise<Result<CodeVerdict>>;
}

/** How one payment stands now. It may change while the resident looks at it. */
export interface MoneyStanding {
  /** `open`: the bank has not said. `returning`: it was taken and is on its way back. */
  readonly paid: 'yes' | 'no' | 'open' | 'returning' | 'returned';
  /** Who has what was written of it: the platform, or this machine until the line lets it. */
  readonly recorded: 'platform' | 'here';
}

/** What is known of the line and of what waits for it. */
export interface LineFact {
  /** Since the platform was heard last, ms; undefined when it was not heard since the program began. */
  readonly heardMsAgo: number | undefined;
  /** Records this machine keeps that the platform does not have. */
  readonly unsent: number;
}

export interface FlowPorts {
  readonly clock: Clock;
  readonly identity: FlowIdentity;
  readonly devices: FlowDevices;
  readonly effects: FlowEffects;
  /** A new number for a transaction; never repeated. */
  newTxn(): string;
  /** A number for a resident's session, by chance: it tells nothing and is never used again. */
  newSession(): string;
  /** One of `0..count-1`, unpredictable. */
  pick(count: number): number;
  issueTicket(queue: string): Result<IssuedTicket>;
  quoteParking(plate: string, cardNumber: string | undefined): Promise<Result<ParkingQuote>>;
  queueFact(queue: string): QueueFact | undefined;
  rate(service: string, stars: number): void;
  money(txn: string): MoneyStanding;
  line(): LineFact;
  /** The platform has shut this terminal out. */
  suspended(): boolean;
  /** Numbers left of a queue that can be given without the line. */
  ticketsLeft(queue: string): number;
  /** False when so much waits in this machine that nothing new may be handed in. */
  handsInOpen(): boolean;
  /** What residents are told where the office has closed a service for now; undefined when it has not. */
  closedByOffice?(service: string): Localised | undefined;
  /** What the office announces now. */
  announcement?(): Localised | undefined;
  /** Channels whose documents are too old to act on: prices, block lists. */
  expiredDocuments(): readonly string[];
  /** Somebody besides our own clock has confirmed what time it is. */
  timeVerified(): boolean;
  online(): boolean;
  /** Wall time of the terminal as people of this place read it. */
  localTime(): { readonly day: string; readonly time: string };
  /** Why nothing, or nothing that is paid, may be begun: the disk is full, or the ledger is not to be trusted. */
  closedFor(what: 'all' | 'paid'): ProblemCode | undefined;
  /** False while an interrupted payment or print of an earlier resident is still being settled. */
  paidServicesOpen(): boolean;
  /** False while a slip of an earlier resident may still lie in the printer. */
  printingOpen(): boolean;
}
