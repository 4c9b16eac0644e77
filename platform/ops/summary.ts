/** What operations staff see: terminals, money, tickets, paper and cases. No personal datum, no card, no plate. */
import type { HeartbeatReply } from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { PlatformDatabase, Tables } from '../database/tables.ts';

/** Newest rows shown of each kind; counts are over all of them. */
const ROWS = 200;
/** Two heartbeats and a bit. */
const ONLINE_MS = 35_000;

type Shown<Name extends keyof Tables, Columns extends keyof Tables[Name]> = Pick<Tables[Name], Columns> & {
  readonly terminal: string;
};

export interface PlatformSummary {
  readonly nowMs: number;
  readonly lineCut: boolean;
  readonly terminals: readonly {
    readonly terminal: string;
    readonly state: 'active' | 'suspended';
    readonly online: boolean;
    readonly lastSeenMs: number | null;
    readonly records: number;
    readonly heads: readonly { readonly incarnation: string; readonly seq: number }[];
  }[];
  readonly totals: {
    readonly records: number;
    readonly parked: number;
    readonly quarantined: number;
    readonly tickets: number;
    /** Whose end is known. */
    readonly payments: number;
    /** Charges that were begun and whose end no terminal has told. */
    readonly moneyInDoubt: number;
    readonly paidCents: number;
    readonly openCases: number;
  };
  readonly queues: HeartbeatReply['queues'];
  /** In the order they reached the platform, which per terminal is the order they were issued in. */
  readonly tickets: readonly Shown<
    'tickets',
    'operation' | 'queue' | 'day' | 'number' | 'offline' | 'issued_at' | 'received_ms'
  >[];
  /** `grace`: whether the car may leave on it. */
  readonly payments: readonly (Shown<
    'payments',
    'trade' | 'service' | 'amount_cents' | 'state' | 'settled_at' | 'received_ms'
  > & { readonly grace: 'open' | 'closed' | null })[];
  readonly cases: readonly Shown<
    'cases',
    'code' | 'operation' | 'reason' | 'amount_cents' | 'trade' | 'state' | 'opened_at'
  >[];
  readonly prints: readonly Shown<'prints', 'job' | 'template' | 'state' | 'settled_at'>[];
  readonly ratings: readonly { readonly service: string; readonly count: number; readonly meanStars: number }[];
  readonly parked: readonly Shown<'record_remarks', 'incarnation' | 'seq' | 'type' | 'parked_reason'>[];
  readonly quarantine: readonly Shown<'quarantine', 'incarnation' | 'seq' | 'hash' | 'known_hash' | 'received_ms'>[];
  /** Explains every gap in the numbers: what was leased to whom. */
  readonly blocks: readonly Shown<'ticket_blocks', 'block' | 'queue' | 'day' | 'prefix' | 'first' | 'last'>[];
}

export async function readSummary(context: PlatformContext, lineCut: boolean): Promise<PlatformSummary> {
  const { database } = context;
  await context.presences.write();
  return {
    nowMs: context.clock.wallMs(),
    lineCut,
    terminals: await readTerminals(context),
    totals: await readTotals(context),
    queues: await context.queueLengths.read(),
    tickets: await readTickets(database),
    payments: await readPayments(database),
    cases: await readCases(database),
    prints: await readPrints(database),
    ratings: await readRatings(context),
    parked: await readParked(database),
    quarantine: await readQuarantine(database),
    blocks: await readBlocks(database),
  };
}

function readTickets(database: PlatformDatabase): Promise<PlatformSummary['tickets']> {
  return newest(
    database
      .selectFrom('tickets')
      .select(['terminal_id as terminal', 'operation', 'queue', 'day', 'number', 'offline', 'issued_at', 'received_ms'])
      .orderBy('received_ms', 'desc')
      .orderBy('seq', 'desc')
      .limit(ROWS)
      .execute(),
  );
}

function readPayments(database: PlatformDatabase): Promise<PlatformSummary['payments']> {
  return newest(
    database
      .selectFrom('payments')
      .leftJoin('graces', (join) =>
        join.onRef('graces.terminal_id', '=', 'payments.terminal_id').onRef('graces.trade', '=', 'payments.trade'),
      )
      .select(['payments.terminal_id as terminal', 'payments.trade', 'service', 'amount_cents', 'payments.state'])
      .select(['settled_at', 'received_ms', 'graces.state as grace'])
      .where('payments.state', '!=', 'asked')
      .orderBy('received_ms', 'desc')
      .orderBy('seq', 'desc')
      .limit(ROWS)
      .execute(),
  );
}

function readCases(database: PlatformDatabase): Promise<PlatformSummary['cases']> {
  return newest(
    database
      .selectFrom('cases')
      .select(['terminal_id as terminal', 'code', 'operation', 'reason', 'amount_cents', 'trade', 'state', 'opened_at'])
      .orderBy('received_ms', 'desc')
      .orderBy('seq', 'desc')
      .limit(ROWS)
      .execute(),
  );
}

function readPrints(database: PlatformDatabase): Promise<PlatformSummary['prints']> {
  return newest(
    database
      .selectFrom('prints')
      .select(['terminal_id as terminal', 'job', 'template', 'state', 'settled_at'])
      .orderBy('received_ms', 'desc')
      .orderBy('seq', 'desc')
      .limit(ROWS)
      .execute(),
  );
}

