/**
 * One ledger commit (journal row, transaction, one outbox record) against the disk's own floor: 8 kB of an allocated file
 * overwritten and synced. Both in turn in every round, in shuffled order; the ratio is taken inside the round.
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemChance, systemClock } from '../contract/clock.system.ts';
import type { TerminalEvent } from '../contract/terminal-event.schema.ts';
import { openLedger, type Ledger } from '../engine/ledger/ledger.ts';
import { compared, type Figure } from './report.ts';
import { median, quantile, rounded, shuffled, sum } from './stats.ts';

const BLOCK_BYTES = 8 * 1024;
/** 4 MB, like a write-ahead log that is used again and again. */
const BLOCKS = 512;
/** Until the write-ahead log has its full length and is written over. */
const WARM_UP = 1_200;
const ROUNDS = 60;
const IN_ROUND = 24;
const AIM = '>= 0.75';

type Act = () => void;

export function measureLedger(directory: string): readonly Figure[] {
  const disk = openProbe(join(directory, 'probe'));
  const opened = openLedger({ path: join(directory, 'ledger.db'), clock: systemClock, chance: systemChance });
  if (!opened.ok) throw new Error(`the ledger does not open: ${opened.problem.code} ${opened.problem.detail ?? ''}`);
  const commit = committer(opened.value);
  for (let n = 0; n < WARM_UP; n++) {
    commit();
    disk.sync();
  }
  const rounds = Array.from({ length: ROUNDS }, () => round({ commit, sync: disk.sync }));
  opened.value.close();
  disk.close();
  return figures(rounds);
}

interface Round {
  /** Each act's time, µs. */
  readonly commit: readonly number[];
  readonly sync: readonly number[];
}

function round(acts: { readonly commit: Act; readonly sync: Act }): Round {
  const times = { commit: [] as number[], sync: [] as number[] };
  for (const name of shuffled(['commit', 'sync'] as const)) {
    for (let n = 0; n < IN_ROUND; n++) {
      const before = performance.now();
      acts[name]();
      times[name].push((performance.now() - before) * 1_000);
    }
  }
  return times;
}

function figures(rounds: readonly Round[]): readonly Figure[] {
  const all = (name: keyof Round) => rounds.flatMap((times) => times[name]);
  const spread = (name: keyof Round) =>
    `${rounded(quantile(all(name), 0.5), 0)} / ${rounded(quantile(all(name), 0.99), 0)} µs`;
  const byMedian = median(rounds.map(({ commit, sync }) => median(sync) / median(commit)));
  const byRate = median(rounds.map(({ commit, sync }) => sum(sync) / sum(commit)));
  const rate = (name: keyof Round) =>
    `${rounded(1e6 / median(rounds.map((times) => sum(times[name]) / IN_ROUND)), 0)}/s`;
  return [
    compared({ name: 'ledger commit, rate', ours: rate('commit'), floor: rate('sync'), ratio: byRate, aim: AIM }),
    { name: 'ledger commit, p50 / p99', ours: spread('commit'), floor: spread('sync'), ratio: rounded(byMedian) },
  ];
}

/** A sale and its end in turn: two commits a transaction, an event of 200 to 300 bytes each. */
function committer(ledger: Ledger): Act {
  let open: { readonly operation: string; readonly trade: string } | undefined;
  const at = '2026-01-05T00:00:00.000Z';
  return () => {
    const { operation, trade } = open ?? { operation: ledger.newOperation(), trade: '' };
    if (open) {
      const event: TerminalEvent = {
        ...{ type: 'ChargeSettled', at, operation, trade, service: 'parking', amountCents: 960 },
        ...{ state: 'paid', quote: `q-${operation}`, voucher: '000123', reference: '120000000123' },
      } as const;
      check(ledger.append(operation, { step: 'charge.paid', voucher: '000123', reference: '120000000123' }, [event]));
      open = undefined;
      return;
    }
    const sale = { ...ledger.newTrade(), amountCents: 960, service: 'parking', quote: `q-${operation}` };
    const rated: TerminalEvent = { type: 'Rated', at, service: 'parking', stars: 5 };
    check(ledger.append(operation, { step: 'charge.intent', ...sale }, [rated]));
    open = { operation, trade: sale.trade };
  };
}

function check(result: { readonly ok: boolean }): void {
  if (!result.ok) throw new Error(`a commit was refused: ${JSON.stringify(result)}`);
}

function openProbe(path: string): { readonly sync: Act; close(): void } {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(BLOCK_BYTES, 7);
  for (let n = 0; n < BLOCKS; n++) writeSync(file, block, 0, BLOCK_BYTES, n * BLOCK_BYTES);
  fsyncSync(file);
  let next = 0;
  return {
    sync() {
      writeSync(file, block, 0, BLOCK_BYTES, (next++ % BLOCKS) * BLOCK_BYTES);
      fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}
