/** From the text of a card to the document the kiosk shows; what does not hold together is never shown (device-protocols 1.7, 1.10). */
import type { IdDocument } from '../../contract/devices/id-card-reader.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { hasRightCheckCharacter } from './citizen-number.ts';
import { latinNameOf, layoutOf, LONG_TERM, readDay, readFields, SEXES, type IdLayout } from './id-text.codec.ts';
import { TEXT_BYTES } from './sam-answer.codec.ts';

type Fields = Readonly<Record<string, string>>;
type Optional = Omit<IdDocument, 'layout' | 'name' | 'sex' | 'birthDate' | 'number' | 'validFrom' | 'validTo'>;

/** `idCard.unknownDocument` for a layout nobody has described, `card.unreadable` for one that breaks its own rules. */
export function readDocument(text: Uint8Array): Result<IdDocument> {
  if (text.length !== TEXT_BYTES) return fail('card.unreadable', `text of ${text.length} bytes`);
  const { flag, layout } = layoutOf(text);
  if (!layout) return fail('idCard.unknownDocument', `type flag U+${hex4(flag.charCodeAt(0))}`);
  const fields = readFields(text, layout);
  const essential = readEssential(fields, layout);
  if (!essential.ok) return fail('card.unreadable', `${layout}: ${essential.problem.detail ?? ''} is wrong`);
  const optional = OPTIONAL[layout](fields, text);
  // Foreigners without a Chinese name have their Latin one only.
  const name = fields['name'] || optional.latinName;
  if (!name) return fail('card.unreadable', `${layout}: the name is wrong`);
  return ok({ layout, name, ...essential.value, ...optional });
}

type Essential = Pick<IdDocument, 'sex' | 'number' | 'birthDate' | 'validFrom' | 'validTo'>;

function readEssential(fields: Fields, layout: IdLayout): Result<Essential> {
  const { number = '' } = fields;
  // The 2017 permit number is made by another rule, which is not public.
  const isRight = layout === 'foreigner-2017' ? number !== '' : hasRightCheckCharacter(number);
  if (!isRight) return fail('card.unreadable', 'the number');
  const sex = SEXES[fields['sex'] ?? ''];
  if (!sex) return fail('card.unreadable', 'the sex');
  const days = readDays(fields);
  return days.ok ? ok({ sex, number, ...days.value }) : days;
}

function readDays(fields: Fields): Result<Pick<IdDocument, 'birthDate' | 'validFrom' | 'validTo'>> {
  const birthDate = readDay(fields['birthDate'] ?? '');
  const validFrom = readDay(fields['validFrom'] ?? '');
  const end = fields['validTo'] ?? '';
  const validTo = readDay(end);
  if (birthDate === undefined) return fail('card.unreadable', 'the date of birth');
  if (validFrom === undefined) return fail('card.unreadable', 'the first day');
  if (validTo === undefined && end !== LONG_TERM) return fail('card.unreadable', 'the last day');
  return ok({ birthDate, validFrom, ...(validTo === undefined ? {} : { validTo }) });
}

const OPTIONAL: Readonly<Record<IdLayout, (fields: Fields, text: Uint8Array) => Optional>> = {
  citizen: (fields) => ({ ...present(fields, ['nationCode', 'address', 'issuer']) }),
  'residence-permit': (fields) => ({
    ...present(fields, ['address', 'issuer', 'travelPermit']),
    ...count(fields['issueCount']),
  }),
  'foreigner-2017': (fields) => ({ ...present(fields, ['latinName', 'nationality']) }),
  'foreigner-2023': (fields, text) => ({
    ...present({ ...fields, latinName: latinNameOf(text) }, ['latinName', 'nationality']),
    ...count(fields['issueCount']),
  }),
};

function present<Name extends string>(fields: Fields, names: readonly Name[]): { readonly [Each in Name]?: string } {
  const kept: { [Each in Name]?: string } = {};
  for (const name of names) if (fields[name]) kept[name] = fields[name];
  return kept;
}

function count(text: string | undefined): { readonly issueCount?: number } {
  return text !== undefined && /^\d{1,2}$/.test(text) ? { issueCount: Number(text) } : {};
}

function hex4(unit: number): string {
  return unit.toString(16).toUpperCase().padStart(4, '0');
}
