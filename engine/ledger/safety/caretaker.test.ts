import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, ok, type Problem } from '../../../contract/outcome.schema.ts';
import type { Ledger } from '../ledger.ts';
import type { Ballast } from './ballast.ts';
import { Caretaker, type CaretakerOptions } from './caretaker.ts';
import { SafeRig } from './test-support/safe-rig.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let rig: SafeRig;
let ledger: Ledger;
let isIdle: boolean;
let hour: number;
let walks: number;
let damage: Problem[];
let problems: Problem[];
beforeEach(async () => {
  rig = new SafeRig();
  ({ ledger } = await rig.open());
  isIdle = true;
  hour = 12;
  walks = 0;
  damage = [];
  problems = [];
});
afterEach(() => rig.dispose());

function caretaker(more: Partial<CaretakerOptions> = {}): Caretaker {
  const checkWholeChain: Ledger['checkWholeChain'] = () => {
    walks++;
    return Promise.resolve(ok(undefined));
  };
  return new Caretaker({
    clock: rig.clock,
    ledger: { ...ledger, checkWholeChain },
    backupDirectory: rig.backupDirectory,
    isIdle: () => isIdle,
    localHour: () => hour,
    onProblem: (found) => problems.push(found),
    onDamage: (found) => damage.push(found),
    ...more,
  });
}

/** A look every minute, as its timer does. */
async function watch(made: Caretaker, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += MINUTE_MS) {
    await rig.until(made.look());
    rig.clock.advance(MINUTE_MS);
  }
}

const backups = (): number => {
  try {
    return Number(readdirSync(rig.backupDirectory).toSorted().at(-1)?.slice(7, 15) ?? 0);
  } catch {
    return 0;
  }
};

describe('backups', () => {
  it('are made soon after the start, for machines that are switched off every evening, then every six hours', async () => {
    const made = caretaker();
    await watch(made, 10 * MINUTE_MS);
    expect(backups()).toBe(0);
    await watch(made, 2 * MINUTE_MS);
    expect(backups()).toBe(1);
    await watch(made, 12 * HOUR_MS + 5 * MINUTE_MS);
    expect(backups()).toBe(3);
  });

  it('wait for a quiet moment, but not for ever', async () => {
    isIdle = false;
    const made = caretaker();
    await watch(made, 65 * MINUTE_MS);
    expect(backups()).toBe(0);
    await watch(made, 10 * MINUTE_MS);
    expect(backups()).toBe(1);
  });

  it('that fail are said, and a damaged copy makes it look at the database itself', async () => {
    const broken = { ...ledger, copyTo: () => Promise.resolve(fail('ledger.corrupt', 'page 7')) };
    const made = caretaker({
      ledger: { ...broken, checkWholeChain: () => Promise.resolve(fail('ledger.corrupt', 'row 9')) },
    });
    await watch(made, 12 * MINUTE_MS);
    expect(problems).toEqual([{ code: 'ledger.backup', detail: 'page 7' }]);
    expect(damage).toEqual([{ code: 'ledger.corrupt', detail: 'row 9' }]);
  });
});

describe('the night', () => {
  it('walks everything once, and not again when the clock is set back', async () => {
    const made = caretaker();
    await watch(made, 30 * MINUTE_MS);
    expect(walks).toBe(0);
    hour = 3;
    await watch(made, 50 * MINUTE_MS);
    hour = 2;
    await watch(made, 10 * MINUTE_MS);
    hour = 3;
    await watch(made, 50 * MINUTE_MS);
    expect(walks).toBe(1);
  });

  it('that was too busy is made up for by day', async () => {
    const made = caretaker();
    hour = 3;
    isIdle = false;
    await watch(made, HOUR_MS);
    hour = 10;
    await watch(made, 16 * HOUR_MS);
    isIdle = true;
    await watch(made, 2 * MINUTE_MS);
    expect(walks).toBe(1);
  });
});

describe('the ballast', () => {
  it('is laid down in a quiet moment when there is room, and its refusal is said', async () => {
    let rebuilt = 0;
    const ballast: Ballast = {
      bytes: 1,
      isWhole: () => false,
      release: () => false,
      rebuild: () => Promise.resolve(++rebuilt < 2 ? ok(undefined) : fail('ledger.full', 'ballast')),
    };
    const disk = { level: () => 'plenty' as const, hasRoomForBallast: () => true };
    isIdle = false;
    const made = caretaker({ ballast, disk });
    await watch(made, 2 * MINUTE_MS);
    expect(rebuilt).toBe(0);
    isIdle = true;
    await watch(made, 2 * MINUTE_MS);
    expect(rebuilt).toBe(2);
    expect(problems).toMatchObject([{ code: 'ledger.full' }]);
  });

  it('is left alone, like backups, on a disk that is full', async () => {
    const disk = { level: () => 'syncOnly' as const, hasRoomForBallast: () => false };
    await watch(caretaker({ disk }), 30 * MINUTE_MS);
    expect(backups()).toBe(0);
  });
});
