import type { Chance, Clock, TimerHandle } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';

export type OximeterModel = 'cms50-5byte' | 'cms50-9byte';

export interface OximeterFaults {
  /** The probe is broken: no value whatever lies in it. */
  probeError: boolean;
  /** Values jump about, as with cold hands or a restless finger. */
  restless: boolean;
  /** The signal is weak. */
  weak: boolean;
  /** Each fifth packet loses its last byte. */
  losesBytes: boolean;
  /** It goes on searching and never finds a pulse. */
  neverFinds: boolean;
}

export interface OximeterState {
  readonly connected: boolean;
  readonly streaming: boolean;
  readonly finger: 'out' | 'searching' | 'in';
  readonly pulseBpm: number;
  readonly spo2Percent: number;
  readonly faults: OximeterFaults & WireFaults;
}

export interface Finger {
  readonly pulseBpm: number;
  readonly spo2Percent: number;
}

export interface OximeterOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly model: OximeterModel;
  /** About 60 in the real device. */
  readonly packetsPerSecond?: number;
  /** From the finger to the first value. */
  readonly searchMs?: number;
}

export function noOximeterFaults(): OximeterFaults {
  return { probeError: false, restless: false, weak: false, losesBytes: false, neverFinds: false };
}

const FILLER = 0x7f;
const COMMAND_BYTES = 9;
const START = 0xa1;
const STOPS = [0xa2, 0xa7];
const KEEP_ALIVE = 0xaf;
/** Without a keep-alive the newer model falls silent. */
const ALIVE_MS = 10_000;

/**
 * An oximeter in a finger clip (device-protocols 7.1, 7.2). The old model speaks as long as somebody is on the wire, the newer
 * one after `7D 81 A1 ...` and for as long as it is kept alive.
 */
export class OximeterSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: OximeterFaults = noOximeterFaults();
  readonly #clock: Clock;
  readonly #model: OximeterModel;
  readonly #everyMs: number;
  readonly #searchMs: number;
  #connected = false;
  #streaming = false;
  #aliveUntil = 0;
  #finger: Finger | undefined;
  #searchUntil = 0;
  #packets = 0;
  #timer: TimerHandle | undefined;
  #received: number[] = [];

  constructor({ clock, chance, model, packetsPerSecond = 60, searchMs = 2_000 }: OximeterOptions) {
    this.#clock = clock;
    this.#model = model;
    this.#everyMs = 1_000 / packetsPerSecond;
    this.#searchMs = searchMs;
    this.wire = new FaultyWire(clock, chance);
  }

  get state(): OximeterState {
    return {
      connected: this.#connected,
      streaming: this.#streaming,
      finger: this.#finger ? (this.#isSearching ? 'searching' : 'in') : 'out',
      pulseBpm: this.#finger?.pulseBpm ?? 0,
      spo2Percent: this.#finger?.spo2Percent ?? 0,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  get #isSearching(): boolean {
    return this.faults.neverFinds || this.#clock.now() < this.#searchUntil;
  }

  putFinger(finger: Finger): void {
    this.#finger = finger;
    this.#searchUntil = this.#clock.now() + this.#searchMs;
  }

  takeFinger(): void {
    this.#finger = undefined;
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  connected(): void {
    this.#connected = true;
    if (this.#model === 'cms50-5byte') this.#begin();
  }

  disconnected(): void {
    this.#connected = false;
    this.#received = [];
    this.#end();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      for (const byte of received) this.#hear(byte);
    });
  }

  #hear(byte: number): void {
    if (this.#model === 'cms50-5byte') return;
    if (byte === 0x7d) this.#received = [];
    this.#received.push(byte);
    if (this.#received.length !== COMMAND_BYTES) return;
    const [, second, operation = 0] = this.#received;
    if (second !== 0x81) return;
    this.#aliveUntil = this.#clock.now() + ALIVE_MS;
    if (operation === START && !this.#streaming) this.#begin();
    if (STOPS.includes(operation)) this.#end();
    if (operation === KEEP_ALIVE) this.#aliveUntil = this.#clock.now() + ALIVE_MS;
  }

  #begin(): void {
    this.#end();
    this.#streaming = true;
    this.#next();
  }

  #end(): void {
    this.#streaming = false;
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #next(): void {
    this.#timer = this.#clock.after(this.#everyMs, () => {
      if (this.#model === 'cms50-9byte' && this.#clock.now() > this.#aliveUntil) return this.#end();
      this.#packets += 1;
      const packet = this.#model === 'cms50-5byte' ? this.#oldPacket() : this.#newPacket();
      const isShort = this.faults.losesBytes && this.#packets % 5 === 0;
      this.#next();
      this.wire.send(isShort ? packet.slice(0, -1) : packet);
    });
  }

  #values(): { readonly pulse: number; readonly spo2: number } {
    if (!this.#finger || this.faults.probeError || this.#isSearching) return { pulse: FILLER, spo2: FILLER };
    const { pulseBpm, spo2Percent } = this.#finger;
    if (!this.faults.restless) return { pulse: pulseBpm, spo2: spo2Percent };
    const swing = this.#packets % 4;
    return { pulse: pulseBpm + swing * 7, spo2: Math.max(70, spo2Percent - swing * 3) };
  }

  #oldPacket(): Uint8Array {
    const { pulse, spo2 } = this.#values();
    if (!this.#finger || this.faults.probeError) return Uint8Array.of(0x90, 0, 0x10, FILLER, FILLER);
    const isSearching = this.#isSearching;
    const strength = this.faults.weak ? 1 : 7;
    const beat = !isSearching && this.#packets % 50 === 0 ? 0x40 : 0;
    const wave = 40 + (this.#packets % 50);
    const search = isSearching ? 0x20 : 0;
    const topOfPulse = pulse > 127 ? 0x40 : 0;
    return Uint8Array.of(0x80 | strength | beat, wave, (wave >> 4) | search | topOfPulse, pulse & 0x7f, spo2);
  }

  /** The first description of the sheet: byte 1 holds the top bits of the others; the second cannot be told apart here. */
  #newPacket(): Uint8Array {
    const { pulse, spo2 } = this.#values();
    const topOfPulse = pulse > 127 ? 0x08 : 0;
    const wave = 40 + (this.#packets % 50);
    return Uint8Array.of(
      0x01,
      0xe0 | topOfPulse,
      0x85,
      0x80 | wave,
      0x96,
      0x80 | (pulse & 0x7f),
      0x80 | spo2,
      0xff,
      0xff,
    );
  }
}
