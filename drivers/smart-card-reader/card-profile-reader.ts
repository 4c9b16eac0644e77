/**
 * Reads a card by its profile: select, read, decode (device-protocols 2.2 to 2.4). What a card keeps back (a PIN-protected
 * file, a record it has not) is left out; whether that matters is for the profile's `required` to say.
 */
import type { CardFieldName, CardProfile, CardRead, FieldEncoding } from '../../contract/card-profile.schema.ts';
import { parse } from '../../contract/check.ts';
import { SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import {
  describeStatus,
  exchange,
  readBinary,
  readIdentifier,
  readRecord,
  selectApplication,
  selectFile,
  STATUS,
  type CardAnswer,
  type Transmit,
} from './apdu.ts';
import { decodeField, isoDate } from './card-field.codec.ts';

type TaggedRead = Exclude<CardRead, { kind: 'binary' }>;

interface Reading {
  readonly fields: Map<CardFieldName, string>;
  /** What the card refused, for maintainers. */
  readonly refusals: string[];
}

/**
 * Reads with the first profile the card answers to. Fails with `card.unknown`, `card.unreadable`, `card.expired`, or with
 * whatever `transmit` fails with. `today` is `YYYY-MM-DD`; a card is good through its end date.
 */
export async function readCard(
  transmit: Transmit,
  profiles: readonly CardProfile[],
  today: string,
): Promise<Result<SmartCardReply>> {
  for (const profile of profiles) {
    const selected = await select(transmit, profile);
    if (!selected.ok) return selected;
    if (selected.value) return readSelected(transmit, profile, today);
  }
  return fail('card.unknown');
}

/** Whether the card has one of the profile's applications; a locked one is no other card's application. */
async function select(transmit: Transmit, profile: CardProfile): Promise<Result<boolean>> {
  for (const name of profile.select) {
    const answer = await exchange(transmit, selectApplication(hexBytes(name)));
    if (!answer.ok) return answer;
    if (answer.value.status === STATUS.ok) return ok(true);
    if (answer.value.status === STATUS.locked) return fail('card.unreadable', `${profile.id}: application locked`);
  }
  return ok(false);
}

async function readSelected(transmit: Transmit, profile: CardProfile, today: string): Promise<Result<SmartCardReply>> {
  const reading: Reading = { fields: new Map(), refusals: [] };
  for (const read of profile.reads) {
    const answer = await ask(transmit, read);
    if (!answer.ok) return answer;
    if (!isGood(answer.value)) reading.refusals.push(`${nameOf(read)} ${describeStatus(answer.value.status)}`);
    else keep(reading, profile, read, answer.value.data);
  }
  return judge(profile, reading, today);
}

async function ask(transmit: Transmit, read: CardRead): Promise<Result<CardAnswer>> {
  if (read.kind === 'binary') return exchange(transmit, readBinary(read.sfi, read.lengthBytes));
  if (read.kind === 'record') return exchange(transmit, readRecord(read.sfi, read.record, read.lengthBytes));
  const selected = await exchange(transmit, selectFile(hexBytes(read.file)));
  if (!selected.ok || selected.value.status !== STATUS.ok) return selected;
  return exchange(transmit, readIdentifier(read.identifier, read.lengthBytes));
}

function isGood({ status, data }: CardAnswer): boolean {
  return status === STATUS.ok || (status === STATUS.endOfFile && data.length > 0);
}

function keep(reading: Reading, profile: CardProfile, read: CardRead, data: Uint8Array): void {
  if (read.kind === 'binary') {
    for (const field of read.fields) {
      const end = field.offset + field.lengthBytes;
      // half a field is none
      if (end <= data.length) put(reading, field.name, field.encoding, data.slice(field.offset, end));
    }
    return;
  }
  const [tag, length] = data;
  const owner = tag === undefined ? undefined : ownerOf(profile, read, tag);
  if (!owner || length === undefined || 2 + length > data.length) {
    reading.refusals.push(`${nameOf(read)} answered with ${tag === undefined ? 'nothing' : `tag ${hexByte(tag)}`}`);
    return;
  }
  put(reading, owner.field, owner.encoding, data.slice(2, 2 + length));
}

/** The returned tag says what the value is, not the number that was asked for: generations differ in the order of records. */
function ownerOf(profile: CardProfile, read: TaggedRead, tag: number): TaggedRead | undefined {
  if (tagOf(read) === tag) return read;
  return profile.reads.find(
    (other): other is TaggedRead => other.kind !== 'binary' && fileOf(other) === fileOf(read) && tagOf(other) === tag,
  );
}

function tagOf(read: TaggedRead): number {
  return read.kind === 'record' ? read.record : read.identifier;
}

function fileOf(read: TaggedRead): string {
  return read.kind === 'record' ? `sfi ${read.sfi}` : `file ${read.file}`;
}

function put(reading: Reading, name: CardFieldName, encoding: FieldEncoding, bytes: Uint8Array): void {
  const text = decodeField(bytes, encoding);
  const value = text !== undefined && (name === 'endDate' || name === 'startDate') ? isoDate(text) : text;
  if (value !== undefined) reading.fields.set(name, value);
}

function judge(profile: CardProfile, { fields, refusals }: Reading, today: string): Result<SmartCardReply> {
  const missing = profile.required.filter((name) => !fields.has(name));
  const cardNumber = fields.get('cardNumber');
  if (missing.length > 0 || cardNumber === undefined) {
    const what = missing.length > 0 ? missing.join(', ') : 'cardNumber';
    return fail('card.unreadable', [`${profile.id}: no ${what}`, ...refusals].join('; '));
  }
  const endDate = fields.get('endDate');
  if (endDate !== undefined && endDate < today) return fail('card.expired', profile.id);
  const reply = { profile: profile.id, cardKind: profile.kind, cardNumber, ...optional(fields) };
  // a number longer than any card's: the profile cuts in the wrong place
  return parse(SmartCardReply, reply, 'card.unreadable');
}

function optional(
  fields: ReadonlyMap<CardFieldName, string>,
): Pick<SmartCardReply, 'holderName' | 'holderId' | 'endDate'> {
  const named = (['holderName', 'holderId', 'endDate'] as const).map((name) => [name, fields.get(name)] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

function nameOf(read: CardRead): string {
  if (read.kind === 'binary') return `sfi ${read.sfi}`;
  return `${fileOf(read)} record ${hexByte(tagOf(read))}`;
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function hexByte(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
