/**
 * The engine is killed at every named point of a parking payment, and from outside; each time money, paper and record
 * must agree after the next start, and nothing may have happened twice.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KILL_POINTS, type KillPoint } from '../../engine/ledger/kill-points.ts';
import type { SiteProfile } from '../../kiosk-config/site.schema.ts';
import type { Violation } from '../../contract/invariants.ts';
import { disagreements } from '../../scripts/journey/agreement.ts';
import type { RunningEngine } from '../../scripts/journey/processes.ts';
import { carArrives, until } from '../../scripts/journey/watching.ts';
import { devicesOf, quick, startRig, visit, type Rig, type Terminal } from '../support/kiosk-rig.ts';

/**
 * How each point is reached. `journey`: a resident who pays passes it. `start`: only the start after another crash
 * does, so that one comes first. `paperOut`: only a slip that cannot be printed opens a case. `noService`: no service has such
 * a step yet; `engine/ledger/acts.test.ts` kills there.
 */
type Way = { kind: 'journey' } | { kind: 'start'; after: KillPoint } | { kind: 'paperOut' } | { kind: 'noService' };
interface Crash {
  readonly way: Way;
  /** Ends that are right here; anything else is a fault. */
  readonly ends: readonly string[];
}

const journey: Way = { kind: 'journey' };
const start = (after: KillPoint): Way => ({ kind: 'start', after });

/** Exhaustive by its type: a new point must be classified here. */
const CRASHES: Readonly<Record<KillPoint, Crash>> = {
  'ledger.append.before': { way: journey, ends: ['nothing'] },
  'ledger.append.inside': { way: journey, ends: ['nothing'] },
  'ledger.append.after': { way: journey, ends: ['cancelled'] },
  'charge.intent.before': { way: journey, ends: ['nothing'] },
  'charge.intent.after': { way: journey, ends: ['cancelled'] },
  // whether the last words of a killed process reach the wire is up to the kernel
  'charge.sent': { way: journey, ends: ['cancelled', 'reversed'] },
  'charge.answered': { way: journey, ends: ['reversed'] },
  'charge.recorded': { way: journey, ends: ['reversed'] },
  // the terminal is asked only when an answer was lost
  'query.sent': { way: start('charge.answered'), ends: ['reversed'] },
  'query.answered': { way: start('charge.answered'), ends: ['reversed'] },
  'print.checkpoint': { way: journey, ends: ['reversed'] },
  'print.intent.before': { way: journey, ends: ['reversed'] },
  'print.intent.after': { way: journey, ends: ['reversed'] },
  'print.sent': { way: journey, ends: ['reversed', 'delivered', 'case'] },
  'print.answered': { way: journey, ends: ['delivered'] },
  'print.recorded': { way: journey, ends: ['delivered'] },
  'act.checkpoint': { way: { kind: 'noService' }, ends: [] },
  'act.intent.before': { way: { kind: 'noService' }, ends: [] },
  'act.intent.after': { way: { kind: 'noService' }, ends: [] },
  'act.sent': { way: { kind: 'noService' }, ends: [] },
  'act.answered': { way: { kind: 'noService' }, ends: [] },
  'act.recorded': { way: { kind: 'noService' }, ends: [] },
  'submit.recorded': { way: { kind: 'noService' }, ends: [] },
  // the counters are compared only when an answer was lost
  'settle.answered': { way: start('print.answered'), ends: ['delivered'] },
  // a paid resident keeps what was paid for; only a start gives money back
  'reverse.intent.before': { way: start('charge.recorded'), ends: ['reversed'] },
  'reverse.intent.after': { way: start('charge.recorded'), ends: ['reversed'] },
  'reverse.sent': { way: start('charge.recorded'), ends: ['reversed'] },
  'reverse.answered': { way: start('charge.recorded'), ends: ['reversed'] },
  'reverse.recorded': { way: start('charge.recorded'), ends: ['reversed'] },
  'case.recorded': { way: { kind: 'paperOut' }, ends: ['case'] },
  // a slip is taken back only for the next person
  'retract.sent': { way: start('print.answered'), ends: ['delivered'] },
};

