/**
 * The conversation with a receipt printer: look before printing, send a slip once, wait for the printer's own evidence.
 * Nothing is ever sent twice. (device-protocols 4.4 to 4.9)
 */
import type { Clock } from '../../contract/clock.ts';
import type { ReceiptPrinterCommand, ReceiptPrinterReply } from '../../contract/devices/receipt-printer.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { done, type Evidence, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange, type Turn } from '../link/exchange.ts';
import { Heartbeat } from '../link/heartbeat.ts';
import { StatusHolder } from '../link/status-holder.ts';
import { EscposStatusDecoder, type PrinterEvent } from './escpos-status.codec.ts';
import { receiptLengthMm } from './escpos.codec.ts';
import { compareWithCheckpoint, NO_CHECKPOINT, readCheckpoint, writeCheckpoint } from './paper-checkpoint.ts';
import { PrintEvidence } from './print-evidence.ts';
import { printSlip } from './print-slip.ts';
import { FlowGate, type Pace } from './flow-gate.ts';
import { SystemGlyphPress, type GlyphPress } from './glyph-press.ts';
import { conditionFromAutomatic, conditionFromStar, statusOf, type PrinterCondition } from './printer-condition.ts';
import type { PrinterModel } from './printer-models.ts';
import { PrinterPoll } from './printer-poll.ts';
import { testPrinter } from './printer-self-test.ts';
import { emptyMouth } from './empty-mouth.ts';
import { remember } from './remember.ts';
import { unanswered } from './unanswered.ts';

export interface ReceiptPrinterOptions {
  readonly id: string;
  readonly model: PrinterModel;
  readonly link: ByteLink;
  readonly clock: Clock;
  /** Draws what the printer's font lacks; the machine's fonts when nothing is given. */
  readonly press?: GlyphPress;
  /** For a wire that does not hold the sender back: pieces, and a pause at XOFF. */
  readonly pace?: Pace | undefined;
  /** Print although the printer does not answer status requests; such a print ends `unknown` unless proof comes. */
  readonly printsBlind?: boolean | undefined;
}

const QUIET_BEAT_MS = 5_000;
/** While a slip waits to be taken somebody stands there and is waited for. */
const WAITING_BEAT_MS = 1_000;
const BEAT_LIMIT_MS = 6_000;
/** Beats without an answer before the printer counts as gone. */
const MISSES = 3;
const NO_EVIDENCE: Evidence = { method: 'none', value: '' };

export class ReceiptPrinterDriver implements Driver<ReceiptPrinterCommand, ReceiptPrinterReply> {
  readonly describe: DeviceDescriptor;
  readonly #model: PrinterModel;
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #status = new StatusHolder();
  readonly #decoder: EscposStatusDecoder;
  readonly #poll: PrinterPoll;
  readonly #evidence: PrintEvidence;
  readonly #exchange: Exchange<PrinterEvent>;
  readonly #heartbeat: Heartbeat;
  readonly #gate = new FlowGate();
  readonly #press: GlyphPress;
  readonly #options: ReceiptPrinterOptions;
  readonly #slipMm = new Map<string, number>();
  #misses = 0;

