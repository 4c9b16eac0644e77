/** A day of one kiosk: one process after the other on the same ledger, each killed, and a last one that settles it all. */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { HeadFact } from '../../../contract/invariants/facts.types.ts';
import type { BundledProgram } from '../support/bundled-program.ts';
import { seedOf } from '../support/draw.ts';
import type { KioskLife, Said } from './kiosk-life.ts';
import { describeKill, type KillPlan } from './kill-plan.ts';
import { OutsideWorld } from './outside-world.ts';
import type { Plant } from './plants.ts';
import { judgeDay } from './verdict.ts';

export interface DayOptions {
  readonly seed: number;
  readonly day: number;
  readonly kills: readonly KillPlan[];
  readonly plant?: Plant;
  /** kiosk.main.ts. */
  readonly program: BundledProgram;
  /** Of this day alone, and empty. */
  readonly directory: string;
}

export interface DayResult {
  /** Kills by where they struck: a kill point, or the call that was under way. */
  readonly struck: readonly { readonly phase: string; readonly at: string; readonly isFlight: boolean }[];
  readonly operations: number;
  readonly violations: readonly string[];
}

const START_MS = Date.UTC(2026, 0, 5);
const BETWEEN_LIVES_MS = 3_600_000;

export async function runDay(options: DayOptions): Promise<DayResult> {
  const { day, kills, directory } = options;
  const seed = seedOf(options.seed, day);
  const world = new OutsideWorld();
  const paths = { path: join(directory, 'kiosk.sqlite'), blackBoxPath: join(directory, 'black-box.log') };
  const struck: { phase: string; at: string; isFlight: boolean }[] = [];
  const txns = new Set<string>();
  let durable: HeadFact | undefined;
  const plans = [...kills, undefined];
  for (const [index, plan] of plans.entries()) {
    const wallStartMs = START_MS + index * BETWEEN_LIVES_MS;
    const planted = options.plant && { plant: options.plant };
    const life = lifeOf(plan, { ...paths, ...planted, seed: seedOf(seed, index), wallStartMs });
    const { said, killedAt, isKilled, stderr } = await live(options.program, life, world, plan);
    for (const one of said) {
      if ('done' in one) durable = one.done;
      if ('done' in one && one.txn !== undefined) txns.add(one.txn);
      if ('died' in one) struck.push({ phase: one.phase, at: one.died, isFlight: false });
    }
    if (killedAt !== undefined) struck.push({ phase: plan?.phase ?? 'start', at: killedAt, isFlight: true });
    if (isKilled !== (plan !== undefined)) {
      const what = `process ${index} (${plan ? describeKill(plan) : 'the last'}) ended by itself: ${stderr.slice(0, 600)}`;
      return { struck, operations: txns.size, violations: [`day ${day}: ${what}`] };
    }
  }
  const { operations, violations } = judgeDay({ paths, world, durable, txns });
  const story = struck.map(({ phase, at }) => `${phase} ${at}`).join(' · ');
  return { struck, operations, violations: violations.map((text) => `day ${day}: ${text} | killed at ${story}`) };
}

function lifeOf(plan: KillPlan | undefined, base: Omit<KioskLife, 'die' | 'isLast' | 'wish'>): KioskLife {
  const { at, phase = 'start', wish } = plan ?? {};
  const die = at?.kind === 'point' ? { die: { phase, point: at.point, nth: at.nth } } : {};
  return { ...base, ...die, ...(wish && { wish }), isLast: plan === undefined };
}

async function live(program: BundledProgram, life: KioskLife, world: OutsideWorld, plan: KillPlan | undefined) {
  const child = spawn(process.execPath, [program.path, JSON.stringify(life)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...program.env },
  });
  let [text, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (more: string) => (text += more));
  child.stderr?.setEncoding('utf8').on('data', (more: string) => (stderr += more));
  const killedAt = await world.serve(child, child.stdio[3] as Socket, plan);
  const said = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Said);
  return { said, killedAt, stderr, isKilled: child.signalCode === 'SIGKILL' };
}
