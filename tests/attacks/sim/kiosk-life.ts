/**
 * Some days of one kiosk: residents come, devices fail, the power goes, the line goes, the disk fills up, the clock jumps,
 * the platform comes back from last night's backup. At the end of each day everything must agree.
 */
import { rmSync } from 'node:fs';
import { pause } from '../../../contract/clock.ts';
import { recover, type RecoveryStanding } from '../../../engine/ledger/recovery.ts';
import { Draw, seedOf } from '../support/draw.ts';
import { NO_LINE_FAULTS, type LineFaults } from '../support/line.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { judge, type Since } from './judge.ts';
import { Machine, PowerCut } from './machine.ts';
import { breakDevices, mendDevices, visit, type Doors } from './residents.ts';
import { SteppingClock } from './stepping-clock.ts';
import { count, digestOf, newTally, type Tally } from './tally.ts';

export interface Life {
  readonly seed: number;
  readonly kiosk: number;
  readonly days: number;
}

const DAY_MS = 86_400_000;
const RESIDENTS_A_DAY = 96;
/** Twelve hours open. */
const GAP_MS = 450_000;
const LIMIT_MS = 12 * 3_600_000;
const NIGHT_MS = 60_000;
const DRAIN_ROUNDS = 200;
/** Longer than records are kept for after they were acknowledged. */
const SHUT_MS = 31 * DAY_MS;

