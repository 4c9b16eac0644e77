import type { Chance, Clock, TimerHandle } from '../../../contract/clock.ts';
import { Listeners, type ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { answerFrame, type Answer, type Transaction } from './mis-answers.ts';
import { hex, MisReceiver, type Tlv } from './mis-frame.ts';

export interface TerminalFaults {
  outcome: 'approve' | 'decline';
  /** Null = the terminal's usual delay. */
  approvalDelayMs: number | null;
  /**
   * What the next frame meets. `deaf`: it is not heard. `lost`: it is heard, its ACK is lost. `nakOnce`: NAK, then as
   * usual. `busy`: NAK every time.
   */
  ack: 'normal' | 'deaf' | 'lost' | 'nakOnce' | 'busy';
  /** The terminal decides, and its result never leaves it. */
  replyLost: boolean;
  duplicateReply: boolean;
  /** The result bears the echo of another request. */
  wrongEcho: boolean;
  badLrc: boolean;
  /** Noise, an STX in it, stands before the result. */
  garbage: boolean;
  /** The result shows the whole card number. */
  unmaskedPan: boolean;
  refuseVoid: boolean;
}

export interface TerminalState {
  readonly connected: boolean;
  /** What the cardholder is being asked for now. */
  readonly pending: { readonly echo: string; readonly amountCents: number } | null;
  readonly saleRequests: number;
  readonly approved: number;
  readonly declined: number;
  readonly voided: number;
  /** Approved and not given back. */
  readonly chargedCents: number;
  readonly sales: readonly Transaction[];
  readonly faults: TerminalFaults & WireFaults;
  readonly next: Partial<TerminalFaults> | null;
}

export interface TerminalOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** From the request to the result: how long the cardholder takes. */
  readonly approvalDelayMs?: number;
  readonly firstVoucher?: number;
}

export function noTerminalFaults(): TerminalFaults {
  return {
    outcome: 'approve',
    approvalDelayMs: null,
    ack: 'normal',
    replyLost: false,
    duplicateReply: false,
    wrongEcho: false,
    badLrc: false,
    garbage: false,
    unmaskedPan: false,
    refuseVoid: false,
  };
}

const ACK = Uint8Array.of(0x06);
const NAK = Uint8Array.of(0x15);
const APPROVED = '00';
const REFUSED = 'X1';
const TRADES = { '01': 'sale', '02': 'void', '09': 'query' } as const;
const RESEND_MS = 2_000;
const RESENDS = 3;

interface Request {
  readonly trade: string;
  readonly echo: string;
  readonly amountCents: number;
  readonly voucher: string;
  readonly hex: string;
}

/**
 * A bank card terminal on the MIS serial protocol (device-protocols 5.1). A frame is acknowledged, the result follows
 * when the cardholder is done, and is repeated until the host acknowledges it. While a sale runs, a repetition of its
 * frame is acknowledged and anything else is not heard. Its memory outlives the host.
 */
