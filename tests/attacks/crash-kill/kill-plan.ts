/** Where and how the next process is killed: a list that reaches every kill point, every wire and every start after it. */
import type { Faults } from '../../../engine/ledger/test-support/fake-devices.ts';
import { KILL_POINTS, type KillPoint } from '../../../engine/ledger/kill-points.ts';
import type { Draw } from '../support/draw.ts';
import type { Wish } from '../support/residents.ts';

export interface KillPlan {
  /** `start`: in the recovery of what the last kill left; `service`: while residents are served. */
  readonly phase: 'start' | 'service';
  readonly at: KillAt;
  /** What is going wrong with the devices meanwhile. */
  readonly faults: Partial<Faults>;
  /** What the residents come for meanwhile. */
  readonly wish?: Wish;
}

export type KillAt =
  /** By itself, the `nth` time it passes the point. */
  | { readonly kind: 'point'; readonly point: KillPoint; readonly nth: number }
  /**
   * From outside, while its `nth` call is under way. `unheard`: nobody acts on it. `unanswered`: it was done, and the
   * answer comes too late. `late`: it is done after the process is dead.
   */
  | { readonly kind: 'flight'; readonly nth: number; readonly when: 'unheard' | 'unanswered' | 'late' };

interface Pair {
  readonly faults: Partial<Faults>;
  readonly wish?: Wish;
  readonly service: readonly KillPoint[];
  readonly start: readonly KillPoint[];
}

/** What must go wrong, and where the process must die, so that the next start passes these points. */
const PAIRS: readonly Pair[] = [
  {
    faults: {},
    service: [
      'ledger.append.before',
      'ledger.append.inside',
      'ledger.append.after',
      'charge.intent.after',
      'charge.sent',
    ],
    start: ['query.sent', 'query.answered', 'charge.recorded', 'ledger.append.before', 'ledger.append.inside'],
  },
  {
    faults: { reverseReplyLost: 1 },
    service: ['charge.recorded', 'print.checkpoint', 'print.intent.before', 'charge.answered'],
    start: ['reverse.intent.before', 'reverse.intent.after', 'reverse.sent', 'reverse.answered', 'reverse.recorded'],
  },
  {
    faults: { print: 'printedReplyLost' },
    service: ['print.intent.after', 'print.sent', 'print.answered', 'settle.answered'],
    start: ['settle.answered', 'print.recorded', 'retract.sent', 'ledger.append.after'],
  },
  {
    faults: { print: 'printedReplyLost', cannotTell: true },
    service: ['print.sent', 'print.answered', 'settle.answered', 'case.recorded'],
    start: ['settle.answered', 'case.recorded', 'retract.sent'],
  },
  {
    faults: { sale: 'replyLost', queryFails: 2 },
    service: ['charge.answered', 'query.sent', 'query.answered', 'charge.recorded'],
    start: ['query.sent', 'query.answered', 'reverse.sent', 'reverse.answered'],
  },
  {
    faults: { print: 'jam' },
    service: ['print.answered', 'case.recorded', 'charge.intent.before', 'print.recorded'],
    start: ['settle.answered', 'ledger.append.inside', 'retract.sent'],
  },
  {
    faults: { door: 'openedReplyLost' },
    wish: 'door',
    service: ['act.checkpoint', 'act.intent.before', 'act.intent.after', 'act.sent', 'act.answered', 'act.recorded'],
    start: ['settle.answered', 'act.recorded', 'ledger.append.inside', 'reverse.sent'],
  },
  {
    faults: { door: 'requestLost', doorSensor: true },
    wish: 'door',
    service: ['act.sent', 'act.answered', 'settle.answered'],
    start: ['settle.answered', 'act.recorded', 'reverse.intent.after'],
  },
  { faults: {}, wish: 'form', service: ['submit.recorded', 'ledger.append.inside'], start: ['ledger.append.before'] },
  {
    faults: {},
    wish: 'moneyBack',
    service: ['reverse.intent.before', 'reverse.intent.after', 'reverse.sent', 'reverse.answered', 'reverse.recorded'],
    start: ['reverse.sent', 'reverse.answered', 'reverse.recorded'],
  },
  {
    faults: { sale: 'decline' },
    service: ['charge.answered', 'charge.recorded'],
    start: ['query.sent', 'query.answered'],
  },
  { faults: { reverseRefused: true }, service: ['charge.recorded', 'print.checkpoint'], start: ['case.recorded'] },
];

/** A charge is in doubt at each start. */
export const DOUBTFUL_KILLS: readonly KillPlan[] = Array.from({ length: 3 }, () => ({
  phase: 'service',
  at: { kind: 'point', point: 'charge.sent', nth: 1 },
  faults: {},
  wish: 'moneyBack',
}));

/** The kills of one day, `count` of them: in service, then in the start after it, now and then in the one after that too. */
export function* killPlans(count: number, day: number, draw: Draw): Generator<KillPlan> {
  for (let number = 0, left = count; left > 0; number++) {
    const pair = PAIRS[(day + number) % PAIRS.length];
    if (!pair) return;
    const kills: KillPlan[] = [killOf(pair, 'service', draw), killOf(pair, 'start', draw)];
    if (draw.hits(25)) kills.push(killOf(pair, 'start', draw));
    for (const kill of kills.slice(0, left)) yield kill;
    left -= kills.length;
  }
}

function killOf(pair: Pair, phase: KillPlan['phase'], draw: Draw): KillPlan {
  const at: KillAt = draw.hits(35)
    ? {
        kind: 'flight',
        nth: 1 + draw.below(phase === 'start' ? 2 : 6),
        when: draw.pick(['unheard', 'unanswered', 'late']),
      }
    : { kind: 'point', point: draw.pick(pair[phase]), nth: draw.hits(75) ? 1 : 2 };
  return { phase, at, faults: pair.faults, ...(pair.wish && { wish: pair.wish }) };
}

export function describeKill({ phase, at }: Pick<KillPlan, 'phase' | 'at'>): string {
  return at.kind === 'point' ? `${phase} ${at.point} ${at.nth}` : `${phase} call ${at.nth} ${at.when}`;
}

export function unreached(reached: Readonly<Record<string, number>>): readonly KillPoint[] {
  return KILL_POINTS.filter((point) => !reached[point]);
}
