/** What may happen to the files of a terminal: 50 and more ways, each at a place drawn by the seed. */
import { readFileSync, statSync, truncateSync } from 'node:fs';
import { chainHash } from '../../../engine/ledger/record-hash.ts';
import { hashOfRow, type JournalRow } from '../../../engine/ledger/journal.ts';
import type { Files } from './files.ts';

export interface Damage {
  readonly name: string;
  /** The state of the files in which it happens. */
  readonly after: 'end' | 'crash';
  /** More than one copy of the truth is hit: some steps may be known to nobody. */
  readonly several?: boolean;
  apply(files: Files, history: { readonly oldLog: string }): void;
}

const ended = (name: string, apply: Damage['apply']): Damage => ({ name, after: 'end', apply });
const crashed = (name: string, apply: Damage['apply']): Damage => ({ name, after: 'crash', apply });

const flipPage = (table: string, kind: 'leaf' | 'internal' = 'leaf'): Damage['apply'] => {
  return (files) => {
    const page = files.draw.pick(files.pages(table, kind));
    files.flip(files.db, files.at(page), 400);
  };
};
/** Somewhere in the cells, which fill a page from its end. */
const flipCells = (table: string, which: 'first' | 'last'): Damage['apply'] => {
  return (files) => {
    const page = files.pages(table, 'leaf').at(which === 'first' ? 0 : -1) ?? 1;
    files.flip(files.db, files.at(page) + 4096 - 200, 8);
  };
};

const PAGES: readonly Damage[] = [
  ended('the first bytes of the header are flipped', (files) => files.flip(files.db, 0, 16)),
  ended('the page size in the header is another', (files) => files.write(files.db, 16, Buffer.from([0x02, 0x00]))),
  ended('the schema cookie and format are flipped', (files) => files.flip(files.db, 40, 8)),
  ended('the schema is flipped', (files) => files.flip(files.db, 4096 - 900, 600)),
  ended('the first page is zeroed', (files) => files.write(files.db, 0, Buffer.alloc(4096))),
  ended('the head of a leaf of the journal is flipped', flipPage('journal')),
  ended('an inner page of the journal is flipped', flipPage('journal', 'internal')),
  ended('eight bytes in the newest rows of the journal are flipped', flipCells('journal', 'last')),
  ended('eight bytes in the oldest rows of the journal are flipped', flipCells('journal', 'first')),
  ended('a leaf of the transactions is flipped', flipPage('txn')),
  ended('eight bytes in the transactions are flipped', flipCells('txn', 'last')),
  ended('the page of the identity is flipped', flipPage('meta')),
  ended('the page of the streams is flipped', flipPage('stream')),
  ended('the page of the queue numbers is flipped', flipPage('ticket_block')),
  ended('the index of the queue numbers is flipped', flipPage('ticket_block_day')),
  ended('a page of the journal is zeroed', (files) => {
    files.write(files.db, files.at(files.draw.pick(files.pages('journal', 'leaf'))), Buffer.alloc(4096));
  }),
  ended('two pages of the journal are swapped', (files) => {
    const [one = 1, other = 2] = files.pages('journal', 'leaf').slice(files.draw.below(20));
    const kept = files.page(one);
    files.write(files.db, files.at(one), files.page(other));
    files.write(files.db, files.at(other), kept);
  }),
  ended('a page of the journal is one of last week', (files) => {
    const page = files.pages('journal', 'leaf').at(-1) ?? 1;
    const [, , oldest = ''] = files.backupFiles();
    files.write(files.db, files.at(page), Buffer.alloc(4096, files.page(Math.min(page, 20), oldest)));
  }),
  ended('the last page is cut off', (files) => truncateSync(files.db, statSync(files.db).size - 4096)),
  ended('half of the file is cut off', (files) => truncateSync(files.db, statSync(files.db).size >> 1)),
  ended('it ends in the middle of a page', (files) => truncateSync(files.db, statSync(files.db).size - 1_000)),
  ended('the file is empty', (files) => truncateSync(files.db)),
  ended('the file is gone', (files) => files.remove(files.db)),
  ended('it holds something else altogether', (files) => files.fill(files.db, 'not a database\n'.repeat(900))),
  ended('it holds noise', (files) => files.fill(files.db, files.draw.bytes(200_000))),
  ended('a dying disk spoils half of it', (files) => files.wreck(files.db)),
];

