/**
 * The conversation with a Modbus I/O board. Inputs are looked at all the time and told in the status; a lamp is set with
 * function 5 and read back with function 1, because the echo of function 5 says only that the question was heard.
 */
import type { Clock } from '../../contract/clock.ts';
import type { FlashRate, SensorsCommand, SensorsReply } from '../../contract/devices/sensors-and-lights.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine, Signals } from '../../contract/driver.ts';
import { done, failed, problem, unknown, type Outcome } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange, type Turn } from '../link/exchange.ts';
import { Heartbeat } from '../link/heartbeat.ts';
import { leftOpen, notBegun } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import { InputFilter } from './input-filter.ts';
import type { IoModel } from './io-models.ts';
import { USUAL_INPUTS, USUAL_LAMPS, type LampWiring, type SensorsSettings } from './io-settings.schema.ts';
import { Lamps } from './lamps.ts';
import { ModbusClient, type Reply } from './modbus-client.ts';
import type { ModbusFrame } from './modbus-rtu.codec.ts';

export interface SensorsOptions {
  readonly id: string;
  readonly model: IoModel;
  readonly settings: SensorsSettings;
  readonly link: ByteLink;
  readonly clock: Clock;
}

const POLL_MS = 200;
/** Two readings one after the other must agree, because Modbus TCP has no checksum of its own. */
const READINGS = 5;
/** A contact that never rests is read as it last rested. */
const SETTLINGS = 10;
/** A lamp that flashes waits no longer than this for its turn. */
const FLASH_LIMIT_MS = 1_000;

type ModbusTurn = Turn<ModbusFrame>;

export class SensorsAndLightsDriver implements Driver<SensorsCommand, SensorsReply> {
  readonly describe: DeviceDescriptor;
  readonly #model: IoModel;
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #status = new StatusHolder();
  readonly #client: ModbusClient;
  readonly #exchange: Exchange<ModbusFrame>;
  readonly #heartbeat: Heartbeat;
  readonly #inputs: ReadonlyMap<string, { readonly input: number; readonly filter: InputFilter }>;
  readonly #lampWiring: Readonly<Record<string, LampWiring>>;
  readonly #lamps: Lamps;
  readonly #firstInput: number;
  readonly #inputCount: number;
  #missedBeats = 0;