function readParked(database: PlatformDatabase): Promise<PlatformSummary['parked']> {
  return database
    .selectFrom('record_remarks')
    .select(['terminal_id as terminal', 'incarnation', 'seq', 'type', 'parked_reason'])
    .where('parked_reason', 'is not', null)
    .orderBy('received_ms', 'desc')
    .orderBy('seq', 'desc')
    .limit(ROWS)
    .execute();
}

function readQuarantine(database: PlatformDatabase): Promise<PlatformSummary['quarantine']> {
  return database
    .selectFrom('quarantine')
    .select(['terminal_id as terminal', 'incarnation', 'seq', 'hash', 'known_hash', 'received_ms'])
    .orderBy('received_ms', 'desc')
    .limit(ROWS)
    .execute();
}

function readBlocks(database: PlatformDatabase): Promise<PlatformSummary['blocks']> {
  return database
    .selectFrom('ticket_blocks')
    .select(['block', 'terminal_id as terminal', 'queue', 'day', 'prefix', 'first', 'last'])
    .orderBy('day', 'desc')
    .orderBy('queue')
    .orderBy('first')
    .limit(ROWS)
    .execute();
}

/** The newest rows, oldest of them first. */
async function newest<Row>(rows: Promise<Row[]>): Promise<Row[]> {
  return (await rows).toReversed();
}

async function readTerminals(context: PlatformContext): Promise<PlatformSummary['terminals']> {
  const rows = await context.database
    .selectFrom('terminals')
    .leftJoin('presences', 'presences.terminal_id', 'terminals.terminal_id')
    .select(['terminals.terminal_id as terminal', 'state', 'last_seen_ms'])
    .orderBy('terminals.terminal_id')
    .execute();
  const heads = await context.database
    .selectFrom('heads')
    .select(['terminal_id as terminal', 'incarnation', 'seq'])
    .where('stream', '=', 'ledger')
    .orderBy('incarnation')
    .execute();
  return withHeads(rows, heads, context.clock.wallMs());
}

interface TerminalSeen {
  readonly terminal: string;
  readonly state: 'active' | 'suspended';
  readonly last_seen_ms: number | null;
}

interface LedgerHead {
  readonly terminal: string;
  readonly incarnation: string;
  readonly seq: number;
}

/** Each terminal with its heads, in their order. Looks at each terminal and each head once, however many there are. */
export function withHeads(
  terminals: readonly TerminalSeen[],
  heads: readonly LedgerHead[],
  nowMs: number,
): PlatformSummary['terminals'] {
  const headsOf = new Map<string, { incarnation: string; seq: number }[]>();
  for (const { terminal, incarnation, seq } of heads) {
    const own = headsOf.get(terminal);
    if (own) own.push({ incarnation, seq });
    else headsOf.set(terminal, [{ incarnation, seq }]);
  }
  return terminals.map(({ terminal, state, last_seen_ms: lastSeenMs }) => {
    const own = headsOf.get(terminal) ?? [];
    return {
      terminal,
      state,
      online: lastSeenMs !== null && nowMs - lastSeenMs <= ONLINE_MS,
      lastSeenMs,
      records: own.reduce((sum, head) => sum + head.seq, 0),
      heads: own,
    };
  });
}

async function readTotals({ database }: PlatformContext): Promise<PlatformSummary['totals']> {
  const count = async (table: 'quarantine' | 'tickets' | 'payments'): Promise<number> => {
    const row = await database
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return row.count;
  };
  const parked = await database
    .selectFrom('record_remarks')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('parked_reason', 'is not', null)
    .executeTakeFirstOrThrow();
  // each stream begins at 1 and has no gap
  const records = await database
    .selectFrom('heads')
    .select((select) => select.fn.sum<number | null>('seq').as('count'))
    .where('stream', '!=', 'metrics')
    .executeTakeFirstOrThrow();
  const paid = await database
    .selectFrom('payments')
    .select((select) => select.fn.sum<number | null>('amount_cents').as('cents'))
    .where('state', '=', 'paid')
    .executeTakeFirstOrThrow();
  const inDoubt = await database
    .selectFrom('payments')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('state', '=', 'asked')
    .executeTakeFirstOrThrow();
  const openCases = await database
    .selectFrom('cases')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  return {
    records: records.count ?? 0,
    parked: parked.count,
    quarantined: await count('quarantine'),
    tickets: await count('tickets'),
    payments: (await count('payments')) - inDoubt.count,
    moneyInDoubt: inDoubt.count,
    paidCents: paid.cents ?? 0,
    openCases: openCases.count,
  };
}

async function readRatings({ database }: PlatformContext): Promise<PlatformSummary['ratings']> {
  const rows = await database
    .selectFrom('ratings')
    .select((select) => [
      'service',
      select.fn.countAll<number>().as('count'),
      select.fn.avg<number>('stars').as('meanStars'),
    ])
    .groupBy('service')
    .orderBy('service')
    .execute();
  return rows.map((row) => ({ ...row, meanStars: Math.round(row.meanStars * 10) / 10 }));
}
