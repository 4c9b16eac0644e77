import type { Chance, Clock, TimerHandle } from '../../../contract/clock.ts';
import { Listeners, type ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { ReceiveBuffer } from './receive-buffer.ts';
import { StarParser } from './star-parser.ts';
import { EscposParser, type EscposCommand } from './escpos-parser.ts';
import { answerOf } from './machine-answers.ts';
import { DOTS_PER_MM, Paper, type Slip, type SlipPlace } from './paper.ts';
import { PrintHead, type HeadAct } from './print-head.ts';
import { PRINTER_MODELS, type PrinterModel, type PrinterTraits } from './printer-model.ts';
import {
  ALL_WELL,
  automaticStatus,
  fullStatus,
  isOffline,
  printStatus,
  realTimeStatus,
  starStatus,
  withMouthBit,
  type MechanismStatus,
} from './printer-status.ts';
import { RealTimeScanner, type RealTimeCommand } from './real-time-scanner.ts';

export interface PrinterFaults {
  /** The roll ends after so many further printed lines; once. */
  paperOutAfterLines: number | null;
  /** The next cut does not succeed; stays until `clearJam`. */
  cutterJam: boolean;
  /** The next slip is cut and then sticks on its way out; once. */
  jamAfterPrint: boolean;
  /** After the next cut the firmware stops: nothing is obeyed or answered until `powerCycle`; once. */
  hangAfterPrint: boolean;
  /** Every status says that all is well, whatever is. */
  lieOk: boolean;
}

export interface PrinterOptions {
  readonly model: PrinterModel;
  readonly clock: Clock;
  readonly chance: Chance;
  /** 0 = every line is out at once. */
  readonly speedMmPerS?: number;
  readonly rollCm?: number;
  /** Bytes it can hold; XOFF at half of it, XON at a quarter, what comes beyond is lost. Without it nothing ever is. */
  readonly receiveBufferBytes?: number;
  /** The font has what GB18030 added to GBK; the model's own default when nothing is said. */
  readonly fourByteChinese?: boolean;
}

export interface PrinterState {
  readonly model: PrinterModel;
  readonly connected: boolean;
  readonly online: boolean;
  readonly status: MechanismStatus;
  readonly remainingCm: number;
  readonly hung: boolean;
  /** Star: how often ETB was reached, modulo 32. */
  readonly etbCount: number;
  readonly overrunBytes: number;
  readonly stripText: string;
  readonly slipsCut: number;
  readonly slips: readonly Omit<Slip, 'lines'>[];
  readonly faults: PrinterFaults & WireFaults;
}

const ROLL_CM = 8_000;
const NEAR_END_CM = 500;

/**
 * A receipt printer behind its wire (device-protocols 4). Queued commands are executed in order while the printer is
 * online and stop where paper, cover or cutter stop them; real-time requests are answered at once. Written from the
 * protocol sheet, so that a driver is tested against the sheet and not against itself.
 */
export class EscposSimulator implements ByteSimulator {
  readonly model: PrinterModel;
  readonly paper: Paper;
  readonly wire: FaultyWire;
  readonly faults: PrinterFaults = {
    paperOutAfterLines: null,
    cutterJam: false,
    jamAfterPrint: false,
    hangAfterPrint: false,
    lieOk: false,
  };
  readonly #clock: Clock;
  readonly #traits: PrinterTraits;
  readonly #speedMmPerS: number;
  readonly #rollCm: number;
  readonly #parser: EscposParser | StarParser;
  readonly #scanner: RealTimeScanner;
  readonly #buffer: ReceiveBuffer;
  readonly #head: PrintHead;
  readonly #slipListeners = new Listeners<Slip>();
  #work: HeadAct[] = [];
  #motor: TimerHandle | undefined;
  #connected = false;
  #hung = false;
  #coverOpen = false;
  #paperOut = false;
  #cutterJam = false;
  #asbMask = 0;
  #lastAsb = '';
  #etbCount = 0;

  constructor(options: PrinterOptions) {
    this.model = options.model;
    this.#clock = options.clock;
    this.#traits = PRINTER_MODELS[options.model];
    this.#speedMmPerS = options.speedMmPerS ?? 0;
    this.#rollCm = options.rollCm ?? ROLL_CM;
    this.#parser = this.#traits.language === 'star' ? new StarParser() : new EscposParser();
    this.#scanner = new RealTimeScanner(this.#traits.language);
    this.paper = new Paper(this.#rollCm, this.#traits.widthDots);
    this.wire = new FaultyWire(options.clock, options.chance);
    this.#buffer = new ReceiveBuffer(options.receiveBufferBytes, (code) => this.wire.send(Uint8Array.of(code)));
    const { widthDots, fourByteChinese } = this.#traits;
    this.#head = new PrintHead({ widthDots, fourByteChinese: options.fourByteChinese ?? fourByteChinese });
  }

  get state(): PrinterState {
    return {
      model: this.model,
      connected: this.#connected,
      online: !isOffline(this.#status()) && !this.#hung,
      status: this.#status(),
      remainingCm: this.paper.remainingCm,
      hung: this.#hung,
      etbCount: this.#etbCount,
      overrunBytes: this.#buffer.overrunBytes,
      stripText: this.paper.stripText,
      slipsCut: this.paper.slipsCut,
      slips: this.paper.slips.map(({ lines: _, ...slip }) => slip),
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  /** Calls back with every slip the moment it is cut. */
  onSlip(listener: (slip: Slip) => void): () => void {
    return this.#slipListeners.add(listener);
  }

  connected(): void {
    this.#connected = true;
  }

  disconnected(): void {
    this.#connected = false;
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => this.#take(received));
  }

  #take(bytes: Uint8Array): void {
    if (this.#hung) return;
    let queuedUpTo = 0;
    for (const [place, byte] of bytes.entries()) {
      const command = this.#scanner.push(byte);
      if (!command) continue;
      this.#queue(bytes.subarray(queuedUpTo, place + 1));
      queuedUpTo = place + 1;
      this.#obeyNow(command);
    }
    this.#queue(bytes.subarray(queuedUpTo));
  }

  // ---- what people do to it

  openCover(): void {
    this.#coverOpen = true;
    this.#settle();
  }

  closeCover(): void {
    this.#coverOpen = false;
    this.#settle();
  }

  /** The roll ends now. */
  removePaper(): void {
    this.#paperOut = true;
    this.#settle();
  }

  /** A new roll; an unfinished piece is torn off. What is still in the buffer then prints on. */
  refill(rollCm = this.#rollCm): void {
    if (this.#paperOut) this.paper.cut('torn', 'torn');
    this.paper.refill(rollCm);
    this.#paperOut = false;
    this.faults.paperOutAfterLines = null;
    this.#settle();
  }

  /** A slip that somebody left there: one line, cut. */
  layInMouth(): void {
    const line = { kind: 'feed', heightDots: 240 } as const;
    this.paper.advance(line);
    this.paper.cut('partial', 'mouth');
    this.#reportChange();
  }

  /** Someone takes what waits in the mouth; says how many slips. */
  takePaper(): number {
    return this.#moveSlips('taken');
  }

  /** Staff frees cutter and paper path. */
  clearJam(): void {
    this.faults.cutterJam = false;
    this.#cutterJam = false;
    this.paper.move('jammed', 'torn');
    this.#settle();
  }

  /** Off and on: buffers, modes and hang are gone; jams and covers are not. */
  powerCycle(): void {
    if (this.#motor) this.#clock.cancel(this.#motor);
    this.#motor = undefined;
    this.#hung = false;
    this.#asbMask = 0;
    this.#clearBuffers();
    this.#settle();
  }

  // ---- the machine

  #status(): MechanismStatus {
    return {
      coverOpen: this.#coverOpen,
      paperOut: this.#paperOut,
      nearEnd: this.paper.remainingCm < NEAR_END_CM,
      cutterJam: this.#cutterJam,
      slipJam: this.paper.has('jammed'),
      ticketInOutput: this.#traits.mouth === 'sensor' && this.paper.has('mouth'),
      motorOn: this.#motor !== undefined,
      spooling: this.#work.length > 0,
    };
  }

  #reportedStatus(): MechanismStatus {
    return this.faults.lieOk ? ALL_WELL : this.#status();
  }

  #queue(bytes: Uint8Array): void {
    for (const piece of this.#buffer.isLimited ? [...bytes].map((byte) => Uint8Array.of(byte)) : [bytes]) {
      if (!this.#buffer.take()) continue;
      const acts = this.#parser.push(piece).flatMap((command) => this.#head.apply(command));
      this.#work.push(...acts);
      // a command leaves the buffer when the last of its acts is done; one without acts at once
      this.#buffer.stands(acts.length, this.#parser.pendingBytes);
    }
    this.#settle();
  }

  #obeyNow(command: RealTimeCommand): void {
    if (this.#hung) return;
    if (command.kind === 'status') this.#answerNow(command.n);
    if (command.kind === 'clear') this.#clearBuffers();
    if (command.kind !== 'status' && !this.faults.cutterJam) this.#cutterJam = false;
    this.#settle();
  }

  #answerNow(n: number): void {
    const status = this.#reportedStatus();
    if (this.#traits.language === 'star') return this.wire.send(starStatus(status, this.#etbCount));
    if (n === 0x14 && this.#traits.fullStatus) this.wire.send(fullStatus(status));
    else if (n === 0x11 && this.#traits.fullStatus) this.wire.send(printStatus(status));
    else this.wire.send(this.#realTime(n, status));
  }

  /** Only a printer with full status understands more than n = 1 to 4. */
  #realTime(n: number, status: MechanismStatus): Uint8Array {
    const answer = realTimeStatus(n, status) ?? new Uint8Array();
    return this.model === 'cashino-kp628e' ? withMouthBit(n, answer, status) : answer;
  }

  #clearBuffers(): void {
    this.#work = [];
    this.#buffer.clear();
    this.#parser.reset();
    this.#scanner.reset();
    this.#head.reset();
  }

  /** Does what can be done now, then tells of changes. */
  #settle(): void {
    while (!this.#hung && this.#motor === undefined) {
      const act = this.#work[0];
      if (!act || !this.#canDo(act)) break;
      this.#work.shift();
      this.#buffer.done();
      this.#perform(act);
    }
    this.#reportChange();
  }

  /** Offline nothing queued is done, so that an answer queued behind a print never comes; the presenter still moves. */
  #canDo(act: HeadAct): boolean {
    if (isOffline(this.#status())) return act.kind === 'machine' && isPresenterCommand(act.command);
    if (act.kind === 'advance' && this.#rollEnds(act.line.heightDots)) {
      this.faults.paperOutAfterLines = null;
      this.#paperOut = true;
      return false;
    }
    if (act.kind === 'cut' && this.faults.cutterJam) {
      this.#cutterJam = true;
      return false;
    }
    return true;
  }

  #rollEnds(heightDots: number): boolean {
    return this.faults.paperOutAfterLines === 0 || this.paper.remainingDots < heightDots;
  }

  #perform(act: HeadAct): void {
    if (act.kind === 'machine') return this.#obeyQueued(act.command);
    if (act.kind === 'cut') return this.#cut(act.cut);
    this.paper.advance(act.line);
    if (this.faults.paperOutAfterLines !== null && act.line.kind !== 'feed') this.faults.paperOutAfterLines -= 1;
    if (this.#speedMmPerS === 0) return;
    const printMs = (act.line.heightDots / DOTS_PER_MM / this.#speedMmPerS) * 1_000;
    this.#motor = this.#clock.after(printMs, () => {
      this.#motor = undefined;
      this.#settle();
    });
  }

  #cut(kind: 'full' | 'partial'): void {
    // a presenter holds one ticket: the next one pushes it out
    if (this.#traits.presenter && this.paper.stripText !== '') this.paper.move('mouth', 'ejected');
    const slip = this.paper.cut(kind, this.faults.jamAfterPrint ? 'jammed' : 'mouth');
    if (!slip) return;
    this.faults.jamAfterPrint = false;
    if (this.faults.hangAfterPrint) {
      this.faults.hangAfterPrint = false;
      this.#hung = true;
    }
    this.#slipListeners.call(slip);
  }

  #obeyQueued(command: EscposCommand): void {
    if (command.name === 'ETB') {
      this.#etbCount = (this.#etbCount + 1) % 32;
      this.#lastAsb = '';
      return;
    }
    if (command.name === 'GS a' && this.#traits.automaticStatus) {
      this.#asbMask = command.data[0] ?? 0;
      this.#lastAsb = '';
      return;
    }
    const destination = PRESENTER_MOVES[`${command.name} ${command.data[0] ?? 0}`];
    if (destination && this.#traits.presenter) this.#moveSlips(destination);
    const answer = answerOf(command, this.#traits, this.#reportedStatus(), this.paper.remainingCm);
    if (answer) this.wire.send(answer);
  }

  #moveSlips(to: SlipPlace): number {
    const moved = this.paper.move('mouth', to);
    this.#reportChange();
    return moved;
  }

  /** Automatic status back: on being enabled, and on every change after that. */
  #reportChange(): void {
    if (this.#asbMask === 0 || this.#hung) return;
    const status = this.#reportedStatus();
    const bytes = this.#traits.language === 'star' ? starStatus(status, this.#etbCount) : automaticStatus(status);
    const asb = bytes.join();
    if (asb === this.#lastAsb) return;
    this.#lastAsb = asb;
    this.wire.send(bytes);
  }
}

/** Custom: 2 takes back, 5 throws out; Citizen: the digit 0 takes back. */
const PRESENTER_MOVES: Readonly<Record<string, SlipPlace>> = {
  'GS e 2': 'retracted',
  'GS e 5': 'ejected',
  'GS R 48': 'retracted',
};

function isPresenterCommand(command: EscposCommand): boolean {
  return command.name === 'GS e' || command.name === 'GS R' || command.name === 'GS E1';
}
