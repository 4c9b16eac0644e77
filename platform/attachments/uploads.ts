/**
 * Attachments as they come in and as they are kept (money-and-sync 1.5): as rows, in both dialects, so that nodes stay without a
 * state of their own and a part and the offset after it are one commit.
 */
import { createHash } from 'node:crypto';
import type { AttachmentName } from '../../contract/attachment.ts';
import type { PlatformContext } from '../context.ts';
import type { Commit, PlatformDatabase } from '../database/tables.ts';

export interface Upload {
  /** Hex, of the whole. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly receivedBytes: number;
  /** All of it is here and has this hash. */
  readonly isStored: boolean;
  /** Platform wall time; of an open one only. */
  readonly expiresMs?: number;
}

export type Created = { readonly kind: 'created'; readonly upload: Upload } | { readonly kind: 'otherContent' };

export type Added =
  | { readonly kind: 'added'; readonly upload: Upload }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'otherOffset' }
  | { readonly kind: 'tooLong' }
  /** The whole is not what was announced; nothing of it is kept. */
  | { readonly kind: 'otherHash' };

type Uploads = Pick<PlatformContext, 'database' | 'clock'>;

const OPEN_MS = 7 * 24 * 3_600_000;

/**
 * Begins an upload, or finds the one there is: the same attachment asked for again, or the same bytes under another name.
 * `otherContent`: the name, or the hash, was used for something else before. Forgets what the terminal gave up.
 */
export function createUpload(
  { database, clock }: Uploads,
  terminal: string,
  { attachment, sha256, sizeBytes }: AttachmentName & { readonly sizeBytes: number },
): Promise<Created> {
  const nowMs = clock.wallMs();
  return database.transaction().execute(async (commit): Promise<Created> => {
    const named = await commit
      .selectFrom('attachments')
      .select('sha256')
      .where('terminal_id', '=', terminal)
      .where('attachment', '=', attachment)
      .executeTakeFirst();
    if (named && named.sha256 !== sha256) return { kind: 'otherContent' };
    await forgetExpired(commit, terminal, nowMs);
    const content = { terminal_id: terminal, sha256, size_bytes: sizeBytes, received_bytes: 0, touched_ms: nowMs };
    await commit
      .insertInto('attachment_contents')
      .values({ ...content, state: 'open' })
      .onConflict((conflict) => conflict.columns(['terminal_id', 'sha256']).doNothing())
      .execute();
    const upload = await findUpload({ database: commit, clock }, terminal, sha256);
    if (upload?.sizeBytes !== sizeBytes) return { kind: 'otherContent' };
    await commit
      .insertInto('attachments')
      .values({ terminal_id: terminal, attachment, sha256, begun_ms: nowMs })
      .onConflict((conflict) => conflict.columns(['terminal_id', 'attachment']).doNothing())
      .execute();
    return { kind: 'created', upload };
  });
}

/** Undefined when there is none, or it was given up. */
export async function findUpload(
  { database, clock }: Uploads,
  terminal: string,
  sha256: string,
): Promise<Upload | undefined> {
  const row = await database
    .selectFrom('attachment_contents')
    .selectAll()
    .where('terminal_id', '=', terminal)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  if (!row) return undefined;
  const known = { sha256, sizeBytes: row.size_bytes, receivedBytes: row.received_bytes };
  if (row.state === 'stored') return { ...known, isStored: true };
  const expiresMs = row.touched_ms + OPEN_MS;
  return expiresMs <= clock.wallMs() ? undefined : { ...known, isStored: false, expiresMs };
}

