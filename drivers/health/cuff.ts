/**
 * Cuff tunnel monitors that are started by the kiosk (device-protocols 7.4). Inflating a cuff is a physical act: it is asked for
 * once a command, and ended by the device's own word or, when the command ends before, by the order to let the air out.
 */
import type { HealthReply, Measurement } from '../../contract/devices/health.schema.ts';
import { done, failed, unknown, type Outcome } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { INTERRUPTION_CODES, notBegun, type Wait } from '../link/scope.ts';
import { fitTogether } from './plausible.ts';

export interface CuffResult {
  readonly systolic: number;
  readonly diastolic: number;
  readonly mean?: number;
  readonly pulse: number;
}

/** What a message means while the cuff works. */
export type CuffNews =
  | { readonly kind: 'pressure' }
  | { readonly kind: 'result'; readonly result: CuffResult }
  /** `isCuff`: the cuff itself; otherwise the measurement (movement). */
  | { readonly kind: 'error'; readonly number: number; readonly name: string; readonly isCuff: boolean };

export interface CuffCourse<Event> {
  readonly turn: Turn<Event>;
  readonly start: Uint8Array;
  /** Lets the air out. */
  readonly stop: Uint8Array;
  /** The harmless question for the result, for monitors that only tell when asked. */
  readonly askResult?: Uint8Array;
  /** `ask`: the measurement is over, the result must be asked for. */
  news(event: Event): CuffNews | 'ask' | undefined;
  readonly method: string;
}

/** A working cuff tells its pressure several times a second. */
const SILENCE_MS = 5_000;
/** Questions for the result, each waited for as long as a silence. */
const QUESTIONS = 3;
/** Pressures that prove that this measurement, not an earlier one, is being told of. */
const PROVING_PRESSURES = 3;

export async function inflateOnce<Event>(course: CuffCourse<Event>): Promise<Outcome<HealthReply>> {
  const { turn, start } = course;
  if (turn.scope.interruption) return notBegun(turn.scope.interruption);
  turn.discard();
  if (!turn.send(start)) return failed('device.absent', 'none', 'the link went before the cuff was started');
  const outcome = await follow(course);
  if (outcome.kind === 'unknown') turn.send(course.stop);
  return outcome;
}

async function follow<Event>(course: CuffCourse<Event>): Promise<Outcome<HealthReply>> {
  let pressures = 0;
  for (let questions = 0; questions <= QUESTIONS;) {
    const wait = await course.turn.next((event) => course.news(event), SILENCE_MS);
    if (wait.kind === 'timeout' || (wait.kind === 'got' && wait.value === 'ask')) {
      questions += 1;
      if (course.askResult) course.turn.send(course.askResult);
      else return unknown('health.noReading', 'the cuff fell silent');
      continue;
    }
    if (wait.kind !== 'got') return broken(wait);
    const news = wait.value;
    if (news === 'ask') continue;
    if (news.kind === 'pressure') pressures += 1;
    else if (news.kind === 'error') return cuffError(news);
    else if (pressures >= PROVING_PRESSURES) return verdict(news.result, course.method);
    // A result without pressures is that of somebody else; ours may still come.
  }
  return unknown('health.noReading', 'the monitor gives no result');
}

function broken(wait: Exclude<Wait<unknown>, { kind: 'got' | 'timeout' }>): Outcome<never> {
  const code = wait.kind === 'deadline' ? 'health.noReading' : INTERRUPTION_CODES[wait.kind];
  return unknown(code, 'the cuff was started; the order to let the air out was given');
}

function cuffError({ number, name, isCuff }: Extract<CuffNews, { kind: 'error' }>): Outcome<never> {
  return failed(isCuff ? 'health.cuff' : 'health.noReading', 'partial', `${number} ${name}`);
}

function verdict({ systolic, diastolic, mean, pulse }: CuffResult, method: string): Outcome<HealthReply> {
  const measurements: Measurement[] = [
    { code: 'systolic', value: systolic, unit: 'mmHg' },
    { code: 'diastolic', value: diastolic, unit: 'mmHg' },
    ...(mean === undefined ? [] : [{ code: 'mean', value: mean, unit: 'mmHg' } as const]),
    { code: 'pulse', value: pulse, unit: 'bpm' },
  ];
  if (!fitTogether(measurements)) return failed('health.noReading', 'partial', 'the values are out of bounds');
  return done(
    { quantity: 'blood-pressure', measurements, remarks: [] },
    { method, value: 'checksum right, seen rising' },
  );
}
