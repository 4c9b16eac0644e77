/**
 * The conversation with a terminal behind the MIS DLL (device-protocols 5.2): one call, one answer, nothing acknowledged in
 * between. A sale is called once; a lost answer is looked for in the last result (reprint), which names no trade.
 */
import type { Clock } from '../../contract/clock.ts';
import type { PaymentTerminalCommand, PaymentTerminalReply } from '../../contract/devices/payment-terminal.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { done, failed, unknown } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange, type Turn } from '../link/exchange.ts';
import { INTERRUPTION_CODES } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import { BridgeDecoder, frameForBridge } from './mis-dll-bridge.codec.ts';
import { decodeDllResponse, encodeDllRequest, type DllResponse, type DllType } from './mis-dll.codec.ts';
import { judgeDllReprint, judgeDllSale, judgeDllVoid, type DllOutcome } from './mis-dll-judgement.ts';
import { DllTrades } from './mis-dll-trades.ts';
import { maskCard } from './mis-messages.codec.ts';
import { RunningSales } from './running-sales.ts';
import type { DllModel } from './terminal-models.ts';

export interface MisDllOptions {
  readonly id: string;
  readonly model: DllModel;
  readonly link: ByteLink;
  readonly clock: Clock;
}

/** A last result is in the terminal's memory; the host is not asked. */
const REPRINT_MS = 10_000;

type CommandOf<Kind extends PaymentTerminalCommand['kind']> = Extract<PaymentTerminalCommand, { kind: Kind }>;

export class MisDllDriver implements Driver<PaymentTerminalCommand, PaymentTerminalReply> {
  readonly describe: DeviceDescriptor;
  readonly #model: DllModel;
  readonly #link: ByteLink;
  readonly #status = new StatusHolder();
  readonly #decoder = new BridgeDecoder();
  readonly #trades = new DllTrades();
  readonly #running: RunningSales;
  readonly #exchange: Exchange<DllResponse>;
  readonly #counts = { unreadable: 0, unmaskedCards: 0 };