/** Whoever comes second with the same offset changes nothing. The last part is taken only when the whole has its hash. */
export function addPart(
  { database, clock }: Uploads,
  terminal: string,
  { sha256, offsetBytes, bytes }: { readonly sha256: string; readonly offsetBytes: number; readonly bytes: Uint8Array },
): Promise<Added> {
  return database.transaction().execute(async (commit): Promise<Added> => {
    const upload = await findUpload({ database: commit, clock }, terminal, sha256);
    if (!upload) return { kind: 'unknown' };
    if (upload.isStored || upload.receivedBytes !== offsetBytes) return { kind: 'otherOffset' };
    const receivedBytes = offsetBytes + bytes.length;
    if (receivedBytes > upload.sizeBytes) return { kind: 'tooLong' };
    const isLast = receivedBytes === upload.sizeBytes;
    const moved = await commit
      .updateTable('attachment_contents')
      .set({ received_bytes: receivedBytes, touched_ms: clock.wallMs(), state: isLast ? 'stored' : 'open' })
      .where('terminal_id', '=', terminal)
      .where('sha256', '=', sha256)
      .where('received_bytes', '=', offsetBytes)
      .executeTakeFirst();
    if (moved.numUpdatedRows !== 1n) return { kind: 'otherOffset' };
    const part = { terminal_id: terminal, sha256, first_byte: offsetBytes, bytes };
    await commit.insertInto('attachment_parts').values(part).execute();
    if (isLast && (await hashOf(commit, terminal, sha256)) !== sha256) {
      await forget(commit, terminal, [sha256]);
      return { kind: 'otherHash' };
    }
    return { kind: 'added', upload: { ...upload, receivedBytes, isStored: isLast } };
  });
}

/** The sealed bytes of a stored attachment; undefined when there is none of that name, or not all of it. */
export async function readAttachment(
  { database }: Pick<PlatformContext, 'database'>,
  terminal: string,
  attachment: string,
): Promise<Buffer | undefined> {
  const content = await database
    .selectFrom('attachments')
    .innerJoin('attachment_contents', (join) =>
      join
        .onRef('attachment_contents.terminal_id', '=', 'attachments.terminal_id')
        .onRef('attachment_contents.sha256', '=', 'attachments.sha256'),
    )
    .select(['attachments.sha256', 'attachment_contents.state'])
    .where('attachments.terminal_id', '=', terminal)
    .where('attachments.attachment', '=', attachment)
    .executeTakeFirst();
  if (content?.state !== 'stored') return undefined;
  const parts: Uint8Array[] = [];
  for await (const bytes of partsOf(database, terminal, content.sha256)) parts.push(bytes);
  return Buffer.concat(parts);
}

async function hashOf(commit: Commit, terminal: string, sha256: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of partsOf(commit, terminal, sha256)) hash.update(bytes);
  return hash.digest('hex');
}

/** One after the other: a whole attachment need not fit into memory twice. */
async function* partsOf(database: PlatformDatabase, terminal: string, sha256: string): AsyncGenerator<Uint8Array> {
  for (let firstByte = 0; ;) {
    const part = await database
      .selectFrom('attachment_parts')
      .select('bytes')
      .where('terminal_id', '=', terminal)
      .where('sha256', '=', sha256)
      .where('first_byte', '=', firstByte)
      .executeTakeFirst();
    if (!part) return;
    yield part.bytes;
    firstByte += part.bytes.length;
  }
}

async function forgetExpired(commit: Commit, terminal: string, nowMs: number): Promise<void> {
  const expired = await commit
    .selectFrom('attachment_contents')
    .select('sha256')
    .where('terminal_id', '=', terminal)
    .where('state', '=', 'open')
    .where('touched_ms', '<=', nowMs - OPEN_MS)
    .execute();
  const hashes = expired.map(({ sha256 }) => sha256);
  if (hashes.length > 0) await forget(commit, terminal, hashes);
}

async function forget(commit: Commit, terminal: string, hashes: readonly string[]): Promise<void> {
  await commit
    .deleteFrom('attachment_parts')
    .where('terminal_id', '=', terminal)
    .where('sha256', 'in', hashes)
    .execute();
  await commit
    .deleteFrom('attachment_contents')
    .where('terminal_id', '=', terminal)
    .where('sha256', 'in', hashes)
    .execute();
}
