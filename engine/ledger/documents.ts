/** The last good snapshot of each channel the platform sends (catalogue, prices, announcements), with its version. */
import { ok, type Result } from '../../contract/outcome.schema.ts';
import { later } from './later.ts';
import type { Store } from './store.ts';

export interface Documents {
  /** Replaces the channel's document in one commit. `body` is plain JSON data, checked by whoever puts it. */
  put(channel: string, version: string, body: unknown): Result<undefined>;
  /** `body` is parsed JSON of an earlier release perhaps: check it with its schema. */
  get(channel: string): { readonly version: string; readonly body: unknown } | undefined;
}

export function createDocuments(store: Store): Documents {
  const upsert = later(
    store.db,
    `INSERT INTO doc (channel, version, body) VALUES (?, ?, ?)
     ON CONFLICT (channel) DO UPDATE SET version = excluded.version, body = excluded.body`,
  );
  const select = later(store.db, 'SELECT version, body FROM doc WHERE channel = ?');
  return {
    put(channel, version, body) {
      const written = store.commit(() => void upsert.run(channel, version, JSON.stringify(body)));
      return written.ok ? ok(undefined) : written;
    },
    get(channel) {
      const row = select.get(channel) as { version: string; body: string } | undefined;
      return row && { version: row.version, body: JSON.parse(row.body) as unknown };
    },
  };
}