  constructor(options: MisDllOptions) {
    const { id, model, link, clock } = options;
    this.describe = { id, class: 'payment-terminal', model: model.name, link: link.address };
    this.#model = model;
    this.#link = link;
    this.#running = new RunningSales(clock, model.outcomeMs.value);
    this.#exchange = new Exchange<DllResponse>({
      link,
      clock,
      decode: (chunk) => this.#decoder.push(chunk).flatMap((text) => this.#read(text)),
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(),
      onEvent: (response) => void this.#trades.hear(response),
    });
    link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(command: PaymentTerminalCommand, limits: Limits): Promise<DllOutcome> {
    return this.#exchange.run(limits, (turn) => {
      switch (command.kind) {
        case 'sale':
          return this.#sale(turn, command);
        case 'query':
          return this.#query(turn, command);
        case 'reverse':
          return this.#reverse(turn, command);
      }
    });
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    const isOpen = this.#link.state === 'open';
    yield { step: 'link', result: isOpen ? 'pass' : 'fail', detail: `${this.#link.address} ${this.#link.state}` };
    const { unreadable, unmaskedCards } = this.#counts;
    const damaged = this.#decoder.damaged + unreadable;
    const detail = `${damaged} damaged answers, ${unmaskedCards} unmasked card numbers`;
    yield { step: 'line', result: damaged + unmaskedCards === 0 ? 'pass' : 'fail', detail };
    yield { step: 'bridge', result: 'skip', detail: 'the framing of the bridge is ours; the DLL itself has none' };
  }

  async close(): Promise<void> {
    await this.#exchange.close();
  }

  async #sale(turn: Turn<DllResponse>, { echo, amountCents }: CommandOf<'sale'>): Promise<DllOutcome> {
    const trade = this.#trades.begin(echo, amountCents);
    this.#running.begins(echo);
    if (!this.#call(turn, 'sale', trade.digits, amountCents)) {
      this.#trades.forget(echo);
      this.#running.ended(echo);
      return failed('device.absent', 'none', 'the link went before the first byte');
    }
    for (;;) {
      const wait = await turn.next((response) => response);
      if (wait.kind === 'timeout') continue;
      if (wait.kind !== 'got') return unknown('payment.unknown', INTERRUPTION_CODES[wait.kind]);
      if (wait.value.echo === trade.digits)
        return this.#settled(echo, judgeDllSale(wait.value, amountCents, this.#model));
      // A late answer to a trade given up has been put down there; any other belongs to a call we know nothing of.
      if (!this.#trades.hear(wait.value)) return unknown('payment.unknown', `answer to call ${wait.value.echo}`);
    }
  }

  async #query(turn: Turn<DllResponse>, { echo }: CommandOf<'query'>): Promise<DllOutcome> {
    const known = this.#trades.settledReply(echo);
    if (known) return done(known, { method: 'driver.memory', value: known.state });
    const trade = this.#trades.openTrade(echo);
    if (!trade) return failed('payment.unknown', 'none', 'sent before this start: a last result names no trade');
    if (trade.late) return this.#settled(echo, judgeDllSale(trade.late, trade.amountCents, this.#model));
    if (!this.#trades.isLatest(echo)) {
      return failed('payment.unknown', 'none', 'another sale was sent since: the last result is not about this one');
    }
    const digits = this.#trades.nextDigits(echo);
    if (!this.#call(turn, 'reprint', digits, 0)) return failed('device.absent', 'none', 'the link went');
    const wait = await turn.next(
      (response) => (response.echo === digits || response.echo === trade.digits ? response : undefined),
      REPRINT_MS,
    );
    if (wait.kind === 'timeout') return failed('device.absent', 'none', 'no answer');
    if (wait.kind !== 'got') return failed(INTERRUPTION_CODES[wait.kind], 'none', 'no answer');
    if (wait.value.echo === trade.digits) {
      return this.#settled(echo, judgeDllSale(wait.value, trade.amountCents, this.#model));
    }
    return this.#settled(echo, judgeDllReprint(wait.value, trade, this.#model, this.#running.mayRun(echo)));
  }

  async #reverse(turn: Turn<DllResponse>, command: CommandOf<'reverse'>): Promise<DllOutcome> {
    const digits = this.#trades.nextDigits(command.echo);
    const { amountCents, voucher } = command;
    if (!this.#call(turn, 'void', digits, amountCents, voucher)) {
      return failed('device.absent', 'none', 'the link went before the first byte');
    }
    this.#trades.voided();
    const wait = await turn.next((response) => (response.echo === digits ? response : undefined));
    if (wait.kind !== 'got') {
      return unknown('payment.unknown', wait.kind === 'timeout' ? 'no answer' : INTERRUPTION_CODES[wait.kind]);
    }
    return judgeDllVoid(wait.value, amountCents, this.#model);
  }

  /** False when no byte left. */
  #call(turn: Turn<DllResponse>, type: DllType, echo: string, amountCents: number, originalVoucher = ''): boolean {
    const { desk, operator } = this.#model;
    const request = {
      desk,
      operator,
      type,
      amountCents,
      originalDate: '',
      originalReference: '',
      originalVoucher,
      echo,
    };
    const text = encodeDllRequest(request);
    if (!text.ok) throw new RangeError(text.problem.detail);
    turn.discard();
    return turn.send(frameForBridge(text.value));
  }

  /** An outcome that says what became of the sale is remembered. */
  #settled(echo: string, outcome: DllOutcome): DllOutcome {
    if (outcome.kind !== 'done') return outcome;
    this.#trades.settle(echo, outcome.reply);
    this.#running.ended(echo);
    return outcome;
  }

  #read(text: Uint8Array): DllResponse[] {
    const response = decodeDllResponse(text);
    if (!response.ok) {
      this.#counts.unreadable += 1;
      return [];
    }
    if (maskCard(response.value.card).cameUnmasked) this.#counts.unmaskedCards += 1;
    return [response.value];
  }

  #opened(): void {
    this.#decoder.reset();
    this.#status.become({ device: 'online', paper: 'unknown', media: 'unknown' });
  }

  #lost(): void {
    this.#decoder.reset();
    const why = this.#link.problem ?? { code: 'device.absent' };
    const device = why.code === 'device.driverMissing' ? 'noDevice' : 'offline';
    this.#status.become({ device, paper: 'unknown', media: 'unknown', problem: why });
  }
}
