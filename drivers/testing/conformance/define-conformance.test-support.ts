/**
 * The one suite every driver passes: whatever is done to its wire, it ends in time, it never gives a wrong answer, it never
 * does a physical act twice, and afterwards it works again.
 */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../contract/outcome.schema.ts';
import { expectHonest, type Healthy } from './expectations.test-support.ts';
import type { ConformanceSubject, ConformanceTask, SimulatedDevice } from './subject.ts';
import { openTrial, seededChance, TIDY_MS, type Trial } from './trial.test-support.ts';

type Task = ConformanceTask<SimulatedDevice>;
const SLOW_TEST_MS = 240_000;
/**
 * Up to here each byte is tried. Longer conversations are tried at their edges and evenly between; `npm run conformance`
 * tries them at every byte, too.
 */
const EVERY_BYTE_UP_TO = process.env['CONFORMANCE'] === 'full' ? Number.POSITIVE_INFINITY : 96;
const EDGE_BYTES = 32;
const BETWEEN = 40;
const RECOVERY_MS = 60_000;

/** Defines the tests of these subjects; called by the `conformance.test.ts` of each class. */
export function defineConformance(subjects: readonly ConformanceSubject[]): void {
  describe.each([...subjects])('$name', (subject) => {
    defineLiveness(subject);
    describe.each([...subject.tasks])('$name', (task) => {
      defineSound(subject, task);
      defineCut(subject, task);
      defineSpoiled(subject, task);
      defineEnded(subject, task);
    });
  });
}

/** There, gone, mute, noisy. */
function defineLiveness(subject: ConformanceSubject): void {
  it('is seen when it is there, missed when it is gone, and seen again', async () => {
    const trial = await open(subject, firstTask(subject));
    expect(trial.driver.status().device).toBe('online');
    trial.wire.unplug();
    await trial.clock.run(subject.noticeMs);
    expect(trial.driver.status().device).not.toBe('online');
    trial.wire.plug();
    await trial.clock.run(RECOVERY_MS);
    expect(trial.driver.status().device).toBe('online');
    await trial.close();
  });

  it.skipIf(subject.noHeartbeat)('that falls mute while the wire stands is no longer called online', async () => {
    const trial = await open(subject, firstTask(subject));
    trial.wire.tampering.answer = () => [];
    await trial.clock.run(subject.noticeMs * 4);
    expect(trial.driver.status().device).not.toBe('online');
    trial.wire.tampering.answer = (piece) => [piece];
    await trial.clock.run(RECOVERY_MS);
    expect(trial.driver.status().device).toBe('online');
    await trial.close();
  });

  it('takes a megabyte of noise while idle and works afterwards', async () => {
    const task = firstTask(subject);
    const trial = await open(subject, task);
    const chance = seededChance(7);
    for (let at = 0; at < 1_000_000; at += 4_096) trial.wire.inject(chance.bytes(4_096));
    await trial.clock.run(RECOVERY_MS);
    expect((await trial.run()).kind).toBe('done');
    await trial.close();
  });
}

/** On a wire without fault, in any pieces. */
function defineSound(subject: ConformanceSubject, task: Task): void {
  it('is done on a sound wire, whatever the pieces', { timeout: SLOW_TEST_MS }, async () => {
    const healthy = await healthyRun(subject, task);
    for (const [chunking, seed] of [
      ['bytes', 1],
      ['random', 2],
      ['random', 3],
      ['random', 4],
    ] as const) {
      const trial = await open(subject, task, seed);
      trial.wire.tampering.chunking = chunking;
      const outcome = await trial.run();
      expect(outcome.kind, `${chunking} ${seed}: ${JSON.stringify(outcome)}`).toBe('done');
      expectHonest(task, trial, outcome, healthy);
      await trial.close();
    }
  });

  it('is done twice in a row', async () => {
    const healthy = await healthyRun(subject, task);
    const trial = await open(subject, task);
    for (const _turn of [1, 2]) expectHonest(task, trial, expectDone(await trial.run()), healthy);
    await trial.close();
  });
}

