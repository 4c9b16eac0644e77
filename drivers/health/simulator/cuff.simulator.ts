import type { Chance, Clock } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { CuffCycle, noCuffFaults, type Arm, type CuffFaults } from './cuff-cycle.ts';
import { MaiboboSpeech } from './maibobo-speech.ts';
import { NibpSpeech } from './nibp-speech.ts';

export type CuffModel = 'suntech-ascii' | 'maibobo';

export interface CuffMonitorFaults extends CuffFaults {
  /** Checksums are wrong. */
  wrongChecksum: boolean;
  /** The result of the person before is told again, without measuring. */
  staleResult: boolean;
}

export interface CuffState {
  readonly connected: boolean;
  readonly working: boolean;
  readonly pressureMmHg: number;
  readonly inflations: number;
  readonly arm: Arm;
  readonly faults: CuffMonitorFaults & WireFaults;
}

/** What a monitor hears and says in its dialect; bytes of any other kind are passed over. */
export interface CuffSpeech {
  hear(bytes: Uint8Array): void;
  forget(): void;
  pressure(mmHg: number): void;
  ended(arm: Arm): void;
  failed(trouble: Exclude<CuffFaults['trouble'], 'none'>): void;
}

export interface CuffMonitor {
  readonly cycle: CuffCycle;
  readonly faults: CuffMonitorFaults;
  readonly arm: Arm;
  say(bytes: Uint8Array): void;
  start(): void;
}

export interface CuffOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly model: CuffModel;
  /** `maibobo`: at which byte of a result its values stand; the sources disagree (7 or 11). */
  readonly resultOffset?: 7 | 11;
  readonly stepMs?: number;
}

export function noMonitorFaults(): CuffMonitorFaults {
  return { ...noCuffFaults(), wrongChecksum: false, staleResult: false };
}

const FIRST_ARM: Arm = { systolic: 120, diastolic: 80, mean: 93, pulse: 72 };

/** A cuff tunnel with a serial port (device-protocols 7.4). Its last result outlives the host. */
export class CuffSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: CuffMonitorFaults = noMonitorFaults();
  readonly #cycle: CuffCycle;
  readonly #speech: CuffSpeech;
  #arm: Arm = FIRST_ARM;
  #connected = false;

  constructor({ clock, chance, model, resultOffset = 7, stepMs }: CuffOptions) {
    this.wire = new FaultyWire(clock, chance);
    const listener = {
      pressure: (mmHg: number) => this.#speech.pressure(mmHg),
      ended: () => this.#speech.ended(this.#arm),
      failed: (trouble: Exclude<CuffFaults['trouble'], 'none'>) => this.#speech.failed(trouble),
    };
    this.#cycle = new CuffCycle(clock, this.faults, listener, stepMs);
    const monitor = this.#monitor();
    this.#speech = model === 'maibobo' ? new MaiboboSpeech(monitor, resultOffset) : new NibpSpeech(monitor);
  }

  get state(): CuffState {
    return {
      connected: this.#connected,
      working: this.#cycle.isWorking,
      pressureMmHg: this.#cycle.pressureMmHg,
      inflations: this.#cycle.inflations,
      arm: this.#arm,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  /** Whose arm lies in the tunnel. */
  putArm(arm: Arm): void {
    this.#arm = arm;
  }

  /** The red button: the air goes out. */
  pressStop(): void {
    this.#cycle.stop();
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
    this.#speech.forget();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => this.#speech.hear(received));
  }

  #monitor(): CuffMonitor {
    const { wire, faults } = this;
    const cycle = this.#cycle;
    const arm = (): Arm => this.#arm;
    return {
      cycle,
      faults,
      get arm() {
        return arm();
      },
      say: (bytes) => wire.send(bytes),
      start: () => {
        if (!faults.staleResult) cycle.start();
        else if (!cycle.isWorking) this.#speech.ended(arm());
      },
    };
  }
}
