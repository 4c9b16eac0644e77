/**
 * Waits for a code. A scanner only speaks: there is nothing to ask it, so online means that its wire stands and that nothing
 * types which must not. What comes is untrusted bytes (needs A10).
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { ScannerCommand, ScannerReply } from '../../contract/devices/scanner.schema.ts';
import type {
  DeviceDescriptor,
  DeviceState,
  DeviceStatus,
  Driver,
  Limits,
  SelfTestLine,
} from '../../contract/driver.ts';
import { done, failed, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange, type Turn } from '../link/exchange.ts';
import { notBegun } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import type { CodeDecoder, ScanEvent } from './code-decoder.ts';
import { HidposDecoder } from './hidpos.codec.ts';
import { KeyboardWatch, type KeyboardPolicy, type ListHid } from './keyboard-watch.ts';
import type { ScannerModel } from './scanner-models.ts';
import { SerialCodeDecoder } from './serial-code.codec.ts';

export interface ScannerOptions {
  readonly id: string;
  readonly model: ScannerModel;
  readonly link: ByteLink;
  readonly clock: Clock;
  /** Looks for keyboards; the wire is opened only when there is none that must not be. */
  readonly keyboards?: (KeyboardPolicy & { readonly list: ListHid }) | undefined;
}

/** A code whose next bytes do not come for so long is not going on. */
const CODE_GAP_MS = 500;

export class ScannerDriver implements Driver<ScannerCommand, ScannerReply> {
  readonly describe: DeviceDescriptor;
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #model: ScannerModel;
  readonly #status = new StatusHolder();
  readonly #decoder: CodeDecoder;
  readonly #exchange: Exchange<ScanEvent>;
  readonly #watch: KeyboardWatch | undefined;
  readonly #counts = { codes: 0, tooLong: 0, cut: 0, garbage: 0 };
  #gap: TimerHandle | undefined;
  #quarantine: Problem | undefined;

  constructor(options: ScannerOptions) {
    const { id, model, link, clock, keyboards } = options;
    this.describe = { id, class: 'scanner', model: model.name, link: link.address };
    this.#link = link;
    this.#clock = clock;
    this.#model = model;
    this.#decoder = decoderOf(model);
    this.#exchange = new Exchange<ScanEvent>({
      link,
      clock,
      decode: (chunk) => this.#decode(chunk),
      onEvent: (event) => this.#count(event),
      onOpen: () => this.#wireChanged(),
      onLost: () => this.#wireChanged(),
    });
    if (keyboards) {
      this.#watch = new KeyboardWatch({ ...keyboards, clock, onChange: (why) => this.#looked(why) });
      this.#watch.start();
    } else link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(_command: ScannerCommand, limits: Limits): Promise<Outcome<ScannerReply>> {
    return this.#exchange.run(limits, (turn) => {
      const { code, detail } = this.#quarantine ?? {};
      return code ? Promise.resolve(failed(code, 'none', detail)) : this.#scan(turn);
    });
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    const isOpen = this.#link.state === 'open';
    yield { step: 'link', result: isOpen ? 'pass' : 'fail', detail: `${this.#link.address} ${this.#link.state}` };
    yield this.#keyboardLine();
    const { codes, tooLong, cut, garbage } = this.#counts;
    const detail = `${codes} codes, ${tooLong} too long, ${cut} cut off, ${garbage} times noise`;
    yield { step: 'line', result: cut + garbage === 0 ? 'pass' : 'fail', detail };
    if (this.#model.speech === 'hidpos' && this.#model.layoutConfidence === 'single') {
      yield { step: 'layout', result: 'skip', detail: 'known from one source only: hold up a code and compare' };
    }
  }

  async close(): Promise<void> {
    this.#watch?.stop();
    this.#stopGap();
    await this.#exchange.close();
  }

  async #scan(turn: Turn<ScanEvent>): Promise<Outcome<ScannerReply>> {
    this.#decoder.startAfresh();
    const garbageBefore = this.#counts.garbage;
    const wait = await turn.next(codeOrTooLong);
    if (wait.kind === 'got') return outcomeOf(wait.value);
    if (wait.kind !== 'deadline' && wait.kind !== 'timeout') return notBegun(wait.kind);
    if (this.#counts.garbage > garbageBefore) return failed('device.garbage', 'none', 'only noise came');
    return failed('scan.none', 'none');
  }

  #decode(chunk: Uint8Array): ScanEvent[] {
    const events = this.#decoder.push(chunk);
    this.#stopGap();
    if (this.#decoder.isUnfinished) {
      this.#gap = this.#clock.after(CODE_GAP_MS, () => {
        for (const event of this.#decoder.quiet()) this.#exchange.put(event);
      });
    }
    return events;
  }

  #count({ kind }: ScanEvent): void {
    if (kind === 'code') this.#counts.codes += 1;
    else this.#counts[kind] += 1;
  }

  #stopGap(): void {
    if (this.#gap) this.#clock.cancel(this.#gap);
    this.#gap = undefined;
  }

  #looked(why: Problem | undefined): void {
    this.#quarantine = why;
    if (!why && this.#link.state === 'connecting') this.#link.open();
    this.#showStatus();
  }

  #wireChanged(): void {
    this.#stopGap();
    this.#decoder.reset();
    this.#showStatus();
  }

  #showStatus(): void {
    const why = this.#quarantine ?? (this.#link.state === 'open' ? undefined : this.#link.problem);
    const device = why ? stateFor(why) : this.#link.state === 'open' ? 'online' : 'starting';
    this.#status.become({ device, paper: 'unknown', media: 'unknown', ...(why ? { problem: why } : {}) });
  }

  #keyboardLine(): SelfTestLine {
    if (!this.#watch) return { step: 'keyboards', result: 'skip', detail: 'not looked for on this link' };
    const { code, detail } = this.#quarantine ?? {};
    if (!code) return { step: 'keyboards', result: 'pass', detail: 'nothing types that must not' };
    return { step: 'keyboards', result: 'fail', detail: `${code}: ${detail ?? ''}` };
  }
}

function decoderOf(model: ScannerModel): CodeDecoder {
  if (model.speech === 'hidpos') return new HidposDecoder(model.layout);
  return new SerialCodeDecoder(model.lineEnd, model.saysAim);
}

function codeOrTooLong(event: ScanEvent): Extract<ScanEvent, { kind: 'code' | 'tooLong' }> | undefined {
  return event.kind === 'code' || event.kind === 'tooLong' ? event : undefined;
}

function outcomeOf(event: Extract<ScanEvent, { kind: 'code' | 'tooLong' }>): Outcome<ScannerReply> {
  if (event.kind === 'tooLong') return failed('scan.rejected', 'none', 'longer than 512 bytes');
  const { data, symbology } = event;
  const reply = { data: Buffer.from(data).toString('base64'), ...(symbology === undefined ? {} : { symbology }) };
  return done(reply, { method: 'scanner', value: `${data.length} bytes` });
}

function stateFor({ code }: Problem): DeviceState {
  if (code === 'scan.keyboard') return 'userError';
  return code === 'device.driverMissing' ? 'noDevice' : 'offline';
}
