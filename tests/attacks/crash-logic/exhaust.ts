/** Every crash of one plan: at each kill point of the visit, and then at each kill point of each start after it. */
import type { Violation } from '../../../contract/invariants/facts.types.ts';
import { seedOf } from '../support/draw.ts';
import { judge } from './judge.ts';
import type { Plan } from './plans.ts';
import { blankDisk, type Bench, type Image, type Kiosk } from './stage.ts';
import { drain, nextResident, startAgain, visit } from './visits.ts';

export interface Exhausted {
  /** Schedules of crashes that were played to their end and judged. */
  readonly runs: number;
  readonly violations: readonly string[];
  /** How often each kill point was the last one passed. */
  readonly points: Readonly<Record<string, number>>;
}

export interface Depth {
  /** Of the first crashes, only each so-manieth is crashed again. */
  readonly againEvery: number;
  readonly seed: number;
}

interface Left {
  readonly point: string;
  readonly image: Image;
}

export async function exhaust(bench: Bench, plan: Plan, { againEvery, seed }: Depth): Promise<Exhausted> {
  const violations: string[] = [];
  const points: Record<string, number> = {};
  let runs = 0;
  const first: Left[] = [];
  await bench.live(
    blankDisk(plan),
    seedOf(seed, 0),
    async (kiosk) => {
      await visit(kiosk, plan.visit);
      first.push({ point: 'the end', image: kiosk.take() });
    },
    (point, take) => first.push({ point, image: take() }),
  );

  const play = async (left: Left, at: string, life: number, again?: Left[]): Promise<void> => {
    runs++;
    points[left.point] = (points[left.point] ?? 0) + 1;
    const found = await startFrom(bench, left, seedOf(seed, life), again);
    violations.push(
      ...found.map(({ invariant, detail }) => `${invariant}: ${detail} | ${plan.name} | killed at ${at}`),
    );
  };

  for (const [index, left] of first.entries()) {
    const again: Left[] | undefined = index % againEvery === 0 ? [] : undefined;
    const at = `${left.point} (${index + 1})`;
    await play(left, at, 1, again);
    for (const [place, second] of (again ?? []).entries()) {
      await play(second, `${at}, then at ${second.point} (${place + 1})`, 2);
    }
  }
  return { runs, violations, points };
}

/** The start after a crash, to the very end; `again` collects the images of its kill points. */
async function startFrom(bench: Bench, { image }: Left, seed: number, again?: Left[]): Promise<readonly Violation[]> {
  let isStarting = true;
  const found: Violation[] = [];
  const work = async (kiosk: Kiosk): Promise<void> => {
    const { paperInDoubt } = await startAgain(kiosk);
    await drain(kiosk);
    isStarting = false;
    if (!paperInDoubt) await nextResident(kiosk);
    await drain(kiosk);
    found.push(...judge(kiosk));
  };
  try {
    await bench.live(image, seed, work, (point, take) => {
      if (isStarting) again?.push({ point, image: take() });
    });
  } catch (error) {
    // nothing may be thrown for an expected fault: a bug, with whatever it would have done to the money
    found.push({ invariant: 'I3', detail: `thrown: ${error instanceof Error ? error.message : String(error)}` });
  }
  return found;
}
