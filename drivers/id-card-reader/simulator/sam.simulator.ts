import type { Chance, Clock, TimerHandle } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { idCard, type IdCardData } from './id-cards.ts';
import { answerFrame, HostFrameReader, type HostFrame } from './sam-bytes.ts';

export interface SamFaults {
  /** The module is at fault and answers everything with it; null = in order. */
  samCode: 0x47 | 0x60 | 0x66 | null;
  /** A reset (10 FF) mends `samCode`. */
  resetMends: boolean;
  /** What the reading of a card ends with; null = it is read. */
  readCode: 0x21 | 0x23 | 0x24 | 0x31 | 0x32 | 0x33 | 0x40 | 0x41 | null;
  /** So many further questions are answered with 10, as if they had come damaged. */
  misheard: number;
  /** So many further answers have a wrong checksum. */
  wrongChecksums: number;
  /** Noise stands before each answer. */
  garbage: boolean;
  /** A sound frame of something else stands before each answer. */
  foreignFrame: boolean;
  /** The answer before is said again before each answer. */
  stale: boolean;
  /** The card is lifted while its so manyeth question is being worked on (find 1, select 2, read 3, address 4); once. */
  pulledAtExchange: number | null;
  /** Milliseconds that the card takes for a reading. */
  radioMs: number;
  /** Answers take the time that a line of 115200 baud takes. */
  paced: boolean;
  /** The same card is found again only when it has been lifted and laid down. */
  liftAgain: boolean;
}

export interface SamState {
  readonly connected: boolean;
  readonly card: { readonly id: string; readonly label: string } | null;
  /** The card on the reader has been read and is not found again until it is lifted. */
  readonly spent: boolean;
  readonly baudRate: number;
  /** Times a card was read to its end. */
  readonly readings: number;
  readonly faults: SamFaults & WireFaults;
}

export interface SamSimulatorOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** 64-byte reports, padded with zeros. */
  readonly transport?: 'stream' | 'hid';
  /** 0.5 to 1 s is what cards take. */
  readonly radioMs?: number;
  readonly liftAgain?: boolean;
}

/** A card on the reader, from being laid down to being lifted. */
interface Presentation {
  readonly card: IdCardData;
  state: 'laid' | 'found' | 'selected';
  isSpent: boolean;
  exchanges: number;
}

const OK = 0x90;
const REPORT_BYTES = 64;
const BAUD_RATES = [115_200, 57_600, 38_400, 19_200, 9_600];
const SAM_ID = [5, 0, 3, 0, 0xa5, 0x3a, 0x34, 0x01, 0x4e, 0x61, 0xbc, 0x00, 0xb1, 0x7f, 0x39, 0x05];
/** A paced answer comes in pieces of so many bytes, about one each 1.4 ms. */
const PACED_PIECE_BYTES = 16;
/** How long the module takes to notice that a card has gone while it reads. */
const NOTICE_MS = 60;

/**
 * The security module of an ID-card reader (device-protocols 1). Half-duplex: what arrives while it works is not heard. A
 * card must be found, selected and read in this order; a question for a card (`find`) that finds none ends the selection.
 */
