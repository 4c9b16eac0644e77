/** `Authorization: Kiosk <terminal>:<token>`. Tokens are long random strings, so one SHA-256 is enough to keep them by. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PlatformDatabase } from '../database/tables.ts';
import { sendError } from './errors.ts';

export interface TerminalCredential {
  readonly id: string;
  readonly token: string;
}

const HEADER = /^Kiosk ([A-Za-z0-9._-]{1,64}):(\S{1,256})$/;
/** Compared against when the terminal is not known, so that the answer takes as long. */
const NOBODY = createHash('sha256').update('nobody').digest();

/** Writes the list of terminals; one that is no longer listed is suspended, and its records stay. */
export async function enrol(database: PlatformDatabase, terminals: readonly TerminalCredential[]): Promise<void> {
  await database.transaction().execute(async (commit) => {
    await commit.updateTable('terminals').set({ state: 'suspended' }).execute();
    for (const { id, token } of terminals) {
      const row = { token_hash: hash(token).toString('hex'), state: 'active' as const };
      await commit
        .insertInto('terminals')
        .values({ terminal: id, ...row, last_seen_ms: null })
        .onConflict((conflict) => conflict.column('terminal').doUpdateSet(row))
        .execute();
    }
  });
}

/** Hook: answers 401 or 403 itself, and only lets a terminal act in its own name. */
export async function requireTerminal(
  database: PlatformDatabase,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const [, terminal, token] = HEADER.exec(request.headers.authorization ?? '') ?? [];
  const row =
    terminal === undefined
      ? undefined
      : await database.selectFrom('terminals').selectAll().where('terminal', '=', terminal).executeTakeFirst();
  const expected = row ? Buffer.from(row.token_hash, 'hex') : NOBODY;
  const isRight = timingSafeEqual(hash(token ?? ''), expected);
  if (!row || !isRight) return sendError(reply, 401, 'terminal.notAuthorised', 'Terminal or token is wrong.');
  if (row.state !== 'active') return sendError(reply, 403, 'terminal.suspended', 'This terminal is suspended.');
  const { terminal: named } = request.params as { terminal?: string };
  if (named !== row.terminal) return sendError(reply, 403, 'terminal.notYours', 'This is another terminal’s address.');
  return undefined;
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
