import type { Chance, Clock } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { gatewayMessage, GatewayReceiver } from './gateway-wire.ts';

export interface OmronFaults {
  /** So many questions are answered with `NO` first. */
  notReadyTimes: number;
  wrongXor: boolean;
  clockOffsetSeconds: number;
  /** The newest reading is the first of the memory, not the last. */
  newestFirst: boolean;
  /** The session is closed: only `OFF` comes. */
  switchedOff: boolean;
}

export interface OmronState {
  readonly connected: boolean;
  readonly mode: 'information' | 'readings' | 'weekly' | 'none';
  readonly readings: number;
  readonly faults: OmronFaults & WireFaults;
}

export interface OmronArm {
  readonly systolic: number;
  readonly diastolic: number;
  readonly pulse: number;
}

export interface OmronOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly measureMs?: number;
  readonly utcOffsetMinutes?: number;
}

export function noOmronFaults(): OmronFaults {
  return { notReadyTimes: 0, wrongXor: false, clockOffsetSeconds: 0, newestFirst: false, switchedOff: false };
}

const MODES: Readonly<Record<string, OmronState['mode']>> = {
  '0101': 'information',
  '74bc': 'readings',
  '1074': 'weekly',
};
const MEMORY = 84;
const OK = [0x4f, 0x4b];

/** An Omron 790IT and the gateway that holds its USB plug (device-protocols 7.3); one gateway message is one report. */
export class OmronSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: OmronFaults = noOmronFaults();
  readonly #clock: Clock;
  readonly #measureMs: number;
  readonly #utcOffsetMinutes: number;
  readonly #receiver = new GatewayReceiver();
  readonly #memory: number[][] = [];
  #connected = false;
  #mode: OmronState['mode'] = 'none';
  #message: number[] = [];

  constructor({ clock, chance, measureMs = 3_000, utcOffsetMinutes = 480 }: OmronOptions) {
    this.#clock = clock;
    this.#measureMs = measureMs;
    this.#utcOffsetMinutes = utcOffsetMinutes;
    this.wire = new FaultyWire(clock, chance);
  }

  get state(): OmronState {
    return {
      connected: this.#connected,
      mode: this.#mode,
      readings: this.#memory.length,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  /** Somebody presses the start button of the monitor. */
  press(arm: OmronArm): void {
    this.#clock.after(this.#measureMs, () => this.#store(arm, this.#clock.wallMs()));
  }

  keep(arm: OmronArm, hoursAgo: number): void {
    this.#store(arm, this.#clock.wallMs() - hoursAgo * 3_600_000);
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
    this.#message = [];
    this.#receiver.forget();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      for (const { channel, payload } of this.#receiver.push(received)) {
        if (channel === 2) this.#select(payload);
        if (channel === 1) this.#report(payload);
      }
    });
  }

  #select(payload: Uint8Array): void {
    this.#mode = MODES[Buffer.from(payload).toString('hex')] ?? this.#mode;
    this.#message = [];
  }

  #report(report: Uint8Array): void {
    const [count = 0, ...bytes] = report;
    this.#message.push(...bytes.slice(0, count));
    const mnemonic = String.fromCharCode(...this.#message.slice(0, 3));
    const expected = { GME: 8, GDC: 7, END: 5, VER: 5, PRF: 5, SRL: 5 }[mnemonic];
    if (expected === undefined) this.#message = [];
    if (expected === undefined || this.#message.length < expected) return;
    const message = this.#message.splice(0);
    this.#answer(mnemonic, message);
  }

  #answer(mnemonic: string, message: readonly number[]): void {
    if (this.faults.switchedOff || mnemonic === 'END') return this.#say([0x4f, 0x46, 0x46, 0x0d, 0x0a]);
    if (this.faults.notReadyTimes > 0) {
      this.faults.notReadyTimes -= 1;
      return this.#say([0x4e, 0x4f]);
    }
    if (mnemonic === 'GDC') return this.#say([...OK, ...this.#sealed([0, 0, 0, 0, this.#memory.length])]);
    if (mnemonic === 'GME') {
      const index = message[6] ?? 0;
      const order = this.faults.newestFirst ? this.#memory.toReversed() : this.#memory;
      const reading = order[index];
      return this.#say(reading ? [...OK, 0, ...this.#sealed(reading)] : [0x4e, 0x4f]);
    }
    const texts: Readonly<Record<string, string>> = { VER: 'HEM-790SIM01', PRF: 'PROFILE-SIM', SRL: '00000000' };
    this.#say([...OK, 0, ...Buffer.from(texts[mnemonic] ?? '', 'latin1')]);
  }

  #sealed(bytes: readonly number[]): number[] {
    const xor = bytes.reduce((sum, byte) => sum ^ byte, 0);
    return [...bytes, this.faults.wrongXor ? xor ^ 0x5a : xor];
  }

  #say(message: readonly number[]): void {
    for (let at = 0; at < message.length; at += 7) {
      const piece = message.slice(at, at + 7);
      const report = [piece.length, ...piece, ...Array.from({ length: 7 - piece.length }, () => 0)];
      this.wire.send(gatewayMessage(1, Uint8Array.from(report)));
    }
  }

  #store({ systolic, diastolic, pulse }: OmronArm, wallMs: number): void {
    const date = new Date(wallMs + this.#utcOffsetMinutes * 60_000 + this.faults.clockOffsetSeconds * 1_000);
    const day = [date.getUTCFullYear() - 2000, date.getUTCMonth() + 1, date.getUTCDate()];
    const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
    this.#memory.push([...day, ...time, 0, 0, systolic, diastolic, pulse, 0, 0]);
    if (this.#memory.length > MEMORY) this.#memory.shift();
  }
}
