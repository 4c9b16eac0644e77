import type { Chance, Clock } from '../../../contract/clock.ts';
import { Listeners, type ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { Answering } from './answering.ts';
import { PURSE_KEY } from './card-files.ts';
import { PsamOs, type PsamFaults } from './psam-os.ts';
import { CONTROL, framed, VpcdMessages } from './vpcd-messages.ts';

export interface PsamSlotFaults extends PsamFaults {
  /** No answer to this instruction, and to nothing after it, until it is switched off: hex of two digits. */
  muteAt: 'never' | '70' | '72';
  slowMs: number;
  /** T=0 manners: `61 xx` and GET RESPONSE. */
  getResponse: boolean;
}

export function noPsamFaults(): PsamSlotFaults {
  return { refuseKey: false, refuseMac2: false, muteAt: 'never', slowMs: 0, getResponse: true };
}

export interface PsamState {
  readonly present: boolean;
  readonly connected: boolean;
  /** Number of the next purchase, and how many MAC2 it has found right. */
  readonly sequence: number;
  readonly accepted: number;
  readonly faults: PsamSlotFaults & WireFaults;
}

const ATR = Uint8Array.from(Buffer.from('3B6800000073C84013009000', 'hex'));

/** The station's purchase module in the second slot of a reader (device-protocols 2.6, 2.7): always in, unless it is taken out. */
export class PsamSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: PsamSlotFaults = noPsamFaults();
  readonly #clock: Clock;
  readonly #presenceListeners = new Listeners<boolean>();
  readonly #messages = new VpcdMessages();
  readonly #answering = new Answering();
  readonly #os: PsamOs;
  #isPresent = true;
  #isConnected = false;
  /** A slow answer of an earlier wire is not given on the next. */
  #connection = 0;

  constructor(options: {
    readonly clock: Clock;
    readonly chance: Chance;
    readonly terminal?: string;
    readonly sequence?: number;
  }) {
    const { clock, chance, terminal = '440113000001', sequence = 0x77 } = options;
    this.#clock = clock;
    this.wire = new FaultyWire(clock, chance);
    this.#os = new PsamOs({ terminal, key: PURSE_KEY, sequence }, this.faults);
  }

  get present(): boolean {
    return this.#isPresent;
  }

  get state(): PsamState {
    return {
      present: this.#isPresent,
      connected: this.#isConnected,
      ...this.#os.state,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  onPresence(listener: (present: boolean) => void): () => void {
    return this.#presenceListeners.add(listener);
  }

  insert(): void {
    if (this.#isPresent) return;
    this.#isPresent = true;
    this.#presenceListeners.call(true);
  }

  remove(): void {
    if (!this.#isPresent) return;
    this.#isPresent = false;
    this.#os.reset();
    this.#presenceListeners.call(false);
  }

  connected(): void {
    this.#isConnected = true;
    this.#messages.reset();
  }

  disconnected(): void {
    this.#isConnected = false;
    this.#connection += 1;
    this.#os.reset();
    this.#answering.reset();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      const messages = this.#messages.push(received);
      if (!messages) return this.wire.hangUp();
      for (const message of messages) this.#hear(message);
    });
  }

  #hear(message: Uint8Array): void {
    if (!this.#isPresent) return;
    if (message.length === 1) {
      if (message[0] === CONTROL.getAtr) return this.wire.send(framed(ATR));
      this.#os.reset();
      this.#answering.reset();
      return;
    }
    if (this.faults.muteAt !== 'never' && message[1] === Number.parseInt(this.faults.muteAt, 16)) return;
    this.#answering.isT0 = this.faults.getResponse;
    const answer = framed(this.#answering.exchange(message, (apdu) => this.#os.obey(apdu)));
    const connection = this.#connection;
    const answerNow = () => connection === this.#connection && this.wire.send(answer);
    if (this.faults.slowMs > 0) this.#clock.after(this.faults.slowMs, answerNow);
    else answerNow();
  }
}
