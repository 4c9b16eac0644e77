/** Ledgers in a directory of their own, with chance that is the same every run. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chance } from '../../../contract/clock.ts';
import type { Receipt } from '../../../contract/receipt.schema.ts';
import type { TerminalEvent } from '../../../contract/terminal-event.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { openLedger, type Ledger, type LedgerOptions } from '../ledger.ts';

/** Memory where there is some: thousands of synced commits would take minutes on a busy disk. */
const FAST_DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export class TestLedgers {
  readonly directory = mkdtempSync(join(FAST_DISK, 'ledger-test-'));
  readonly clock: SimulatedClock;
  readonly #open: Ledger[] = [];
  #copies = 0;

  constructor(clock = new SimulatedClock()) {
    this.clock = clock;
  }

  path(name = 'kiosk.sqlite'): string {
    return join(this.directory, name);
  }

  options(options: Partial<LedgerOptions> = {}): LedgerOptions {
    return { path: this.path(), clock: this.clock, chance: seededChance(1), ...options };
  }

  open(options: Partial<LedgerOptions> = {}): Ledger {
    const opened = openLedger(this.options(options));
    if (!opened.ok) throw new Error(`ledger does not open: ${JSON.stringify(opened.problem)}`);
    this.#open.push(opened.value);
    return opened.value;
  }

  /** The file as a killed process leaves it: what is in it and its write-ahead log, nothing rolled back or closed. */
  crashCopy(path: string): string {
    const copy = this.path(`crash-${this.#copies++}.sqlite`);
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    return copy;
  }

  dispose(): void {
    for (const ledger of this.#open) ledger.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function seededChance(seed: number): Chance {
  let state = seed >>> 0 || 1;
  return {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let index = 0; index < length; index++) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        bytes[index] = state >>> 24;
      }
      return bytes;
    },
  };
}

export function eventsOf(ledger: Ledger): readonly TerminalEvent[] {
  return ledger.outbox.pending(1_000).records.map((record) => record.event);
}

/** `ChargeSettled.paid`, `CaseOpened`, ... in order. */
export function eventNames(ledger: Ledger): readonly string[] {
  return eventsOf(ledger).map((event) => ('state' in event ? `${event.type}.${event.state}` : event.type));
}

export const RECEIPT: Receipt = { lines: [{ kind: 'text', text: 'A001' }] };
