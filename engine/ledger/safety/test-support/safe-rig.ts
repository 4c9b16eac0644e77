/** A ledger with its black box and its backups in a directory of their own, and the ways in which a machine leaves them. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '../../../../tests/support/simulated-clock.ts';
import { createEffects, type Effects } from '../../effects.ts';
import type { EffectDevices } from '../../effect-context.ts';
import type { Ledger } from '../../ledger.ts';
import { seededChance } from '../../test-support/test-ledger.ts';
import { makeBackup } from '../backup.ts';
import { openLedgerSafely, type SafelyOpened, type SafeLedgerOptions } from '../repair.ts';

const FAST_DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let opened = 0;

export class SafeRig {
  readonly root = mkdtempSync(join(FAST_DISK, 'safe-ledger-'));
  readonly clock = new SimulatedClock();
  readonly first = join(this.root, 'life-0');
  /** Where the ledger lies now; a crash goes on in another directory. */
  directory = this.first;
  #lives = 0;
  readonly #open: Ledger[] = [];

  constructor() {
    for (const part of ['data', 'other']) mkdirSync(join(this.directory, part), { recursive: true });
  }

  get path(): string {
    return join(this.directory, 'data', 'ledger.db');
  }
  get blackBoxPath(): string {
    return join(this.directory, 'other', 'black-box.log');
  }
  get backupDirectory(): string {
    return join(this.directory, 'other', 'backups');
  }

  options(more: Partial<SafeLedgerOptions> = {}): SafeLedgerOptions {
    const { path, blackBoxPath, backupDirectory, clock } = this;
    return { path, blackBoxPath, backupDirectory, clock, chance: seededChance(++opened), ...more };
  }

  async open(more: Partial<SafeLedgerOptions> = {}): Promise<SafelyOpened> {
    const result = await this.until(openLedgerSafely(this.options(more)));
    if (!result.ok) throw new Error(`does not open: ${JSON.stringify(result.problem)}`);
    this.#open.push(result.value.ledger);
    return result.value;
  }

  async backUp(ledger: Ledger): Promise<string> {
    const made = await this.until(makeBackup(ledger, this.backupDirectory, this.clock));
    if (!made.ok) throw new Error(`no backup: ${JSON.stringify(made.problem)}`);
    return made.value;
  }

  /** For work of the file system: it takes turns of the event loop, not time. */
  async until<Value>(work: Promise<Value>): Promise<Value> {
    let isDone = false;
    const mark = (): void => {
      isDone = true;
    };
    work.then(mark, mark);
    while (!isDone) await this.clock.run(1);
    return work;
  }

  effects(ledger: Ledger, devices: EffectDevices): Effects {
    return createEffects({ ledger, devices, clock: this.clock, chance: seededChance(++opened) });
  }

  /** The files as a killed process leaves them (or as they lie in `left`), in a directory of their own. */
  crash(left = this.directory): void {
    this.directory = join(this.root, `life-${++this.#lives}`);
    cpSync(left, this.directory, { recursive: true });
  }

  dispose(): void {
    for (const ledger of this.#open) ledger.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
