/**
 * Who this database is. Its incarnation changes whenever the file was made anew, restored or cloned, so that a second
 * history of the same terminal can never pass for the first (money-and-sync 0, 4).
 */
import type { Chance } from '../../contract/clock.ts';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Head } from '../../contract/platform-api.schema.ts';
import type { Stream } from '../../contract/terminal-event.schema.ts';
import { later } from './later.ts';
import type { Store } from './store.ts';

/** The database this one continues, and how far its streams are taken to be with the platform. */
export interface Predecessor {
  readonly incarnation: string;
  readonly heads: Readonly<Record<Stream, Head>>;
}

export interface Identity {
  readonly incarnation: string;
  readonly predecessor: Predecessor | undefined;
}

interface MetaRow {
  readonly incarnation: string;
  readonly predecessor: string | null;
}

/** Reads who this database is, or names it; either way the first write of this run. */
export function identify(store: Store, chance: Chance, boot: string): Result<Identity> {
  const row = store.db.prepare('SELECT incarnation, predecessor FROM meta').get() as MetaRow | undefined;
  const incarnation = row?.incarnation ?? hexOf(chance, 16);
  const insert = later(store.db, 'INSERT INTO meta (id, incarnation) VALUES (1, ?)');
  const countOpening = later(store.db, 'UPDATE meta SET opened = opened + 1, boot = ?');
  const written = store.commit(() => {
    if (!row) insert.run(incarnation);
    countOpening.run(boot);
  });
  if (!written.ok) return written;
  const predecessor = row?.predecessor ? (JSON.parse(row.predecessor) as Predecessor) : undefined;
  return ok({ incarnation, predecessor });
}

export function hexOf(chance: Chance, bytes: number): string {
  return Buffer.from(chance.bytes(bytes)).toString('hex');
}
