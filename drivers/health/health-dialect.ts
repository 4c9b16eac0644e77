/** What differs between the devices of this class: how they are woken, asked and believed. The driver does the rest. */
import type { Clock } from '../../contract/clock.ts';
import type { HealthCommand, HealthReply } from '../../contract/devices/health.schema.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';

export type Quantity = HealthCommand['quantity'];

/** What an event says about the device besides that it lives. */
export type Heard = Partial<Pick<DeviceStatus, 'media' | 'signals'>>;

export interface HealthDecoder<Event> {
  push(chunk: Uint8Array): readonly Event[];
  reset(): void;
  readonly pendingBytes: number;
  /** Bytes that belonged to nothing, since the driver began. */
  readonly damagedBytes: number;
}

export interface HealthDialect<Event> {
  readonly quantity: Quantity;
  readonly decoder: HealthDecoder<Event>;
  readonly beatEveryMs: number;
  /** Sent when the wire is new. */
  readonly greeting: readonly Uint8Array[];
  /** Sent regularly as long as the wire stands. */
  readonly keepAlive?: { readonly everyMs: number; readonly bytes: Uint8Array };
  /** Undefined: proves nothing. */
  hear(event: Event): Heard | undefined;
  /** Asks something harmless, or just listens; false when nothing was heard in time. */
  beat(turn: Turn<Event>): Promise<boolean>;
  measure(turn: Turn<Event>, clock: Clock): Promise<Outcome<HealthReply>>;
  /** What a technician must know of this model: what is assumed and not confirmed. */
  readonly notes: readonly string[];
}