const LANES = 2;
const LIMIT_MS = 240_000;

let rig: Rig;
const free: Terminal[] = [];
const waiting: ((terminal: Terminal) => void)[] = [];
let cars = 0;

/** Two cabinets, each with one resident at a time. */
async function atCabinet<Value>(work: (terminal: Terminal) => Promise<Value>): Promise<Value> {
  const terminal = free.shift() ?? (await new Promise<Terminal>((resolve) => waiting.push(resolve)));
  try {
    return await work(terminal);
  } finally {
    await terminal.stop();
    await Promise.all(['card-1', 'receipt-1', 'pay-1'].map((device) => terminal.station.act(device, 'reset')));
    const next = waiting.shift();
    if (next) next(terminal);
    else free.push(terminal);
  }
}

interface Witness {
  readonly ended: string;
  readonly saleRequests: number;
  readonly charges: number;
  readonly slips: number;
  /** Everything of this payment that the platform has. */
  readonly payments: readonly { readonly state: string; readonly grace: string | null }[];
  readonly cases: readonly string[];
  /** What the witnesses say otherwise of each other. */
  readonly broken: readonly Violation[];
}

/** What was added by `crash` and the start after it, by three witnesses. */
async function witness(terminal: Terminal, crash: (plate: string) => Promise<void>): Promise<Witness> {
  const before = await readAll(terminal);
  cars += 1;
  const plate = `粤A${String(cars).padStart(5, '0')}`;
  await carArrives(rig.platformUrl, plate, 125);
  await crash(plate);
  const after = await readAll(terminal);
  const txns = after.ledger.txns.slice(before.ledger.txns.length);
  const last = txns.at(-1)?.state ?? 'nothing';
  const sales = after.terminal.sales.slice(before.terminal.sales.length);
  const slips = after.printer.slips.filter((slip) => slip.number > before.printer.slipsCut && isWhole(slip)).length;
  expect(txns.length, 'one payment, one transaction').toBeLessThanOrEqual(1);
  return {
    ended: last === 'flagged' ? 'case' : last,
    saleRequests: after.terminal.saleRequests - before.terminal.saleRequests,
    charges: after.terminal.approved - after.terminal.voided - before.terminal.approved + before.terminal.voided,
    slips,
    payments: after.payments.slice(before.payments.length).map(({ state, grace }) => ({ state, grace })),
    cases: after.cases.slice(before.cases.length).map(({ code }) => code),
    broken: disagreements({ txns, unsent: after.ledger.unsent, sales, slips, platform: after }),
  };
}

/** One that the paper ran out of ends before the amount. */
function isWhole({ text }: { readonly text: string }): boolean {
  return text.includes('9.60');
}

async function readAll(terminal: Terminal) {
  const ledger = await terminal.settledLedger();
  const summary = await rig.summary();
  const ours = <Row extends { readonly terminal: string }>(rows: readonly Row[]) =>
    rows.filter((row) => row.terminal === terminal.name);
  return {
    ...(await devicesOf(terminal)),
    ledger,
    payments: ours(summary.payments),
    cases: ours(summary.cases),
    prints: ours(summary.prints),
  };
}

type Killer = (engine: RunningEngine) => Promise<void>;

/** Opens the kiosk, lets a resident pay, and sees the engine die; the resident leaves with their card. */
async function payAndDie(terminal: Terminal, plate: string, kill: KillPoint | Killer): Promise<void> {
  const engine = await terminal.open(typeof kill === 'string' ? { kill } : {});
  const [{ end }] = await Promise.all([
    visit(terminal, engine, { plate }),
    typeof kill === 'string' ? undefined : kill(engine),
  ]);
  expect(end).toEqual({ kind: 'engineGone', how: 'SIGKILL' });
  await terminal.station.act('card-1', 'remove');
}

async function crashAt(terminal: Terminal, point: KillPoint, plate: string): Promise<void> {
  const { way } = CRASHES[point];
  if (way.kind === 'start') {
    await payAndDie(terminal, plate, way.after);
    expect(await terminal.start({ kill: point }).ended, 'dies while it recovers').toBe('SIGKILL');
  } else {
    if (way.kind === 'paperOut') await terminal.station.act('receipt-1', 'faults', { paperOutAfterLines: 3 });
    await payAndDie(terminal, plate, point);
    if (way.kind === 'paperOut') await terminal.station.act('receipt-1', 'reset');
  }
  await terminal.start().client.call('view', {});
}

