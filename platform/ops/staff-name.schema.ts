/** Who of the staff acts, as their office knows them: a work number or a name of an account, no more. */
import Type from 'typebox';

export const StaffName = Type.String({ pattern: '^[\\p{L}\\p{N}._-]{1,40}$' });
