import type { Chance, Clock } from '../../../contract/clock.ts';
import { Listeners, type ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { VIRTUAL_CARDS, virtualCard, type VirtualCardData } from './card-data.ts';
import { CardOs, type CardMemory } from './card-os.ts';
import { PinOs } from './pin-os.ts';
import { PurseOs, type PurseFaults, type PurseState } from './purse-os.ts';
import { CONTROL, framed, VpcdMessages } from './vpcd-messages.ts';

export interface CardFaults extends PurseFaults {
  /** The card is lifted after so many further answers (0: at the next command, unanswered); once. */
  removeAfterExchange: number | null;
  /** The card is lifted at the next DEBIT: before it is carried out, or after, without an answer either way; once. */
  tear: 'none' | 'beforeDebit' | 'afterDebit';
  /** Answers are random bytes. */
  garbage: boolean;
  /** Each answer takes this long. */
  slowMs: number;
  /** T=0 manners: `61 xx`, `6C xx`. */
  getResponse: boolean;
}

export function noCardFaults(): CardFaults {
  return {
    removeAfterExchange: null,
    tear: 'none',
    garbage: false,
    slowMs: 0,
    getResponse: false,
    countsAhead: false,
    signBit: false,
    wrongMac2: false,
    refuseMac1: false,
  };
}

export interface CardState {
  readonly connected: boolean;
  /** What lies on the reader. */
  readonly card: string | null;
  readonly powered: boolean;
  /** Commands answered since the card was laid down. */
  readonly exchanges: number;
  /** Of the card that lies there; null when it has none. */
  readonly purse: PurseState | null;
  /** PIN tries left on it; null when it has none. */
  readonly pinTriesLeft: number | null;
  readonly faults: CardFaults & WireFaults;
  readonly cards: readonly Pick<VirtualCardData, 'id' | 'label' | 'note' | 'kind'>[];
}

const ATR_T1 = Uint8Array.from(Buffer.from('3B8F8001804F0CA000000306030001000000006A', 'hex'));
const ATR_T0 = Uint8Array.from(Buffer.from('3B6800000073C84013009000', 'hex'));
const NO_CARD = new CardOs([]);
const DEBIT = 0x54;

/**
 * A card in vpcd framing (device-protocols 2.7): two bytes of length, then a control or a command. `card-wire.ts` carries
 * the bytes to the reader while a card is inserted. Purses and PIN counters live as long as the simulator.
 */
export class VirtualCardSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: CardFaults = noCardFaults();
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #presenceListeners = new Listeners<boolean>();
  readonly #messages = new VpcdMessages();
  #memories = new Map<string, CardMemory>();
  #card: VirtualCardData | undefined;
  #os = NO_CARD;
  #connected = false;
  #powered = false;
  #exchanges = 0;
  /** Grows with every card laid down and every wire lost; an answer of an earlier one is not given. */
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
    const memory = this.#card && this.#memories.get(this.#card.id);
    return {
      connected: this.#connected,
      card: this.#card?.id ?? null,
      powered: this.#powered,
      exchanges: this.#exchanges,
      purse: memory?.purses.values().next().value?.state ?? null,
      pinTriesLeft: memory?.pins.values().next().value?.state.triesLeft ?? null,
      faults: { ...this.faults, ...this.wire.faults },
      cards: VIRTUAL_CARDS.map(({ id, label, note, kind }) => ({ id, label, note, kind })),
    };
  }

  /** Purchases carried out by all cards so far. */
  get debits(): number {
    return [...this.#memories.values()]
      .flatMap(({ purses }) => [...purses.values()])
      .reduce((sum, { state }) => sum + state.debits, 0);
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
    this.#os = new CardOs(card.applications, this.#memoryOf(card));
    this.#os.reset();
    this.#exchanges = 0;
    this.#presentation += 1;
    this.#presenceListeners.call(true);
    return true;
  }

  remove(): void {
    if (!this.#card) return;
    this.#card = undefined;
    this.#os.reset();
    this.#os = NO_CARD;
    this.#powered = false;
    this.#presentation += 1;
    this.#presenceListeners.call(false);
  }

  /** Cards as they were made: purses full again, PINs never tried. */
  reissue(): void {
    this.remove();
    this.#memories = new Map();
  }

  connected(): void {
    this.#connected = true;
    this.#messages.reset();
  }

  disconnected(): void {
    this.#connected = false;
    this.#powered = false;
    this.#presentation += 1;
    this.#os.reset();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      const messages = this.#messages.push(received);
      if (!messages) return this.wire.hangUp();
      for (const message of messages) this.#hear(message);
    });
  }

  #memoryOf(card: VirtualCardData): CardMemory {
    const known = this.#memories.get(card.id);
    if (known) return known;
    const purses = new Map<string, PurseOs>();
    const pins = new Map<string, PinOs>();
    for (const { name, purse, pin } of card.applications) {
      const key = Buffer.from(name).toString('hex').toUpperCase();
      if (purse) purses.set(key, new PurseOs(purse, this.faults, this.#chance));
      if (pin) pins.set(key, new PinOs(pin));
    }
    const memory = { purses, pins };
    this.#memories.set(card.id, memory);
    return memory;
  }

  #hear(message: Uint8Array): void {
    if (!this.#card) return;
    if (message.length > 1) return this.#exchange(message);
    const control = message[0];
    if (control === CONTROL.getAtr) return this.wire.send(framed(this.faults.getResponse ? ATR_T0 : ATR_T1));
    this.#powered = control === CONTROL.powerOff ? false : this.#powered;
    if (control === CONTROL.powerOn || control === CONTROL.reset) this.#powered = true;
    this.#os.reset();
  }

  #exchange(command: Uint8Array): void {
    if (this.#isTornBy(command)) return this.remove();
    this.#os.answering.isT0 = this.faults.getResponse;
    const answer = this.#os.exchange(command);
    this.#exchanges += 1;
    const presentation = this.#presentation;
    const answerNow = () => {
      if (presentation !== this.#presentation) return;
      this.wire.send(framed(this.faults.garbage ? this.#chance.bytes(answer.length) : answer));
      this.#countDown();
    };
    if (this.faults.slowMs > 0) this.#clock.after(this.faults.slowMs, answerNow);
    else answerNow();
  }

  /** Whether the card is lifted instead of answering; `afterDebit` carries the command out first. */
  #isTornBy(command: Uint8Array): boolean {
    if (this.faults.removeAfterExchange === 0) {
      this.faults.removeAfterExchange = null;
      return true;
    }
    const { tear } = this.faults;
    if (tear === 'none' || command[0] !== 0x80 || command[1] !== DEBIT) return false;
    this.faults.tear = 'none';
    if (tear === 'afterDebit') this.#os.exchange(command);
    return true;
  }

  #countDown(): void {
    if (this.faults.removeAfterExchange === null) return;
    this.faults.removeAfterExchange -= 1;
    if (this.faults.removeAfterExchange > 0) return;
    this.faults.removeAfterExchange = null;
    this.remove();
  }
}
