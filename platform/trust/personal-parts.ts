/**
 * Personal parts as the platform keeps them: sealed, opened for whoever works on the form, erased for good when their time is
 * over. The record and its place in the chain stay: they hold the commitment alone. Whoever asks is written down, in a commit
 * of its own, before anything is opened or destroyed: what cannot be written is not done.
 */
import Type, { type Static } from 'typebox';
import type { PlatformContext } from '../context.ts';
import { takeTurn } from '../database/turns.ts';
import { StaffName } from '../ops/staff-name.schema.ts';
import { openPersonal, type Opened } from './opening.ts';

/** Who asks for a personal part, and what for: a case number, a letter's. */
export const FormAccessRequest = Type.Object(
  { by: StaffName, why: Type.String({ minLength: 3, maxLength: 200 }) },
  { additionalProperties: false },
);
export type FormAccessRequest = Static<typeof FormAccessRequest>;

/** One time somebody asked; `atMs` is platform wall time. */
export interface FormAccess extends FormAccessRequest {
  readonly act: 'open' | 'erase';
  readonly atMs: number;
}

export type PersonalPart = Opened<unknown> | { readonly kind: 'unknownForm' | 'erased' };

export async function readPersonalPart(
  context: PlatformContext,
  terminal: string,
  operation: string,
  asked: FormAccessRequest,
): Promise<PersonalPart> {
  const { database, trust } = context;
  if (!(await isForm(context, terminal, operation))) return { kind: 'unknownForm' };
  await noteAccess(context, terminal, operation, { ...asked, act: 'open' });
  const form = await database
    .selectFrom('forms')
    .leftJoin('sealed_parts', (join) =>
      join
        .onRef('sealed_parts.terminal_id', '=', 'forms.terminal_id')
        .onRef('sealed_parts.incarnation', '=', 'forms.incarnation')
        .onRef('sealed_parts.seq', '=', 'forms.seq')
        .on('sealed_parts.stream', '=', 'ledger'),
    )
    .select(['forms.personal', 'sealed_parts.sealed'])
    .where('forms.terminal_id', '=', terminal)
    .where('forms.operation', '=', operation)
    .executeTakeFirst();
  if (!form) return { kind: 'unknownForm' };
  return form.sealed === null ? { kind: 'erased' } : openPersonal(trust.keyring, form.personal, form.sealed);
}

/** False when there is nothing (any more) to erase. */
export async function erasePersonalPart(
  context: PlatformContext,
  terminal: string,
  operation: string,
  asked: FormAccessRequest,
): Promise<boolean> {
  const { database } = context;
  if (!(await isForm(context, terminal, operation))) return false;
  await noteAccess(context, terminal, operation, { ...asked, act: 'erase' });
  const form = await database
    .selectFrom('forms')
    .select(['incarnation', 'seq'])
    .where('terminal_id', '=', terminal)
    .where('operation', '=', operation)
    .executeTakeFirst();
  if (!form) return false;
  const erased = await database
    .deleteFrom('sealed_parts')
    .where('terminal_id', '=', terminal)
    .where('incarnation', '=', form.incarnation)
    .where('stream', '=', 'ledger')
    .where('seq', '=', form.seq)
    .executeTakeFirst();
  return erased.numDeletedRows > 0n;
}

/** Everybody who asked for the form, first to last. */
export async function readFormAccess(
  { database }: PlatformContext,
  terminal: string,
  operation: string,
): Promise<readonly FormAccess[]> {
  return database
    .selectFrom('form_access')
    .select(['act', 'asked_by as by', 'why', 'asked_ms as atMs'])
    .where('terminal_id', '=', terminal)
    .where('operation', '=', operation)
    .orderBy('number')
    .execute();
}

async function isForm({ database }: PlatformContext, terminal: string, operation: string): Promise<boolean> {
  const form = await database
    .selectFrom('forms')
    .select('operation')
    .where('terminal_id', '=', terminal)
    .where('operation', '=', operation)
    .executeTakeFirst();
  return form !== undefined;
}

async function noteAccess(
  { database, clock }: PlatformContext,
  terminal: string,
  operation: string,
  { act, by, why }: FormAccessRequest & Pick<FormAccess, 'act'>,
): Promise<void> {
  await database.transaction().execute(async (commit) => {
    // two who ask at once are two rows
    await takeTurn(commit, terminal);
    const last = await commit
      .selectFrom('form_access')
      .select((select) => select.fn.max<number | null>('number').as('number'))
      .where('terminal_id', '=', terminal)
      .where('operation', '=', operation)
      .executeTakeFirst();
    const number = Number(last?.number ?? 0) + 1;
    const row = { terminal_id: terminal, operation, number, act, asked_by: by, why, asked_ms: clock.wallMs() };
    await commit.insertInto('form_access').values(row).execute();
  });
}