const AGE: readonly Damage[] = [
  ended('the backup of an hour ago lies in its place', (files) => files.replaceBy(files.backupFiles()[0] ?? '')),
  ended('the oldest backup lies in its place', (files) => files.replaceBy(files.backupFiles()[2] ?? '')),
  ended('an empty database lies in its place', (files) => {
    files.remove(files.db);
    files.run('CREATE TABLE notes (id INTEGER)');
  }),
  crashed('the write-ahead log is gone', (files) => files.remove(files.log)),
  crashed('the write-ahead log is empty', (files) => truncateSync(files.log)),
  crashed('half of the write-ahead log is gone', (files) => truncateSync(files.log, files.liveLog() >> 1)),
  crashed('a frame of the write-ahead log is flipped', (files) => {
    files.flip(files.log, Math.floor(files.liveLog() * 0.7), 16);
  }),
  crashed('the write-ahead log is one of an hour ago', (files, { oldLog }) => {
    files.fill(files.log, readFileSync(oldLog));
  }),
];

const LAST_CHARGE = "(SELECT MAX(seq) FROM journal WHERE step = 'charge.intent')";

const ROWS: readonly Damage[] = [
  ended('the amount of a charge is another', (files) => {
    files.run(`UPDATE journal SET body = json_set(body, '$.amountCents', 1) WHERE seq = ${LAST_CHARGE}`);
  }),
  ended('a record for the platform is another', (files) => {
    files.run(`UPDATE journal SET events = replace(events, '"stars":', '"stars":1') WHERE seq = 40`);
  }),
  ended('the hash of a row is another', (files) => files.run('UPDATE journal SET hash = zeroblob(32) WHERE seq = 77')),
  ended('the last rows are deleted', (files) => {
    files.run('DELETE FROM journal WHERE seq > (SELECT MAX(seq) - 4 FROM journal)');
  }),
  ended('a row in the middle is deleted', (files) => {
    files.run(`DELETE FROM journal WHERE seq = (SELECT MAX(seq) - ${3 + files.draw.below(40)} FROM journal)`);
  }),
  ended('old rows are deleted', (files) => files.run('DELETE FROM journal WHERE seq BETWEEN 10 AND 30')),
  ended('a row is added', (files) => {
    files.run(`INSERT INTO journal SELECT seq + 1, txn, 'charge.cancelled', at, boot, mono_ms,
      '{"step":"charge.cancelled","reason":"x"}', NULL, ledger_seq, audit_seq, metrics_seq, NULL, NULL, hash
      FROM journal ORDER BY seq DESC LIMIT 1`);
  }),
  ended('the amount is another and the chain was worked out anew', rewriteChain),
  ended('a transaction is said to be delivered', (files) => {
    files.run(`UPDATE txn SET state = 'delivered', live = 0, body = json_set(body, '$.state', 'delivered')
      WHERE state = 'charged'`);
  }),
  ended('an open transaction is said to be at its end', (files) => files.run('UPDATE txn SET live = 0 WHERE live = 1')),
  ended('an open transaction is deleted', (files) => files.run("DELETE FROM txn WHERE state = 'charging'")),
  ended('a transaction is invented', (files) => {
    files.run(`INSERT INTO txn SELECT 'invented', service, state, live,
      json_set(body, '$.id', 'invented', '$.charge.trade', 'invented-1') FROM txn WHERE state = 'reversing' LIMIT 1`);
  }),
  ended('the trade numbers are counted back', (files) => files.run('UPDATE meta SET trades = 0, operations = 0')),
  ended('it says to be another database', (files) => files.run("UPDATE meta SET incarnation = '00112233445566778899'")),
  ended('transactions are said to be written further than they are', (files) => {
    files.run('UPDATE meta SET saved = saved + 100');
  }),
  ended('records are said to be with the platform that never were written', (files) => {
    files.run("UPDATE stream SET acked = acked + 100000 WHERE name = 'ledger'");
  }),
  ended('queue numbers are counted back', (files) => files.run('UPDATE ticket_block SET next = 1')),
];

