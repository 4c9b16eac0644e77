/**
 * The list of the shared conformance suite for a class that is asked over HTTP: whatever is done to the wire, a print ends in
 * time, is never done wrongly, never twice, and never "nothing happened" when paper came or will come out.
 */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { seededChance } from '../testing/conformance/trial.test-support.ts';
import { bench } from './testing/printer-bench.test-support.ts';

type Bench = Awaited<ReturnType<typeof bench>>;

const BUDGET_MS = 20_000;
const TIDY_MS = 5_000;
const SLOW_TEST_MS = 240_000;

/** Prints on a spoilt wire, then heals it and prints another: both must be honest, and the driver must have come back. */
async function expectHonestOn(
  spoil: (trial: Bench) => void,
  limits: { readonly budgetMs?: number; readonly cancelAfterMs?: number } = {},
): Promise<Outcome<unknown>> {
  const trial = await bench();
  const { clock, wire, printer, driver, print } = trial;
  const abort = new AbortController();
  wire.mark();
  if (limits.cancelAfterMs !== undefined) clock.after(limits.cancelAfterMs, () => abort.abort());
  const budgetMs = limits.budgetMs ?? BUDGET_MS;
  const running = print('J-1', 2, budgetMs, abort.signal);
  spoil(trial);
  const outcome = await clock.runUntil(running, budgetMs + TIDY_MS);
  Object.assign(wire.tampering, {
    chunking: 'whole',
    answer: (piece: Uint8Array) => [piece],
    lateMs: 0,
    cutAfterFromDevice: Number.POSITIVE_INFINITY,
    cutAfterToDevice: Number.POSITIVE_INFINITY,
  });
  await clock.run(60_000);
  expectHonest(trial, outcome);
  expect(await clock.runUntil(print('J-2', 1))).toMatchObject({ kind: 'done', reply: { sheets: 1 } });
  expect(printer.state.printed.filter(({ name }) => name === 'J-1').length).toBeLessThanOrEqual(1);
  const waiting = printer.state.jobs.filter(({ state }) => !['completed', 'canceled', 'aborted'].includes(state));
  expect(waiting, 'left in the spool').toEqual([]);
  await driver.close();
  return outcome;
}

function expectHonest({ printer }: Bench, outcome: Outcome<unknown>): void {
  const sheets = printer.state.jobs
    .filter(({ name }) => name === 'J-1')
    .reduce((sum, job) => sum + job.pagesPrinted, 0);
  if (outcome.kind === 'done') {
    expect(outcome.reply).toEqual({ kind: 'print', jobNumber: 1, sheets: 2 });
    expect(sheets).toBe(2);
  }
  if (outcome.kind === 'failed' && outcome.effect === 'none') expect(sheets, 'failed, effect none').toBe(0);
}

async function healthyRun() {
  const { clock, wire, print, driver } = await bench();
  wire.mark();
  const startedAt = clock.now();
  expect((await clock.runUntil(print('J-1'))).kind).toBe('done');
  const instants = [...new Set(wire.instants.map((instant) => instant - startedAt))];
  const measured = { fromDevice: wire.fromDevice, toDevice: wire.toDevice, instants };
  await driver.close();
  return measured;
}

/** Every so many bytes (a prime, so that headers, names, numbers and states all get their turn) and each of the last ones. */
function offsets(count: number, thinStep: number): readonly number[] {
  const step = process.env['CONFORMANCE'] === 'full' ? 1 : thinStep;
  return Array.from({ length: count }, (_, at) => at).filter((at) => at % step === 0 || at >= count - 8);
}

describe('a print', () => {
  it('is done on a sound wire, whatever the pieces', { timeout: SLOW_TEST_MS }, async () => {
    for (const chunking of ['bytes', 'random'] as const) {
      const outcome = await expectHonestOn(({ wire }) => void (wire.tampering.chunking = chunking));
      expect(outcome.kind, chunking).toBe('done');
    }
  });

  it('whose wire breaks at any byte of the answers', { timeout: SLOW_TEST_MS }, async () => {
    const { fromDevice } = await healthyRun();
    for (const at of offsets(fromDevice, 71))
      await expectHonestOn(({ wire }) => void (wire.tampering.cutAfterFromDevice = at));
  });

  it('whose wire breaks at any byte of the questions', { timeout: SLOW_TEST_MS }, async () => {
    const { toDevice } = await healthyRun();
    for (const at of offsets(toDevice, 71))
      await expectHonestOn(({ wire }) => void (wire.tampering.cutAfterToDevice = at));
  });

  it('whose answers stop at any byte while the wire stands', { timeout: SLOW_TEST_MS }, async () => {
    const { fromDevice } = await healthyRun();
    for (const end of offsets(fromDevice, 149)) {
      await expectHonestOn(({ wire }) => {
        wire.tampering.answer = (piece, at) =>
          [piece.slice(0, Math.max(0, end - at))].filter((kept) => kept.length > 0);
      });
    }
  });

  it('with one bit wrong at any byte of the answers', { timeout: SLOW_TEST_MS }, async () => {
    const { fromDevice } = await healthyRun();
    const chance = seededChance(3);
    for (const wrong of offsets(fromDevice, 41)) {
      const bit = 1 << ((chance.bytes(1)[0] ?? 0) & 7);
      await expectHonestOn(({ wire }) => {
        wire.tampering.answer = (piece, at) => {
          const index = wrong - at;
          return [piece.map((byte, position) => (position === index ? byte ^ bit : byte))];
        };
      });
    }
  });

  it.each([90, 700, 3_000])('with every answer %i ms late', { timeout: SLOW_TEST_MS }, async (lateMs) => {
    await expectHonestOn(({ wire }) => void (wire.tampering.lateMs = lateMs));
  });

  it('with every answer given twice', { timeout: SLOW_TEST_MS }, async () => {
    await expectHonestOn(({ wire }) => void (wire.tampering.answer = (piece) => [piece, piece]));
  });

  it('with noise before every answer', { timeout: SLOW_TEST_MS }, async () => {
    const chance = seededChance(5);
    await expectHonestOn(({ wire }) => void (wire.tampering.answer = (piece) => [chance.bytes(7), piece]));
  });

  it('ended by its deadline at any instant', { timeout: SLOW_TEST_MS }, async () => {
    const { instants } = await healthyRun();
    for (const at of instants)
      for (const shift of [0, 1]) await expectHonestOn(() => undefined, { budgetMs: at + shift + 1 });
  });

  it('cancelled at any instant', { timeout: SLOW_TEST_MS }, async () => {
    const { instants } = await healthyRun();
    for (const at of instants)
      for (const shift of [0, 1]) await expectHonestOn(() => undefined, { cancelAfterMs: at + shift });
  });
});

it('a printer that falls mute is no longer called online, and is again when it speaks', async () => {
  const { clock, wire, driver } = await bench();
  expect(driver.status().device).toBe('online');
  wire.tampering.answer = () => [];
  await clock.run(30_000);
  expect(driver.status()).toMatchObject({ device: 'offline', paper: 'unknown' });
  wire.tampering.answer = (piece) => [piece];
  await clock.run(30_000);
  expect(driver.status().device).toBe('online');
  await driver.close();
});
