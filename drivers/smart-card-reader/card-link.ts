/**
 * The wire under the smart-card driver: a reader that says whether a card lies on it, and a card that answers commands. It
 * comes back by itself after whatever broke it and resends nothing.
 */
import type { Problem, Result } from '../../contract/outcome.schema.ts';
import { Listeners } from '../link/listeners.ts';

export interface CardLinkCondition {
  readonly state: 'connecting' | 'online' | 'offline';
  /** `unknown` while the link is not online. */
  readonly presence: 'present' | 'notPresent' | 'unknown';
  /** Why the link is offline. */
  readonly problem?: Problem;
}

export interface CardConnection {
  readonly atr: Uint8Array;
  /**
   * One command, one answer of at least two bytes. Never rejects and always settles; a caller that waits no longer just
   * stops waiting, for a card cannot be interrupted. Fails with `card.removed`, with `device.lost` when the reader is gone,
   * and with `card.unreadable` when there was no answer, or one out of step, and nobody knows why.
   */
  transmit(apdu: Uint8Array): Promise<Result<Uint8Array>>;
  /** Lets the card go and powers it off, so that the next session meets it fresh. Idempotent, never rejects. */
  end(): Promise<void>;
}

export interface CardLink {
  /** One line a technician can read: `pcsc`, `vpcd 127.0.0.1:35964`. */
  readonly address: string;
  /** Bytes are protected below this link (PC/SC, its readers and T=1 are); without, whatever is read is read twice. */
  readonly isChecked: boolean;
  readonly condition: CardLinkCondition;
  /** Starts looking and keeps at it until `close`. */
  open(): void;
  /** Called on each change. A card that was exchanged shows as `notPresent`, then `present`. */
  onChange(listener: (condition: CardLinkCondition) => void): () => void;
  /** Powers the card that lies there. One connection at a time. Never rejects. */
  connect(): Promise<Result<CardConnection>>;
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}

/** Keeps the condition of a link and tells when it changes, and only then. */
export class ConditionHolder {
  readonly #listeners = new Listeners<CardLinkCondition>();
  #condition: CardLinkCondition = { state: 'connecting', presence: 'unknown' };

  get value(): CardLinkCondition {
    return this.#condition;
  }

  onChange(listener: (condition: CardLinkCondition) => void): () => void {
    return this.#listeners.add(listener);
  }

  online(presence: CardLinkCondition['presence']): void {
    this.#become({ state: 'online', presence });
  }

  offline(problem: Problem): void {
    this.#become({ state: 'offline', presence: 'unknown', problem });
  }

  #become(next: CardLinkCondition): void {
    const { state, presence, problem } = this.#condition;
    const isSame =
      state === next.state &&
      presence === next.presence &&
      problem?.code === next.problem?.code &&
      problem?.detail === next.problem?.detail;
    if (isSame) return;
    this.#condition = next;
    this.#listeners.tell(next);
  }
}