const RECORDS: readonly Damage[] = [
  ended('a line of the black box is changed', (files) => {
    const text = readFileSync(files.blackBox, 'utf8');
    files.fill(files.blackBox, text.replace('"amountCents":720', '"amountCents":7'));
  }),
  ended('lines of the black box are gone', (files) => {
    const lines = readFileSync(files.blackBox, 'utf8').split('\n');
    files.fill(files.blackBox, [...lines.slice(0, -8), ...lines.slice(-4)].join('\n'));
  }),
  ended('the black box is cut off', (files) => truncateSync(files.blackBox, statSync(files.blackBox).size - 2_500)),
  ended('the black box is gone', (files) => files.remove(files.blackBox)),
  ended('the black box holds noise', (files) => files.fill(files.blackBox, files.draw.bytes(30_000))),
];

const several = (damage: Damage): Damage => ({ ...damage, several: true });

const TOGETHER: readonly Damage[] = [
  ended('the database and the newest backup are spoilt', (files) => {
    for (const file of [files.db, ...files.backupFiles().slice(0, 1)]) files.wreck(file);
  }),
  ended('the database and all backups are spoilt', (files) => {
    for (const file of [files.db, ...files.backupFiles()]) files.wreck(file);
  }),
  ended('the database is spoilt and the backups are gone', (files) => {
    files.wreck(files.db);
    files.remove(files.backups);
  }),
  several(
    ended('the database is spoilt and the black box is gone', (files) => {
      files.wreck(files.db);
      files.remove(files.blackBox);
    }),
  ),
  several(
    ended('the database and a line of the black box are spoilt', (files) => {
      files.wreck(files.db);
      const text = readFileSync(files.blackBox, 'utf8');
      files.fill(files.blackBox, text.replace('"amountCents":720', '"amountCents":7'));
    }),
  ),
  several(
    ended('the database is spoilt, black box and backups are gone', (files) => {
      files.wreck(files.db);
      for (const path of [files.blackBox, files.backups]) files.remove(path);
    }),
  ),
];

export const DAMAGES: readonly Damage[] = [...PAGES, ...AGE, ...ROWS, ...RECORDS, ...TOGETHER];

/** What somebody does who knows the hash rule: only a second record can tell. */
function rewriteChain(files: Files): void {
  files.run(`UPDATE journal SET body = json_set(body, '$.amountCents', 1) WHERE seq = ${LAST_CHARGE}`);
  workOutChain(files);
}

/** Makes the chain of the rows fit whatever stands in them: as if nobody checked it. */
export function workOutChain(files: Files): void {
  files.sql((db) => {
    const base = db.prepare('SELECT base_hash FROM meta').pluck().get() as Buffer;
    const rows = db.prepare('SELECT * FROM journal ORDER BY seq').all() as JournalRow[];
    const write = db.prepare('UPDATE journal SET link = ?, hash = ? WHERE seq = ?');
    const links = new Map<string, string>();
    let before = base.toString('hex');
    for (const row of rows) {
      const link = row.stream === null ? null : linkOf(row, links.get(row.stream) ?? '0'.repeat(64));
      if (row.stream !== null && link !== null) links.set(row.stream, link);
      before = hashOfRow(before, row, link);
      write.run(link === null ? null : Buffer.from(link, 'hex'), Buffer.from(before, 'hex'), row.seq);
    }
  });
}

function linkOf({ events }: JournalRow, before: string): string {
  const texts = (JSON.parse(events ?? '[]') as object[]).map((event) => JSON.stringify(event));
  return texts.reduce((hash, text) => chainHash(hash, text), before);
}
