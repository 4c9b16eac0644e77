/**
 * Signed documents as they lie here: per channel the one in use and the one before it, and which versions were refused. The
 * switch is one commit; the last good one stays for ever.
 */
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Channel } from '../../contract/document.schema.ts';
import { later } from './later.ts';
import type { Store } from './store.ts';

export interface Publication {
  readonly channel: Channel;
  readonly version: number;
  readonly sha256: string;
  /** JSON text. */
  readonly body: string;
  readonly hardExpiresMs?: number;
}

export interface PublicationStore {
  activePublication(channel: Channel): Publication | undefined;
  allPublications(): readonly Publication[];
  wasRefused(channel: Channel, version: number): boolean;
  /** The one that was in use becomes the one before. */
  activate(publication: Publication): Result<undefined>;
  refuse(channel: Channel, version: number): Result<undefined>;
  /**
   * A start begins. Documents with which two starts before this one never came to be healthy are taken back, for the one
   * before them; they count as refused. Returns those.
   */
  beginStart(): Result<readonly Publication[]>;
  /** This start is healthy: what is in use stays. */
  confirm(): Result<undefined>;
}

interface Row {
  readonly channel: Channel;
  readonly version: number;
  readonly sha256: string;
  readonly body: string;
  readonly hard_expires: number | null;
  /** Starts that did not come to be healthy with it; -1 once one did. */
  readonly starts: number;
}

const CONFIRMED = -1;
const STARTS = 2;

export function createPublicationStore(store: Store): PublicationStore {
  const { db } = store;
  const selectActive = later(db, "SELECT * FROM publication WHERE channel = ? AND place = 'active'");
  const selectAll = later(db, "SELECT * FROM publication WHERE place = 'active' ORDER BY channel");
  const dropPrevious = later(db, "DELETE FROM publication WHERE channel = ? AND place = 'previous'");
  const demote = later(db, "UPDATE publication SET place = 'previous' WHERE channel = ? AND place = 'active'");
  const dropActive = later(db, "DELETE FROM publication WHERE channel = ? AND place = 'active'");
  const promote = later(
    db,
    "UPDATE publication SET place = 'active', starts = -1 WHERE channel = ? AND place = 'previous'",
  );
  const insert = later(
    db,
    `INSERT INTO publication (channel, place, version, sha256, body, hard_expires, starts)
     VALUES (?, 'active', ?, ?, ?, ?, 0)`,
  );
  const insertRefused = later(db, 'INSERT OR IGNORE INTO publication_refused (channel, version) VALUES (?, ?)');
  const selectRefused = later(db, 'SELECT 1 FROM publication_refused WHERE channel = ? AND version = ?');
  const count = later(db, "UPDATE publication SET starts = starts + 1 WHERE place = 'active' AND starts >= 0");
  const settle = later(db, `UPDATE publication SET starts = ${CONFIRMED} WHERE place = 'active'`);
  const rows = () => selectAll.all() as readonly Row[];

  return {
    activePublication(channel) {
      const row = selectActive.get(channel) as Row | undefined;
      return row && publicationOf(row);
    },
    allPublications: () => rows().map(publicationOf),
    wasRefused: (channel, version) => selectRefused.get(channel, version) !== undefined,
    activate: ({ channel, version, sha256, body, hardExpiresMs }) =>
      done(
        store.commit(() => {
          dropPrevious.run(channel);
          demote.run(channel);
          insert.run(channel, version, sha256, body, hardExpiresMs ?? null);
        }),
      ),
    refuse: (channel, version) => done(store.commit(() => void insertRefused.run(channel, version))),
    beginStart() {
      const failed = rows().filter(({ starts }) => starts >= STARTS);
      return store.commit(() => {
        for (const { channel, version } of failed) {
          dropActive.run(channel);
          promote.run(channel);
          insertRefused.run(channel, version);
        }
        count.run();
        return failed.map(publicationOf);
      });
    },
    confirm: () => done(store.commit(() => void settle.run())),
  };
}

function done(written: Result<unknown>): Result<undefined> {
  return written.ok ? ok(undefined) : written;
}

function publicationOf({ channel, version, sha256, body, hard_expires: hardExpiresMs }: Row): Publication {
  return { channel, version, sha256, body, ...(hardExpiresMs === null ? {} : { hardExpiresMs }) };
}
