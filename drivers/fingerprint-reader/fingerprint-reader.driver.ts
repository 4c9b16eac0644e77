/**
 * The conversation with a ZFM / R30x fingerprint module (device-protocols 3). Nothing it does moves anything, so every
 * question may be asked again; what counts is that no answer is taken for another's and that no print is left behind.
 */
import type { Clock } from '../../contract/clock.ts';
import type { FingerprintCommand, FingerprintReply } from '../../contract/devices/fingerprint-reader.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { done, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange, type Turn } from '../link/exchange.ts';
import { Heartbeat } from '../link/heartbeat.ts';
import { StatusHolder } from '../link/status-holder.ts';
import { enrolFinger } from './enrol-finger.ts';
import { capture, waitForLift } from './finger-steps.ts';
import type { FingerprintModel } from './fingerprint-models.ts';
import { greet } from './greet.ts';
import { HeldPrints } from './held-prints.ts';
import type { ModuleSession } from './module-session.ts';
import { PrintAdvice } from './print-advice.ts';
import { testModule } from './self-test.ts';
import { blankImage } from './template-transfer.ts';
import { verifyFinger } from './verify-finger.ts';
import { blindWipe, wipeBuffers } from './wipe.ts';
import { ZfmLine } from './zfm-line.ts';
import { DEFAULT_ADDRESS, type ZfmEvent } from './zfm-packet.codec.ts';
import { ZfmReceiver } from './zfm-receiver.ts';
import { ZfmTalk, type Answer } from './zfm-talk.ts';

export interface FingerprintReaderOptions {
  readonly id: string;
  readonly model: FingerprintModel;
  readonly link: ByteLink;
  readonly clock: Clock;
  /** As set in the module; its defaults when absent. */
  readonly address?: number | undefined;
  readonly password?: number | undefined;
}

const QUIET_BEAT_MS = 5_000;
/** After a beat without an answer. */
const ANXIOUS_BEAT_MS = 1_000;
const BEAT_LIMIT_MS = 15_000;
/** Beats without an answer before the module counts as gone. */
const MISSES = 3;
/** A whole picture at 9600 baud, the slowest rate, takes 42 s. */
const CLEAN_LIMIT_MS = 60_000;

export class FingerprintReaderDriver implements Driver<FingerprintCommand, FingerprintReply> {
  readonly describe: DeviceDescriptor;
  readonly #model: FingerprintModel;
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #status = new StatusHolder();
  readonly #receiver: ZfmReceiver;
  readonly #exchange: Exchange<ZfmEvent>;
  readonly #heartbeat: Heartbeat;
  readonly #line: ZfmLine;
  readonly #held = new HeldPrints();
  readonly #advice = new PrintAdvice();
  readonly #closing = new AbortController();
  /** Somebody wants the module: the blanking of its picture can wait. */
  #isWanted = false;
  #misses = 0;

  constructor(options: FingerprintReaderOptions) {
    const { id, model, link, clock, address = DEFAULT_ADDRESS, password = 0 } = options;
    this.describe = { id, class: 'fingerprint-reader', model: model.name, link: link.address };
    this.#model = model;
    this.#link = link;
    this.#clock = clock;
    this.#line = new ZfmLine(address, password);
    this.#receiver = new ZfmReceiver(clock, (event) => this.#exchange.put(event));
    this.#heartbeat = new Heartbeat({
      clock,
      everyMs: () => (this.#misses > 0 ? ANXIOUS_BEAT_MS : QUIET_BEAT_MS),
      beat: () => this.#beat(),
    });
    this.#exchange = new Exchange<ZfmEvent>({
      link,
      clock,
      decode: (chunk) => {
        const events = this.#receiver.push(chunk);
        this.#line.hearBytes(events);
        return events;
      },
      onEvent: (event) => this.#line.hear(event),
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

  async execute(command: FingerprintCommand, limits: Limits): Promise<Outcome<FingerprintReply>> {
    const signal = AbortSignal.any([limits.signal, this.#closing.signal]);
    this.#isWanted = true;
    const outcome = await this.#exchange.run<FingerprintReply>({ deadline: limits.deadline, signal }, async (turn) => {
      this.#isWanted = false;
      const session = this.#session(turn);
      const ready = await makeReady(session);
      if (!ready.ok) return ready.outcome;
      const ended = await carryOut(session, command);
      // what a finished capture made is kept on purpose, until `wipe`
      if (ended.kind !== 'done' && command.kind !== 'await-lift') this.#held.abandon();
      return ended;
    });
    void this.#cleanUp();
    return outcome;
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    yield* testModule({
      exchange: this.#exchange,
      link: this.#link,
      clock: this.#clock,
      line: this.#line,
      session: (turn) => this.#session(turn),
    });
  }

  async close(): Promise<void> {
    this.#heartbeat.stop();
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      if (this.#held.inBuffers) blindWipe(this.#link, this.#line, this.#model);
    }
    this.#receiver.reset();
    await this.#exchange.close();
    this.#receiver.reset();
  }

  #session(turn: Turn<ZfmEvent>): ModuleSession {
    return {
      talk: new ZfmTalk(turn, this.#line),
      model: this.#model,
      advice: this.#advice,
      held: this.#held,
      onMedia: (media) => this.#status.become({ ...this.#status.value, media }),
    };
  }

