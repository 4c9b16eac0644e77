/**
 * The conversation with a resident ID-card reader (device-protocols 1). One question at a time; a status question tells now
 * and then whether the module is there and well, and a card that lies on the reader is watched until it leaves.
 */
import type { Clock } from '../../contract/clock.ts';
import type { IdCardCommand, IdCardReply } from '../../contract/devices/id-card-reader.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { done, failed, problem, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange, type Turn } from '../link/exchange.ts';
import { Heartbeat } from '../link/heartbeat.ts';
import { notBegun } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import { CardPresence } from './card-presence.ts';
import type { IdCardModel } from './id-card-models.ts';
import { testIdCardReader } from './id-card-self-test.ts';
import { readIdCard } from './read-id-card.ts';
import { SamConversation, type Said } from './sam-conversation.ts';
import type { SamEvent } from './sam-frame.codec.ts';
import { RESET, SAM_ID, STATUS, statusClass, type Question } from './sam-questions.ts';

export interface IdCardReaderOptions {
  readonly id: string;
  readonly model: IdCardModel;
  readonly link: ByteLink;
  readonly clock: Clock;
}

const QUIET_BEAT_MS = 2_000;
/** After a beat without an answer. */
const DOUBTFUL_BEAT_MS = 500;
/** A card that lies there is to be missed within half a second. */
const WATCH_BEAT_MS = 300;
const BEAT_LIMIT_MS = 8_000;
/** Questions without an answer before the reader counts as gone. */
const MISSES = 3;

export class IdCardReaderDriver implements Driver<IdCardCommand, IdCardReply> {
  readonly describe: DeviceDescriptor;
  readonly #model: IdCardModel;
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #status = new StatusHolder();
  readonly #conversation: SamConversation;
  readonly #presence: CardPresence;
  readonly #exchange: Exchange<SamEvent>;
  readonly #heartbeat: Heartbeat;
  #misses = 0;
  /** Since the module was last well. */
  #hasBeenReset = false;

