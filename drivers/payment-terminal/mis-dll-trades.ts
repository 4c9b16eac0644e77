/**
 * What is remembered of trades sent through the DLL. Its answers name no trade: only the three digits of the call tie an
 * answer to it, and only the voucher of the sale before tells an old last result from a new one (device-protocols 5.2).
 */
import type { PaymentTerminalReply } from '../../contract/devices/payment-terminal.schema.ts';
import type { DllResponse } from './mis-dll.codec.ts';

export interface DllTrade {
  readonly amountCents: number;
  /** The digits its sale was sent with. */
  readonly digits: string;
  /** Voucher of the last result before it; undefined when nobody knows. */
  readonly voucherBefore: string | undefined;
  /** Its answer, come after it was given up. */
  late?: DllResponse;
}

/** Settled trades whose reply is kept for a question that comes again. */
const KEPT = 64;

export class DllTrades {
  readonly #open = new Map<string, DllTrade>();
  readonly #settled = new Map<string, PaymentTerminalReply>();
  #latest: string | undefined;
  #lastVoucher: string | undefined;
  #calls = 0;

  /**
   * The digits of a call that is no sale. A sale takes the last three of its echo, which the ledger counts up over every
   * restart; these are half a round away from them and count up, too. A die would let a late answer fit by chance.
   */
  nextDigits(echo: string): string {
    this.#calls += 1;
    for (let step = this.#calls; ; step += 1) {
      const digits = String((Number(echo) + 500 + step) % 1_000).padStart(3, '0');
      if (![...this.#open.values()].some((trade) => trade.digits === digits)) return digits;
    }
  }

  begin(echo: string, amountCents: number): DllTrade {
    // While an earlier sale is in doubt nobody knows which voucher was the last.
    const voucherBefore = this.#open.size === 0 ? this.#lastVoucher : undefined;
    const trade = { amountCents, digits: echo.slice(1), voucherBefore };
    this.#settled.delete(echo);
    this.#open.set(echo, trade);
    this.#latest = echo;
    return trade;
  }

  openTrade(echo: string): DllTrade | undefined {
    return this.#open.get(echo);
  }

  settledReply(echo: string): PaymentTerminalReply | undefined {
    return this.#settled.get(echo);
  }

  /** Only of the sale sent last can a last result speak. */
  isLatest(echo: string): boolean {
    return this.#latest === echo;
  }

  settle(echo: string, reply: PaymentTerminalReply): void {
    this.#open.delete(echo);
    this.#settled.set(echo, reply);
    for (const oldest of this.#settled.keys()) {
      if (this.#settled.size <= KEPT) break;
      this.#settled.delete(oldest);
    }
    if (reply.voucher !== undefined) this.#lastVoucher = reply.voucher;
  }

  /** The sale never left. */
  forget(echo: string): void {
    this.#open.delete(echo);
  }

  /** A void is a last result, too, and its answer does not say under which voucher. */
  voided(): void {
    this.#lastVoucher = undefined;
  }

  /** True when the answer belongs to a trade that was given up or is under way. */
  hear(response: DllResponse): boolean {
    for (const trade of this.#open.values()) {
      if (trade.digits !== response.echo) continue;
      trade.late = response;
      return true;
    }
    return false;
  }
}
