/** What stands in the platform's database, against what each terminal made and was told. The invariants are the judges. */
import { sql } from 'kysely';
import { checkInvariants } from '../../../contract/invariants.ts';
import type { InvariantFacts } from '../../../contract/invariants/facts.types.ts';
import type { StreamEvent } from '../../../contract/terminal-event.schema.ts';
import { recordHash } from '../../../engine/ledger/record-hash.ts';
import { MOST_RECORDS_A_BATCH } from '../../../contract/platform-api.schema.ts';
import { readParkReasons, readStoredRecords } from '../../../platform/ingest/stored-records.ts';
import type { PlatformDatabase } from '../../../platform/database/tables.ts';
import type { SendingTerminal } from '../support/sending-terminal.ts';

/** One line for each broken promise. */
export async function judgeDatabase(
  database: PlatformDatabase,
  terminals: readonly SendingTerminal[],
  isSqlite: boolean,
): Promise<readonly string[]> {
  const violations: string[] = [];
  if (isSqlite) violations.push(...(await soundness(database)));
  for (const terminal of terminals) {
    const facts = await factsOf(database, terminal);
    const found = checkInvariants(facts, {
      recordHash: (prevHash, event) => recordHash(prevHash, event as StreamEvent),
    });
    violations.push(...found.map(({ invariant, detail }) => `${terminal.id}: ${invariant} ${detail}`));
    const stored = facts.platform?.records?.length ?? 0;
    if (stored < terminal.acknowledged.seq)
      violations.push(`${terminal.id}: ${terminal.acknowledged.seq} were acknowledged, ${stored} are stored`);
  }
  return violations;
}

async function soundness(database: PlatformDatabase): Promise<readonly string[]> {
  const { rows } = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(database);
  return rows.filter(({ integrity_check }) => integrity_check !== 'ok').map((row) => `I8 ${row.integrity_check}`);
}

async function factsOf(database: PlatformDatabase, terminal: SendingTerminal): Promise<InvariantFacts> {
  const of = terminal.id;
  const { incarnation, acknowledged } = terminal;
  const stream = { terminal: of, incarnation, stream: 'ledger' as const };
  const range = { from: 1, to: Number.MAX_SAFE_INTEGER - MOST_RECORDS_A_BATCH };
  const records = await readStoredRecords(database, stream, range);
  const parked = await readParkReasons(database, stream, range);
  const heads = await database.selectFrom('heads').selectAll().where('terminal_id', '=', of).execute();
  const payments = await database.selectFrom('payments').selectAll().where('terminal_id', '=', of).execute();
  const prints = await database.selectFrom('prints').selectAll().where('terminal_id', '=', of).execute();
  return {
    streams: [{ incarnation, stream: 'ledger', records: terminal.records, acknowledged }],
    platform: {
      records: records.map(({ seq, hash, text }) => ({
        ...{ incarnation, stream: stream.stream, seq, hash },
        event: JSON.parse(text) as StreamEvent,
        parked: parked.has(seq),
      })),
      heads: heads.map(({ stream, seq, hash, ...head }) => ({ incarnation: head.incarnation, stream, seq, hash })),
      payments: payments.map((row) => ({
        ...{ trade: row.trade, operation: row.operation, amountCents: row.amount_cents, state: row.state },
        ageMs: 0,
      })),
      prints: prints.map(({ job, operation, template, state }) => ({
        ...{ job, operation, what: template },
        state: state === 'printed' ? 'done' : 'notDone',
      })),
      cases: [],
    },
  };
}