  /** After the reply: what is left of the person, unless the next command is there already. */
  async #cleanUp(): Promise<void> {
    if (!this.#held.isAny || this.#link.state !== 'open') return;
    const limits = { deadline: this.#clock.now() + CLEAN_LIMIT_MS, signal: this.#closing.signal };
    // whatever it comes to: what is still held goes with the next beat or before the next command
    void (await this.#exchange.run(limits, async (turn) => {
      if (this.#held.isAny) void (await this.#clean(this.#session(turn)));
      return done(undefined, { method: 'none', value: '' });
    }));
  }

  async #clean(session: ModuleSession): Promise<Answer<unknown>> {
    const ready = await makeReady(session);
    if (!ready.ok || this.#held.inBuffers || !this.#held.inImage) return ready;
    return blankImage(session, () => this.#isWanted);
  }

  #opened(): void {
    this.#receiver.reset();
    this.#line.reset();
    this.#held.abandon();
    this.#misses = 0;
    this.#status.become({ device: 'starting', paper: 'unknown', media: 'unknown' });
    this.#heartbeat.start();
  }

  #lost(): void {
    this.#heartbeat.stop();
    this.#receiver.reset();
    this.#goOffline(this.#link.problem ?? { code: 'device.absent' });
  }

  async #beat(): Promise<void> {
    if (!this.#exchange.isIdle || this.#closing.signal.aborted) return;
    const limits = { deadline: this.#clock.now() + BEAT_LIMIT_MS, signal: this.#closing.signal };
    // a beat that was interrupted says nothing; the next one will
    void (await this.#exchange.run(limits, async (turn) => {
      const talk = new ZfmTalk(turn, this.#line, 1);
      const greeted = await greet(talk);
      const answer = greeted.ok ? await talk.ask('ReadSysPara', 'any') : greeted;
      if (answer.ok) this.#answered();
      else this.#notAnswered(answer.outcome);
      if (answer.ok) void (await makeReady(this.#session(turn)));
      return done(undefined, { method: 'none', value: '' });
    }));
    if (this.#status.value.device === 'online') void this.#cleanUp();
  }

  #answered(): void {
    this.#misses = 0;
    const { media } = this.#status.value;
    const isBusy = this.#line.parameters?.isBusy === true;
    if (isBusy)
      this.#status.become({ device: 'deviceBusy', paper: 'unknown', media, problem: { code: 'device.busy' } });
    else this.#status.become({ device: 'online', paper: 'unknown', media });
  }

  #notAnswered(outcome: Outcome<never>): void {
    if (outcome.kind === 'done') return;
    const { problem } = outcome;
    if (problem.code === 'finger.sensorFault') {
      this.#misses = 0;
      return this.#status.become({ device: 'hardwareError', paper: 'unknown', media: 'unknown', problem });
    }
    if (problem.code === 'device.lost' || problem.code === 'kiosk.cancelled') return;
    this.#misses += 1;
    if (this.#misses < MISSES) return;
    this.#misses = 0;
    this.#goOffline({ code: problem.code, detail: `no answer on ${this.#link.address}` });
    this.#link.reconnect();
  }

  #goOffline(why: Problem): void {
    const device = why.code === 'device.driverMissing' ? 'noDevice' : 'offline';
    this.#status.become({ device, paper: 'unknown', media: 'unknown', problem: why });
  }
}

/** Greeted, and nothing left of somebody whose command ended half-way. */
async function makeReady(session: ModuleSession): Promise<Answer<unknown>> {
  const greeted = await greet(session.talk);
  return greeted.ok && session.held.mustGo ? wipeBuffers(session) : greeted;
}

async function carryOut(session: ModuleSession, command: FingerprintCommand): Promise<Outcome<FingerprintReply>> {
  switch (command.kind) {
    case 'capture': {
      const captured = await capture(session, 1);
      if (!captured.ok) return captured.outcome;
      const { value } = captured;
      return done(
        { kind: 'capture', ...value },
        { method: 'zfm', value: value.print === 'good' ? 'features made' : value.advice },
      );
    }
    case 'verify':
      return verifyFinger(session, command.template);
    case 'enrol':
      return enrolFinger(session);
    case 'await-lift': {
      const lifted = await waitForLift(session);
      return lifted.ok ? done({ kind: 'await-lift' }, { method: 'zfm', value: 'code 02' }) : lifted.outcome;
    }
    case 'wipe':
      return wipe(session);
  }
}

/** Everything of a person: both buffers and, where the module takes one, a blank picture over the last one. */
async function wipe(session: ModuleSession): Promise<Outcome<FingerprintReply>> {
  session.advice.reset();
  const wiped = await wipeBuffers(session);
  if (!wiped.ok) return wiped.outcome;
  const blanked = await blankImage(session, () => false);
  if (!blanked.ok) return blanked.outcome;
  const image = blanked.value ? 'overwritten' : 'left until the next finger';
  return done({ kind: 'wipe' }, { method: 'zfm', value: `buffers ${wiped.value}; image ${image}` });
}
