/**
 * The conversation with a measuring device (device-protocols 7): waits for a reading that can be believed, and gives none
 * rather than a doubtful one. What a model needs said or believed is its dialect's.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { HealthCommand, HealthReply } from '../../contract/devices/health.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { done, failed, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange } from '../link/exchange.ts';
import { Heartbeat } from '../link/heartbeat.ts';
import { StatusHolder } from '../link/status-holder.ts';
import type { HealthDialect } from './health-dialect.ts';

export interface HealthOptions<Event> {
  readonly id: string;
  readonly model: string;
  readonly dialect: HealthDialect<Event>;
  readonly link: ByteLink;
  readonly clock: Clock;
}

const BEAT_LIMIT_MS = 6_000;
/** Beats without an answer before the device counts as gone. */
const MISSES = 3;
const NO_EVIDENCE = { method: 'none', value: '' };

export class HealthDriver<Event> implements Driver<HealthCommand, HealthReply> {
  readonly describe: DeviceDescriptor;
  readonly #dialect: HealthDialect<Event>;
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #status = new StatusHolder();
  readonly #exchange: Exchange<Event>;
  readonly #heartbeat: Heartbeat;
  #keepAliveTimer: TimerHandle | undefined;
  #misses = 0;

  constructor({ id, model, dialect, link, clock }: HealthOptions<Event>) {
    this.describe = { id, class: 'health', model, link: link.address };
    this.#dialect = dialect;
    this.#link = link;
    this.#clock = clock;
    this.#heartbeat = new Heartbeat({ clock, everyMs: () => dialect.beatEveryMs, beat: () => this.#beat() });
    this.#exchange = new Exchange<Event>({
      link,
      clock,
      decode: (chunk) => [...dialect.decoder.push(chunk)],
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(),
      onEvent: (event) => this.#heard(event),
    });
    link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(command: HealthCommand, limits: Limits): Promise<Outcome<HealthReply>> {
    const { quantity } = this.#dialect;
    if (command.quantity !== quantity) {
      return Promise.resolve(failed('device.refused', 'none', `this device measures ${quantity}`));
    }
    return this.#exchange.run(limits, (turn) => this.#dialect.measure(turn, this.#clock));
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    const isOpen = this.#link.state === 'open';
    yield { step: 'link', result: isOpen ? 'pass' : 'fail', detail: `${this.#link.address} ${this.#link.state}` };
    const isAlive = isOpen && (await this.#asks());
    yield { step: 'answer', result: isAlive ? 'pass' : 'fail', detail: isAlive ? 'it speaks' : 'nothing was heard' };
    const { damagedBytes } = this.#dialect.decoder;
    const detail = `${damagedBytes} bytes that belonged to nothing`;
    yield { step: 'line', result: damagedBytes === 0 ? 'pass' : 'fail', detail };
    for (const note of this.#dialect.notes) yield { step: 'to be confirmed', result: 'skip', detail: note };
  }

  async close(): Promise<void> {
    this.#quiet();
    await this.#exchange.close();
  }

  #opened(): void {
    this.#dialect.decoder.reset();
    this.#misses = 0;
    this.#status.become({ device: 'starting', paper: 'unknown', media: 'unknown' });
    for (const bytes of this.#dialect.greeting) this.#link.write(bytes);
    this.#keepAlive();
    this.#heartbeat.start();
  }

  #lost(): void {
    this.#quiet();
    this.#dialect.decoder.reset();
    this.#goOffline(this.#link.problem ?? { code: 'device.absent' });
  }

  #quiet(): void {
    this.#heartbeat.stop();
    if (this.#keepAliveTimer) this.#clock.cancel(this.#keepAliveTimer);
    this.#keepAliveTimer = undefined;
  }

  #keepAlive(): void {
    const { keepAlive } = this.#dialect;
    if (!keepAlive) return;
    if (this.#keepAliveTimer) this.#clock.cancel(this.#keepAliveTimer);
    this.#keepAliveTimer = this.#clock.after(keepAlive.everyMs, () => {
      this.#link.write(keepAlive.bytes);
      this.#keepAlive();
    });
  }

  #heard(event: Event): void {
    const heard = this.#dialect.hear(event);
    if (!heard) return;
    this.#misses = 0;
    const { media, signals } = { ...this.#status.value, ...heard };
    this.#status.become({ device: 'online', paper: 'unknown', media, ...(signals ? { signals } : {}) });
  }

  async #beat(): Promise<void> {
    // a command in flight hears for itself
    if (this.#exchange.isIdle && !(await this.#asks())) this.#missed();
  }

  /** False only when the device was asked in peace and did not answer. */
  async #asks(): Promise<boolean> {
    const limits = { deadline: this.#clock.now() + BEAT_LIMIT_MS, signal: new AbortController().signal };
    const asked = await this.#exchange.run(limits, async (turn) => {
      const isAlive = await this.#dialect.beat(turn);
      return done(isAlive || turn.scope.interruption !== undefined, NO_EVIDENCE);
    });
    return asked.kind !== 'done' || asked.reply;
  }

  #missed(): void {
    this.#misses += 1;
    if (this.#misses < MISSES) return;
    this.#misses = 0;
    this.#goOffline({ code: 'device.absent', detail: `no answer on ${this.#link.address}` });
    this.#link.reconnect();
  }

  #goOffline(why: Problem): void {
    const device = why.code === 'device.driverMissing' ? 'noDevice' : 'offline';
    this.#status.become({ device, paper: 'unknown', media: 'unknown', problem: why });
  }
}
