/**
 * The fleet, worst terminal first: one row per terminal with everything that may be wrong about it. What counts as wrong is
 * said once, here, in SQL: the list, its filters, its order, the summary line and the metrics all use these flags.
 * Per-terminal values live in tables; nothing here is kept, so nothing can be stale.
 */
import { sql, type RawBuilder } from 'kysely';
import type { PlatformContext } from '../context.ts';
import { isInRing } from '../documents/rings.ts';
import { ALARMS, LIMITS, type AlarmName } from './alarms.ts';

type FleetContext = Pick<PlatformContext, 'database' | 'clock'>;

export const PAGE_ROWS = 50;

export const SORTS = ['worst', 'name', 'seen', 'backlog', 'version'] as const;
export type Sort = (typeof SORTS)[number];

export interface FleetQuery {
  /** Part of a terminal's name, at most 64 characters. */
  readonly search: string;
  readonly sort: Sort;
  /** Only terminals with this alarm. */
  readonly only?: AlarmName;
  /** From 1. */
  readonly page: number;
}

export interface FleetRow {
  readonly terminal: string;
  readonly state: string;
  readonly station: string | null;
  readonly lastSeenMs: number | null;
  /** The one that really runs, from a signed report after its health checks. Null is `unknown`: also while it is silent (F66). */
  readonly version: string | null;
  /** What it told last, whether or not that still holds. */
  readonly toldVersion: string | null;
  readonly backlog: number | null;
  readonly oldestMs: number | null;
  readonly clockErrorMs: number | null;
  readonly diskRung: number | null;
  readonly devicesDown: readonly string[];
  readonly moneyUnknown: number;
  readonly openCases: number;
  readonly parked: number;
  readonly forks: number;
  readonly violations: number;
  readonly alarms: readonly AlarmName[];
}

export interface FleetPage {
  readonly rows: readonly FleetRow[];
  /** That match search and filter. */
  readonly matching: number;
  readonly pages: number;
  readonly page: number;
}

export interface FleetTotals {
  readonly terminals: number;
  /** Terminals with each alarm. */
  readonly alarms: Readonly<Record<AlarmName, number>>;
  readonly openCases: number;
  readonly moneyUnknown: number;
}

export async function readFleet({ database, clock }: FleetContext, query: FleetQuery): Promise<FleetPage> {
  const nowMs = clock.wallMs();
  const read = async (page: number): Promise<readonly (Flagged & { readonly matching: number })[]> =>
    (await fleetRows(query, nowMs, page).execute(database)).rows;
  const wanted = Math.max(1, query.page);
  let rows = await read(wanted);
  // Past the end there is no row that could say how many there are.
  const isPastEnd = rows.length === 0 && wanted > 1;
  if (isPastEnd) rows = await read(1);
  const matching = Number(rows[0]?.matching ?? 0);
  const pages = Math.max(1, Math.ceil(matching / PAGE_ROWS));
  return { rows: rows.map(asRow), matching, pages, page: isPastEnd ? 1 : wanted };
}

/** One page of the list; each row also says how many there are in all. */
export function fleetRows(
  query: Pick<FleetQuery, 'search' | 'sort' | 'only'>,
  nowMs: number,
  page: number,
): RawBuilder<Flagged & { readonly matching: number }> {
  return sql`${fleet(nowMs)}
    SELECT flagged.*, COUNT(*) OVER () AS matching FROM flagged ${conditions(query)}
    ORDER BY ${ORDERS[query.sort]}, terminal_id LIMIT ${PAGE_ROWS} OFFSET ${(page - 1) * PAGE_ROWS}`;
}

export async function readFleetRow({ database, clock }: FleetContext, terminal: string): Promise<FleetRow | undefined> {
  const { rows } = await sql<Flagged>`${fleet(clock.wallMs())}
    SELECT * FROM flagged WHERE terminal_id = ${terminal}`.execute(database);
  return rows[0] && asRow(rows[0]);
}