  constructor({ id, model, settings, link, clock }: SensorsOptions) {
    const unit = settings.unit ?? model.unit;
    this.describe = { id, class: 'sensors-and-lights', model: model.name, link: `${link.address} unit ${unit}` };
    this.#model = model;
    this.#link = link;
    this.#clock = clock;
    const wirings = Object.entries(settings.inputs ?? USUAL_INPUTS);
    const inputs = wirings.map(([, { input }]) => input);
    this.#inputs = new Map(wirings.map(([name, w]) => [name, { input: w.input, filter: new InputFilter(w) }]));
    this.#firstInput = Math.min(...inputs);
    this.#inputCount = Math.max(...inputs) - this.#firstInput + 1;
    this.#lampWiring = settings.lamps ?? USUAL_LAMPS;
    this.#client = new ModbusClient(model, unit);
    this.#exchange = new Exchange<ModbusFrame>({
      link,
      clock,
      decode: (chunk) => this.#client.decode(chunk),
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(),
    });
    this.#lamps = new Lamps({ clock, set: (name, isLit) => this.#setQuietly(name, isLit) });
    this.#heartbeat = new Heartbeat({
      clock,
      everyMs: () => settings.pollMs ?? POLL_MS,
      beat: () => this.#beat(),
    });
    link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(command: SensorsCommand, limits: Limits): Promise<Outcome<SensorsReply>> {
    if (command.kind === 'read') return this.#exchange.run(limits, (turn) => this.#read(turn));
    const { name, rate } = command;
    const wiring = Object.hasOwn(this.#lampWiring, name) ? this.#lampWiring[name] : undefined;
    if (!wiring) return Promise.resolve(failed('kiosk.badConfig', 'none', `no lamp is called ${name}`));
    return this.#exchange.run(limits, (turn) => this.#light(turn, name, wiring, rate));
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    const isOpen = this.#link.state === 'open';
    yield { step: 'link', result: isOpen ? 'pass' : 'fail', detail: `${this.describe.link} ${this.#link.state}` };
    const limits = (): Limits => ({ deadline: this.#clock.now() + 5_000, signal: new AbortController().signal });
    const read = await this.execute({ kind: 'read' }, limits());
    yield { step: 'inputs', ...lineOf(read, (reply) => (reply.kind === 'read' ? namesOf(reply.signals) : '')) };
    for (const name of Object.keys(this.#lampWiring)) {
      const before = this.#lamps.rateOf(name);
      const lit = await this.execute({ kind: 'light', name, rate: 'continuous' }, limits());
      const back = await this.execute({ kind: 'light', name, rate: before }, limits());
      yield { step: `lamp ${name}`, ...lineOf(lit.kind === 'done' ? back : lit, () => `lit, and ${before} again`) };
    }
    const { garbageBytes } = this.#client;
    yield { step: 'line', result: garbageBytes === 0 ? 'pass' : 'fail', detail: `${garbageBytes} bytes of noise` };
  }

  async close(): Promise<void> {
    this.#heartbeat.stop();
    this.#lamps.stop();
    await this.#exchange.close();
  }

  async #read(turn: ModbusTurn): Promise<Outcome<SensorsReply>> {
    for (let settling = 0; ; settling += 1) {
      const reply = await this.#agreed(() => this.#client.readInputs(turn, this.#firstInput, this.#inputCount));
      this.#note(reply);
      if (reply.kind !== 'got') return questionEnded(reply);
      const waitMs = Math.max(
        0,
        ...[...this.#inputs.values()].map(({ filter }) => filter.settlesInMs(this.#clock.now())),
      );
      if (waitMs === 0 || settling === SETTLINGS) break;
      if (!(await turn.scope.pause(waitMs))) return notBegun(turn.scope.interruption ?? 'cancelled');
    }
    const signals = this.#signals();
    return done({ kind: 'read', signals }, { method: 'modbus.inputs', value: namesOf(signals).slice(0, 200) });
  }

  async #light(turn: ModbusTurn, name: string, wiring: LampWiring, rate: FlashRate): Promise<Outcome<SensorsReply>> {
    const isOn = (rate !== 'off') === (wiring.activeHigh ?? true);
    this.#lamps.release(name);
    const told = await this.#client.writeCoil(turn, wiring.coil, isOn);
    if (told.kind === 'unsent') return notBegun(told.reason);
    if (told.kind === 'refused') return failed('device.refused', 'none', told.detail);
    if (told.kind !== 'got' && told.kind !== 'silent') return leftOpen(told.kind);
    const seen = await this.#agreed(() => this.#client.readCoils(turn, wiring.coil, 1));
    const isFollowing = seen.kind === 'got' && seen.value[0] === isOn;
    if (!isFollowing) return notSeen(seen, told.kind, wiring.coil);
    this.#lamps.confirm(name, rate);
    const value = `coil ${wiring.coil} ${isOn ? 'on' : 'off'}`;
    return done({ kind: 'light', name, rate }, { method: 'modbus.coil', value });
  }

  /** What two readings in a row say; refused when they never do. */
  async #agreed(read: () => Promise<Reply<readonly boolean[]>>): Promise<Reply<readonly boolean[]>> {
    let previous: readonly boolean[] | undefined;
    for (let reading = 0; reading < READINGS; reading += 1) {
      const reply = await read();
      if (reply.kind !== 'got') return reply;
      if (previous?.every((bit, at) => bit === reply.value[at])) return reply;
      previous = reply.value;
    }
    return { kind: 'refused', detail: `${READINGS} readings in a row contradict each other` };
  }

  async #beat(): Promise<void> {
    const limits = { deadline: this.#clock.now() + FLASH_LIMIT_MS, signal: new AbortController().signal };
    void (await this.#exchange.run(limits, async (turn) => {
      const reply = await this.#client.readInputs(turn, this.#firstInput, this.#inputCount);
      this.#note(reply);
      return reply.kind === 'got' ? done(null, { method: 'modbus.inputs', value: '' }) : questionEnded(reply);
    }));
  }

  async #setQuietly(name: string, isLit: boolean): Promise<void> {
    const wiring = this.#lampWiring[name];
    if (!wiring) return;
    const limits = { deadline: this.#clock.now() + FLASH_LIMIT_MS, signal: new AbortController().signal };
    const isOn = isLit === (wiring.activeHigh ?? true);
    void (await this.#exchange.run(limits, async (turn) => {
      const told = await this.#client.writeCoil(turn, wiring.coil, isOn);
      return told.kind === 'got' ? done(null, { method: 'modbus.coil', value: '' }) : questionEnded(told);
    }));
  }

  #note(reply: Reply<readonly boolean[]>): void {
    if (reply.kind === 'got') {
      this.#missedBeats = 0;
      for (const { input, filter } of this.#inputs.values()) {
        filter.look(reply.value[input - this.#firstInput] ?? false, this.#clock.now());
      }
      this.#status.become({ device: 'online', paper: 'unknown', media: 'unknown', signals: this.#signals() });
    } else if (reply.kind === 'refused') {
      this.#missedBeats = 0;
      const why = problem('device.refused', reply.detail);
      this.#status.become({ device: 'hardwareError', paper: 'unknown', media: 'unknown', problem: why });
    } else if (reply.kind === 'silent') {
      this.#missedBeats += 1;
      if (this.#missedBeats >= this.#model.silentBeats) this.#link.reconnect();
    }
  }

  #signals(): Signals {
    const signals: Record<string, boolean> = {};
    for (const [name, { filter }] of this.#inputs) if (filter.value !== undefined) signals[name] = filter.value;
    return signals;
  }

  #opened(): void {
    this.#client.reset();
    this.#heartbeat.start();
    this.#lamps.start();
  }

  #lost(): void {
    this.#client.reset();
    this.#missedBeats = 0;
    this.#heartbeat.stop();
    this.#lamps.stop();
    const why = this.#link.problem ?? { code: 'device.absent' };
    const device = why.code === 'device.driverMissing' ? 'noDevice' : 'offline';
    this.#status.become({ device, paper: 'unknown', media: 'unknown', problem: why });
  }
}

