/** Devices of one cabinet that answer at once and forget at once: what grows is then the kiosk's own. */
import type { DeviceConfig } from '../../../contract/devices/device-config.schema.ts';
import type {
  PaymentTerminalCommand,
  PaymentTerminalReply,
} from '../../../contract/devices/payment-terminal.schema.ts';
import type { ReceiptPrinterCommand, ReceiptPrinterReply } from '../../../contract/devices/receipt-printer.schema.ts';
import type { DeviceStatus, SelfTestLine } from '../../../contract/driver.ts';
import { done, failed, type Outcome } from '../../../contract/outcome.schema.ts';
import type { AnyDriver } from '../../../drivers/opener.ts';
import { CARD } from '../../support/scripted-ports.ts';

const READY: DeviceStatus = { device: 'online', paper: 'full', media: 'notPresent' };
const proof = { method: 'instant', value: 'seen' };
/** Trades a terminal remembers; a query never goes back farther. */
const REMEMBERED = 16;

export class InstantDevice implements AnyDriver {
  readonly describe: AnyDriver['describe'];
  readonly #listeners = new Set<(status: DeviceStatus) => void>();
  readonly #trades = new Map<string, PaymentTerminalReply['state']>();
  #status = READY;
  #slips = 0;

  constructor({ id, class: deviceClass, model }: DeviceConfig) {
    this.describe = { id, class: deviceClass, model, link: 'none' };
  }

  status(): DeviceStatus {
    return this.#status;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A card is laid down or lifted, a slip taken. */
  media(media: 'present' | 'notPresent'): void {
    this.#status = { ...this.#status, media };
    for (const listener of this.#listeners) listener(this.#status);
  }

  execute(command: unknown): Promise<Outcome<unknown>> {
    return Promise.resolve(this.#answer(command));
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    yield { step: 'instant', result: 'skip', detail: '' };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer(command: unknown): Outcome<unknown> {
    switch (this.describe.class) {
      case 'smart-card-reader':
        return done(CARD, proof);
      case 'payment-terminal':
        return this.#pay(command as PaymentTerminalCommand);
      case 'receipt-printer':
        return this.#print(command as ReceiptPrinterCommand);
      default:
        return failed('device.refused', 'none');
    }
  }

  #pay({ kind, trade }: PaymentTerminalCommand): Outcome<PaymentTerminalReply> {
    if (kind !== 'query') this.#remember(trade, kind === 'sale' ? 'approved' : 'reversed');
    const state = this.#trades.get(trade) ?? 'notFound';
    return done(state === 'approved' ? { state, voucher: '000123', reference: '083015000123' } : { state }, proof);
  }

  #remember(trade: string, state: PaymentTerminalReply['state']): void {
    this.#trades.set(trade, state);
    const [oldest] = this.#trades.keys();
    if (this.#trades.size > REMEMBERED && oldest !== undefined) this.#trades.delete(oldest);
  }

  #print(command: ReceiptPrinterCommand): Outcome<ReceiptPrinterReply> {
    switch (command.kind) {
      case 'checkpoint':
        return done({ kind: 'checkpoint', checkpoint: `cuts=${this.#slips}` }, proof);
      case 'print':
        this.#slips++;
        this.media('present');
        return done({ kind: 'print' }, proof);
      case 'settle':
        return done({ kind: 'settle', printed: 'cannotTell' }, proof);
      case 'retract':
        this.media('notPresent');
        return done({ kind: 'retract', retracted: true }, proof);
    }
  }
}