export async function live({ seed, kiosk, days }: Life): Promise<Tally> {
  const directory = scratchDirectory('sim');
  const life = new KioskLife(directory, seedOf(seed, kiosk), `seed ${seed}, kiosk ${kiosk}`);
  try {
    return await life.run(days);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

class KioskLife {
  readonly #machine: Machine;
  readonly #tally = newTally();
  readonly #operations: string[] = [];
  readonly #doors: Doors = new Map();
  readonly #name: string;

  constructor(directory: string, seed: number, name: string) {
    this.#machine = new Machine(directory, new SteppingClock(), new Draw(seed));
    this.#name = name;
  }

  async run(days: number): Promise<Tally> {
    const machine = this.#machine;
    try {
      machine.open();
      const begin = this.#since();
      for (let day = 1; day <= days; day++) await this.#day(day);
      this.#judge(begin, 'the whole life');
      await this.#shutForAMonth();
    } catch (error) {
      this.#tally.violations.push(
        `I3: thrown: ${error instanceof Error ? error.message : String(error)} | ${this.#name}`,
      );
    } finally {
      machine.close();
    }
    this.#tally.transactions = this.#operations.length;
    return this.#tally;
  }

  async #day(day: number): Promise<void> {
    const { clock, draw, platform } = this.#machine;
    const since = this.#since();
    const backup = platform.backup();
    const startMs = clock.now();
    const trouble = this.#drawTrouble();
    for (let resident = 0; resident < RESIDENTS_A_DAY; resident++) {
      clock.advance(GAP_MS / 2 + draw.below(GAP_MS));
      if (resident === trouble.at) this.#befall(trouble.kind, backup);
      await this.#resident();
    }
    await this.#night();
    clock.advance(Math.max(0, startMs + DAY_MS - clock.now()));
    this.#judge(since, `day ${day}`);
  }

  /** What befalls the station as a whole on this day, mostly nothing. */
  #drawTrouble(): { readonly at: number; readonly kind: string } {
    const { draw } = this.#machine;
    const kind = draw.hits(35)
      ? draw.pick(['diskFull', 'clockAhead', 'clockBack', 'clock1970', 'platformRestored', 'longOutage'])
      : '';
    return { at: draw.below(RESIDENTS_A_DAY), kind };
  }

  #befall(kind: string, backup: number): void {
    if (kind === '') return;
    const { clock, platform, line, draw } = this.#machine;
    count(this.#tally, kind);
    if (kind === 'diskFull') {
      this.#machine.close();
      this.#machine.open(draw.below(40) * 2_048);
    } else if (kind === 'clockAhead') clock.shift(draw.below(900) * DAY_MS);
    else if (kind === 'clockBack') clock.shift(-draw.below(90) * DAY_MS);
    else if (kind === 'clock1970') clock.shift(-clock.trueMs());
    else if (kind === 'platformRestored') platform.restore(backup);
    else line.requestsLost = 1_000_000;
  }

  async #resident(): Promise<void> {
    const machine = this.#machine;
    const { draw, clock, cabinet } = machine;
    for (const fault of [...breakDevices(machine), ...this.#breakLine()]) count(this.#tally, fault);
    if (draw.hits(5)) machine.fuse = 1 + draw.below(40);
    const operation = machine.running.ledger.newOperation();
    this.#operations.push(operation);
    try {
      await clock.runUntil(visit(machine, operation, this.#doors), LIMIT_MS);
      cabinet.take(operation);
      cabinet.shutDoors();
      await clock.runUntil(machine.running.uplink.flush(), LIMIT_MS);
      machine.fuse = Number.POSITIVE_INFINITY;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      await this.#powerCut();
    }
  }

  #breakLine(): readonly string[] {
    const { draw, line } = this.#machine;
    if (line.requestsLost > 1_000) return [];
    const drawn = draw.hits(85)
      ? {}
      : draw.pick<Partial<LineFaults>>([
          { requestsLost: 1 + draw.below(20) },
          { repliesLost: 1 + draw.below(3) },
          { doubled: true },
          { busy: 1 },
        ]);
    Object.assign(line, NO_LINE_FAULTS, drawn);
    return Object.keys(drawn).map((name) => `line: ${name}`);
  }

  /** Once more in one of five starts. */
  async #powerCut(): Promise<void> {
    const machine = this.#machine;
    for (;;) {
      this.#tally.powerCuts++;
      machine.pullPlug();
      machine.clock.advance(NIGHT_MS);
      machine.open();
      if (machine.draw.hits(20)) machine.fuse = 1 + machine.draw.below(20);
      try {
        await machine.clock.runUntil(this.#start(), LIMIT_MS);
        machine.fuse = Number.POSITIVE_INFINITY;
        return;
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
    }
  }

  /** Until residents can be served again; after a while somebody mends what is broken. */
  async #start(): Promise<void> {
    const report = await recover(this.#machine.shared);
    const isOpen = ({ paidServicesClosed, paperInDoubt }: RecoveryStanding): boolean =>
      !paidServicesClosed && !paperInDoubt;
    if (isOpen(report)) return;
    mendDevices(this.#machine);
    const stop = new AbortController();
    await report.resume(stop.signal, (standing) => {
      if (isOpen(standing)) stop.abort();
    });
  }

  /** Devices, line and clock are in order, the kiosk starts anew as every night, and the platform is told everything. */
  async #night(): Promise<void> {
    const machine = this.#machine;
    const { clock, line } = machine;
    mendDevices(machine);
    Object.assign(line, NO_LINE_FAULTS);
    clock.shift(0);
    machine.close();
    clock.advance(NIGHT_MS);
    machine.open();
    await clock.runUntil(this.#start(), LIMIT_MS);
    await clock.runUntil(this.#drain(), LIMIT_MS);
  }

  async #drain(): Promise<void> {
    const { clock, running } = this.#machine;
    for (let round = 0; round < DRAIN_ROUNDS && running.ledger.outbox.unacknowledged() > 0; round++) {
      await running.uplink.flush();
      if (running.ledger.outbox.unacknowledged() > 0) await pause(clock, NIGHT_MS);
    }
  }

  /** Everything that is past its time goes; what is left still opens, still serves, still agrees. */
  async #shutForAMonth(): Promise<void> {
    const machine = this.#machine;
    machine.clock.advance(SHUT_MS);
    for (;;) {
      const pruned = machine.running.ledger.prune();
      if (!pruned.ok) throw new Error(`I8: ${pruned.problem.code}`);
      if (pruned.value === 0) break;
    }
    const since = this.#since();
    await this.#resident();
    await this.#night();
    this.#judge(since, 'after a month');
  }

  #since(): Since {
    const { running, cabinet, platform } = this.#machine;
    return {
      head: running.ledger.outbox.head().written,
      platformSize: platform.size(),
      operations: this.#operations.length,
      trades: cabinet.provider().length,
      outputs: cabinet.outputs().length,
    };
  }

  #judge(since: Since, when: string): void {
    const { violations, known } = judge(this.#machine, this.#operations, this.#doors, since);
    for (const { invariant, operation = '', detail } of violations) {
      this.#tally.violations.push(`${invariant} ${operation}: ${detail} | ${this.#name}, ${when}`);
    }
    this.#tally.records = this.#machine.running.ledger.outbox.head().written.seq;
    this.#tally.digest = digestOf(this.#tally.digest, known);
  }
}
