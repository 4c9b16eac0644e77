import type { Chance, Clock, TimerHandle } from '../../../contract/clock.ts';
import { Listeners, type ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';

export interface UpsFaults {
  /** upsd hears its driver no longer: what it holds is old. */
  dataStale: boolean;
  /** upsd has no driver for the supply at all. */
  driverGone: boolean;
  /** The status says OL whatever the battery does. */
  lieOnLine: boolean;
  /** The supply measures neither charge nor run time. */
  noBatteryValues: boolean;
  /** A list begins and never ends. */
  endlessList: boolean;
  /** The list and the single value tell different charges. */
  contradictory: boolean;
  /** Every answer is about another supply. */
  otherSupply: boolean;
}

export interface UpsState {
  readonly connected: boolean;
  readonly onMains: boolean;
  readonly status: string;
  readonly chargePercent: number;
  readonly runtimeSeconds: number;
  readonly questions: number;
  readonly faults: UpsFaults & WireFaults;
}

export interface NutOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Name of the supply in upsd. */
  readonly ups: string;
  /** How long one percent of the battery lasts under load, and how long it takes to charge; 0 = the charge stands still. */
  readonly msPerPercent?: number;
}

export function noUpsFaults(): UpsFaults {
  return {
    dataStale: false,
    driverGone: false,
    lieOnLine: false,
    noBatteryValues: false,
    endlessList: false,
    contradictory: false,
    otherSupply: false,
  };
}

/** Below this the supply says LB. */
const LOW_PERCENT = 20;
const SECONDS_PER_PERCENT = 36;
const VERSION = 'Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/';
const MAX_LINE = 512;
/** Commands of one word. */
const SINGLES: Readonly<Record<string, string>> = {
  VER: VERSION,
  NETVER: '1.3',
  PROTVER: '1.3',
  LOGOUT: 'OK Goodbye',
  DETACH: 'OK Goodbye',
  STARTTLS: 'ERR FEATURE-NOT-CONFIGURED',
};

/**
 * upsd with one supply (RFC 9271). It answers questions about the supply in order and understands nothing that changes it;
 * the mains are pulled by a person, the battery drains and charges by the clock.
 */