export async function readFleetTotals({ database, clock }: FleetContext): Promise<FleetTotals> {
  const sums = sql.join(ALARMS.map(({ name }) => sql`SUM(${sql.ref(column(name))}) AS ${sql.ref(column(name))}`));
  const { rows } = await sql<Readonly<Record<string, number | string | null>>>`${fleet(clock.wallMs())}
    SELECT COUNT(*) AS terminals, SUM(open_cases) AS open_cases, SUM(money_unknown) AS money_unknown, ${sums}
    FROM flagged`.execute(database);
  const sum = (name: string): number => Number(rows[0]?.[name] ?? 0);
  return {
    terminals: sum('terminals'),
    openCases: sum('open_cases'),
    moneyUnknown: sum('money_unknown'),
    alarms: Object.fromEntries(ALARMS.map(({ name }) => [name, sum(column(name))])) as FleetTotals['alarms'],
  };
}

/** How many terminals of each ring run each version; `null` is unknown: a silent terminal is not an updated one. */
export async function readVersions({ database, clock }: FleetContext): Promise<readonly VersionShare[]> {
  const { rows } = await sql<{ terminal_id: string; is_first: number; running: string | null }>`
    SELECT t.terminal_id, CASE WHEN r.terminal_id IS NULL THEN 0 ELSE 1 END AS is_first,
      CASE WHEN o.last_seen_ms > ${clock.wallMs() - LIMITS.silentMs} THEN f.version END AS running
    FROM terminals t
    LEFT JOIN presences o ON o.terminal_id = t.terminal_id
    LEFT JOIN terminal_facts f ON f.terminal_id = t.terminal_id
    LEFT JOIN first_ring r ON r.terminal_id = t.terminal_id
    WHERE t.state = 'active'`.execute(database);
  const counts = new Map<string, VersionShare>();
  for (const { terminal_id, is_first, running } of rows) {
    const ring = RINGS.find((one) => isInRing(terminal_id, one, is_first === 1)) ?? 3;
    const key = `${ring} ${running ?? ''}`;
    counts.set(key, { ring, version: running, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((one, other) => one.ring - other.ring || other.count - one.count);
}

const RINGS = [1, 2, 3] as const;

export interface VersionShare {
  /** 1 a hand-picked few, 2 one in twenty, 3 all others. */
  readonly ring: (typeof RINGS)[number];
  readonly version: string | null;
  readonly count: number;
}

interface Flagged {
  readonly terminal_id: string;
  readonly state: string;
  readonly station: string | null;
  readonly last_seen_ms: number | null;
  readonly version: string | null;
  readonly told_version: string | null;
  readonly backlog: number | null;
  readonly oldest_ms: number | null;
  readonly clock_error_ms: number | null;
  readonly disk_rung: number | null;
  readonly devices_down: string | null;
  readonly money_unknown: number;
  readonly open_cases: number;
  readonly parked: number;
  readonly forks: number;
  readonly violations: number;
  readonly [flag: `is_${string}`]: number;
}

/** `WITH ... flagged`: one row per terminal, one 0/1 column per alarm, and the weight of them together. */
function fleet(nowMs: number): RawBuilder<unknown> {
  const flags = sql.join(
    ALARMS.map(({ name }) => sql`CASE WHEN ${FLAGS[name](nowMs)} THEN 1 ELSE 0 END AS ${sql.ref(column(name))}`),
  );
  const weight = sql.join(
    ALARMS.map(({ name, weight: one }) => sql`${sql.ref(column(name))} * ${sql.lit(one)}`),
    sql` + `,
  );
  const seen = (alarm: AlarmName, table: string): RawBuilder<unknown> =>
    sql`LEFT JOIN seen_alarms s ON s.terminal_id = ${sql.ref(`${table}.terminal_id`)} AND s.alarm = ${sql.lit(alarm)}`;
  return sql`WITH
    case_counts AS (SELECT terminal_id, COUNT(*) AS open_cases, MIN(received_ms) AS oldest_case_ms,
        MAX(CASE WHEN reason IN ('print.unknown', 'act.unknown') THEN 1 ELSE 0 END) AS cannot_tell
      FROM cases WHERE state = 'open' GROUP BY terminal_id),
    money AS (SELECT terminal_id, COUNT(*) AS money_unknown
      FROM payments WHERE state = 'asked' AND asked_ms <= ${nowMs - LIMITS.moneyUnknownMs} GROUP BY terminal_id),
    parked_counts AS (SELECT r.terminal_id, COUNT(*) AS parked FROM record_remarks r ${seen('record.parked', 'r')}
      WHERE r.parked_reason IS NOT NULL AND r.received_ms > COALESCE(s.seen_ms, 0) GROUP BY r.terminal_id),
    fork_counts AS (SELECT q.terminal_id, COUNT(*) AS forks FROM quarantine q ${seen('chain.fork', 'q')}
      WHERE q.received_ms > COALESCE(s.seen_ms, 0) GROUP BY q.terminal_id),
    broken AS (SELECT v.terminal_id, COUNT(*) AS violations FROM violations v ${seen('invariant.broken', 'v')}
      WHERE v.seen_ms > COALESCE(s.seen_ms, 0) GROUP BY v.terminal_id),
    told AS (SELECT terminal_id,
        MAX(CASE WHEN action = 'sync.wedged' AND received_ms > ${nowMs - LIMITS.wedgedMs} THEN 1 ELSE 0 END) AS wedged,
        MAX(CASE WHEN action = 'document.rolledBack' THEN 1 ELSE 0 END) AS rolled_back,
        MAX(CASE WHEN action = 'ledger.unsafe' THEN 1 ELSE 0 END) AS unsafe,
        MAX(CASE WHEN action = 'fsync.failed' THEN 1 ELSE 0 END) AS unsynced
      FROM audit WHERE action IN ('sync.wedged', 'document.rolledBack', 'ledger.unsafe', 'fsync.failed')
        AND received_ms > ${nowMs - LIMITS.toldMs} GROUP BY terminal_id),
    plain AS (SELECT t.terminal_id, t.state, t.station, o.last_seen_ms, f.version AS told_version,
        CASE WHEN o.last_seen_ms > ${nowMs - LIMITS.silentMs} THEN f.version END AS version, o.backlog, o.oldest_ms, o.clock_error_ms,
        o.disk_rung, o.devices_down, COALESCE(a.wedged, 0) AS wedged, COALESCE(a.rolled_back, 0) AS rolled_back,
        COALESCE(a.unsafe, 0) AS unsafe, COALESCE(a.unsynced, 0) AS unsynced, COALESCE(c.cannot_tell, 0) AS cannot_tell,
        COALESCE(m.money_unknown, 0) AS money_unknown,
        COALESCE(c.open_cases, 0) AS open_cases, c.oldest_case_ms, COALESCE(p.parked, 0) AS parked,
        COALESCE(q.forks, 0) AS forks, COALESCE(b.violations, 0) AS violations
      FROM terminals t
      LEFT JOIN presences o ON o.terminal_id = t.terminal_id
      LEFT JOIN terminal_facts f ON f.terminal_id = t.terminal_id
      LEFT JOIN told a ON a.terminal_id = t.terminal_id
      LEFT JOIN case_counts c ON c.terminal_id = t.terminal_id
      LEFT JOIN money m ON m.terminal_id = t.terminal_id
      LEFT JOIN parked_counts p ON p.terminal_id = t.terminal_id
      LEFT JOIN fork_counts q ON q.terminal_id = t.terminal_id
      LEFT JOIN broken b ON b.terminal_id = t.terminal_id),
    judged AS (SELECT plain.*, ${flags} FROM plain),
    flagged AS (SELECT judged.*, ${weight} AS weight FROM judged)`;
}

/** When each alarm holds, over the columns of `plain`. */
const FLAGS: Readonly<Record<AlarmName, (nowMs: number) => RawBuilder<unknown>>> = {
  'invariant.broken': () => sql`violations > 0`,
  'money.unknown': () => sql`money_unknown > 0`,
  'chain.fork': () => sql`forks > 0`,
  'fsync.error': () => sql`unsynced = 1`,
  'ledger.unsafe': () => sql`unsafe = 1`,
  'case.old': (nowMs) => sql`oldest_case_ms <= ${nowMs - LIMITS.caseOldMs}`,
  'sync.wedged': () => sql`wedged = 1`,
  'device.cannotTell': () => sql`cannot_tell = 1`,
  'doc.rollback': () => sql`rolled_back = 1`,
  'disk.ladder': () => sql`disk_rung > 0`,
  'clock.err': () => sql`clock_error_ms > ${LIMITS.clockErrorMs}`,
  'terminal.silent': (nowMs) =>
    sql`state = 'active' AND (last_seen_ms IS NULL OR last_seen_ms <= ${nowMs - LIMITS.silentMs})`,
  'device.down': () => sql`devices_down IS NOT NULL AND devices_down <> '[]'`,
  'case.open': () => sql`open_cases > 0`,
  'record.parked': () => sql`parked > 0`,
  'version.unknown': () => sql`state = 'active' AND version IS NULL`,
  'terminal.suspended': () => sql`state <> 'active'`,
};

const ORDERS: Readonly<Record<Sort, RawBuilder<unknown>>> = {
  worst: sql`weight DESC, oldest_ms DESC`,
  name: sql`terminal_id`,
  // Never heard of comes first; both databases count a comparison as false before true.
  seen: sql`CASE WHEN last_seen_ms IS NULL THEN 0 ELSE 1 END, last_seen_ms`,
  backlog: sql`COALESCE(backlog, 0) DESC`,
  version: sql`CASE WHEN version IS NULL THEN 0 ELSE 1 END, version`,
};

function conditions({ search, only }: Pick<FleetQuery, 'search' | 'only'>): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [];
  // No character of a terminal's name is special to LIKE but `_`, and everything else is dropped.
  const wanted = search.replaceAll(/[^A-Za-z0-9._-]/g, '').replaceAll('_', String.raw`\_`);
  if (wanted !== '') parts.push(sql`terminal_id LIKE ${`%${wanted}%`} ESCAPE '\\'`);
  if (only !== undefined) parts.push(sql`${sql.ref(column(only))} = 1`);
  return parts.length === 0 ? sql`` : sql`WHERE ${sql.join(parts, sql` AND `)}`;
}

function column(name: AlarmName): `is_${string}` {
  return `is_${name.replaceAll('.', '_')}`;
}

function asRow(row: Flagged): FleetRow {
  return {
    terminal: row.terminal_id,
    state: row.state,
    station: row.station,
    lastSeenMs: nullable(row.last_seen_ms),
    version: row.version,
    toldVersion: row.told_version,
    backlog: nullable(row.backlog),
    oldestMs: nullable(row.oldest_ms),
    clockErrorMs: nullable(row.clock_error_ms),
    diskRung: nullable(row.disk_rung),
    devicesDown: row.devices_down === null ? [] : (JSON.parse(row.devices_down) as string[]),
    moneyUnknown: Number(row.money_unknown),
    openCases: Number(row.open_cases),
    parked: Number(row.parked),
    forks: Number(row.forks),
    violations: Number(row.violations),
    alarms: ALARMS.filter(({ name }) => Number(row[column(name)]) === 1).map(({ name }) => name),
  };
}

/** PostgreSQL gives its eight-byte integers as text. */
function nullable(value: number | string | null): number | null {
  return value === null ? null : Number(value);
}
