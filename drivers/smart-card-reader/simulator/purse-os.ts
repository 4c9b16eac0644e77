/**
 * The e-purse of a card (device-protocols 2.5): balance, log, load, purchase, compound purchase, and the proof of the last
 * one. What it holds outlives power and removal, as on a real card.
 */
import type { Chance } from '../../../contract/clock.ts';
import { SW, uintBytes, uintOf, type Answer, type Apdu } from './apdu-in.ts';
import { macOf, sessionKey, tacKey } from './purse-crypto.ts';

export interface PurseData {
  readonly balanceCents: number;
  /** Of purchases so far; the next one is made under this number. */
  readonly offlineSequence: number;
  /** Issuer key, 16 bytes, hex: the PSAM of the station knows the same. */
  readonly key: string;
  /** Newest first, 23 bytes each, hex. */
  readonly log: readonly string[];
}

export interface PurseFaults {
  /** The log and the proof count one higher than INITIALIZE says: both ways exist (uncertainty 7). */
  countsAhead: boolean;
  /** The top bit of each balance is set, which means nothing. */
  signBit: boolean;
  /** The MAC2 of a purchase is not the one the PSAM expects. */
  wrongMac2: boolean;
  /** DEBIT is refused with 9302. */
  refuseMac1: boolean;
}

export interface PurseState {
  readonly balanceCents: number;
  /** Purchases carried out since the card was made. */
  readonly debits: number;
  readonly log: readonly string[];
}

type Kind = 'load' | 'purchase' | 'compound';

interface Initialized {
  readonly kind: Kind;
  readonly amountCents: number;
  readonly terminal: Uint8Array;
  readonly type: number;
  readonly random: Uint8Array;
}

const LOG_SLOTS = 10;
const KEY_INDEX = 1;
const KEY_VERSION = 1;
const ALGORITHM = 0;

export class PurseOs {
  readonly #faults: PurseFaults;
  readonly #chance: Chance;
  readonly #key: Uint8Array;
  #balanceCents: number;
  #offlineSequence: number;
  #onlineSequence = 0;
  #log: Uint8Array[];
  #initialized: Initialized | undefined;
  #proof: { readonly type: number; readonly sequence: number; readonly answer: Uint8Array } | undefined;
  #debits = 0;

  constructor(data: PurseData, faults: PurseFaults, chance: Chance) {
    this.#faults = faults;
    this.#chance = chance;
    this.#key = hexBytes(data.key);
    this.#balanceCents = data.balanceCents;
    this.#offlineSequence = data.offlineSequence;
    this.#log = data.log.map(hexBytes);
  }

  get state(): PurseState {
    return {
      balanceCents: this.#balanceCents,
      debits: this.#debits,
      log: this.#log.map((record) => Buffer.from(record).toString('hex').toUpperCase()),
    };
  }

