/** What every projector is given and answers. */
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';

export interface Origin {
  readonly terminal: string;
  /** Row of `records`. */
  readonly arrival: number;
  readonly receivedMs: number;
}

export type ParkReason = string | undefined;
export type EventOf<Type extends TerminalEvent['type']> = Extract<TerminalEvent, { type: Type }>;
