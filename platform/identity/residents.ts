/** The people of the demonstration: put in at the start, found by a digest of their card. */
import { createHash } from 'node:crypto';
import type { PlatformContext } from '../context.ts';
import type { Commit } from '../database/tables.ts';

export interface Resident {
  readonly resident: string;
  readonly code_hash: string | null;
  readonly rehearsed_face: 'match' | 'noMatch' | null;
  readonly face_model: string | null;
  readonly face_reference: string | null;
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The seed is the whole truth about these people: one that changed is changed here, too. */
export async function seedResidents({ database, seed }: PlatformContext): Promise<void> {
  for (const person of seed.residents) {
    await database.transaction().execute(async (commit) => {
      const row = {
        resident: person.id,
        code_hash: person.code === undefined ? null : hashOf(person.code),
        rehearsed_face: person.rehearsedFace ?? null,
        face_model: person.faceReference?.model ?? null,
        face_reference: person.faceReference?.reference ?? null,
      };
      await commit
        .insertInto('residents')
        .values(row)
        .onConflict((conflict) => conflict.column('resident').doUpdateSet(row))
        .execute();
      await commit.deleteFrom('resident_cards').where('resident', '=', person.id).execute();
      await commit.deleteFrom('resident_fingers').where('resident', '=', person.id).execute();
      for (const { kind, number } of person.cards)
        await commit
          .insertInto('resident_cards')
          .values({ subject: hashOf(`identity:${kind}:${number}`), resident: person.id })
          .execute();
      for (const { finger, template } of person.fingers)
        await commit.insertInto('resident_fingers').values({ resident: person.id, finger, template }).execute();
    });
  }
}

/**
 * Holds the person's row until the commit, so that guesses made at two nodes at the same time are counted one after the other.
 */
export async function findResident(commit: Commit, subject: string): Promise<Resident | undefined> {
  return commit
    .updateTable('residents')
    .set((row) => ({ resident: row.ref('resident') }))
    .where('resident', '=', (cards) =>
      cards.selectFrom('resident_cards').select('resident').where('subject', '=', subject),
    )
    .returningAll()
    .executeTakeFirst();
}
