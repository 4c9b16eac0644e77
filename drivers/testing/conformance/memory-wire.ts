/**
 * A wire in memory between a driver and a simulator, on a simulated clock: cuts what passes into any pieces, and spoils or
 * cuts the answers at a byte the test names. Both ends behave as on a real wire: nothing arrives before the call returned.
 */
import type { Chance, Clock } from '../../../contract/clock.ts';
import { problem } from '../../../contract/outcome.schema.ts';
import type { ByteLink } from '../../link/byte-link.ts';
import { reconnectingLink, type Wire, type WireEvents } from '../../link/reconnecting.link.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';

/** `bytes`: one at a time; `random`: pieces of 1 to 16. */
export type Chunking = 'whole' | 'bytes' | 'random';

export interface WireTampering {
  chunking: Chunking;
  /** What becomes of a piece of the device's answer; `at` counts the bytes before it since `mark`. Empty: it is lost. */
  answer(piece: Uint8Array, at: number): readonly Uint8Array[];
  /** Milliseconds by which each answer is late. */
  lateMs: number;
  /** The wire breaks after so many further bytes from the device, or from the host. */
  cutAfterFromDevice: number;
  cutAfterToDevice: number;
}

export function untampered(): WireTampering {
  return {
    chunking: 'whole',
    answer: (piece) => [piece],
    lateMs: 0,
    cutAfterFromDevice: Number.POSITIVE_INFINITY,
    cutAfterToDevice: Number.POSITIVE_INFINITY,
  };
}

export class MemoryWire {
  readonly link: ByteLink;
  tampering = untampered();
  /** Bytes since `mark`. */
  fromDevice = 0;
  toDevice = 0;
  /** What the device said since `mark`, piece by piece, untampered. */
  readonly said: Uint8Array[] = [];
  /** Instants at which anything passed since `mark`. */
  readonly instants: number[] = [];
  readonly #device: ByteSimulator;
  readonly #clock: Clock;
  readonly #chance: Chance;
  #isPlugged = true;
  #events: WireEvents | undefined;

  constructor(device: ByteSimulator, clock: Clock, chance: Chance) {
    this.#device = device;
    this.#clock = clock;
    this.#chance = chance;
    this.link = reconnectingLink('memory', clock, (events) => this.#dial(events));
    device.onOutput((bytes) => this.#answered(bytes));
    device.onHangUp(() => this.#broken());
  }

  /** Starts counting anew. */
  mark(): void {
    this.fromDevice = 0;
    this.toDevice = 0;
    this.said.length = 0;
    this.instants.length = 0;
  }

  unplug(): void {
    this.#isPlugged = false;
    this.#broken();
  }

  plug(): void {
    this.#isPlugged = true;
  }

  /** Says these bytes as if they came from the device. */
  inject(bytes: Uint8Array): void {
    this.#deliver([bytes]);
  }

  #dial(events: WireEvents): Wire {
    if (!this.#isPlugged) {
      this.#clock.after(0, () => events.gone(problem('device.absent', 'unplugged')));
      return { write: () => undefined, end: () => Promise.resolve() };
    }
    this.#events = events;
    this.#clock.after(0, () => {
      if (this.#events !== events) return;
      this.#device.connected();
      events.opened();
    });
    return {
      write: (bytes) => this.#clock.after(0, () => this.#events === events && this.#asked(bytes)),
      end: () => {
        if (this.#events === events) this.#leave();
        return Promise.resolve();
      },
    };
  }

  #asked(bytes: Uint8Array): void {
    for (const piece of this.#pieces(bytes)) {
      const left = this.tampering.cutAfterToDevice - this.toDevice;
      this.toDevice += piece.length;
      this.instants.push(this.#clock.now());
      this.#device.feed(piece.slice(0, Math.max(0, left)));
      if (piece.length >= left) return this.#break();
    }
  }

  #answered(bytes: Uint8Array): void {
    this.said.push(Uint8Array.from(bytes));
    this.instants.push(this.#clock.now());
    const pieces = this.tampering.answer(Uint8Array.from(bytes), this.fromDevice);
    const left = this.tampering.cutAfterFromDevice - this.fromDevice;
    this.fromDevice += bytes.length;
    const deliver = (): void => {
      if (bytes.length < left) return this.#deliver(pieces);
      this.#deliver([joined(pieces).slice(0, Math.max(0, left))]);
      this.#break();
    };
    const events = this.#events;
    if (this.tampering.lateMs === 0) this.#clock.after(0, () => this.#events === events && deliver());
    else this.#clock.after(this.tampering.lateMs, () => this.#events === events && deliver());
  }

  #deliver(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) for (const chunk of this.#pieces(piece)) this.#events?.data(chunk);
  }

  /** The test's own cut: once, and the wire can be dialled again. */
  #break(): void {
    this.tampering.cutAfterFromDevice = Number.POSITIVE_INFINITY;
    this.tampering.cutAfterToDevice = Number.POSITIVE_INFINITY;
    this.#broken();
  }

  #broken(): void {
    const events = this.#events;
    this.#leave();
    events?.gone(problem('device.absent', 'the wire broke'));
  }

  #leave(): void {
    if (!this.#events) return;
    this.#events = undefined;
    this.#device.disconnected();
  }

  #pieces(bytes: Uint8Array): readonly Uint8Array[] {
    const { chunking } = this.tampering;
    if (chunking === 'whole' || bytes.length === 0) return bytes.length === 0 ? [] : [bytes];
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const size = chunking === 'bytes' ? 1 : 1 + ((this.#chance.bytes(1)[0] ?? 0) & 15);
      pieces.push(bytes.slice(at, at + size));
      at += size;
    }
    return pieces;
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(pieces));
}