export class MisSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: TerminalFaults = noTerminalFaults();
  /** Counted so that a test can say how often money was asked for. */
  readonly sales: Transaction[] = [];
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #approvalDelayMs: number;
  readonly #receiver = new MisReceiver();
  readonly #saleListeners = new Listeners<Transaction>();
  #next: Partial<TerminalFaults> | null = null;
  #voucher: number;
  #saleRequests = 0;
  #connected = false;
  #pending: Request | undefined;
  #resend: { readonly frame: Uint8Array; left: number; timer: TimerHandle } | undefined;

  constructor(options: TerminalOptions) {
    this.#clock = options.clock;
    this.#chance = options.chance;
    this.#approvalDelayMs = options.approvalDelayMs ?? 0;
    this.#voucher = options.firstVoucher ?? 1;
    this.wire = new FaultyWire(options.clock, options.chance);
  }

  get state(): TerminalState {
    const approved = this.sales.filter((sale) => sale.approved);
    const kept = approved.filter((sale) => !sale.voided);
    return {
      connected: this.#connected,
      pending: this.#pending ? { echo: this.#pending.echo, amountCents: this.#pending.amountCents } : null,
      saleRequests: this.#saleRequests,
      approved: approved.length,
      declined: this.sales.length - approved.length,
      voided: approved.length - kept.length,
      chargedCents: kept.reduce((sum, sale) => sum + sale.amountCents, 0),
      sales: this.sales.map((sale) => ({ ...sale })),
      faults: { ...this.faults, ...this.wire.faults },
      next: this.#next,
    };
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  /** Calls back when a sale is decided, whether or not the host learns of it. */
  onSale(listener: (sale: Transaction) => void): () => void {
    return this.#saleListeners.add(listener);
  }

  /** Sells as the host's sale of this echo would, and tells nobody. */
  sell(echo: string, amountCents: number): void {
    this.sales.push(this.#record('sale', { echo, amountCents }, true));
  }

  /** The voucher of the next sale. */
  renumber(voucher: number): void {
    this.#voucher = voucher;
  }

  /** For the next sale only, on top of `faults`; null takes it back. */
  setNext(faults: Partial<TerminalFaults> | null): void {
    this.#next = faults;
  }

  connected(): void {
    this.#connected = true;
  }

  disconnected(): void {
    this.#connected = false;
    this.#receiver.reset();
    this.#stopResending();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      for (const input of this.#receiver.push(received)) {
        if (input.kind === 'ack') this.#stopResending();
        if (input.kind === 'nak') this.#repeat();
        if (input.kind === 'damaged') this.wire.send(NAK);
        if (input.kind === 'frame') this.#hear(readRequest(input.fields, input.hex));
      }
    });
  }

  #hear(request: Request): void {
    if (this.#pending) {
      if (this.#pending.hex === request.hex) this.wire.send(ACK);
      return;
    }
    const kind = TRADES[request.trade as keyof typeof TRADES];
    const faults = this.#plan(kind === 'sale');
    if (faults.ack === 'deaf') return;
    if (faults.ack === 'busy' || faults.ack === 'nakOnce') return this.wire.send(NAK);
    this.#stopResending();
    if (faults.ack !== 'lost') this.wire.send(ACK);
    if (kind === 'sale' && request.amountCents > 0) return this.#startSale(request, faults);
    if (kind === 'void') return this.#answer(this.#void(request, faults), faults);
    if (kind === 'query') return this.#answer(this.#lastSale(request), faults);
    this.#answer({ trade: request.trade, echo: request.echo, result: REFUSED }, faults);
  }

  /** The faults this frame meets; what holds for one time only is used up by it. */
  #plan(isSale: boolean): TerminalFaults {
    const plan = { ...this.faults, ...(isSale ? this.#next : null) };
    const refusedOnce = plan.ack === 'nakOnce' || plan.ack === 'deaf';
    if (isSale && this.#next) this.#next = refusedOnce ? { ...this.#next, ack: 'normal' } : null;
    if (plan.ack === 'nakOnce') this.faults.ack = 'normal';
    return plan;
  }

  #startSale(request: Request, faults: TerminalFaults): void {
    this.#saleRequests += 1;
    this.#pending = request;
    const delayMs = faults.approvalDelayMs ?? this.#approvalDelayMs;
    if (delayMs > 0) this.#clock.after(delayMs, () => this.#decide(request, faults));
    else this.#decide(request, faults);
  }

  #decide(request: Request, faults: TerminalFaults): void {
    this.#pending = undefined;
    const sale = this.#record('sale', request, faults.outcome === 'approve');
    this.sales.push(sale);
    this.#saleListeners.call(sale);
    if (!faults.replyLost) this.#answer(resultOf(request, sale), faults);
  }

  /** Repeating a void gives the money back once. */
  #void(request: Request, faults: TerminalFaults): Answer {
    const sale = this.sales.findLast((candidate) => candidate.voucher === request.voucher && candidate.approved);
    if (!sale || faults.refuseVoid) return { trade: request.trade, echo: request.echo, result: REFUSED };
    sale.voided = true;
    return resultOf(request, this.#record('void', { ...request, amountCents: sale.amountCents }, true));
  }

  /** The last sale under its own echo; a sale that was given back no longer stands. Never a sale: echo 0000, refused. */
  #lastSale(request: Request): Answer {
    const sale = this.sales.at(-1);
    if (!sale) return { trade: request.trade, echo: '0000', result: REFUSED };
    const asked = { ...request, echo: sale.echo };
    return sale.voided ? { trade: request.trade, echo: sale.echo, result: REFUSED } : resultOf(asked, sale);
  }

  #record(kind: Transaction['kind'], request: Pick<Request, 'echo' | 'amountCents'>, approved: boolean): Transaction {
    const voucher = String(this.#voucher).padStart(6, '0');
    this.#voucher = (this.#voucher % 999_999) + 1;
    const { echo, amountCents } = request;
    return { kind, echo, amountCents, voucher, wallMs: this.#clock.wallMs(), approved, voided: false };
  }

  #answer(answer: Answer, faults: TerminalFaults): void {
    const echo = faults.wrongEcho ? String((Number(answer.echo) + 1) % 10_000).padStart(4, '0') : answer.echo;
    const frame = answerFrame({ ...answer, echo, unmaskedPan: faults.unmaskedPan });
    if (faults.garbage) this.wire.send(Uint8Array.of(0xff, 0x02, ...this.#chance.bytes(5)));
    this.wire.send(faults.badLrc ? withBadLrc(frame) : frame);
    if (faults.duplicateReply) this.wire.send(frame);
    this.#resend = { frame, left: RESENDS, timer: this.#clock.after(RESEND_MS, () => this.#repeat()) };
  }

  #repeat(): void {
    const resend = this.#resend;
    if (!resend) return;
    this.#stopResending();
    if (resend.left === 0) return;
    const timer = this.#clock.after(RESEND_MS, () => this.#repeat());
    this.#resend = { frame: resend.frame, left: resend.left - 1, timer };
    this.wire.send(resend.frame);
  }

  #stopResending(): void {
    if (this.#resend) this.#clock.cancel(this.#resend.timer);
    this.#resend = undefined;
  }
}

function resultOf(request: Request, transaction: Transaction): Answer {
  const { trade, echo } = request;
  return transaction.approved ? { trade, echo, result: APPROVED, transaction } : { trade, echo, result: REFUSED };
}

function readRequest(fields: readonly Tlv[], frameHex: string): Request {
  const text = (tag: number) => hex(fields.find((field) => field.tag === tag)?.value ?? new Uint8Array());
  return {
    trade: text(0xdf02),
    echo: text(0xdf04),
    amountCents: Number(text(0xdf03) || '0'),
    voucher: text(0xdf18),
    hex: frameHex,
  };
}

function withBadLrc(frame: Uint8Array): Uint8Array {
  const damaged = Uint8Array.from(frame);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 0x5a;
  return damaged;
}
