/** A fleet of made-up terminals with everything that goes wrong in a county, drawn from a seed: the same seed, the same fleet. */
import type { TerminalEvent } from '../../../contract/terminal-event.schema.ts';
import type { TerminalReport } from '../../../contract/operation.schema.ts';
import type { PlatformDatabase, Tables } from '../../database/tables.ts';
import type { Insertable } from 'kysely';
import { canonicalJson, chainHash, FIRST_PREVIOUS_HASH } from '../../ingest/chain.ts';
import { eventLines } from '../../ingest/stored-records.ts';

const MINUTE_MS = 60_000;
const CHUNK = 400;
const VILLAGES = ['shiqiao', 'dalong', 'hualong', 'shawan', 'nancun', 'xinzao', 'dashi', 'luopu', 'zhongcun', 'shilou'];
const DEVICES = ['receipt-printer', 'id-reader', 'payment', 'document-printer', 'locker', 'scanner'];

export interface SeedFleetOptions {
  readonly terminals: number;
  readonly nowMs: number;
  readonly seed: number;
}

export async function seedFleet(
  database: PlatformDatabase,
  { terminals, nowMs, seed }: SeedFleetOptions,
): Promise<void> {
  const chance = drawer(seed);
  const rows = new Rows();
  for (let index = 0; index < terminals; index++) {
    const id = `${VILLAGES[index % VILLAGES.length]}-${String(Math.floor(index / VILLAGES.length) + 1).padStart(4, '0')}`;
    const state = chance() < 0.004 ? 'suspended' : 'active';
    const station = `${VILLAGES[index % VILLAGES.length]}-station-${Math.floor(index / VILLAGES.length) + 1}`;
    rows.terminals.push({ terminal_id: id, state, station, facts: null });
    if (index % 100 === 0) rows.firstRing.push({ terminal_id: id });
    seedPresence(rows, chance, id, nowMs);
    seedFacts(rows, chance, id, nowMs, index);
    if (chance() < 0.02) seedTrouble(rows, chance, id, nowMs);
  }
  for (const [table, list] of Object.entries(rows.byTable()))
    for (let from = 0; from < list.length; from += CHUNK)
      await database
        .insertInto(table as 'audit')
        .values(list.slice(from, from + CHUNK) as Insertable<Tables['audit']>[])
        .execute();
}

class Rows {
  readonly terminals: Insertable<Tables['terminals']>[] = [];
  readonly firstRing: Insertable<Tables['first_ring']>[] = [];
  readonly presences: Insertable<Tables['presences']>[] = [];
  readonly facts: Insertable<Tables['terminal_facts']>[] = [];
  readonly payments: Insertable<Tables['payments']>[] = [];
  readonly prints: Insertable<Tables['prints']>[] = [];
  readonly cases: Insertable<Tables['cases']>[] = [];
  readonly batches: Insertable<Tables['record_batches']>[] = [];
  readonly quarantine: Insertable<Tables['quarantine']>[] = [];
  readonly violations: Insertable<Tables['violations']>[] = [];
  readonly audit: Insertable<Tables['audit']>[] = [];
  readonly heads: Insertable<Tables['heads']>[] = [];

  byTable(): Readonly<Record<string, readonly unknown[]>> {
    const { facts, firstRing, batches, ...others } = this;
    return { ...others, terminal_facts: facts, first_ring: firstRing, record_batches: batches };
  }
}

type Draw = () => number;

function seedPresence(rows: Rows, chance: Draw, id: string, nowMs: number): void {
  if (chance() < 0.002) return;
  const isSilent = chance() < 0.03;
  const lastSeenMs =
    nowMs - Math.floor(chance() * (isSilent ? 3 * 24 * 60 : 0.5) * MINUTE_MS) - (isSilent ? 11 * MINUTE_MS : 0);
  const isBehind = isSilent || chance() < 0.02;
  const report: TerminalReport = {
    backlog: isBehind ? 1 + Math.floor(chance() * 400) : 0,
    ...(isBehind ? { oldestMs: Math.floor(chance() * 40 * MINUTE_MS) } : {}),
    clockErrorMs: chance() < 0.005 ? 5_001 + Math.floor(chance() * 90_000) : Math.floor(chance() * 400),
    diskRung: chance() < 0.006 ? 1 + Math.floor(chance() * 3) : 0,
    devicesDown: chance() < 0.03 ? [DEVICES[Math.floor(chance() * DEVICES.length)] ?? ''] : [],
  };
  rows.presences.push({
    terminal_id: id,
    last_seen_ms: lastSeenMs,
    report: JSON.stringify(report),
    report_ms: lastSeenMs,
    clock_offset_ms: Math.floor(chance() * 200) - 100,
  });
}

