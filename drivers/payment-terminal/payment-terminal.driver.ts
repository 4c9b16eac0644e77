/**
 * The conversation with a bank card terminal (device-protocols 5.1). A sale leaves this side once: it is repeated only when
 * the terminal says it could not read it. Whatever else happens after its last byte is `unknown`, and `query` finds out.
 */
import type { Clock } from '../../contract/clock.ts';
import type { PaymentTerminalCommand, PaymentTerminalReply } from '../../contract/devices/payment-terminal.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { failed, unknown, type Outcome } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange, type Turn } from '../link/exchange.ts';
import { INTERRUPTION_CODES, type Interruption } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import { judge } from './mis-judgement.ts';
import { encodeRequest, type MisResponse } from './mis-messages.codec.ts';
import { MisReceiver, type MisInput } from './mis-receiver.ts';
import { sendFrame, type Sent } from './mis-sending.ts';
import { RunningSales } from './running-sales.ts';
import type { TerminalModel } from './terminal-models.ts';

export interface PaymentTerminalOptions {
  readonly id: string;
  readonly model: TerminalModel;
  readonly link: ByteLink;
  readonly clock: Clock;
}

export class PaymentTerminalDriver implements Driver<PaymentTerminalCommand, PaymentTerminalReply> {
  readonly describe: DeviceDescriptor;
  readonly #model: TerminalModel;
  readonly #link: ByteLink;
  readonly #status = new StatusHolder();
  readonly #receiver: MisReceiver;
  readonly #exchange: Exchange<MisInput>;
  /** Echoes of sales given up as unknown: their answers may still come, and belong to nobody else. */
  readonly #openEchoes = new Set<string>();
  readonly #running: RunningSales;
  #unmaskedCards = 0;

  constructor(options: PaymentTerminalOptions) {
    const { id, model, link, clock } = options;
    this.describe = { id, class: 'payment-terminal', model: model.name, link: link.address };
    this.#model = model;
    this.#link = link;
    this.#running = new RunningSales(clock, model.outcomeMs.value);
    this.#receiver = new MisReceiver(link, clock, (input) => this.#exchange.put(input));
    this.#exchange = new Exchange<MisInput>({
      link,
      clock,
      decode: (chunk) => this.#receiver.push(chunk),
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(),
    });
    link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(command: PaymentTerminalCommand, limits: Limits): Promise<Outcome<PaymentTerminalReply>> {
    return this.#exchange.run(limits, async (turn) => {
      this.#openEchoes.delete(command.echo);
      if (command.kind === 'sale') this.#running.begins(command.echo);
      const outcome = await this.#converse(turn, command);
      if (outcome.kind === 'unknown') this.#openEchoes.add(command.echo);
      else if (command.kind === 'sale') this.#running.ended(command.echo);
      return outcome;
    });
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    const isOpen = this.#link.state === 'open';
    yield { step: 'link', result: isOpen ? 'pass' : 'fail', detail: `${this.#link.address} ${this.#link.state}` };
    const { damaged, garbage } = this.#receiver.counts;
    const isClean = damaged + garbage + this.#unmaskedCards === 0;
    const detail = `${damaged} damaged frames, ${garbage} times noise, ${this.#unmaskedCards} unmasked card numbers`;
    yield { step: 'line', result: isClean ? 'pass' : 'fail', detail };
    const { trades } = this.#model;
    const assumed = Object.entries(trades).filter(([, trade]) => trade.confidence === 'assumed');
    yield {
      step: 'trade codes',
      result: assumed.length === 0 ? 'pass' : 'skip',
      detail: `to be confirmed by the acquirer: ${assumed.map(([name, { code }]) => `${name} ${code}`).join(', ')}`,
    };
  }

  async close(): Promise<void> {
    this.#receiver.reset();
    await this.#exchange.close();
  }

  async #converse(turn: Turn<MisInput>, command: PaymentTerminalCommand): Promise<Outcome<PaymentTerminalReply>> {
    // A void names its sale by voucher and a query changes nothing: both may be said again into silence. A sale may not.
    const sent = await sendFrame(turn, this.#encode(command), command.kind !== 'sale');
    if (sent.kind !== 'taken') return notTaken(sent.kind, command.kind);

    for (let early = sent.early; ; early = undefined) {
      const wait = early ? ({ kind: 'got', value: early } as const) : await turn.next(responseIn);
      if (wait.kind !== 'got') return noAnswer(wait.kind, command.kind);
      if (wait.value.cameUnmasked) this.#unmaskedCards += 1;
      const mayStillRun = this.#running.mayRun(command.echo, command.kind === 'query' ? command.ageMs : undefined);
      const response = wait.value;
      const verdict = judge({ command, response, model: this.#model, openEchoes: this.#openEchoes, mayStillRun });
      if (verdict !== 'notOurs') return verdict;
    }
  }

  #encode(command: PaymentTerminalCommand): Uint8Array {
    const { desk, operator, trades } = this.#model;
    const { echo, amountCents } = command;
    const request = { echo, amountCents, desk, operator };
    switch (command.kind) {
      case 'sale':
        return encodeRequest({ ...request, tradeCode: trades.sale.code });
      case 'query':
        return encodeRequest({ ...request, tradeCode: trades.lastResult.code });
      case 'reverse':
        return encodeRequest({ ...request, tradeCode: trades.void.code, voucher: command.voucher });
    }
  }

  #opened(): void {
    this.#receiver.reset();
    this.#status.become({ device: 'online', paper: 'unknown', media: 'unknown' });
  }

  #lost(): void {
    this.#receiver.reset();
    const why = this.#link.problem ?? { code: 'device.absent' };
    const device = why.code === 'device.driverMissing' ? 'noDevice' : 'offline';
    this.#status.become({ device, paper: 'unknown', media: 'unknown', problem: why });
  }
}

function responseIn(input: MisInput): MisResponse | undefined {
  return input.kind === 'response' ? input.response : undefined;
}

type Kind = PaymentTerminalCommand['kind'];

function notTaken(kind: Exclude<Sent['kind'], 'taken'>, command: Kind): Outcome<never> {
  if (kind === 'unsent') return failed('device.absent', 'none', 'the link went before the first byte');
  if (kind === 'refused') return failed('device.refused', 'none', 'the terminal could not read the request');
  return noAnswer(kind, command);
}

/** A question that was not answered has changed nothing; a sale or a void has perhaps moved money. */
function noAnswer(reason: 'silent' | 'timeout' | Interruption, command: Kind): Outcome<never> {
  const code = reason === 'silent' || reason === 'timeout' ? 'device.absent' : INTERRUPTION_CODES[reason];
  return command === 'query' ? failed(code, 'none', 'no answer') : unknown('payment.unknown', code);
}