/** The wire breaks, or falls silent, at every byte. */
function defineCut(subject: ConformanceSubject, task: Task): void {
  it('cut off at every byte of the answers', { timeout: SLOW_TEST_MS }, async () => {
    const { fromDevice } = await healthyRun(subject, task);
    for (const at of offsets(fromDevice)) {
      await expectHonestOn(subject, task, ({ wire }) => {
        wire.tampering.cutAfterFromDevice = at;
      });
    }
  });

  it('cut off at every byte of the questions', { timeout: SLOW_TEST_MS }, async () => {
    const { toDevice } = await healthyRun(subject, task);
    for (const at of offsets(toDevice)) {
      await expectHonestOn(subject, task, ({ wire }) => {
        wire.tampering.cutAfterToDevice = at;
      });
    }
  });

  it('whose answers stop at every byte while the wire stands', { timeout: SLOW_TEST_MS }, async () => {
    const { fromDevice } = await healthyRun(subject, task);
    for (const end of offsets(fromDevice)) {
      await expectHonestOn(subject, task, ({ wire }) => {
        wire.tampering.answer = (piece, at) => [piece.slice(0, Math.max(0, end - at))].filter((kept) => kept.length);
      });
    }
  });
}

/** Noise, wrong bits, late, double and stale answers. */
function defineSpoiled(subject: ConformanceSubject, task: Task): void {
  it('survives noise before every answer', { timeout: SLOW_TEST_MS }, async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const chance = seededChance(seed);
      await expectHonestOn(subject, task, (trial) => {
        trial.wire.tampering.answer = (piece) => [chance.bytes(1 + ((chance.bytes(1)[0] ?? 0) % 9)), piece];
      });
    }
  });

  it('with one bit wrong at every byte of the answers', { timeout: SLOW_TEST_MS }, async () => {
    const { fromDevice } = await healthyRun(subject, task);
    const chance = seededChance(3);
    for (const wrong of offsets(fromDevice)) {
      const bit = 1 << ((chance.bytes(1)[0] ?? 0) & 7);
      await expectHonestOn(subject, task, ({ wire }) => {
        wire.tampering.answer = (piece, at) => [flipped(piece, wrong - at, bit)];
      });
    }
  });

  it.each([90, 700, 4_000])('with every answer %i ms late', { timeout: SLOW_TEST_MS }, async (lateMs) => {
    await expectHonestOn(subject, task, ({ wire }) => {
      wire.tampering.lateMs = lateMs;
    });
  });

  it('with every answer given twice', { timeout: SLOW_TEST_MS }, async () => {
    await expectHonestOn(subject, task, ({ wire }) => {
      wire.tampering.answer = (piece) => [piece, piece];
    });
  });

  it('with the answers of an earlier command still in the wire', { timeout: SLOW_TEST_MS }, async () => {
    for (const other of subject.tasks) {
      const stale = (await healthyRun(subject, other)).said;
      await expectHonestOn(subject, task, (trial) => {
        let isFirst = true;
        trial.wire.tampering.answer = (piece) => {
          const pieces = isFirst ? [...stale, piece] : [piece];
          isFirst = false;
          return pieces;
        };
      });
    }
  });
}

/** Deadline, cancel and close at every instant. */
function defineEnded(subject: ConformanceSubject, task: Task): void {
  it('ended by its deadline at every instant', { timeout: SLOW_TEST_MS }, async () => {
    const healthy = await healthyRun(subject, task);
    for (const budgetMs of instantsToTry(healthy)) await expectHonestEnd(subject, task, healthy, { budgetMs });
  });

  it('cancelled at every instant', { timeout: SLOW_TEST_MS }, async () => {
    const healthy = await healthyRun(subject, task);
    for (const cancelAfterMs of instantsToTry(healthy))
      await expectHonestEnd(subject, task, healthy, { cancelAfterMs });
  });

  it(
    'whose driver is closed at every instant settles and leaves no timer behind',
    { timeout: SLOW_TEST_MS },
    async () => {
      const healthy = await healthyRun(subject, task);
      for (const afterMs of instantsToTry(healthy)) {
        const trial = await open(subject, task);
        const running = trial.begin();
        await trial.clock.run(afterMs);
        const closing = trial.close();
        expectHonest(task, trial, await trial.clock.runUntil(running, TIDY_MS), healthy);
        await trial.clock.runUntil(closing, TIDY_MS);
        await trial.driver.close();
      }
    },
  );
}

const healthyRuns = new Map<string, Promise<Healthy>>();

/** What the task does on a sound wire; found out once. */
function healthyRun(subject: ConformanceSubject, task: Task): Promise<Healthy> {
  const key = `${subject.name}/${task.name}`;
  const known = healthyRuns.get(key);
  if (known) return known;
  const found = measure(subject, task);
  healthyRuns.set(key, found);
  return found;
}

