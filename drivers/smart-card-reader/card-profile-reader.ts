/**
 * Reads a card by its profile: select, read, decode (device-protocols 2.2 to 2.4). What a card keeps back (a PIN-protected
 * file, a record it has not) is left out; whether that matters is for the profile's `required` to say.
 */
import type {
  CardFieldName,
  CardPin,
  CardProfile,
  CardRead,
  FieldEncoding,
} from '../../contract/card-profile.schema.ts';
import { parse } from '../../contract/check.ts';
import { SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import {
  describeStatus,
  readBinary,
  readIdentifier,
  readRecord,
  selectApplication,
  selectFile,
  STATUS,
  type CardAnswer,
} from './apdu.ts';
import { describeAtr } from './atr.ts';
import type { Dialogue } from './card-dialogue.ts';
import { decodeField, isoDate, withoutPadding } from './card-field.codec.ts';
import type { PinKeeper } from './pin-keeper.ts';
import { findTlv, readTlvs } from './tlv.codec.ts';

type TaggedRead = Exclude<CardRead, { kind: 'binary' }>;

/** A card that one of the profiles describes, its application selected. */
export interface KnownCard {
  readonly profile: CardProfile;
  readonly atr: Uint8Array;
  /** Contents of file 0015 as SELECT told them, if it did. */
  readonly toldOnSelect: Uint8Array | undefined;
}

export interface CardReading {
  readonly reply: SmartCardReply;
  /** File 0015, as far as it was read. */
  readonly publicInformation: Uint8Array | undefined;
}

interface Found {
  readonly bytes: Uint8Array;
  readonly encoding: FieldEncoding;
}

interface Reading {
  readonly fields: Map<CardFieldName, Found>;
  /** What the card refused, for maintainers. */
  readonly refusals: string[];
  /** What it would perhaps show after a PIN: refused with 6982, or there but blank (third generation without contact). */
  readonly withheld: Set<CardFieldName>;
  publicInformation: Uint8Array | undefined;
  /** The elementary file that is selected now. */
  selected: string | undefined;
}

const PUBLIC_INFORMATION_SFI = 0x15;

/** The first profile the card answers to. Fails with `card.unknown`, naming card and answers, or with what the wire fails with. */
export async function identifyCard(
  dialogue: Dialogue,
  profiles: readonly CardProfile[],
  atr: Uint8Array,
): Promise<Result<KnownCard>> {
  const refusals: string[] = [];
  for (const profile of profiles) {
    for (const name of profile.select) {
      const answer = await select(dialogue, profile, hexBytes(name));
      if (!answer.ok) return answer;
      const { status, data } = answer.value;
      if (status === STATUS.ok) return ok({ profile, atr, toldOnSelect: toldIn(data) });
      // a locked application is no other card's application
      if (status === STATUS.locked) return fail('card.unreadable', `${profile.id}: application locked`);
      refusals.push(`${profile.id} ${describeStatus(status).slice(0, 4)}`);
    }
  }
  return fail('card.unknown', `ATR ${describeAtr(atr)}; selected: ${refusals.join(', ') || 'nothing'}`);
}

/**
 * What the profile reads. Fails with `card.unreadable`, `card.pinNeeded`, `card.expired`, or with what the wire fails with.
 * `today` is `YYYY-MM-DD`; a card is good through its end date. Without `pins` no PIN is said.
 */
export async function readKnownCard(
  dialogue: Dialogue,
  card: KnownCard,
  { today, pins }: { readonly today: string; readonly pins?: PinKeeper },
): Promise<Result<CardReading>> {
  const { profile } = card;
  const reading: Reading = {
    fields: new Map(),
    refusals: [],
    withheld: new Set(),
    publicInformation: undefined,
    selected: undefined,
  };
  for (const read of profile.reads) {
    const done = await readOne(dialogue, card, reading, read);
    if (!done.ok) return done;
  }
  if (reading.withheld.size > 0 && profile.pin && pins) {
    const again = await readBehindPin(dialogue, card, reading, { pin: profile.pin, pins });
    if (!again.ok) return again;
  }
  return judge(card, reading, today);
}

async function readBehindPin(
  dialogue: Dialogue,
  card: KnownCard,
  reading: Reading,
  { pin, pins }: { readonly pin: CardPin; readonly pins: PinKeeper },
): Promise<Result<null>> {
  const opened = await pins.open(dialogue, pin, cardKey(card, reading));
  if (!opened.ok) return opened;
  if (opened.value.kind === 'closed') {
    reading.refusals.push(opened.value.why);
    return ok(null);
  }
  reading.withheld.clear();
  for (const read of card.profile.reads) {
    if (read.kind === 'binary' || reading.fields.has(read.field)) continue;
    const done = await readOne(dialogue, card, reading, read);
    if (!done.ok) return done;
  }
  return ok(null);
}

/** With Le where the SELECT answer is wanted; a card that takes no Le is asked without. */
async function select(dialogue: Dialogue, profile: CardProfile, name: Uint8Array): Promise<Result<CardAnswer>> {
  const wantsAnswer = profile.reads.some((read) => read.kind === 'binary' && read.fromSelect === true);
  if (!wantsAnswer) return dialogue.ask(selectApplication(name));
  const answer = await dialogue.ask(selectApplication(name, 0));
  if (!answer.ok || answer.value.status !== STATUS.wrongLength) return answer;
  return dialogue.ask(selectApplication(name));
}

function toldIn(controlInformation: Uint8Array): Uint8Array | undefined {
  return findTlv(readTlvs(controlInformation) ?? [], ['6F', 'A5', '9F0C']);
}

async function readOne(dialogue: Dialogue, card: KnownCard, reading: Reading, read: CardRead): Promise<Result<null>> {
  const told = card.toldOnSelect;
  if (read.kind === 'binary' && read.fromSelect === true && told !== undefined && told.length >= read.lengthBytes) {
    keepBinary(reading, read, told);
    return ok(null);
  }
  const answer = await ask(dialogue, reading, read);
  if (!answer.ok) return answer;
  const { status, data } = answer.value;
  if (status === STATUS.ok || (status === STATUS.endOfFile && data.length > 0)) {
    if (read.kind === 'binary') keepBinary(reading, read, data);
    else keepRecord(reading, card.profile, read, data);
    return ok(null);
  }
  reading.refusals.push(`${nameOf(read)} ${describeStatus(status)}`);
  if (read.kind !== 'binary' && status === STATUS.securityMissing) reading.withheld.add(read.field);
  return ok(null);
}

async function ask(dialogue: Dialogue, reading: Reading, read: CardRead): Promise<Result<CardAnswer>> {
  if (read.kind !== 'identifier') {
    // a short identifier makes its file the current one
    reading.selected = undefined;
    return dialogue.ask(
      read.kind === 'binary'
        ? readBinary(read.sfi, read.lengthBytes)
        : readRecord(read.sfi, read.record, read.lengthBytes),
    );
  }
  if (reading.selected !== read.file) {
    const selected = await dialogue.ask(selectFile(hexBytes(read.file)));
    if (!selected.ok || selected.value.status !== STATUS.ok) return selected;
    reading.selected = read.file;
  }
  return dialogue.ask(readIdentifier(read.identifier, read.lengthBytes));
}

function keepBinary(reading: Reading, read: Extract<CardRead, { kind: 'binary' }>, data: Uint8Array): void {
  if (read.sfi === PUBLIC_INFORMATION_SFI) reading.publicInformation = data;
  for (const { name, offset, lengthBytes, encoding } of read.fields) {
    const end = offset + lengthBytes;
    // half a field is none
    if (end <= data.length) put(reading, name, { bytes: data.slice(offset, end), encoding });
  }
}

function keepRecord(reading: Reading, profile: CardProfile, read: TaggedRead, data: Uint8Array): void {
  const [tag, length] = data;
  const owner = tag === undefined ? undefined : ownerOf(profile, read, tag);
  if (!owner || length === undefined || 2 + length > data.length) {
    reading.refusals.push(`${nameOf(read)} answered with ${tag === undefined ? 'nothing' : `tag ${hexByte(tag)}`}`);
    return;
  }
  const bytes = data.slice(2, 2 + length);
  if (put(reading, owner.field, { bytes, encoding: owner.encoding })) return;
  // most names need no second record
  const isOftenBlank = owner.field === 'holderNameExtension';
  if (!isOftenBlank && withoutPadding(bytes).length === 0) reading.withheld.add(owner.field);
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

/** False for a field that is empty or not what the profile says it is. */
function put(reading: Reading, name: CardFieldName, found: Found): boolean {
  const text = decodeField(found.bytes, found.encoding);
  const isDate = name === 'endDate' || name === 'startDate';
  if (text === undefined || (isDate && isoDate(text) === undefined)) return false;
  reading.fields.set(name, found);
  return true;
}

function textOf({ fields }: Reading, name: CardFieldName): string | undefined {
  const found = fields.get(name);
  if (!found) return undefined;
  const text = decodeField(found.bytes, found.encoding);
  return text !== undefined && (name === 'endDate' || name === 'startDate') ? isoDate(text) : text;
}

/** The rest of a long name stands in a record of its own; a character may be cut between the two. */
function holderName(reading: Reading): string | undefined {
  const [name, rest] = [reading.fields.get('holderName'), reading.fields.get('holderNameExtension')];
  if (!name || !rest) return textOf(reading, 'holderName');
  return decodeField(Uint8Array.of(...withoutPadding(name.bytes), ...rest.bytes), name.encoding);
}

function judge({ profile }: KnownCard, reading: Reading, today: string): Result<CardReading> {
  const { fields, refusals, withheld, publicInformation } = reading;
  const cardNumber = textOf(reading, 'cardNumber');
  const missing = profile.required.filter((name) => !fields.has(name));
  if (missing.length > 0 || cardNumber === undefined) {
    const what = missing.length > 0 ? missing : (['cardNumber'] as const);
    const isWithheld = what.some((name) => withheld.has(name));
    const detail = [`${profile.id}: no ${what.join(', ')}`, ...refusals].join('; ');
    return fail(isWithheld ? 'card.pinNeeded' : 'card.unreadable', detail);
  }
  const endDate = textOf(reading, 'endDate');
  if (endDate !== undefined && endDate < today) return fail('card.expired', profile.id);
  const optional = { holderName: holderName(reading), holderId: textOf(reading, 'holderId'), endDate };
  const reply = { profile: profile.id, cardKind: profile.kind, cardNumber, ...withValues(optional) };
  // a number longer than any card's: the profile cuts in the wrong place
  const checked = parse(SmartCardReply, reply, 'card.unreadable');
  return checked.ok ? ok({ reply: checked.value, publicInformation }) : checked;
}

function withValues(named: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Tells cards apart before the PIN; empty where only the holder's data would, as without contact. */
function cardKey({ atr }: KnownCard, reading: Reading): string {
  const number = textOf(reading, 'cardNumber');
  return number === undefined ? '' : `${describeAtr(atr)} ${number}`;
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