  /** Newest first; slots never written are all FF. */
  get log(): readonly Uint8Array[] {
    const empty = Array.from({ length: LOG_SLOTS - this.#log.length }, () => new Uint8Array(23).fill(0xff));
    return [...this.#log, ...empty];
  }

  /** Power or another application: what was begun is forgotten. */
  reset(): void {
    this.#initialized = undefined;
  }

  /** A command of class 80. */
  obey(apdu: Apdu): Answer {
    switch (apdu.ins) {
      case 0x5c:
        return this.#balance(apdu);
      case 0x50:
        return this.#initialize(apdu);
      case 0x52:
        return this.#credit(apdu);
      case 0x54:
        return this.#debit(apdu);
      case 0x5a:
        return this.#prove(apdu);
      case 0xdc:
        return { data: new Uint8Array() };
      default:
        return { status: SW.unknownInstruction };
    }
  }

  /** P2 01 the deposit, which is empty, 02 the purse. */
  #balance({ p1, p2 }: Apdu): Answer {
    if (p1 !== 0 || (p2 !== 1 && p2 !== 2)) return { status: SW.wrongP1P2 };
    return { data: this.#balanceBytes(p2 === 2 ? this.#balanceCents : 0) };
  }

  #balanceBytes(cents: number): Uint8Array {
    return uintBytes(cents + (this.#faults.signBit ? 0x8000_0000 : 0), 4);
  }

  #initialize({ p1, p2, data }: Apdu): Answer {
    const kind = ({ 0: 'load', 1: 'purchase', 3: 'compound' } as const)[p1];
    if (kind === undefined || (p2 !== 1 && p2 !== 2)) return { status: SW.wrongP1P2 };
    if (data.length !== 11) return { status: SW.wrongLength };
    if (data[0] !== KEY_INDEX) return { status: SW.unknownKey };
    const amountCents = uintOf(data.slice(1, 5));
    const balanceCents = p2 === 2 ? this.#balanceCents : 0;
    if (kind !== 'load' && amountCents > balanceCents) return { status: SW.insufficient };
    const type = kind === 'load' ? p2 : kind === 'compound' ? 0x09 : 0x04 + p2;
    const random = this.#chance.bytes(4);
    const begun = { kind, amountCents, terminal: data.slice(5), type, random };
    this.#initialized = begun;
    const balance = this.#balanceBytes(balanceCents);
    const keys = Uint8Array.of(KEY_VERSION, ALGORITHM);
    if (kind !== 'load') {
      return { data: Uint8Array.of(...balance, ...uintBytes(this.#offlineSequence, 2), 0, 0, 0, ...keys, ...random) };
    }
    const sequence = uintBytes(this.#onlineSequence, 2);
    const mac1 = macOf(
      this.#loadKey(random),
      uintBytes(balanceCents, 4),
      uintBytes(amountCents, 4),
      Uint8Array.of(type),
      begun.terminal,
    );
    return { data: Uint8Array.of(...balance, ...sequence, ...keys, ...random, ...mac1) };
  }

  #credit({ data }: Apdu): Answer {
    const begun = this.#take('load');
    if (!begun) return { status: SW.conditionsNotSatisfied };
    if (data.length !== 11) return { status: SW.wrongLength };
    const [amount, when] = [uintBytes(begun.amountCents, 4), data.slice(0, 7)];
    const mac2 = macOf(this.#loadKey(begun.random), amount, Uint8Array.of(begun.type), begun.terminal, when);
    if (!isSame(mac2, data.slice(7))) return { status: SW.macInvalid };
    this.#balanceCents += begun.amountCents;
    this.#write(begun, this.#onlineSequence, when);
    this.#onlineSequence += 1;
    return { data: macOf(tacKey(this.#key), amount, Uint8Array.of(begun.type), begun.terminal, when) };
  }

  #debit({ data }: Apdu): Answer {
    const begun = this.#take('purchase') ?? this.#take('compound');
    if (!begun) return { status: SW.conditionsNotSatisfied };
    if (data.length !== 15) return { status: SW.wrongLength };
    const [terminalSequence, when] = [data.slice(0, 4), data.slice(4, 11)];
    const block = Uint8Array.of(...begun.random, ...uintBytes(this.#offlineSequence, 2), ...terminalSequence.slice(2));
    const session = sessionKey(this.#key, block);
    const what = [uintBytes(begun.amountCents, 4), Uint8Array.of(begun.type), begun.terminal] as const;
    const mac1 = macOf(session, ...what, when);
    if (this.#faults.refuseMac1 || !isSame(mac1, data.slice(11))) return { status: SW.macInvalid };
    this.#balanceCents -= begun.amountCents;
    this.#debits += 1;
    const number = this.#offlineSequence + (this.#faults.countsAhead ? 1 : 0);
    this.#write(begun, number, when);
    this.#offlineSequence += 1;
    const tac = macOf(tacKey(this.#key), ...what, terminalSequence, when);
    const mac2 = macOf(session, uintBytes(begun.amountCents, 4));
    this.#proof = { type: begun.type, sequence: number, answer: Uint8Array.of(...mac2, ...tac) };
    return { data: Uint8Array.of(...tac, ...(this.#faults.wrongMac2 ? mac2.map((byte) => byte ^ 0xff) : mac2)) };
  }

  /** Of the last purchase only. */
  #prove({ p1, p2, data }: Apdu): Answer {
    if (p1 !== 0) return { status: SW.wrongP1P2 };
    if (data.length !== 2) return { status: SW.wrongLength };
    const proof = this.#proof;
    if (proof?.type !== p2 || proof.sequence !== uintOf(data)) return { status: SW.notAvailable };
    return { data: proof.answer };
  }

  #take(kind: Kind): Initialized | undefined {
    const begun = this.#initialized;
    if (begun?.kind !== kind) return undefined;
    this.#initialized = undefined;
    return begun;
  }

  #write({ amountCents, type, terminal }: Initialized, sequence: number, when: Uint8Array): void {
    const record = Uint8Array.of(
      ...uintBytes(sequence, 2),
      0,
      0,
      0,
      ...uintBytes(amountCents, 4),
      type,
      ...terminal,
      ...when,
    );
    this.#log = [record, ...this.#log].slice(0, LOG_SLOTS);
  }

  #loadKey(random: Uint8Array): Uint8Array {
    return sessionKey(this.#key, Uint8Array.of(...random, ...uintBytes(this.#onlineSequence, 2), 0x80, 0x00));
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
