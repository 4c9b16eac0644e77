/**
 * The conversation with upsd (RFC 9271). It only ever reads: no login, no instant command, nothing physical. Answers carry
 * no number but come in order, so an answer that was waited for in vain is passed over when it does come.
 */
import type { Clock } from '../../contract/clock.ts';
import type { UpsCommand, UpsReply } from '../../contract/devices/ups.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange, type Turn } from '../link/exchange.ts';
import { Heartbeat } from '../link/heartbeat.ts';
import { notBegun } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import { NutAnswers, type NutAnswer } from './nut-answers.ts';
import { questionBytes, readSupply, type Reading } from './nut-reading.ts';
import type { NutMessage } from './nut.codec.ts';
import type { UpsModel } from './ups-models.ts';

export interface UpsDriverOptions {
  readonly id: string;
  readonly model: UpsModel;
  /** The supply's name in upsd. */
  readonly ups: string;
  readonly link: ByteLink;
  readonly clock: Clock;
}

export class UpsDriver implements Driver<UpsCommand, UpsReply> {
  readonly describe: DeviceDescriptor;
  readonly #model: UpsModel;
  readonly #ups: string;
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #status = new StatusHolder();
  readonly #answers = new NutAnswers();
  readonly #exchange: Exchange<NutAnswer>;
  readonly #heartbeat: Heartbeat;
  /** Answers that were given up and may still come on this wire. */
  #owed = 0;
  #missedBeats = 0;

  constructor(options: UpsDriverOptions) {
    const { id, model, ups, link, clock } = options;
    this.describe = { id, class: 'ups', model: model.name, link: `${link.address} ${ups}` };
    this.#model = model;
    this.#ups = ups;
    this.#link = link;
    this.#clock = clock;
    this.#exchange = new Exchange<NutAnswer>({
      link,
      clock,
      decode: (chunk) => this.#answers.push(chunk),
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(),
    });
    this.#heartbeat = new Heartbeat({
      clock,
      everyMs: () => model.pollMs,
      beat: async () => void (await this.#read(this.#beatLimits())),
    });
    link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(_command: UpsCommand, limits: Limits): Promise<Outcome<UpsReply>> {
    return this.#read(limits);
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    const isOpen = this.#link.state === 'open';
    yield { step: 'link', result: isOpen ? 'pass' : 'fail', detail: `${this.describe.link} ${this.#link.state}` };
    const outcome = await this.#read(this.#beatLimits());
    if (outcome.kind !== 'done') {
      const { code, detail } = outcome.problem;
      yield { step: 'supply', result: 'fail', detail: `${code}: ${detail ?? ''}` };
      return;
    }
    const { onBattery, chargePercent, runtimeSeconds } = outcome.reply;
    yield { step: 'supply', result: onBattery ? 'fail' : 'pass', detail: `says ${outcome.evidence.value}` };
    const mustReplace = this.#status.value.signals?.['replaceBattery'] === true;
    const detail = `charge ${chargePercent ?? '?'} %, runs ${runtimeSeconds ?? '?'} s${mustReplace ? ', replace it' : ''}`;
    yield { step: 'battery', result: mustReplace ? 'fail' : 'pass', detail };
    const { damaged } = this.#answers.counts;
    yield { step: 'line', result: damaged === 0 ? 'pass' : 'fail', detail: `${damaged} damaged answers` };
  }

  async close(): Promise<void> {
    this.#heartbeat.stop();
    await this.#exchange.close();
  }

  async #read(limits: Limits): Promise<Outcome<UpsReply>> {
    let reading: Reading | undefined;
    const outcome = await this.#exchange.run(limits, async (turn) => {
      reading = await readSupply(turn, (...question) => this.#ask(...question), this.#ups);
      return reading.outcome;
    });
    if (reading) this.#note(reading);
    return outcome;
  }

  async #ask(
    turn: Turn<NutAnswer>,
    question: NutMessage,
    match: (answer: NutAnswer) => NutAnswer | undefined,
  ): Promise<NutAnswer | Outcome<never>> {
    const isOurs = (answer: NutAnswer): NutAnswer | undefined => {
      if (answer.kind === 'damaged') return answer;
      if (this.#owed === 0) return match(answer);
      this.#owed -= 1;
      return undefined;
    };
    const wait = await turn.ask(questionBytes(question), isOurs, this.#model.answerMs);
    if (wait.kind === 'got') return wait.value;
    if (wait.kind !== 'lost') this.#owed += 1;
    return wait.kind === 'timeout' ? failed('device.absent', 'none', 'upsd is silent') : notBegun(wait.kind);
  }

  #note({ outcome, said }: Reading): void {
    if (said && outcome.kind === 'done') {
      const { onBattery, batteryLow, chargePercent } = outcome.reply;
      const { replaceBattery } = said;
      const charge = chargePercent === undefined ? {} : { chargePercent };
      this.#missedBeats = 0;
      const signals = { onBattery, batteryLow, replaceBattery, ...charge };
      this.#status.become({ device: 'online', paper: 'unknown', media: 'unknown', signals });
    } else if (outcome.kind !== 'done' && said) {
      this.#missedBeats = 0;
      this.#status.become({ device: said.state, paper: 'unknown', media: 'unknown', problem: outcome.problem });
    } else if (outcome.kind === 'failed' && isMiss(outcome.problem.code)) this.#missed();
  }

  #missed(): void {
    this.#missedBeats += 1;
    if (this.#missedBeats >= this.#model.silentBeats) this.#link.reconnect();
  }

  #beatLimits(): Limits {
    // Long enough for three rounds of four questions; silence ends it after one.
    return { deadline: this.#clock.now() + this.#model.answerMs * 12, signal: new AbortController().signal };
  }

  #opened(): void {
    this.#answers.reset();
    this.#owed = 0;
    this.#heartbeat.start();
  }

  #lost(): void {
    this.#answers.reset();
    this.#missedBeats = 0;
    this.#heartbeat.stop();
    const why = this.#link.problem ?? { code: 'device.absent' };
    this.#status.become({ device: 'offline', paper: 'unknown', media: 'unknown', problem: why });
  }
}

function isMiss(code: string): boolean {
  return code === 'device.absent' || code === 'device.garbage' || code === 'device.refused';
}