function seedFacts(rows: Rows, chance: Draw, id: string, nowMs: number, index: number): void {
  const isEarly = index % 20 === 0;
  const version = chance() < 0.01 ? null : !isEarly && chance() < 0.95 ? '1.4.2' : '1.5.0';
  rows.facts.push({
    terminal_id: id,
    version,
    version_ms: version === null ? null : nowMs - Math.floor(chance() * 9_000) * MINUTE_MS,
  });
}

/** One operation that went wrong, as the terminal's records tell it, with the rows they made. */
function seedTrouble(rows: Rows, chance: Draw, id: string, nowMs: number): void {
  const kind = chance();
  const ageMs = Math.floor(chance() * 40 * 60 + 12) * MINUTE_MS;
  const atMs = nowMs - ageMs;
  const code = codeOf(chance);
  const operation = `op-${id}-${code}`;
  const trade = `${id}-T${code.slice(0, 4)}`;
  const events: TerminalEvent[] = [
    { type: 'ChargeAsked', at: iso(atMs), operation, trade, service: 'parking', amountCents: 1_200 },
  ];
  if (kind > 0.25) {
    events.push(
      {
        type: 'ChargeSettled',
        at: iso(atMs + 9_000),
        operation,
        trade,
        service: 'parking',
        amountCents: 1_200,
        state: 'paid',
      },
      {
        type: 'PrintSettled',
        at: iso(atMs + 15_000),
        operation,
        job: `${operation}-J`,
        template: 'receipt',
        state: 'notPrinted',
        evidence: 'paper out, presenter empty',
      },
      {
        type: 'CaseOpened',
        at: iso(atMs + 16_000),
        operation,
        code,
        reason: 'print.unknown',
        amountCents: 1_200,
        trade,
      },
    );
  }
  tell(rows, id, events, atMs);
  const origin = { terminal_id: id, received_ms: atMs, incarnation: 'inc-1', seq: 1 };
  const paid = kind > 0.25;
  rows.payments.push({
    ...origin,
    trade,
    operation,
    service: 'parking',
    amount_cents: 1_200,
    state: paid ? 'paid' : 'asked',
    quote: null,
    asked_at: iso(atMs),
    asked_ms: atMs,
    settled_at: paid ? iso(atMs + 9_000) : null,
  });
  if (paid) {
    rows.prints.push({
      ...origin,
      seq: 3,
      job: `${operation}-J`,
      operation,
      template: 'receipt',
      state: 'notPrinted',
      settled_at: iso(atMs + 15_000),
      copy: null,
    });
    rows.cases.push({
      ...origin,
      seq: 4,
      code,
      operation,
      reason: 'print.unknown',
      amount_cents: 1_200,
      trade,
      state: 'open',
      opened_at: iso(atMs + 16_000),
      closed_at: null,
      closed_by: null,
    });
  }
  if (kind > 0.9) seedRarities(rows, chance, id, operation, nowMs);
}

function seedRarities(rows: Rows, chance: Draw, id: string, operation: string, nowMs: number): void {
  const atMs = nowMs - Math.floor(chance() * 50) * MINUTE_MS;
  const hashes = { hash: 'a'.repeat(64), known_hash: 'b'.repeat(64) };
  if (chance() < 0.4)
    rows.quarantine.push({
      terminal_id: id,
      incarnation: 'inc-1',
      stream: 'ledger',
      seq: 2,
      ...hashes,
      received_ms: atMs,
      batch: '{}',
    });
  if (chance() < 0.2)
    rows.violations.push({
      terminal_id: id,
      operation,
      invariant: 'I5',
      detail: 'the money went back, and what it was for came out',
      seen_ms: atMs,
    });
  const action = chance() < 0.5 ? 'sync.wedged' : 'document.rolledBack';
  rows.audit.push({
    terminal_id: id,
    incarnation: 'inc-1',
    seq: 1,
    at: iso(atMs),
    actor: 'engine',
    action,
    target: 'prices',
    detail: 'version 12 crashed twice, back to 11',
    received_ms: atMs,
  });
}

function tell(rows: Rows, id: string, events: readonly TerminalEvent[], receivedMs: number): void {
  const texts = events.map(canonicalJson);
  const place = { terminal_id: id, incarnation: 'inc-1', stream: 'ledger' };
  rows.batches.push({
    ...place,
    first_seq: 1,
    last_seq: events.length,
    prev_hash: FIRST_PREVIOUS_HASH,
    events: eventLines(texts),
    received_ms: receivedMs,
  });
  rows.heads.push({
    ...place,
    seq: events.length,
    hash: texts.reduce(chainHash, FIRST_PREVIOUS_HASH),
    moved_ms: receivedMs,
  });
}

function codeOf(chance: Draw): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const letters = Array.from({ length: 8 }, () => alphabet[Math.floor(chance() * 32)] ?? '0').join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Lehmer's generator: small, and the same everywhere. */
function drawer(seed: number): Draw {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
