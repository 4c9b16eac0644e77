/**
 * IPP messages (RFC 8010 section 3): version, operation or status, request number, attribute groups, document. A whole HTTP
 * body is a message, so there is no stream to cut; every length is checked before it is believed.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { decodeValue, encodeValue, int16, int32, utf8, type IppAttribute, type IppValue } from './ipp-values.codec.ts';

export interface IppGroup {
  /** RFC 8010 3.5.1, e.g. `job`; one that nobody knows is `group-0b`. */
  readonly group: string;
  readonly attributes: readonly IppAttribute[];
}

export interface IppMessage {
  /** `1.1`, `2.0`. */
  readonly version: string;
  /** Operation of a question, status of an answer: the bytes do not tell which. */
  readonly code: number;
  readonly requestId: number;
  readonly groups: readonly IppGroup[];
  /** What follows the attributes: the document of Print-Job and Send-Document. */
  readonly data: Uint8Array;
}

const GROUPS: Readonly<Record<number, string>> = {
  0x01: 'operation',
  0x02: 'job',
  0x04: 'printer',
  0x05: 'unsupported',
  0x06: 'subscription',
  0x07: 'event-notification',
  0x08: 'resource',
  0x09: 'document',
  0x0a: 'system',
};
const END_OF_ATTRIBUTES = 0x03;
const LAST_GROUP_TAG = 0x0f;
const BEGIN_COLLECTION = 0x34;
const END_COLLECTION = 0x37;
const MEMBER_NAME = 0x4a;

/** RFC 8010 needs no limits; these are far beyond what a printer says, and keep a spoilt message from costing much. */
const MAX_DEPTH = 8;
const MAX_VALUES = 50_000;

export function decodeIpp(bytes: Uint8Array): Result<IppMessage> {
  return new Reader(bytes).message();
}

export function encodeIpp(message: IppMessage): Result<Uint8Array> {
  const [major = 0, minor = 0] = message.version.split('.').map(Number);
  const parts: Uint8Array[] = [Uint8Array.of(major, minor), int16(message.code), int32(message.requestId)];
  for (const { group, attributes } of message.groups) {
    const tag = groupTag(group);
    if (tag === undefined) return fail('device.garbage', `no group ${group}`);
    parts.push(Uint8Array.of(tag));
    for (const attribute of attributes) {
      const written = writeAttribute(attribute);
      if (!written.ok) return written;
      parts.push(...written.value);
    }
  }
  parts.push(Uint8Array.of(END_OF_ATTRIBUTES), message.data);
  return ok(Uint8Array.from(Buffer.concat(parts)));
}