  constructor(options: ReceiptPrinterOptions) {
    const { id, model, link, clock } = options;
    this.describe = { id, class: 'receipt-printer', model: model.name, link: link.address };
    this.#options = options;
    this.#press = options.press ?? new SystemGlyphPress();
    this.#model = model;
    this.#link = link;
    this.#clock = clock;
    this.#decoder = new EscposStatusDecoder(model.dialect);
    this.#poll = new PrinterPoll(model.dialect, this.#decoder);
    this.#evidence = new PrintEvidence(model.evidence, Math.floor(clock.wallMs() / 1_000));
    this.#heartbeat = new Heartbeat({
      clock,
      everyMs: () => (this.#status.value.media === 'present' ? WAITING_BEAT_MS : QUIET_BEAT_MS),
      beat: () => this.#beat(),
    });
    this.#exchange = new Exchange<PrinterEvent>({
      link,
      clock,
      decode: (chunk) => this.#decoder.push(chunk),
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(),
      onEvent: (event) => this.#heard(event),
    });
    link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(command: ReceiptPrinterCommand, limits: Limits): Promise<Outcome<ReceiptPrinterReply>> {
    return this.#exchange
      .run<ReceiptPrinterReply>(limits, (turn) => this.#carryOut(turn, command))
      .then((outcome) => {
        // A print that ended before its turn came has certainly not been printed.
        if (command.kind === 'print' && outcome.kind === 'failed' && outcome.effect === 'none') {
          this.#evidence.settle(command.job, 'no');
        }
        return outcome;
      });
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    yield* testPrinter(this.#exchange, this.#model, this.#link, this.#poll, this.#clock);
  }

  async close(): Promise<void> {
    this.#heartbeat.stop();
    await this.#exchange.close();
  }

  #carryOut(turn: Turn<PrinterEvent>, command: ReceiptPrinterCommand): Promise<Outcome<ReceiptPrinterReply>> {
    switch (command.kind) {
      case 'print': {
        remember(this.#slipMm, command.job, receiptLengthMm(command.receipt, this.#model));
        return printSlip({
          turn,
          model: this.#model,
          command,
          poll: this.#poll,
          decoder: this.#decoder,
          evidence: this.#evidence,
          press: this.#press,
          gate: this.#gate,
          pace: this.#options.pace,
          printsBlind: this.#options.printsBlind ?? false,
          onCondition: (condition) => this.#saw(condition),
        });
      }
      case 'checkpoint':
        return this.#checkpoint(turn, command);
      case 'settle':
        return this.#settle(turn, command);
      case 'retract':
        return emptyMouth(turn, this.#model, this.#poll, (condition) => this.#saw(condition));
    }
  }

  async #checkpoint(
    turn: Turn<PrinterEvent>,
    command: Extract<ReceiptPrinterCommand, { kind: 'checkpoint' }>,
  ): Promise<Outcome<ReceiptPrinterReply>> {
    if (!this.#model.hasPaperCounter) return done({ kind: 'checkpoint', checkpoint: NO_CHECKPOINT }, NO_EVIDENCE);
    const wait = await this.#poll.paperLength(turn);
    if (wait.kind === 'timeout') return done({ kind: 'checkpoint', checkpoint: NO_CHECKPOINT }, NO_EVIDENCE);
    if (wait.kind !== 'got') return unanswered(wait.kind);
    const slipMm = command.receipt && receiptLengthMm(command.receipt, this.#model);
    const checkpoint = writeCheckpoint({ remainingCm: wait.value, slipMm });
    return done({ kind: 'checkpoint', checkpoint }, { method: 'custom.remainingPaper', value: `${wait.value}cm` });
  }

  async #settle(
    turn: Turn<PrinterEvent>,
    command: Extract<ReceiptPrinterCommand, { kind: 'settle' }>,
  ): Promise<Outcome<ReceiptPrinterReply>> {
    const proof = this.#evidence.proofOf(command.job);
    const known = this.#evidence.verdictOf(command.job) ?? (proof ? 'yes' : undefined);
    if (known) return done({ kind: 'settle', printed: known }, proof ?? { method: 'driver.memory', value: known });
    const before = readCheckpoint(command.checkpoint);
    if (!before || !this.#model.hasPaperCounter) return done({ kind: 'settle', printed: 'cannotTell' }, NO_EVIDENCE);
    const wait = await this.#poll.paperLength(turn);
    if (wait.kind !== 'got') return unanswered(wait.kind);
    const slipMm = before.slipMm ?? this.#slipMm.get(command.job);
    const printed = compareWithCheckpoint({ ...before, slipMm }, wait.value);
    return done(
      { kind: 'settle', printed },
      { method: 'custom.remainingPaper', value: `${before.remainingCm}cm, now ${wait.value}cm` },
    );
  }

  #opened(): void {
    this.#decoder.reset();
    this.#gate.open();
    this.#misses = 0;
    this.#status.become({ ...this.#axes(), device: 'starting' });
    this.#heartbeat.start();
  }

  #lost(): void {
    this.#heartbeat.stop();
    this.#evidence.forgetOwed();
    this.#goOffline(this.#link.problem ?? { code: 'device.absent' });
  }

  #heard(event: PrinterEvent): void {
    this.#evidence.hear(event);
    this.#gate.hear(event);
    if (event.kind === 'starStatus') this.#saw(conditionFromStar(event.bytes));
    if (event.kind === 'automatic') this.#saw(conditionFromAutomatic(event.bytes));
  }

  #saw(condition: PrinterCondition): void {
    this.#misses = 0;
    this.#status.become(statusOf(condition));
  }

  async #beat(): Promise<void> {
    if (!this.#exchange.isIdle) return;
    const limits = { deadline: this.#clock.now() + BEAT_LIMIT_MS, signal: new AbortController().signal };
    // a beat that was interrupted says nothing; the next one will
    void (await this.#exchange.run(limits, async (turn) => {
      const wait = await this.#poll.condition(turn);
      if (wait.kind === 'got') this.#saw(wait.value);
      if (wait.kind === 'got' && !this.#evidence.isOwed) await this.#poll.refreshEjector(turn);
      if (wait.kind === 'timeout') this.#missed();
      return done({}, NO_EVIDENCE);
    }));
  }

  #missed(): void {
    this.#misses += 1;
    if (this.#misses < MISSES) return;
    this.#misses = 0;
    this.#goOffline({ code: 'device.absent', detail: `no answer on ${this.#link.address}` });
    this.#link.reconnect();
  }

  #goOffline(why: Problem): void {
    const device = why.code === 'device.driverMissing' ? 'noDevice' : 'offline';
    this.#status.become({ ...this.#axes(), device, problem: why });
  }

  #axes(): Pick<DeviceStatus, 'paper' | 'media'> {
    const { paper, media } = this.#status.value;
    return { paper, media };
  }
}
