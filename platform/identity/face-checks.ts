/**
 * Faces. This platform has no recogniser: what a certified one would answer is rehearsed per made-up person (`seed.json`).
 * The picture is looked at as far as its first bytes and dropped; it is never stored.
 */
import type {
  FaceCheckReply,
  FaceCheckRequest,
  FaceReference,
  FaceReferenceRequest,
} from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { Commit } from '../database/tables.ts';
import { forgetFailures, isPaused, noteFailure } from './pauses.ts';
import { findResident, type Resident } from './residents.ts';

/** Undefined when the picture is no JPEG. */
export async function checkFace(
  { database, clock }: PlatformContext,
  { subject, look }: FaceCheckRequest,
): Promise<FaceCheckReply | undefined> {
  if (look.seen === 'face' && !isJpeg(look.picture)) return undefined;
  return database.transaction().execute(async (commit) => {
    const person = await findResident(commit, subject);
    if (!person) return { verdict: 'notOffered' };
    const nowMs = clock.wallMs();
    if (await isPaused(commit, nowMs, person.resident)) return { verdict: 'paused' };
    return answer(commit, nowMs, person, look);
  });
}

async function answer(
  commit: Commit,
  nowMs: number,
  { resident, rehearsed_face }: Resident,
  look: FaceCheckRequest['look'],
): Promise<FaceCheckReply> {
  const judged = look.seen === 'judged' ? look.verdict : look.seen === 'notLive' ? 'notLive' : rehearsed_face;
  if (judged === null) return { verdict: 'notOffered' };
  if (judged === 'notLive')
    return { verdict: (await noteFailure(commit, nowMs, resident, 'notLive')) ? 'paused' : 'again' };
  if (judged === 'match') await forgetFailures(commit, resident);
  return { verdict: judged };
}

/** A reference made by another model means nothing to the one that asks. */
export async function giveFaceReference(
  { database, clock }: PlatformContext,
  { subject, model }: FaceReferenceRequest,
): Promise<FaceReference> {
  return database.transaction().execute(async (commit) => {
    const person = await findResident(commit, subject);
    if (!person || person.face_reference === null || person.face_model !== model) return { state: 'none' };
    if (await isPaused(commit, clock.wallMs(), person.resident)) return { state: 'paused' };
    return { state: 'open', reference: person.face_reference };
  });
}

/** SOI and the first marker. */
function isJpeg(base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}