/** The coil was told, and does not read back as asked. */
function notSeen(seen: Reply<unknown>, told: 'got' | 'silent', coil: number): Outcome<never> {
  switch (seen.kind) {
    case 'got':
      if (told === 'silent') return unknown('device.absent', 'no echo, and the coil is not yet as asked');
      return failed('device.refused', 'none', `coil ${coil} does not follow`);
    case 'refused':
      return unknown('device.refused', seen.detail);
    case 'silent':
      return unknown('device.absent', 'the coil cannot be read back');
    case 'unsent':
      return leftOpen(seen.reason);
    default:
      return leftOpen(seen.kind);
  }
}

/** How a question that changes nothing, or a flash nobody waits for, ended. */
function questionEnded(reply: Exclude<Reply<unknown>, { kind: 'got' }>): Outcome<never> {
  switch (reply.kind) {
    case 'refused':
      return failed('device.refused', 'none', reply.detail);
    case 'silent':
      return failed('device.absent', 'none', 'the board is silent');
    case 'unsent':
      return notBegun(reply.reason);
    default:
      return notBegun(reply.kind);
  }
}

function lineOf(
  outcome: Outcome<SensorsReply>,
  detailOf: (reply: SensorsReply) => string,
): Pick<SelfTestLine, 'result' | 'detail'> {
  if (outcome.kind === 'done') return { result: 'pass', detail: detailOf(outcome.reply).slice(0, 300) };
  const { code, detail = '' } = outcome.problem;
  return { result: 'fail', detail: `${code}: ${detail}`.slice(0, 300) };
}

function namesOf(signals: Signals): string {
  return Object.entries(signals)
    .map(([name, value]) => `${name} ${value === true ? 'yes' : 'no'}`)
    .join(', ');
}
