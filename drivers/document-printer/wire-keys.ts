/** IPP for people with a line of hex: the body of an HTTP request or response. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireKey } from '../wire-key.ts';
import { operationName, statusName } from './ipp-codes.ts';
import type { IppAttribute, IppValue } from './ipp-values.codec.ts';
import { decodeIpp, encodeIpp, type IppMessage } from './ipp.codec.ts';

/** Every question names its target among its operation attributes, no answer does (RFC 8011 4.1.5). */
const TARGETS = new Set(['printer-uri', 'job-uri', 'system-uri']);
/** Of these a recording keeps nothing: names, and the document. */
const PERSONAL = new Set(['job-name', 'document-name', 'job-originating-user-name', 'requesting-user-name']);
const ASTERISK = 0x2a;

export const WIRE_KEYS: readonly WireKey[] = [
  { key: 'ipp', protocol: 'Internet Printing Protocol, RFC 8010 section 3, words of RFC 8011', decode, encode, mask },
];

function decode(bytes: Uint8Array): Result<Meaning> {
  const message = decodeIpp(bytes);
  if (!message.ok) return message;
  const { version, code, requestId, groups, data } = message.value;
  const [operationGroup] = groups;
  const isQuestion = operationGroup?.attributes.some(({ name }) => TARGETS.has(name)) === true;
  return ok({
    from: isQuestion ? 'host' : 'device',
    version,
    code,
    ...(isQuestion ? { operation: operationName(code) } : { status: statusName(code) }),
    requestId,
    groups: groups as unknown as Meaning,
    ...(data.length === 0 ? {} : { dataHex: Buffer.from(data).toString('hex').toUpperCase() }),
  });
}

function encode(meaning: unknown): Result<Uint8Array> {
  if (!isMessage(meaning)) return fail('device.garbage', 'a message has version, code, requestId and groups');
  return encodeIpp({ ...meaning, data: Buffer.from(meaning.dataHex ?? '', 'hex') });
}

function isMessage(value: unknown): value is Omit<IppMessage, 'data'> & { readonly dataHex?: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    'code' in value &&
    'requestId' in value &&
    'groups' in value
  );
}

function mask(_direction: unknown, bytes: Uint8Array): Uint8Array {
  const message = decodeIpp(bytes);
  // What cannot be read may hold anything.
  if (!message.ok) return new Uint8Array(bytes.length).fill(ASTERISK);
  const blanked = {
    ...message.value,
    groups: message.value.groups.map(({ group, attributes }) => ({
      group,
      attributes: attributes.map(blankedAttribute),
    })),
    data: new Uint8Array(message.value.data.length).fill(ASTERISK),
  };
  const encoded = encodeIpp(blanked);
  return encoded.ok && encoded.value.length === bytes.length
    ? encoded.value
    : new Uint8Array(bytes.length).fill(ASTERISK);
}

function blankedAttribute(attribute: IppAttribute): IppAttribute {
  if (!PERSONAL.has(attribute.name)) return attribute;
  return { name: attribute.name, values: attribute.values.map(blankedValue) };
}

function blankedValue({ syntax, value }: IppValue): IppValue {
  const stars = (text: string): string => '*'.repeat(Buffer.byteLength(text));
  if (typeof value === 'string') return { syntax, value: stars(value) };
  if (typeof value === 'object' && value !== null && 'text' in value)
    return { syntax, value: { ...value, text: stars(value.text) } };
  return { syntax, value };
}
