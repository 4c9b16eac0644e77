import type { Chance, Clock, TimerHandle } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { gatewayMessage, GatewayReceiver } from './gateway-wire.ts';
import { dateParts, pressurePayload, weightPayload, type MeterSubject } from './meter-payloads.ts';

export type MeterModel = 'ble-bp' | 'ble-weight';

export interface MeterFaults {
  /** It cannot measure: NaN, or FFFF on a scale. */
  fails: boolean;
  cuffLoose: boolean;
  irregularPulse: boolean;
  /** Readings bear no date. */
  undated: boolean;
  /** Its clock is wrong by so many seconds. */
  clockOffsetSeconds: number;
  kiloPascal: boolean;
  /** Payloads are a byte too short. */
  cutPayload: boolean;
  /** What it kept is sent again each time, and the new reading is not. */
  sendsOnlyOld: boolean;
}

export interface MeterState {
  readonly connected: boolean;
  readonly subscribed: boolean;
  readonly awake: boolean;
  readonly kept: number;
  readonly sent: number;
  readonly faults: MeterFaults & WireFaults;
}

export interface MeterOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly model: MeterModel;
  /** How long the cuff or the scale needs. */
  readonly measureMs?: number;
  readonly utcOffsetMinutes?: number;
}

export function noMeterFaults(): MeterFaults {
  return {
    fails: false,
    cuffLoose: false,
    irregularPulse: false,
    undated: false,
    clockOffsetSeconds: 0,
    kiloPascal: false,
    cutPayload: false,
    sendsOnlyOld: false,
  };
}

const VALUE = 1;
const SETUP = 2;
const STATE = 3;
const BURST_GAP_MS = 100;
const SLEEPS_AFTER_MS = 8_000;

/**
 * A Bluetooth meter or scale and the gateway that holds it (device-protocols 7.5). The meter sleeps; when somebody measures it
 * wakes, connects, and sends what it kept before the new reading, if indications were asked for (`0200`).
 */
export class MeterSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: MeterFaults = noMeterFaults();
  readonly #clock: Clock;
  readonly #model: MeterModel;
  readonly #measureMs: number;
  readonly #utcOffsetMinutes: number;
  readonly #receiver = new GatewayReceiver();
  readonly #timers = new Set<TimerHandle>();
  #kept: Uint8Array[] = [];
  #connected = false;
  #subscribed = false;
  #awake = false;
  #sent = 0;

  constructor({ clock, chance, model, measureMs = 3_000, utcOffsetMinutes = 480 }: MeterOptions) {
    this.#clock = clock;
    this.#model = model;
    this.#measureMs = measureMs;
    this.#utcOffsetMinutes = utcOffsetMinutes;
    this.wire = new FaultyWire(clock, chance);
  }

  get state(): MeterState {
    return {
      connected: this.#connected,
      subscribed: this.#subscribed,
      awake: this.#awake,
      kept: this.#kept.length,
      sent: this.#sent,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  /** Somebody puts the cuff on, or steps onto the scale. */
  measure(subject: MeterSubject): void {
    this.#later(this.#measureMs, () => {
      const payload = this.#payload(subject, this.#clock.wallMs());
      this.#wake();
      this.#burst(this.faults.sendsOnlyOld ? this.#kept : [...this.#kept, payload]);
      this.#kept = this.#subscribed && !this.faults.sendsOnlyOld ? [] : [...this.#kept, payload].slice(-20);
    });
  }

  /** A reading of an earlier day is in its memory. */
  keep(subject: MeterSubject, hoursAgo: number): void {
    this.#kept.push(this.#payload(subject, this.#clock.wallMs() - hoursAgo * 3_600_000));
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  connected(): void {
    this.#connected = true;
  }

  disconnected(): void {
    this.#connected = false;
    this.#subscribed = false;
    this.#receiver.forget();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      for (const { channel, payload } of this.#receiver.push(received)) {
        if (channel === STATE) this.#tellState();
        if (channel === SETUP && payload.length === 2) this.#subscribed = payload[0] === 2;
      }
    });
  }

  #tellState(): void {
    if (this.#connected) this.wire.send(gatewayMessage(STATE, Uint8Array.of(this.#awake ? 1 : 0)));
  }

  #wake(): void {
    this.#awake = true;
    this.#tellState();
    this.#later(SLEEPS_AFTER_MS, () => {
      this.#awake = false;
      this.#tellState();
    });
  }

  #burst(payloads: readonly Uint8Array[]): void {
    payloads.forEach((payload, index) => {
      this.#later((index + 1) * BURST_GAP_MS, () => {
        if (!this.#connected || !this.#subscribed) return;
        this.#sent += 1;
        this.wire.send(gatewayMessage(VALUE, this.faults.cutPayload ? payload.slice(0, -1) : payload));
      });
    });
  }

  #payload(subject: MeterSubject, wallMs: number): Uint8Array {
    const { undated, clockOffsetSeconds } = this.faults;
    const localMs = wallMs + this.#utcOffsetMinutes * 60_000 + clockOffsetSeconds * 1_000;
    const date = undated ? [] : dateParts(localMs);
    return this.#model === 'ble-bp'
      ? pressurePayload(subject, date, this.faults)
      : weightPayload(subject, date, this.faults);
  }

  #later(ms: number, act: () => void): void {
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(timer);
      act();
    });
    this.#timers.add(timer);
  }
}
