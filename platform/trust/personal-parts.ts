/**
 * Personal parts as the platform keeps them: sealed, opened for whoever works on the form, erased for good when their time is
 * over. The record and its place in the chain stay: they hold the commitment alone.
 */
import type { PlatformContext } from '../context.ts';
import { openPersonal, type Opened } from './opening.ts';

export type PersonalPart = Opened<unknown> | { readonly kind: 'unknownForm' | 'erased' };

export async function readPersonalPart(
  { database, trust }: PlatformContext,
  terminal: string,
  operation: string,
): Promise<PersonalPart> {
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
  { database }: PlatformContext,
  terminal: string,
  operation: string,
): Promise<boolean> {
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
