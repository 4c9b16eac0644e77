/**
 * The 256 bytes of text on the card: UTF-16LE in fields of fixed places, in four layouts told apart by one character
 * (device-protocols 1.7). Units are kept as they stand: private-use characters and lone surrogates come from old issuing
 * systems and are nobody's to normalise.
 */

export type IdLayout = 'citizen' | 'residence-permit' | 'foreigner-2017' | 'foreigner-2023';

/** `sex`: GB/T 2261.1. `day`: yyyymmdd. `end`: a day, or 长期 for ever. */
export type IdFieldKind = 'text' | 'sex' | 'day' | 'end';

export interface IdField {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  readonly kind: IdFieldKind;
}

export const FLAG_OFFSET = 248;
/** What stands in the end date of a card that is valid for ever. */
export const LONG_TERM = '长期';

const LAYOUT_BY_FLAG: Readonly<Record<string, IdLayout>> = {
  ' ': 'citizen',
  '\0': 'citizen',
  J: 'residence-permit',
  I: 'foreigner-2017',
  Y: 'foreigner-2023',
};

/** Name, bytes, kind; in the order of the card and without a gap. */
type Row = readonly [name: string, bytes: number, kind?: IdFieldKind];

const CITIZEN: readonly Row[] = [
  ['name', 30],
  ['sex', 2, 'sex'],
  ['nationCode', 4],
  ['birthDate', 16, 'day'],
  ['address', 70],
  ['number', 36],
  ['issuer', 30],
  ['validFrom', 16, 'day'],
  ['validTo', 16, 'end'],
  ['reserved', 28],
  ['flag', 2],
  ['reservedEnd', 6],
];

export const ID_LAYOUTS: Readonly<Record<IdLayout, readonly IdField[]>> = {
  citizen: placed(CITIZEN),
  'residence-permit': placed([
    ...CITIZEN.slice(0, 2),
    ['reservedNation', 4],
    ...CITIZEN.slice(3, 9),
    ['travelPermit', 18],
    ['issueCount', 4],
    ['reserved', 6],
    ['flag', 2],
    ['reservedEnd', 6],
  ]),
  'foreigner-2017': placed([
    ['latinName', 120],
    ['sex', 2, 'sex'],
    ['number', 30],
    ['nationality', 6],
    ['name', 30],
    ['validFrom', 16, 'day'],
    ['validTo', 16, 'end'],
    ['birthDate', 16, 'day'],
    ['cardVersion', 4],
    ['acceptingAuthority', 8],
    ['flag', 2],
    ['reservedEnd', 6],
  ]),
  'foreigner-2023': placed([
    ['name', 30],
    ['sex', 2, 'sex'],
    ['issueCount', 4],
    ['birthDate', 16, 'day'],
    ['latinNameBegin', 70],
    ['number', 36],
    ['reserved', 30],
    ['validFrom', 16, 'day'],
    ['validTo', 16, 'end'],
    ['latinNameEnd', 22],
    ['nationality', 6],
    ['flag', 2],
    ['previousNumberLink', 6],
  ]),
};

function placed(rows: readonly Row[]): readonly IdField[] {
  let offset = 0;
  return rows.map(([name, bytes, kind = 'text']) => {
    const field = { name, offset, bytes, kind };
    offset += bytes;
    return field;
  });
}

/** The character that says which layout it is, and the layout; undefined for a document that nobody has described. */
export function layoutOf(text: Uint8Array): { readonly flag: string; readonly layout: IdLayout | undefined } {
  const flag = rawText(text.subarray(FLAG_OFFSET, FLAG_OFFSET + 2));
  return { flag, layout: Object.hasOwn(LAYOUT_BY_FLAG, flag) ? LAYOUT_BY_FLAG[flag] : undefined };
}

/** The fields of a layout by name, as they stand, without their padding. */
export function readFields(text: Uint8Array, layout: IdLayout): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const { name, offset, bytes } of ID_LAYOUTS[layout]) {
    fields[name] = trimPadding(rawText(text.subarray(offset, offset + bytes)));
  }
  return fields;
}

/** Fields to 256 bytes, padded with spaces; undefined when one is too long. */
export function writeFields(fields: Readonly<Record<string, string>>, layout: IdLayout): Uint8Array | undefined {
  const parts: Buffer[] = [];
  for (const { name, bytes } of ID_LAYOUTS[layout]) {
    const value = fields[name] ?? '';
    if (value.length * 2 > bytes) return undefined;
    parts.push(Buffer.from(value.padEnd(bytes / 2, ' '), 'utf16le'));
  }
  return Uint8Array.from(Buffer.concat(parts));
}

/** Padded with spaces, on some readers with NUL. */
export function trimPadding(text: string): string {
  return text.replace(/[\0 ]+$/, '');
}

export function rawText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le');
}

/** `yyyymmdd` to `yyyy-mm-dd`; undefined for a day that is in no calendar. */
export function readDay(text: string): string | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (!parts) return undefined;
  const [, year = '', month = '', day = ''] = parts;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isReal ? `${year}-${month}-${day}` : undefined;
}

export type Sex = 'male' | 'female' | 'unknown' | 'unspecified';
/** GB/T 2261.1. */
export const SEXES: Readonly<Record<string, Sex>> = { '1': 'male', '2': 'female', '0': 'unknown', '9': 'unspecified' };

/** The Latin name of the 2023 layout is cut in two wherever its 35th character falls, so the parts are joined as they are. */
export function latinNameOf(text: Uint8Array): string {
  return trimPadding(
    ['latinNameBegin', 'latinNameEnd']
      .map((name) => ID_LAYOUTS['foreigner-2023'].find((field) => field.name === name))
      .map((field) => (field ? rawText(text.subarray(field.offset, field.offset + field.bytes)) : ''))
      .join(''),
  );
}