async function measure(subject: ConformanceSubject, task: Task): Promise<Healthy> {
  const trial = await open(subject, task);
  const startedAt = trial.clock.now();
  const outcome = expectDone(await trial.run());
  task.check?.(outcome.reply);
  const { fromDevice, toDevice, said, instants } = trial.wire;
  const healthy: Healthy = {
    reply: outcome.reply,
    fromDevice,
    toDevice,
    said: [...said],
    instantsMs: [...new Set(instants.map((instant) => instant - startedAt))],
    acts: trial.acts(),
  };
  if (task.acts) expect(healthy.acts, 'a physical task that does nothing').toBeGreaterThan(0);
  await trial.close();
  return healthy;
}

/** Runs the task on a wire spoiled by `spoil`; then, on a sound wire, the driver must come back by itself. */
async function expectHonestOn(subject: ConformanceSubject, task: Task, spoil: (trial: Trial) => void): Promise<void> {
  const healthy = await healthyRun(subject, task);
  const trial = await open(subject, task);
  const running = trial.begin();
  spoil(trial);
  const outcome = await trial.clock.runUntil(running, task.budgetMs + TIDY_MS);
  expectHonest(task, trial, outcome, healthy);
  await expectRecovery(trial, task, healthy);
  await trial.close();
}

async function expectHonestEnd(
  subject: ConformanceSubject,
  task: Task,
  healthy: Healthy,
  how: { readonly budgetMs?: number; readonly cancelAfterMs?: number },
): Promise<void> {
  const trial = await open(subject, task);
  const controller = new AbortController();
  if (how.cancelAfterMs !== undefined) trial.clock.after(how.cancelAfterMs, () => controller.abort());
  const running = trial.begin({ budgetMs: how.budgetMs ?? task.budgetMs, signal: controller.signal });
  const limitMs = (how.budgetMs ?? how.cancelAfterMs ?? 0) + TIDY_MS;
  expectHonest(task, trial, await trial.clock.runUntil(running, limitMs), healthy);
  await expectRecovery(trial, task, healthy);
  await trial.close();
}

async function expectRecovery(trial: Trial, task: Task, healthy: Healthy): Promise<void> {
  const sound = { chunking: 'whole', answer: (piece: Uint8Array) => [piece], lateMs: 0 } as const;
  Object.assign(trial.wire.tampering, sound, {
    cutAfterFromDevice: Number.POSITIVE_INFINITY,
    cutAfterToDevice: Number.POSITIVE_INFINITY,
  });
  for (const endMs = trial.clock.now() + RECOVERY_MS; ;) {
    await trial.comeBack(RECOVERY_MS);
    const outcome = await trial.run();
    expectHonest(task, trial, outcome, healthy);
    if (outcome.kind === 'done') return;
    if (trial.clock.now() > endMs) expectDone(outcome);
  }
}

function expectDone(outcome: Outcome<unknown>): Extract<Outcome<unknown>, { kind: 'done' }> {
  expect(outcome.kind, JSON.stringify(outcome)).toBe('done');
  return outcome as Extract<Outcome<unknown>, { kind: 'done' }>;
}

function open(subject: ConformanceSubject, task: Task, seed?: number): Promise<Trial> {
  return openTrial(subject, task, seed);
}

function firstTask(subject: ConformanceSubject): Task {
  const [task] = subject.tasks;
  if (!task) throw new Error(`${subject.name} has no task`);
  return task;
}

function offsets(count: number): readonly number[] {
  const all = Array.from({ length: count }, (_unused, index) => index);
  if (count <= EVERY_BYTE_UP_TO) return all;
  const step = Math.ceil(count / BETWEEN);
  return all.filter((index) => index < EDGE_BYTES || index >= count - EDGE_BYTES || index % step === 0);
}

/** Just at, before and after each instant at which something passed; thinned out where there are very many. */
function instantsToTry({ instantsMs }: Healthy): readonly number[] {
  const around = new Set([0, 1]);
  const step = Math.ceil(instantsMs.length / 40);
  instantsMs.forEach((instant, index) => {
    if (index % step === 0) for (const shift of [-1, 0, 1]) if (instant + shift >= 0) around.add(instant + shift);
  });
  return [...around].toSorted((a, b) => a - b);
}

function flipped(piece: Uint8Array, at: number, bit: number): Uint8Array {
  if (at < 0 || at >= piece.length) return piece;
  const wrong = Uint8Array.from(piece);
  wrong[at] = (wrong[at] ?? 0) ^ bit;
  return wrong;
}