/** Money, paper and record agree, and nothing happened twice. */
function expectAgreement(seen: Witness): void {
  expect(seen.broken).toEqual([]);
  expect(seen.saleRequests, 'asked for money').toBeLessThanOrEqual(1);
  const [payment] = seen.payments;
  switch (seen.ended) {
    case 'nothing':
      return expect(seen).toMatchObject({ charges: 0, saleRequests: 0, slips: 0, payments: [] });
    case 'cancelled':
      expect(payment).toEqual({ state: 'cancelled', grace: null });
      return expect(seen).toMatchObject({ charges: 0, slips: 0 });
    case 'reversed':
      expect(payment?.state).toBe('reversed');
      expect(payment?.grace, 'nobody leaves on money that went back').not.toBe('open');
      return expect(seen).toMatchObject({ charges: 0, slips: 0 });
    case 'delivered':
      expect(payment).toEqual({ state: 'paid', grace: 'open' });
      return expect(seen).toMatchObject({ charges: 1, slips: 1, cases: [] });
    default:
      expect(seen.ended).toBe('case');
      expect(seen.cases).toEqual([expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)]);
  }
}

/** Slow enough to be met in the middle of a slip. */
function slowPaper(site: SiteProfile): SiteProfile {
  const { simulation, ...rest } = quick(site);
  const devices = simulation?.devices.map((device) =>
    device.class === 'receipt-printer' ? { ...device, speedMmPerS: 150 } : device,
  );
  return { ...rest, ...(simulation && { simulation: { ...simulation, devices: devices ?? [] } }) };
}

beforeAll(async () => {
  rig = await startRig({ terminals: LANES, alterSite: slowPaper });
  free.push(...rig.terminals);
  // so that there is a ledger to look into before the first crash
  await Promise.all(rig.terminals.map((terminal) => terminal.open()));
}, 120_000);
afterAll(() => rig.close());

describe('an engine killed at', () => {
  it('any point is classified', () => {
    expect(Object.keys(CRASHES)).toEqual([...KILL_POINTS]);
  });

  it.concurrent.each(KILL_POINTS.filter((point) => CRASHES[point].way.kind !== 'noService'))(
    '%s',
    (point) =>
      atCabinet(async (terminal) => {
        const seen = await witness(terminal, (plate) => crashAt(terminal, point, plate));
        expect(CRASHES[point].ends).toContain(seen.ended);
        expectAgreement(seen);
      }),
    LIMIT_MS,
  );

  it.concurrent(
    'any moment while the cardholder still types the PIN: the money that came in goes back',
    () =>
      atCabinet(async (terminal) => {
        await terminal.station.act('pay-1', 'next', { approvalDelayMs: 3_000 });
        const seen = await witness(terminal, async (plate) => {
          await payAndDie(terminal, plate, async (engine) => {
            const isPending = async () => (await devicesOf(terminal)).terminal.pending !== null;
            await until('the terminal asks for the card', isPending);
            engine.process.kill('SIGKILL');
          });
          await terminal.start().client.call('view', {});
        });
        expect(seen.ended).toBe('reversed');
        expectAgreement(seen);
      }),
    LIMIT_MS,
  );

  it.concurrent(
    'any moment while the slip is coming out: one slip, and what was paid for is given or in the hands of staff',
    () =>
      atCabinet(async (terminal) => {
        const seen = await witness(terminal, async (plate) => {
          await payAndDie(terminal, plate, async (engine) => {
            const isPrinting = async () => (await devicesOf(terminal)).printer.stripText !== '';
            await until('paper moves', isPrinting);
            engine.process.kill('SIGKILL');
          });
          await terminal.start().client.call('view', {});
        });
        expect(['delivered', 'case']).toContain(seen.ended);
        expectAgreement(seen);
      }),
    LIMIT_MS,
  );
});
