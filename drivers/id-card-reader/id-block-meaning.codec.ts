/** The read block of a card as a person reads it, and back (device-protocols 1.7, 1.8). */
import { hasRightCheckCharacter } from './citizen-number.ts';
import { FINGERS, REGISTRATIONS, TEMPLATE_BYTES } from './finger-template.codec.ts';
import {
  FLAG_OFFSET,
  ID_LAYOUTS,
  latinNameOf,
  layoutOf,
  LONG_TERM,
  readDay,
  readFields,
  SEXES,
  writeFields,
  type IdFieldKind,
  type IdLayout,
} from './id-text.codec.ts';
import { fieldsOf, hexBytes, hexText, type Facts, type Fields } from './meaning-fields.ts';
import { nationName } from './nations.ts';
import { TEXT_BYTES, type ReadBlock } from './sam-answer.codec.ts';

/** `WLf`, then width and height in pixels as words with the low byte at 3 and 5. */
const WLT_HEAD = /^574C66/;
const WLT_WIDTH_PX = 102;
const WLT_HEIGHT_PX = 126;
const FLAGS: Readonly<Record<IdLayout, string>> = {
  citizen: ' ',
  'residence-permit': 'J',
  'foreigner-2017': 'I',
  'foreigner-2023': 'Y',
};

export function blockMeaning({ text, photo, fingerprints }: ReadBlock): Facts {
  return {
    ...textFacts(text),
    photo: photoFacts(photo),
    ...(fingerprints === undefined ? {} : { fingerprints: fingerFacts(fingerprints) }),
  };
}

function textFacts(text: Uint8Array): Facts {
  if (text.length !== TEXT_BYTES) return { layout: 'unknown', textHex: hexText(text) };
  const { layout, flag } = layoutOf(text);
  if (!layout) return { layout: 'unknown', typeFlag: flag, textHex: hexText(text) };
  const facts = documentFacts(text, layout);
  const again = writeText({ layout, document: facts });
  // What a field does not say (padding with NUL, a day of no calendar) only the bytes do.
  const isWhole = again !== undefined && hexText(again) === hexText(text);
  return { layout, document: facts, ...(isWhole ? {} : { textHex: hexText(text) }) };
}

function documentFacts(text: Uint8Array, layout: IdLayout): Facts {
  const fields = readFields(text, layout);
  const facts: Record<string, string | boolean> = {};
  for (const { name, kind } of ID_LAYOUTS[layout]) {
    const value = fields[name] ?? '';
    if (value !== '' && name !== 'flag') facts[name] = spoken(kind, value);
  }
  const { nationCode, number = '' } = fields;
  const nation = nationCode === undefined ? undefined : nationName(nationCode);
  if (nation !== undefined) facts['nation'] = nation;
  if (layout === 'foreigner-2023') facts['latinName'] = latinNameOf(text);
  if (layout !== 'foreigner-2017') facts['isNumberRight'] = hasRightCheckCharacter(number);
  return facts;
}

function spoken(kind: IdFieldKind, value: string): string {
  if (kind === 'sex') return SEXES[value] ?? value;
  if (kind === 'end' && value === LONG_TERM) return 'longTerm';
  return kind === 'text' ? value : (readDay(value) ?? value);
}

function written(kind: IdFieldKind, value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  if (kind === 'sex') return Object.entries(SEXES).find(([, sex]) => sex === text)?.[0] ?? text;
  if (kind === 'end' && text === 'longTerm') return LONG_TERM;
  return kind === 'text' ? text : text.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$1$2$3');
}

function photoFacts(photo: Uint8Array): Facts {
  const hex = hexText(photo);
  const isWlt = WLT_HEAD.test(hex) && photo[3] === 0 && photo[4] === WLT_HEIGHT_PX;
  return {
    bytes: photo.length,
    ...(isWlt ? { format: 'WLT', widthPx: WLT_WIDTH_PX, heightPx: WLT_HEIGHT_PX } : {}),
    hex,
  };
}

function fingerFacts(fingerprints: Uint8Array): Facts[] {
  const templates: Facts[] = [];
  for (let at = 0; at < fingerprints.length; at += TEMPLATE_BYTES) {
    const template = fingerprints.subarray(at, at + TEMPLATE_BYTES);
    const [, , , , registration = 0, finger = 0, quality = 0] = template;
    templates.push({
      registration: REGISTRATIONS[registration] ?? registration,
      finger: FINGERS[finger] ?? finger,
      quality: quality === 0 ? null : quality,
      hex: hexText(template),
    });
  }
  return templates;
}

/** The data of the answer that holds this block; undefined when it cannot be. */
export function writeBlock(fields: Fields): Uint8Array | undefined {
  const text = writeText(fields);
  const photo = hexBytes(fieldsOf(fields['photo'])?.['hex']);
  if (!text || !photo) return undefined;
  const parts = [text, photo];
  if (fields['fingerprints'] !== undefined) {
    const fingerprints = writeFingerprints(fields['fingerprints']);
    if (!fingerprints) return undefined;
    parts.push(fingerprints);
  }
  const lengths = parts.flatMap(({ length }) => [length >> 8, length & 0xff]);
  return Uint8Array.from(Buffer.concat([Uint8Array.from(lengths), ...parts]));
}

function writeText(fields: Fields): Uint8Array | undefined {
  if (fields['textHex'] !== undefined) return hexBytes(fields['textHex']);
  const layout = Object.keys(FLAGS).find((name): name is IdLayout => name === fields['layout']);
  const document = fieldsOf(fields['document']);
  if (!layout || !document) return undefined;
  const raw: Record<string, string> = { flag: FLAGS[layout] };
  for (const { name, kind } of ID_LAYOUTS[layout]) if (name !== 'flag') raw[name] = written(kind, document[name]);
  return writeFields(raw, layout);
}

function writeFingerprints(value: unknown): Uint8Array | undefined {
  if (!Array.isArray(value)) return undefined;
  const templates = value.map((template) => hexBytes(fieldsOf(template)?.['hex']));
  if (templates.some((template) => template === undefined)) return undefined;
  return Uint8Array.from(Buffer.concat(templates.filter((template) => template !== undefined)));
}

/** The text with nothing of its person in it; the type flag stays, so that it can still be read. */
export function maskedText(text: Uint8Array): Uint8Array {
  const masked = Uint8Array.from(Buffer.alloc(text.length, Buffer.from(' ', 'utf16le')));
  masked.set(text.subarray(FLAG_OFFSET, FLAG_OFFSET + 2), Math.min(FLAG_OFFSET, masked.length));
  return masked;
}
