/** One rehearsal from blank disk to verdict. */
import { disagreements } from './agreement.ts';
import { play, type PlayEnd } from './play.ts';
import { startRehearsal, type Rehearsal, type RehearsalOptions } from './rehearsal.ts';
import { createStationClient, type StationClient } from './station-client.ts';
import { endOf, readLedger, readStation } from './verdict.ts';
import { cutLine, isOpen, platformSummary, rest, until, viewOf } from './watching.ts';

export interface RehearseOptions extends RehearsalOptions {
  readonly journey: 'parking' | 'ticket';
  /** The line to the platform is cut before the resident comes and mended after they left. */
  readonly offline: boolean;
  /** Named point at which the engine is killed; it is started again and recovers. */
  readonly kill?: string;
  say(line: string): void;
  /** Breaks something in the station before the resident comes. */
  readonly prepare?: (station: StationClient) => Promise<void>;
}

export interface Verdict {
  readonly journey: 'parking' | 'ticket';
  /** Approved and not given back. */
  readonly charges: number;
  readonly saleRequests: number;
  readonly receipts: number;
  readonly platformRecords: number;
  readonly ended: string;
  readonly offline?: true;
  readonly killedAt?: string;
}

const PERSONA = { plate: '粤A8K562', card: 'livelihood-chen' } as const;
const PATIENCE_MS = 45_000;
/** What the outbox needs to empty itself over loopback. */
const QUIET_MS = 1_500;
const SETTLE_ROUNDS = 10;

export async function rehearse(options: RehearseOptions): Promise<{ verdict: Verdict; went: boolean }> {
  const rehearsal = await startRehearsal(options);
  const station = createStationClient(rehearsal.stationUrl);
  try {
    await options.prepare?.(station);
    const end = await playThrough(rehearsal, station, options);
    return await judge(rehearsal, station, options, end);
  } finally {
    await rehearsal.close();
  }
}

async function playThrough(
  rehearsal: Rehearsal,
  station: StationClient,
  { journey, offline, kill, say }: RehearseOptions,
): Promise<PlayEnd> {
  const engine = rehearsal.startEngine(kill);
  const persona = { ...PERSONA, journey };
  await untilReady(rehearsal, engine, journey === 'ticket');
  if (offline) {
    await cutLine(rehearsal.platformUrl, true);
    say('line    cut');
    if (journey === 'ticket')
      await until('the engine is offline', async () => (await viewOf(engine)).frame.network.state === 'offline');
  }
  const end = await play({ engine, station, persona, patienceMs: PATIENCE_MS, say });
  say(end.kind === 'left' ? `left    ${end.why}` : end.kind === 'engineGone' ? `killed  ${end.how}` : 'stuck');
  if (offline) {
    await cutLine(rehearsal.platformUrl, false);
    say('line    mended');
  }
  if (end.kind !== 'engineGone') return end;
  say('engine  started again');
  const again = rehearsal.startEngine();
  await again.client.call('view', {});
  return end;
}

/** For tickets the engine must also hold numbers. */
async function untilReady(
  { platformUrl }: Rehearsal,
  engine: ReturnType<Rehearsal['startEngine']>,
  needsNumbers: boolean,
): Promise<void> {
  await until('the kiosk opens', () => isOpen(engine));
  if (needsNumbers)
    await until('numbers are leased', async () => (await platformSummary(platformUrl)).blocks.length >= 4);
}

async function judge(
  rehearsal: Rehearsal,
  station: StationClient,
  options: RehearseOptions,
  end: PlayEnd,
): Promise<{ verdict: Verdict; went: boolean }> {
  const { journey, offline, kill, say } = options;
  const ledger = await letSettle(rehearsal, say);
  const seen = readStation(await station.state());
  const platform = await platformSummary(rehearsal.platformUrl);
  for (const line of ledger.trail) say(`effect  ${line}`);
  say(`wire    sale requests ${seen.saleRequests}, slips cut ${seen.receipts}`);
  const records = journey === 'parking' ? platform.payments.length : platform.tickets.length;
  const refused = journey === 'parking' && offline && ledger.states.length === 0;
  const verdict: Verdict = {
    journey,
    charges: seen.charges,
    saleRequests: seen.saleRequests,
    receipts: seen.receipts,
    platformRecords: records,
    ended: refused ? 'refused' : endOf(ledger.states),
    ...(offline ? { offline: true } : {}),
    ...(kill === undefined ? {} : { killedAt: kill }),
  };
  const { txns, unsent } = ledger;
  const broken = disagreements({ txns, unsent, sales: seen.sales, slips: seen.receipts, platform });
  for (const { invariant, operation = '', detail } of broken) say(`BROKEN  ${invariant} ${operation}: ${detail}`);
  return { verdict, went: broken.length === 0 && isAsItShould(verdict, end) };
}

/**
 * The ledger has one opener at a time, so it is read with the engine stopped; as long as something is still on its way
 * the engine is started again and given a while.
 */
async function letSettle(rehearsal: Rehearsal, say: (line: string) => void): Promise<ReturnType<typeof readLedger>> {
  for (let round = 1; ; round += 1) {
    await rest(QUIET_MS);
    await rehearsal.stopEngine();
    const ledger = readLedger(rehearsal.ledgerPath);
    if (isSettled(ledger) || round === SETTLE_ROUNDS) return ledger;
    say(`settle  ${ledger.unsent} records unsent, states ${ledger.states.join(' ')}`);
    const engine = rehearsal.startEngine();
    await engine.client.call('view', {});
  }
}

function isSettled({ states, unsent }: ReturnType<typeof readLedger>): boolean {
  const moving = ['charging', 'charged', 'delivering', 'reversing'];
  return unsent === 0 && !states.some((state) => moving.includes(state));
}

/** Money, paper and record agree, and nothing happened twice. */
function isAsItShould(verdict: Verdict, end: PlayEnd): boolean {
  if (end.kind === 'stuck' || verdict.saleRequests > 1 || verdict.receipts > 1) return false;
  return verdict.journey === 'ticket' ? isTicketRight(verdict) : isParkingRight(verdict);
}

function isTicketRight({ charges, receipts, platformRecords, ended, killedAt }: Verdict): boolean {
  if (killedAt !== undefined) return platformRecords <= 1;
  return platformRecords === 1 && charges === 0 && receipts === 1 && ended === 'delivered';
}

/** How many of each may stand when a parking journey has come to this end. */
const PARKING_ENDS: Readonly<Record<string, (verdict: Verdict) => boolean>> = {
  delivered: ({ charges, receipts, platformRecords }) => charges === 1 && receipts === 1 && platformRecords === 1,
  reversed: ({ charges, killedAt }) => charges === 0 && killedAt !== undefined,
  cancelled: ({ charges, killedAt }) => charges === 0 && killedAt !== undefined,
  nothing: ({ charges, killedAt }) => charges === 0 && killedAt !== undefined,
  refused: ({ charges, offline }) => charges === 0 && offline === true,
  case: ({ platformRecords, killedAt }) => platformRecords <= 1 && killedAt !== undefined,
};

function isParkingRight(verdict: Verdict): boolean {
  return PARKING_ENDS[verdict.ended]?.(verdict) ?? false;
}
