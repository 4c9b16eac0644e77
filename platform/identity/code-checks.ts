/** The code that the owner was sent: with the card, the way that needs no biometric. */
import { timingSafeEqual } from 'node:crypto';
import type { CodeCheckReply, CodeCheckRequest } from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import { forgetFailures, isPaused, noteFailure } from './pauses.ts';
import { findResident, hashOf } from './residents.ts';

export async function checkCode(
  { database, clock }: PlatformContext,
  { subject, code }: CodeCheckRequest,
): Promise<CodeCheckReply> {
  return database.transaction().execute(async (commit) => {
    const person = await findResident(commit, subject);
    // A card that nobody knows, or for which nothing waits, is answered like a wrong code.
    if (!person) return { verdict: 'noMatch' };
    const nowMs = clock.wallMs();
    if (await isPaused(commit, nowMs, person.resident)) return { verdict: 'paused' };
    if (person.code_hash !== null && isSame(person.code_hash, hashOf(code))) {
      await forgetFailures(commit, person.resident);
      return { verdict: 'match' };
    }
    const isLast = await noteFailure(commit, nowMs, person.resident, 'wrongCode');
    return { verdict: isLast ? 'paused' : 'noMatch' };
  });
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
