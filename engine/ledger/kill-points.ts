/**
 * Named places between two durable or outside acts. Tests end the process there; in service the probe does nothing.
 * Order as in time. `ledger.append.inside` lies within the open transaction.
 */
export const KILL_POINTS = [
  'ledger.append.before',
  'ledger.append.inside',
  'ledger.append.after',
  'charge.intent.before',
  'charge.intent.after',
  'charge.sent',
  'charge.answered',
  'charge.recorded',
  'query.sent',
  'query.answered',
  'print.checkpoint',
  'print.intent.before',
  'print.intent.after',
  'print.sent',
  'print.answered',
  'print.recorded',
  'act.checkpoint',
  'act.intent.before',
  'act.intent.after',
  'act.sent',
  'act.answered',
  'act.recorded',
  'submit.recorded',
  'settle.answered',
  'reverse.intent.before',
  'reverse.intent.after',
  'reverse.sent',
  'reverse.answered',
  'reverse.recorded',
  'case.recorded',
  'retract.sent',
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];
export type Probe = (point: KillPoint) => void;

export const noProbe: Probe = () => undefined;