/** Stops at the first thing that cannot be, and says at which byte. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  message(): Result<IppMessage> {
    if (this.#bytes.length < 9) return fail('device.garbage', `byte ${this.#bytes.length}: no whole IPP message`);
    const view = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    const version = `${view[0]}.${view[1]}`;
    if (view[0] !== 1 && view[0] !== 2) return this.#wrong(`IPP version ${version}`);
    this.#at = 8;
    const groups = this.#groups();
    if (!groups.ok) return groups;
    const data = this.#bytes.slice(this.#at);
    return ok({ version, code: view.readUInt16BE(2), requestId: view.readInt32BE(4), groups: groups.value, data });
  }

  #groups(): Result<readonly IppGroup[]> {
    const groups: IppGroup[] = [];
    for (;;) {
      const tag = this.#bytes[this.#at];
      if (tag === undefined) return this.#wrong('the attributes do not end');
      if (tag === 0 || tag > LAST_GROUP_TAG) return this.#wrong('neither a group nor the end of the attributes');
      this.#at += 1;
      if (tag === END_OF_ATTRIBUTES) return ok(groups);
      const attributes = this.#attributes();
      if (!attributes.ok) return attributes;
      groups.push({ group: GROUPS[tag] ?? `group-${hexByte(tag)}`, attributes: attributes.value });
    }
  }

  /** Up to the next group; a value without a name is one more of the attribute before it (3.1.4). */
  #attributes(): Result<readonly IppAttribute[]> {
    const attributes: { name: string; values: IppValue[] }[] = [];
    while ((this.#bytes[this.#at] ?? 0) > LAST_GROUP_TAG) {
      const tag = this.#bytes[this.#at] ?? 0;
      const start = this.#at;
      this.#at += 1;
      const name = this.#text();
      const value = name.ok ? this.#value(tag, 1) : name;
      if (!name.ok || !value.ok) return this.#wrong('a name or value that cannot be', start, name.ok ? value : name);
      const last = attributes.at(-1);
      if (name.value !== '') attributes.push({ name: name.value, values: [value.value as IppValue] });
      else if (last) last.values.push(value.value as IppValue);
      else return this.#wrong('a further value without a first one', start);
    }
    return ok(attributes);
  }

  #value(tag: number, depth: number): Result<IppValue> {
    this.#values += 1;
    if (this.#values > MAX_VALUES) return this.#wrong('more values than any printer has');
    if (tag === END_COLLECTION || tag === MEMBER_NAME) return this.#wrong('a member outside a collection');
    const bytes = this.#counted();
    if (!bytes.ok) return bytes;
    if (tag !== BEGIN_COLLECTION) return decodeValue(tag, bytes.value);
    const members = this.#members(depth);
    return members.ok ? ok({ syntax: 'collection', value: members.value }) : members;
  }

  /** RFC 8010 3.1.6: member names are values, and the names of all within are empty. */
  #members(depth: number): Result<readonly IppAttribute[]> {
    if (depth > MAX_DEPTH) return this.#wrong('collections within collections without end');
    const members: { name: string; values: IppValue[] }[] = [];
    for (;;) {
      const tag = this.#bytes[this.#at];
      if (tag === undefined) return this.#wrong('the collection does not end');
      this.#at += 1;
      const name = this.#text();
      if (!name.ok) return name;
      if (name.value !== '') return this.#wrong('a named value inside a collection');
      if (tag === END_COLLECTION || tag === MEMBER_NAME) {
        const text = this.#text();
        if (!text.ok) return text;
        if (tag === END_COLLECTION) return ok(members);
        members.push({ name: text.value, values: [] });
        continue;
      }
      const member = members.at(-1);
      const value = this.#value(tag, depth + 1);
      if (!value.ok) return value;
      if (!member) return this.#wrong('a member without a name');
      member.values.push(value.value);
    }
  }

  #text(): Result<string> {
    const bytes = this.#counted();
    if (!bytes.ok) return bytes;
    const text = utf8(bytes.value);
    return text === undefined ? this.#wrong('not UTF-8') : ok(text);
  }

  /** Two bytes of length, signed and not negative (3.1.2), and so many bytes. */
  #counted(): Result<Uint8Array> {
    const start = this.#at + 2;
    const length = ((this.#bytes[this.#at] ?? 0) << 8) | (this.#bytes[this.#at + 1] ?? 0);
    if (start > this.#bytes.length || length > 0x7fff || start + length > this.#bytes.length) {
      return this.#wrong('a length that leads out of the message');
    }
    this.#at = start + length;
    return ok(this.#bytes.subarray(start, this.#at));
  }

  #wrong(
    what: string,
    at = this.#at,
    cause?: Result<unknown>,
  ): { readonly ok: false; readonly problem: { code: 'device.garbage'; detail: string } } {
    const detail = cause && !cause.ok ? `${what} (${cause.problem.detail ?? ''})` : what;
    return { ok: false, problem: { code: 'device.garbage', detail: `byte ${at}: ${detail}`.slice(0, 400) } };
  }
}

function writeAttribute({ name, values }: IppAttribute): Result<readonly Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for (const [index, value] of values.entries()) {
    const written = writeNamed(index === 0 ? name : '', value);
    if (!written.ok) return written;
    parts.push(...written.value);
  }
  return ok(parts);
}

function writeNamed(name: string, value: IppValue): Result<readonly Uint8Array[]> {
  if (value.syntax === 'collection') {
    const members = writeMembers(value.value);
    if (!members.ok) return members;
    return ok([...tagged(BEGIN_COLLECTION, name, new Uint8Array()), ...members.value]);
  }
  const written = encodeValue(value);
  if (!written.ok) return written;
  return ok(tagged(written.value.tag, name, written.value.bytes));
}

function writeMembers(members: IppValue['value']): Result<readonly Uint8Array[]> {
  if (!Array.isArray(members)) return fail('device.garbage', 'a collection has members');
  const parts: Uint8Array[] = [];
  for (const { name, values } of members as readonly IppAttribute[]) {
    parts.push(...tagged(MEMBER_NAME, '', Buffer.from(name)));
    for (const value of values) {
      const written = writeNamed('', value);
      if (!written.ok) return written;
      parts.push(...written.value);
    }
  }
  parts.push(...tagged(END_COLLECTION, '', new Uint8Array()));
  return ok(parts);
}

function tagged(tag: number, name: string, value: Uint8Array): readonly Uint8Array[] {
  const nameBytes = Buffer.from(name);
  return [Uint8Array.of(tag), int16(nameBytes.length), nameBytes, int16(value.length), value];
}

function groupTag(group: string): number | undefined {
  const known = Object.entries(GROUPS).find(([, name]) => name === group)?.[0];
  if (known !== undefined) return Number(known);
  const hex = /^group-(?<hex>0[0-9a-f])$/.exec(group)?.groups?.['hex'];
  return hex === undefined ? undefined : Number.parseInt(hex, 16);
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