export class SamSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: SamFaults;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #isHid: boolean;
  readonly #reader = new HostFrameReader();
  #presentation: Presentation | undefined;
  #connected = false;
  #baudRate = 115_200;
  #readings = 0;
  #previous: Uint8Array = new Uint8Array();
  /** What it is working on; ends early when the card is lifted. */
  #work: { readonly timer: TimerHandle; readonly lifted: () => void } | undefined;
  #isSaying = false;

  constructor(options: SamSimulatorOptions) {
    this.#clock = options.clock;
    this.#chance = options.chance;
    this.#isHid = options.transport === 'hid';
    this.wire = new FaultyWire(options.clock, options.chance);
    this.faults = noSamFaults(options.radioMs, options.liftAgain);
  }

  get state(): SamState {
    const card = this.#presentation?.card;
    return {
      connected: this.#connected,
      card: card ? { id: card.id, label: card.label } : null,
      spent: this.#presentation?.isSpent ?? false,
      baudRate: this.#baudRate,
      readings: this.#readings,
      faults: { ...this.faults, ...this.wire.faults },
    };
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
    this.#reader.reset();
    this.#stopWork();
    this.#isSaying = false;
    this.wire.cut();
  }

  /** Lays a card of `ID_CARDS` on the reader; false when there is no such card. Another one is lifted first. */
  lay(id: string): boolean {
    const card = idCard(id);
    if (!card) return false;
    this.lift();
    this.#presentation = { card, state: 'laid', isSpent: false, exchanges: 0 };
    return true;
  }

  lift(): void {
    this.#presentation = undefined;
    this.#work?.lifted();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      for (const frame of this.#reader.push(received)) if (!this.#work && !this.#isSaying) this.#hear(frame);
    });
  }

  #hear(frame: HostFrame): void {
    if (frame.kind === 'badChecksum') return this.#answer(0x10);
    if (frame.kind === 'badLength') return this.#answer(0x11);
    if (this.faults.misheard > 0) {
      this.faults.misheard -= 1;
      return this.#answer(0x10);
    }
    this.#countExchange(frame.cmd);
    const kind = (frame.cmd << 8) | frame.para;
    if (kind === 0x10ff && this.faults.resetMends) this.faults.samCode = null;
    if (this.faults.samCode !== null) return this.#answer(this.faults.samCode);
    this.#obey(kind);
  }

  #obey(kind: number): void {
    switch (kind) {
      case 0x10ff:
        if (this.#presentation) this.#presentation.state = 'laid';
        return this.#answer(OK);
      case 0x11ff:
        return this.#answer(OK);
      case 0x12ff:
        return this.#answer(OK, Uint8Array.from(SAM_ID));
      case 0x2001:
        return this.#find();
      case 0x2002:
        return this.#select();
      case 0x3001:
      case 0x3010:
        return this.#read(kind === 0x3010);
      case 0x3003:
        return this.#readAddress();
      default:
        return this.#setBaudRate(kind);
    }
  }

  /** A hand may take the card away in the middle of any exchange. */
  #countExchange(cmd: number): void {
    const presentation = this.#presentation;
    if (!presentation || (cmd !== 0x20 && cmd !== 0x30)) return;
    presentation.exchanges += 1;
    if (presentation.exchanges !== this.faults.pulledAtExchange) return;
    this.faults.pulledAtExchange = null;
    this.lift();
  }

  #find(): void {
    const presentation = this.#presentation;
    if (presentation && !presentation.isSpent) {
      presentation.state = 'found';
      return this.#answer(0x9f, new Uint8Array(4));
    }
    if (presentation) presentation.state = 'laid';
    this.#answer(0x80);
  }

  #select(): void {
    const presentation = this.#presentation;
    if (!presentation) return this.#answer(0x81);
    if (presentation.state === 'laid') return this.#answer(0x23);
    presentation.state = 'selected';
    this.#answer(OK, new Uint8Array(8));
  }

  #read(withFingerprints: boolean): void {
    const presentation = this.#presentation;
    if (!presentation) return this.#answer(0x41);
    if (presentation.state !== 'selected') return this.#answer(0x23);
    this.#workOnCard(() => {
      const { readCode, liftAgain } = this.faults;
      if (readCode !== null) return this.#answer(readCode);
      presentation.isSpent = liftAgain;
      this.#readings += 1;
      this.#answer(OK, readBlock(presentation.card, withFingerprints));
    });
  }

  #readAddress(): void {
    const presentation = this.#presentation;
    if (presentation?.state !== 'selected') return this.#answer(0x41);
    const { addresses } = presentation.card;
    if (addresses.length === 0) return this.#answer(0x91);
    this.#answer(OK, Uint8Array.from(Buffer.concat(addresses)));
  }

  /** 60 00 to 60 04; anything else is no command. */
  #setBaudRate(kind: number): void {
    const rate = BAUD_RATES[kind - 0x6000];
    if (rate === undefined) return this.#answer(0x21);
    this.#answer(OK);
    this.#baudRate = rate;
  }

  #workOnCard(finish: () => void): void {
    const { radioMs } = this.faults;
    if (radioMs === 0) return finish();
    this.#stopWork();
    const end = (act: () => void): void => {
      this.#stopWork();
      act();
    };
    const lifted = (): void => {
      this.#stopWork();
      const timer = this.#clock.after(NOTICE_MS, () => end(() => this.#answer(0x41)));
      this.#work = { timer, lifted: () => undefined };
    };
    this.#work = { timer: this.#clock.after(radioMs, () => end(finish)), lifted };
  }

  #stopWork(): void {
    if (this.#work) this.#clock.cancel(this.#work.timer);
    this.#work = undefined;
  }

  #answer(status: number, data?: Uint8Array): void {
    const frame = answerFrame(status, data);
    const { garbage, foreignFrame, stale } = this.faults;
    const said: Uint8Array[] = [];
    if (garbage) said.push(Uint8Array.of(0xaa, ...this.#chance.bytes(5), 0xaa, 0xaa));
    if (foreignFrame) said.push(answerFrame(0x55, Uint8Array.of(1, 2, 3)));
    if (stale) said.push(this.#previous);
    this.#previous = frame;
    const isSpoilt = this.faults.wrongChecksums > 0;
    if (isSpoilt) this.faults.wrongChecksums -= 1;
    said.push(isSpoilt ? withWrongChecksum(frame) : frame);
    if (this.#isHid) said.forEach((bytes) => this.#sayReports(bytes));
    else if (this.faults.paced) this.#sayPaced(Uint8Array.from(Buffer.concat(said)), 0);
    else said.forEach((bytes) => this.wire.send(bytes));
  }

  #sayReports(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += REPORT_BYTES) {
      const report = new Uint8Array(REPORT_BYTES);
      report.set(bytes.subarray(at, at + REPORT_BYTES));
      this.wire.send(report);
    }
  }

  /** Ten bits a byte; the last byte comes when the line would have brought it. */
  #sayPaced(bytes: Uint8Array, from: number): void {
    const piece = bytes.subarray(from, from + PACED_PIECE_BYTES);
    this.#isSaying = piece.length > 0;
    if (!this.#isSaying) return;
    this.#clock.after((piece.length * 10_000) / this.#baudRate, () => {
      if (!this.#connected) return;
      // Free for the next question when the last byte is out, which may bring that question at once.
      this.#isSaying = from + piece.length < bytes.length;
      this.wire.send(piece);
      if (this.#isSaying) this.#sayPaced(bytes, from + piece.length);
    });
  }
}

export function noSamFaults(radioMs = 0, liftAgain = true): SamFaults {
  return {
    samCode: null,
    resetMends: false,
    readCode: null,
    misheard: 0,
    wrongChecksums: 0,
    garbage: false,
    foreignFrame: false,
    stale: false,
    pulledAtExchange: null,
    radioMs,
    paced: false,
    liftAgain,
  };
}

/** Lengths of two bytes each, then the parts (1.7); the third length is 0000 on a card without fingerprints. */
function readBlock({ text, photo, fingerprints }: IdCardData, withFingerprints: boolean): Uint8Array {
  const parts = withFingerprints ? [text, photo, fingerprints] : [text, photo];
  const lengths = parts.flatMap((part) => [part.length >> 8, part.length & 0xff]);
  return Uint8Array.from(Buffer.concat([Uint8Array.from(lengths), ...parts]));
}

function withWrongChecksum(frame: Uint8Array): Uint8Array {
  const wrong = Uint8Array.from(frame);
  wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 0x01;
  return wrong;
}
