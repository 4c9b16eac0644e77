import type { Chance, Clock } from '../../contract/clock.ts';
import { Listeners } from './byte-simulator.ts';

/** What can be wrong with the answers of any device, whatever it says. Each can be switched while it runs. */
export interface WireFaults {
  /** Nothing comes back. */
  silent: boolean;
  /** As many bytes come back, but random ones. */
  garble: boolean;
  /** Every answer comes this much later. */
  lateMs: number;
  /** Every answer comes twice. */
  doubled: boolean;
  /** The wire is cut after so many further bytes from the host; once. */
  hangUpAfterInputBytes: number | null;
  /** The wire is cut after so many further bytes to the host; once. */
  hangUpAfterOutputBytes: number | null;
}

export function noWireFaults(): WireFaults {
  return {
    silent: false,
    garble: false,
    lateMs: 0,
    doubled: false,
    hangUpAfterInputBytes: null,
    hangUpAfterOutputBytes: null,
  };
}

/** The device's end of the wire: spoils what goes through as the faults say. */
export class FaultyWire {
  readonly outputListeners = new Listeners<Uint8Array>();
  readonly hangUpListeners = new Listeners<undefined>();
  readonly faults: WireFaults = noWireFaults();
  readonly #clock: Clock;
  readonly #chance: Chance;
  #connection = 0;

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
  }

  /** What is late from an earlier connection must not reach the next one. */
  cut(): void {
    this.#connection += 1;
  }

  /** Hands on the part of the host's bytes that came through, then cuts the wire when it is time. */
  receive(bytes: Uint8Array, handle: (bytes: Uint8Array) => void): void {
    const left = this.faults.hangUpAfterInputBytes;
    if (left === null) return handle(bytes);
    if (bytes.length < left) {
      this.faults.hangUpAfterInputBytes = left - bytes.length;
      return handle(bytes);
    }
    this.faults.hangUpAfterInputBytes = null;
    handle(bytes.subarray(0, left));
    this.hangUp();
  }

  send(bytes: Uint8Array): void {
    const { silent, garble, lateMs, doubled } = this.faults;
    if (silent || bytes.length === 0) return;
    const sent = garble ? this.#chance.bytes(bytes.length) : bytes;
    const copies = doubled ? 2 : 1;
    const connection = this.#connection;
    const deliver = () => {
      for (let copy = 0; copy < copies; copy += 1) if (connection === this.#connection) this.#put(sent);
    };
    if (lateMs > 0) this.#clock.after(lateMs, deliver);
    else deliver();
  }

  hangUp(): void {
    this.cut();
    this.hangUpListeners.call(undefined);
  }

  #put(bytes: Uint8Array): void {
    const left = this.faults.hangUpAfterOutputBytes;
    if (left === null || bytes.length < left) {
      if (left !== null) this.faults.hangUpAfterOutputBytes = left - bytes.length;
      return this.outputListeners.call(bytes);
    }
    this.faults.hangUpAfterOutputBytes = null;
    if (left > 0) this.outputListeners.call(bytes.subarray(0, left));
    this.hangUp();
  }
}
