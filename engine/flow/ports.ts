/**
 * What the flow asks of the rest of the engine, in its own words. The implementations live in devices/, ledger/ and
 * sync/; the composition root (engine.ts) joins them, so that the flow can be walked with anything behind it.
 */
import type { Clock } from '../../contract/clock.ts';
import type { CommandOf, ReplyOf } from '../../contract/devices/device-classes.ts';
import type { DeviceClass, DeviceStatus, Limits } from '../../contract/driver.ts';
import type { Outcome, Problem, Result } from '../../contract/outcome.schema.ts';
import type { ParkingQuote } from '../../contract/platform-api.schema.ts';
import type { Receipt } from '../../contract/receipt.schema.ts';

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

export interface FlowPorts {
  readonly clock: Clock;
  readonly devices: FlowDevices;
  readonly effects: FlowEffects;
  /** A new number for a transaction; never repeated. */
  newTxn(): string;
  issueTicket(queue: string): Result<IssuedTicket>;
  quoteParking(plate: string, cardNumber: string | undefined): Promise<Result<ParkingQuote>>;
  queueFact(queue: string): QueueFact | undefined;
  rate(service: string, stars: number): void;
  online(): boolean;
  /** Wall time of the terminal as people of this place read it. */
  localTime(): { readonly day: string; readonly time: string };
  /** False while an interrupted payment or print of an earlier resident is still being settled. */
  paidServicesOpen(): boolean;
  /** False while a slip of an earlier resident may still lie in the printer. */
  printingOpen(): boolean;
}
