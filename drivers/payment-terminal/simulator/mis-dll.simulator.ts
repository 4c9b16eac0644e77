import type { Chance, Clock } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { dllAnswer, readCall, type DllCall, type DllSale } from './mis-dll-strings.ts';

export interface DllFaults {
  outcome: 'approve' | 'decline';
  /** Null = the terminal's usual delay. */
  approvalDelayMs: number | null;
  /** The call never reaches the terminal. */
  deaf: boolean;
  /** The terminal decides, and its answer never leaves the DLL. */
  answerLost: boolean;
  /** The three digits of another call come back. */
  wrongEcho: boolean;
  /** The amount in the answer is another one. */
  wrongAmount: boolean;
  /** The bridge's check is wrong. */
  wrongCheck: boolean;
  /** The whole card number stands in the answer. */
  unmaskedCard: boolean;
  refuseVoid: boolean;
}

export function noDllFaults(): DllFaults {
  return {
    outcome: 'approve',
    approvalDelayMs: null,
    deaf: false,
    answerLost: false,
    wrongEcho: false,
    wrongAmount: false,
    wrongCheck: false,
    unmaskedCard: false,
    refuseVoid: false,
  };
}

export interface DllState {
  readonly connected: boolean;
  readonly calls: number;
  readonly saleCalls: number;
  readonly approved: number;
  readonly voided: number;
  /** Approved and not given back. */
  readonly chargedCents: number;
  readonly sales: readonly DllSale[];
  readonly faults: DllFaults & WireFaults;
}

export interface DllSimulatorOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** How long the cardholder takes. */
  readonly approvalDelayMs?: number;
  readonly firstVoucher?: number;
}

const STX = 0x02;
const ETX = 0x03;
const CALL_BYTES = 59;
const FRAME_BYTES = CALL_BYTES + 3;

/**
 * A terminal behind its MIS DLL and a bridge of ours (device-protocols 5.2): one string in, one string out, one call at a
 * time. What it has sold outlives the host.
 */
export class MisDllSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: DllFaults = noDllFaults();
  readonly #clock: Clock;
  readonly #approvalDelayMs: number;
  readonly #sales: DllSale[] = [];
  #rest: Uint8Array = new Uint8Array();
  #connected = false;
  #isBusy = false;
  #calls = 0;
  #saleCalls = 0;
  #voucher: number;

  constructor(options: DllSimulatorOptions) {
    this.#clock = options.clock;
    this.#approvalDelayMs = options.approvalDelayMs ?? 0;
    this.#voucher = options.firstVoucher ?? 1;
    this.wire = new FaultyWire(options.clock, options.chance);
  }

  get state(): DllState {
    const approved = this.#sales.filter((sale) => sale.approved);
    const kept = approved.filter((sale) => !sale.voided);
    return {
      connected: this.#connected,
      calls: this.#calls,
      saleCalls: this.#saleCalls,
      approved: approved.length,
      voided: approved.length - kept.length,
      chargedCents: kept.reduce((sum, sale) => sum + sale.amountCents, 0),
      sales: this.#sales.map((sale) => ({ ...sale })),
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
    this.#rest = new Uint8Array();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      this.#rest = Uint8Array.from([...this.#rest, ...received]);
      while (this.#rest.length > 0) {
        if (this.#rest[0] !== STX) {
          this.#rest = this.#rest.slice(1);
          continue;
        }
        if (this.#rest.length < FRAME_BYTES) return;
        const frame = this.#rest.slice(0, FRAME_BYTES);
        const isSealed = frame[FRAME_BYTES - 2] === ETX && checkOf(frame.subarray(1, -1)) === frame[FRAME_BYTES - 1];
        this.#rest = this.#rest.slice(isSealed ? FRAME_BYTES : 1);
        const call = isSealed ? readCall(frame.slice(1, -2)) : undefined;
        if (call) this.#hear(call);
      }
    });
  }

  /** Sells as another customer's call would, and tells nobody. */
  sell(amountCents: number): void {
    this.#record(amountCents, true);
  }

  /** The voucher of the next sale. */
  renumber(voucher: number): void {
    this.#voucher = voucher;
  }

  #hear(call: DllCall): void {
    if (this.#isBusy || this.faults.deaf) return;
    this.#calls += 1;
    switch (call.type) {
      case '00':
        return this.#sale(call);
      case '01':
        return this.#answer(call, this.#void(call));
      case '04':
        return this.#answer(
          call,
          this.#sales.findLast((sale) => sale.approved),
        );
      default:
        // Sign-in, settlement and balance: done, with nothing to show for it.
        return this.#answer(call, { ...this.#record(0, false), voucher: '', approved: true });
    }
  }

  #sale(call: DllCall): void {
    this.#saleCalls += 1;
    this.#isBusy = true;
    const delayMs = this.faults.approvalDelayMs ?? this.#approvalDelayMs;
    this.#clock.after(delayMs, () => {
      this.#isBusy = false;
      const sale = this.#record(call.amountCents, this.faults.outcome === 'approve');
      if (!this.faults.answerLost) this.#answer(call, sale);
    });
  }

  #void({ voucher, amountCents }: DllCall): DllSale | undefined {
    const sale = this.#sales.findLast((candidate) => candidate.voucher === voucher && candidate.approved);
    if (!sale || sale.amountCents !== amountCents || this.faults.refuseVoid) return undefined;
    sale.voided = true;
    return sale;
  }

  #record(amountCents: number, approved: boolean): DllSale {
    const voucher = String(this.#voucher).padStart(6, '0');
    const sale = { voucher, amountCents, approved, voided: false, wallMs: this.#clock.wallMs() };
    if (amountCents > 0) {
      this.#sales.push(sale);
      this.#voucher += 1;
    }
    return sale;
  }

  #answer(call: DllCall, sale: DllSale | undefined): void {
    const { wrongEcho, wrongAmount, unmaskedCard, wrongCheck } = this.faults;
    const echo = wrongEcho ? String((Number(call.echo) + 500) % 1_000).padStart(3, '0') : call.echo;
    const shown = sale && wrongAmount ? { ...sale, amountCents: sale.amountCents + 100 } : sale;
    const text = dllAnswer(echo, shown, unmaskedCard);
    const check = checkOf([...text, ETX]) ^ (wrongCheck ? 0x5a : 0);
    this.wire.send(Uint8Array.of(STX, ...text, ETX, check));
  }
}

function checkOf(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}
