/**
 * One reading of a supply, taken twice over: the whole list, then each value that decides something by itself. The protocol
 * has no checksum; a line that was spoilt on its way does not say the same in both places.
 */
import type { UpsReply } from '../../contract/devices/ups.schema.ts';
import type { DeviceState } from '../../contract/driver.ts';
import { done, failed, problem, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import type { Turn } from '../link/exchange.ts';
import { notBegun } from '../link/scope.ts';
import type { NutAnswer } from './nut-answers.ts';
import { writeLine, type NutMessage } from './nut.codec.ts';
import { powerStateOf } from './ups-status.ts';

const NAMES = ['ups.status', 'battery.charge', 'battery.runtime'] as const;
type Values = Readonly<Partial<Record<(typeof NAMES)[number], string>>>;

/** A value may change between the two; three times in a row is no chance. */
const ROUNDS = 3;
const SETTLE_MS = 50;
const DOUBT = `${ROUNDS} readings in a row were spoilt or contradicted themselves`;

/** What upsd means when it refuses (RFC 9271 4.1); `state` is what the supply is then. */
const REFUSALS: Readonly<Record<string, { readonly code: ProblemCode; readonly state: DeviceState }>> = {
  'DATA-STALE': { code: 'device.absent', state: 'offline' },
  'DRIVER-NOT-CONNECTED': { code: 'device.absent', state: 'offline' },
  'UNKNOWN-UPS': { code: 'device.absent', state: 'noDevice' },
  'ACCESS-DENIED': { code: 'device.refused', state: 'noDevice' },
};

export interface Reading {
  readonly outcome: Outcome<UpsReply>;
  /** Present when upsd or the supply spoke, whatever it said. */
  readonly said?: { readonly state: DeviceState; readonly replaceBattery: boolean };
  /** Something came that is no answer. */
  readonly isSpoilt?: boolean;
}

/** Asks one question and gives upsd's answer to it, or the way the question ended. */
export type Ask = (
  turn: Turn<NutAnswer>,
  question: NutMessage,
  match: (answer: NutAnswer) => NutAnswer | undefined,
) => Promise<NutAnswer | Outcome<never>>;

export async function readSupply(turn: Turn<NutAnswer>, ask: Ask, ups: string): Promise<Reading> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const listed = await listedValues(turn, ask, ups);
    const single = isValues(listed) ? await singleValues(turn, ask, ups) : listed;
    if (isValues(listed) && isValues(single)) {
      if (NAMES.every((name) => listed.values[name] === single.values[name])) return judged(single.values);
    } else if (!isValues(single) && !single.isSpoilt) return single;
    // what is left of a spoilt answer must not be met again
    else if (!(await turn.scope.pause(SETTLE_MS))) break;
  }
  return {
    outcome: turn.scope.interruption ? notBegun(turn.scope.interruption) : failed('device.garbage', 'none', DOUBT),
  };
}

interface Got {
  readonly values: Values;
}

function isValues(got: Got | Reading): got is Got {
  return 'values' in got;
}

async function listedValues(turn: Turn<NutAnswer>, ask: Ask, ups: string): Promise<Got | Reading> {
  const answer = await ask(turn, { kind: 'listVariables', from: 'host', ups }, (candidate) =>
    isRefusal(candidate) || (candidate.kind === 'list' && candidate.what === `VAR ${ups}`) ? candidate : undefined,
  );
  if (answer.kind !== 'list') return notRead(answer);
  const values: Partial<Record<(typeof NAMES)[number], string>> = {};
  for (const name of NAMES) {
    const item = answer.items.find((message) => message.kind === 'variable' && message['name'] === name);
    if (item?.['value'] !== undefined) values[name] = item['value'];
  }
  return { values };
}

async function singleValues(turn: Turn<NutAnswer>, ask: Ask, ups: string): Promise<Got | Reading> {
  const values: Partial<Record<(typeof NAMES)[number], string>> = {};
  for (const name of NAMES) {
    const answer = await ask(turn, { kind: 'getVariable', from: 'host', ups, name }, (candidate) =>
      isRefusal(candidate) || isVariable(candidate, ups, name) ? candidate : undefined,
    );
    if (answer.kind === 'line' && answer.message.kind === 'variable') values[name] = answer.message['value'] ?? '';
    else if (!isNotSupported(answer)) return notRead(answer);
  }
  return { values };
}

function isRefusal(answer: NutAnswer): boolean {
  return answer.kind === 'line' && (answer.message.kind === 'error' || answer.message.kind === 'errorWithText');
}

function isVariable(answer: NutAnswer, ups: string, name: string): boolean {
  if (answer.kind !== 'line' || answer.message.kind !== 'variable') return false;
  return answer.message['ups'] === ups && answer.message['name'] === name;
}

function isNotSupported(answer: NutAnswer | Outcome<never>): boolean {
  return answer.kind === 'line' && answer.message['code'] === 'VAR-NOT-SUPPORTED';
}

function notRead(answer: NutAnswer | Outcome<never>): Reading {
  if (answer.kind === 'failed' || answer.kind === 'unknown' || answer.kind === 'done') return { outcome: answer };
  if (answer.kind !== 'line') return { outcome: failed('device.garbage', 'none', DOUBT), isSpoilt: true };
  const code = answer.message['code'] ?? '';
  const refusal = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  if (!refusal) return { outcome: failed('device.refused', 'none', `upsd: ${code}`) };
  return {
    outcome: failed(refusal.code, 'none', `upsd: ${code}`),
    said: { state: refusal.state, replaceBattery: false },
  };
}

function judged(values: Values): Reading {
  const status = values['ups.status'] ?? '';
  const power = powerStateOf(status);
  const charge = numberIn(values['battery.charge'], 100);
  const runtime = numberIn(values['battery.runtime'], Number.MAX_SAFE_INTEGER);
  if (!power) return notRunning(status);
  if (charge === null || runtime === null) {
    return { outcome: failed('device.garbage', 'none', 'charge or run time is no number') };
  }
  const reply = {
    onBattery: power.onBattery,
    batteryLow: power.batteryLow,
    ...(charge === undefined ? {} : { chargePercent: charge }),
    ...(runtime === undefined ? {} : { runtimeSeconds: runtime }),
  };
  return {
    outcome: done(reply, { method: 'nut.status', value: status.slice(0, 200) }),
    said: { state: 'online', replaceBattery: power.replaceBattery },
  };
}

/** Neither on line nor on battery: the driver of upsd is starting, or the supply's output is off. */
function notRunning(status: string): Reading {
  const isStarting = status === '' || status.split(' ').includes('WAIT');
  const why: Problem = isStarting
    ? problem('device.busy', `the supply is starting: ${status}`)
    : problem('device.refused', `the supply says neither OL nor OB: ${status}`);
  return {
    outcome: { kind: 'failed', problem: why, effect: 'none' },
    said: { state: isStarting ? 'starting' : 'hardwareError', replaceBattery: false },
  };
}

/** Undefined: the supply does not tell. Null: it tells nonsense. */
function numberIn(text: string | undefined, maximum: number): number | undefined | null {
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,12}(?:\.[0-9]{1,6})?$/.test(text)) return null;
  const value = Number(text);
  return value <= maximum ? value : null;
}

/** The bytes of a question; every form it uses is in the codec's table. */
export function questionBytes(question: NutMessage): Uint8Array {
  const line = writeLine(question);
  if (!line.ok) throw new Error(line.problem.detail);
  return line.value;
}