export class NutSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: UpsFaults = noUpsFaults();
  readonly #clock: Clock;
  readonly #ups: string;
  readonly #msPerPercent: number;
  readonly #changed = new Listeners<UpsState>();
  #line = '';
  #connected = false;
  #onMains = true;
  #charge = 100;
  #mustReplace = false;
  #isShuttingDown = false;
  #questions = 0;
  #drain: TimerHandle | undefined;

  constructor(options: NutOptions) {
    this.#clock = options.clock;
    this.#ups = options.ups;
    this.#msPerPercent = options.msPerPercent ?? 0;
    this.wire = new FaultyWire(options.clock, options.chance);
  }

  get state(): UpsState {
    return {
      connected: this.#connected,
      onMains: this.#onMains,
      status: this.#status(),
      chargePercent: this.#charge,
      runtimeSeconds: this.#charge * SECONDS_PER_PERCENT,
      questions: this.#questions,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  /** Calls back when somebody pulled or plugged the mains, or the charge changed. */
  onChange(listener: (state: UpsState) => void): () => void {
    return this.#changed.add(listener);
  }

  pullMains(): void {
    this.#becomePowered(false);
  }

  plugMains(): void {
    this.#isShuttingDown = false;
    this.#becomePowered(true);
  }

  setCharge(percent: number): void {
    this.#charge = Math.max(0, Math.min(100, Math.round(percent)));
    this.#changed.call(this.state);
  }

  /** The supply finds its battery worn out, or somebody put in a new one. */
  wearBattery(isWorn: boolean): void {
    this.#mustReplace = isWorn;
    this.#changed.call(this.state);
  }

  /** The machine that holds the supply announces that it goes down (FSD). */
  announceShutdown(): void {
    this.#isShuttingDown = true;
    this.#changed.call(this.state);
  }

  connected(): void {
    this.#connected = true;
  }

  disconnected(): void {
    this.#connected = false;
    this.#line = '';
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      for (const char of Buffer.from(received).toString('latin1')) {
        if (char === '\n') {
          const line = this.#line;
          this.#line = '';
          this.#say(this.#answer(line));
        } else if (this.#line.length < MAX_LINE) this.#line += char;
      }
    });
  }

  #becomePowered(onMains: boolean): void {
    this.#onMains = onMains;
    if (this.#drain) this.#clock.cancel(this.#drain);
    this.#drain = undefined;
    this.#changed.call(this.state);
    if (this.#msPerPercent > 0) this.#tickLater();
  }

  #tickLater(): void {
    this.#drain = this.#clock.after(this.#msPerPercent, () => {
      this.setCharge(this.#charge + (this.#onMains ? 1 : -1));
      const isSettled = this.#onMains ? this.#charge >= 100 : this.#charge <= 0;
      this.#drain = undefined;
      if (!isSettled) this.#tickLater();
    });
  }

  #status(): string {
    const words: string[] = [];
    if (this.#isShuttingDown) words.push('FSD');
    words.push(this.#onMains || this.faults.lieOnLine ? 'OL' : 'OB');
    if (this.#charge < LOW_PERCENT) words.push('LB');
    if (this.#mustReplace) words.push('RB');
    if (!this.#onMains) words.push('DISCHRG');
    else if (this.#charge < 100) words.push('CHRG');
    return words.join(' ');
  }

  #values(isList: boolean): Readonly<Record<string, string>> {
    const charge = this.faults.contradictory && isList ? Math.max(0, this.#charge - 1) : this.#charge;
    const battery = this.faults.noBatteryValues
      ? {}
      : { 'battery.charge': String(charge), 'battery.runtime': String(charge * SECONDS_PER_PERCENT) };
    return {
      ...battery,
      'device.mfr': 'Panyu "Simulated" Power',
      'device.type': 'ups',
      'driver.name': 'dummy-ups',
      'ups.load': '23',
      'ups.status': this.#status(),
    };
  }

  #answer(line: string): string[] {
    const words = line.split(' ');
    const [verb = '', what = ''] = words;
    this.#questions += 1;
    const single = SINGLES[verb];
    if (single !== undefined) return [single];
    if (verb === 'LIST' && what === 'UPS') return this.#list('UPS', [`UPS ${this.#ups} "Simulated supply"`]);
    if (!['GET VAR', 'LIST VAR'].includes(`${verb} ${what}`)) return ['ERR UNKNOWN-COMMAND'];
    const refusal = this.#refusal(words[2] ?? '');
    if (refusal) return [refusal];
    return verb === 'LIST' ? this.#listVariables() : this.#getVariable(words[3] ?? '');
  }

  #refusal(ups: string): string | undefined {
    if (ups === '') return 'ERR INVALID-ARGUMENT';
    if (ups !== this.#ups) return 'ERR UNKNOWN-UPS';
    if (this.faults.driverGone) return 'ERR DRIVER-NOT-CONNECTED';
    if (this.faults.dataStale) return 'ERR DATA-STALE';
    return undefined;
  }

  #listVariables(): string[] {
    const ups = this.faults.otherSupply ? 'another' : this.#ups;
    const values = Object.entries(this.#values(true));
    return this.#list(
      `VAR ${ups}`,
      values.map(([name, value]) => `VAR ${ups} ${name} ${inQuotes(value)}`),
    );
  }

  #getVariable(name: string): string[] {
    const ups = this.faults.otherSupply ? 'another' : this.#ups;
    const value = this.#values(false)[name];
    return [value === undefined ? 'ERR VAR-NOT-SUPPORTED' : `VAR ${ups} ${name} ${inQuotes(value)}`];
  }

  #list(what: string, items: readonly string[]): string[] {
    const lines = [`BEGIN LIST ${what}`, ...items];
    return this.faults.endlessList ? lines : [...lines, `END LIST ${what}`];
  }

  #say(lines: readonly string[]): void {
    this.wire.send(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  }
}

function inQuotes(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