  constructor(options: IdCardReaderOptions) {
    const { id, model, link, clock } = options;
    this.describe = { id, class: 'id-card-reader', model: model.name, link: link.address };
    this.#model = model;
    this.#link = link;
    this.#clock = clock;
    this.#conversation = new SamConversation({
      clock,
      reportBytes: model.reportBytes,
      readPauseMs: model.readPauseMs.value,
      onAnswer: (question, refusal) => this.#answered(question, refusal),
      onSilence: () => this.#missed(),
    });
    this.#presence = new CardPresence(this.#conversation, model.liftAgain.value, () => this.#mediaChanged());
    this.#heartbeat = new Heartbeat({ clock, everyMs: () => this.#beatMs(), beat: () => this.#beat() });
    this.#exchange = new Exchange<SamEvent>({
      link,
      clock,
      decode: (chunk) => this.#conversation.push(chunk),
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(),
      onEvent: () => {
        // Nobody waits for it; it may be personal all the same.
        if (this.#exchange.isIdle) this.#conversation.blank();
      },
    });
    link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(command: IdCardCommand, limits: Limits): Promise<Outcome<IdCardReply>> {
    return this.#exchange.run<IdCardReply>(limits, async (turn) => {
      const outcome = await this.#carryOut(turn, command);
      this.#conversation.blank();
      return outcome;
    });
  }

  reset(limits: Limits): Promise<Outcome<object>> {
    return this.#exchange.run<object>(limits, async (turn) => {
      const said = await this.#conversation.ask(turn, RESET);
      return said.kind === 'got' ? done({}, { method: 'sam.reset', value: '90' }) : this.#unsaid(said);
    });
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    yield* testIdCardReader({
      exchange: this.#exchange,
      conversation: this.#conversation,
      model: this.#model,
      link: this.#link,
      clock: this.#clock,
    });
  }

  async close(): Promise<void> {
    this.#heartbeat.stop();
    await this.#exchange.close();
    this.#conversation.reset();
  }

  #carryOut(turn: Turn<SamEvent>, command: IdCardCommand): Promise<Outcome<IdCardReply>> {
    switch (command.kind) {
      case 'read':
        return readIdCard({ turn, command, conversation: this.#conversation, presence: this.#presence });
      case 'sam-id':
        return this.#samId(turn);
    }
  }

  async #samId(turn: Turn<SamEvent>): Promise<Outcome<IdCardReply>> {
    const said = await this.#conversation.ask(turn, SAM_ID);
    if (said.kind !== 'got') return this.#unsaid(said);
    return done({ kind: 'sam-id', samId: said.value }, { method: 'sam.id', value: said.value });
  }

  #unsaid(said: Exclude<Said<unknown>, { kind: 'got' }>): Outcome<never> {
    switch (said.kind) {
      case 'code': {
        const isFault = statusClass(said.code) === 'samFault';
        return failed(isFault ? 'idCard.samFault' : 'device.refused', 'none', hex2(said.code));
      }
      case 'spoilt':
        return failed('device.garbage', 'none', 'damaged answers');
      case 'silent':
        return failed('device.absent', 'none', `no answer on ${this.#link.address}`);
      default:
        return notBegun(said.kind);
    }
  }

  #opened(): void {
    this.#conversation.reset();
    this.#presence.forget();
    this.#misses = 0;
    this.#hasBeenReset = false;
    this.#become('starting');
    this.#heartbeat.start();
  }

  #lost(): void {
    this.#heartbeat.stop();
    this.#conversation.reset();
    this.#presence.forget();
    this.#goOffline(this.#link.problem ?? { code: 'device.absent' });
  }

  #answered(question: Question<unknown>, refusal: number | undefined): void {
    this.#misses = 0;
    if (refusal === undefined) return this.#well(question.provesHealth);
    if (statusClass(refusal) === 'samFault') this.#become('hardwareError', problem('idCard.samFault', hex2(refusal)));
  }

  /** A module without a licence still finds cards: only its status, or a card read, says that it is in order again. */
  #well(isProof: boolean): void {
    if (this.#status.value.device === 'hardwareError' && !isProof) return;
    this.#hasBeenReset = false;
    this.#become('online');
  }

  #missed(): void {
    this.#misses += 1;
    if (this.#misses < MISSES) return;
    this.#misses = 0;
    this.#goOffline({ code: 'device.absent', detail: `no answer on ${this.#link.address}` });
    this.#link.reconnect();
  }

  #beatMs(): number {
    if (this.#misses > 0) return DOUBTFUL_BEAT_MS;
    return this.#presence.isWatched ? WATCH_BEAT_MS : QUIET_BEAT_MS;
  }

  async #beat(): Promise<void> {
    if (!this.#exchange.isIdle) return;
    const limits = { deadline: this.#clock.now() + BEAT_LIMIT_MS, signal: new AbortController().signal };
    // a beat that was interrupted says nothing; the next one will
    void (await this.#exchange.run(limits, async (turn) => {
      await (this.#presence.isWatched ? this.#presence.look(turn) : this.#checkModule(turn));
      return done({}, { method: 'none', value: '' });
    }));
  }

  /** A module that is not well is reset once; it may come round. One without a licence will not. */
  async #checkModule(turn: Turn<SamEvent>): Promise<void> {
    const said = await this.#conversation.ask(turn, STATUS);
    const isFault = said.kind === 'code' && statusClass(said.code) === 'samFault' && said.code !== NOT_LICENSED;
    if (!isFault || this.#hasBeenReset) return;
    await this.#conversation.ask(turn, RESET);
    this.#hasBeenReset = true;
    await this.#conversation.ask(turn, STATUS);
  }

  #mediaChanged(): void {
    const { device, problem: why } = this.#status.value;
    this.#become(device, why);
    // The next beat was timed for a reader on which nothing lies.
    if (this.#presence.isWatched) this.#heartbeat.start();
  }

  #goOffline(why: Problem): void {
    this.#become(why.code === 'device.driverMissing' ? 'noDevice' : 'offline', why);
  }

  #become(device: DeviceStatus['device'], why?: Problem): void {
    const media = this.#presence.media;
    this.#status.become({ device, paper: 'unknown', media, ...(why === undefined ? {} : { problem: why }) });
  }
}

const NOT_LICENSED = 0x66;

function hex2(code: number): string {
  return code.toString(16).toUpperCase().padStart(2, '0');
}
