import type { Chance, Clock } from '../../../contract/clock.ts';
import { Listeners, type ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { CardOs } from './card-os.ts';
import { VIRTUAL_CARDS, virtualCard, type VirtualCardData } from './card-data.ts';

export interface CardFaults {
  /** The card is lifted after so many further answers (0: at the next command, unanswered); once. */
  removeAfterExchange: number | null;
  /** Answers are random bytes. */
  garbage: boolean;
  /** Each answer takes this long. */
  slowMs: number;
  /** T=0 manners: `61 xx`, `6C xx`. */
  getResponse: boolean;
}

export interface CardState {
  readonly connected: boolean;
  /** What lies on the reader. */
  readonly card: string | null;
  readonly powered: boolean;
  /** Commands answered since the card was laid down. */
  readonly exchanges: number;
  readonly faults: CardFaults & WireFaults;
  readonly cards: readonly Pick<VirtualCardData, 'id' | 'label' | 'note' | 'kind'>[];
}

/** device-protocols 2.7. */
const CONTROL = { powerOff: 0x00, powerOn: 0x01, reset: 0x02, getAtr: 0x04 } as const;
const ATR_T1 = Uint8Array.from(Buffer.from('3B8F8001804F0CA000000306030001000000006A', 'hex'));
const ATR_T0 = Uint8Array.from(Buffer.from('3B6800000073C84013009000', 'hex'));
const NO_CARD = new CardOs([]);

/**
 * A card in vpcd framing (device-protocols 2.7): two bytes of length, then a control or a command. `card-wire.ts` carries
 * the bytes to the reader while a card is inserted.
 */
export class VirtualCardSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: CardFaults = { removeAfterExchange: null, garbage: false, slowMs: 0, getResponse: false };
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #presenceListeners = new Listeners<boolean>();
  #rest: Uint8Array = new Uint8Array();
  #card: VirtualCardData | undefined;
  #os = NO_CARD;
  #connected = false;
  #powered = false;
  #exchanges = 0;
  /** Grows with every card laid down; an answer of an earlier one is not given. */
  #presentation = 0;

  constructor(options: { readonly clock: Clock; readonly chance: Chance }) {
    this.#clock = options.clock;
    this.#chance = options.chance;
    this.wire = new FaultyWire(options.clock, options.chance);
  }

  get present(): boolean {
    return this.#card !== undefined;
  }

  get state(): CardState {
    return {
      connected: this.#connected,
      card: this.#card?.id ?? null,
      powered: this.#powered,
      exchanges: this.#exchanges,
      faults: { ...this.faults, ...this.wire.faults },
      cards: VIRTUAL_CARDS.map(({ id, label, note, kind }) => ({ id, label, note, kind })),
    };
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  /** Calls back with true when a card is laid down, false when it is lifted. */
  onPresence(listener: (present: boolean) => void): () => void {
    return this.#presenceListeners.add(listener);
  }

  /** Lays the card on the reader, lifting the one that lies there. False when there is no such card. */
  insert(cardId: string): boolean {
    const card = virtualCard(cardId);
    if (!card) return false;
    this.remove();
    this.#card = card;
    this.#os = new CardOs(card.applications);
    this.#exchanges = 0;
    this.#presentation += 1;
    this.#presenceListeners.call(true);
    return true;
  }

  remove(): void {
    if (!this.#card) return;
    this.#card = undefined;
    this.#os = NO_CARD;
    this.#powered = false;
    this.#presentation += 1;
    this.#presenceListeners.call(false);
  }

  connected(): void {
    this.#connected = true;
    this.#rest = new Uint8Array();
  }

  disconnected(): void {
    this.#connected = false;
    this.#powered = false;
    this.#os.reset();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      this.#rest = Uint8Array.from([...this.#rest, ...received]);
      while (this.#rest.length >= 2) {
        const length = (this.#rest[0] ?? 0) * 256 + (this.#rest[1] ?? 0);
        // an empty message breaks the connection off
        if (length === 0) return this.wire.hangUp();
        if (this.#rest.length < 2 + length) return;
        const message = this.#rest.slice(2, 2 + length);
        this.#rest = this.#rest.slice(2 + length);
        this.#hear(message);
      }
    });
  }

  #hear(message: Uint8Array): void {
    if (!this.#card) return;
    if (message.length > 1) return this.#exchange(message);
    const control = message[0];
    if (control === CONTROL.getAtr) return this.#say(this.faults.getResponse ? ATR_T0 : ATR_T1);
    this.#powered = control === CONTROL.powerOff ? false : this.#powered;
    if (control === CONTROL.powerOn || control === CONTROL.reset) this.#powered = true;
    this.#os.reset();
  }

  #exchange(command: Uint8Array): void {
    if (this.faults.removeAfterExchange === 0) {
      this.faults.removeAfterExchange = null;
      return this.remove();
    }
    this.#os.getResponse = this.faults.getResponse;
    const answer = this.#os.exchange(command);
    this.#exchanges += 1;
    const presentation = this.#presentation;
    const answerNow = () => {
      if (presentation !== this.#presentation) return;
      this.#say(this.faults.garbage ? this.#chance.bytes(answer.length) : answer);
      this.#countDown();
    };
    if (this.faults.slowMs > 0) this.#clock.after(this.faults.slowMs, answerNow);
    else answerNow();
  }

  #countDown(): void {
    if (this.faults.removeAfterExchange === null) return;
    this.faults.removeAfterExchange -= 1;
    if (this.faults.removeAfterExchange > 0) return;
    this.faults.removeAfterExchange = null;
    this.remove();
  }

  /** Length and body in one piece: two writes would wait for each other's acknowledgement on a slow stack. */
  #say(body: Uint8Array): void {
    this.wire.send(Uint8Array.of(body.length >> 8, body.length & 0xff, ...body));
  }
}
