/**
 * The envelope of XFS4IoT messages (device-protocols 8.1): JSON text, one message a WebSocket frame. The rules between type and
 * header are checked here; payloads only where the sheet lists their words (8.3, 8.4).
 */
import Type, { type Static } from 'typebox';
import { parse } from '../../contract/check.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { splitJson } from './json-texts.ts';
import { payloadFault } from './xfs4iot-payload.ts';
import {
  ACKNOWLEDGE_STATUS,
  COMPLETION_CODES,
  ERROR_CODES,
  INTERFACES,
  MESSAGE_TYPES,
  PAYLOAD_WORDS,
  PERSONAL_INTERFACES,
  STATUS_WORDS,
} from './xfs4iot-words.ts';

const closed = { additionalProperties: false } as const;
const RequestId = Type.Integer({ minimum: 1, maximum: 0x7fffffff });

const Envelope = Type.Object(
  {
    header: Type.Object(
      {
        name: Type.String({ pattern: `^(${INTERFACES.join('|')})\\.[A-Z][A-Za-z0-9]{1,60}$` }),
        requestId: Type.Optional(RequestId),
        type: Type.Enum([...MESSAGE_TYPES]),
        version: Type.String({ pattern: '^[0-9]{1,3}\\.[0-9]{1,3}$' }),
        /** Milliseconds; 0: none. */
        timeout: Type.Optional(Type.Integer({ minimum: 0 })),
        status: Type.Optional(Type.Enum([...ACKNOWLEDGE_STATUS])),
        completionCode: Type.Optional(Type.Enum([...COMPLETION_CODES])),
        errorDescription: Type.Optional(Type.String({ maxLength: 2_000 })),
      },
      closed,
    ),
    payload: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  closed,
);
type Envelope = Static<typeof Envelope>;
type Header = Envelope['header'];

const XfsMeaning = Type.Object(
  {
    kind: Type.Enum([...MESSAGE_TYPES]),
    sentBy: Type.Enum(['client', 'service']),
    name: Type.String(),
    interface: Type.String(),
    requestId: Type.Optional(RequestId),
    version: Type.String(),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })),
    status: Type.Optional(Type.String()),
    completionCode: Type.Optional(Type.String()),
    /** Repeats `payload.errorCode`. */
    errorCode: Type.Optional(Type.String()),
    errorDescription: Type.Optional(Type.String()),
    payload: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  closed,
);
export type XfsMeaning = Static<typeof XfsMeaning>;

const MAX_BYTES = 1_000_000;

export function decodeXfs(bytes: Uint8Array): Result<Meaning> {
  if (bytes.length > MAX_BYTES) return garbage(MAX_BYTES, 'longer than a message may be');
  const texts = splitJson(bytes);
  if (!texts.ok) return texts;
  const meanings: Meaning[] = [];
  for (const { text, at } of texts.value) {
    const one = decodeText(text, at);
    if (!one.ok) return one;
    meanings.push(one.value as Meaning);
  }
  return ok(meanings.length === 1 ? (meanings[0] ?? null) : meanings);
}

function garbage(at: number, why: string): Result<never> {
  return fail('device.garbage', `byte ${at}: ${why}`);
}

function decodeText(text: string, at: number): Result<XfsMeaning> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return garbage(at, 'no JSON');
  }
  const checked = parse(Envelope, json, 'device.garbage');
  if (!checked.ok) return garbage(at, checked.problem.detail ?? 'no envelope');
  const { header, payload } = checked.value;
  const fault = headerFault(header, payload) ?? payloadFault(header.name, header.type, payload ?? {});
  return fault === undefined ? ok(meaningOf(checked.value)) : garbage(at, fault);
}

/** Fields that stand only under some types. */
const ONLY_UNDER: readonly (readonly [field: keyof Header, types: readonly Header['type'][], fault: string])[] = [
  ['timeout', ['command'], 'only a command has a timeout'],
  ['status', ['acknowledge'], 'only an acknowledge has a status'],
  ['completionCode', ['completion'], 'only a completion has a completionCode'],
  ['errorDescription', ['completion', 'acknowledge'], 'only a completion or an acknowledge describes an error'],
];

function headerFault(header: Header, payload: Envelope['payload']): string | undefined {
  const { type, requestId, completionCode } = header;
  if (type === 'unsolicited' && requestId !== undefined) return 'an unsolicited message has no requestId';
  if (type !== 'unsolicited' && requestId === undefined) return `type ${type} needs a requestId`;
  if (type === 'completion' && completionCode === undefined) return 'a completion needs a completionCode';
  const misplaced = ONLY_UNDER.find(([field, types]) => header[field] !== undefined && !types.includes(type));
  return misplaced?.[2] ?? errorCodeFault(header, payload);
}

function errorCodeFault({ type, completionCode }: Header, payload: Envelope['payload']): string | undefined {
  const errorCode = payload?.['errorCode'];
  if (type !== 'completion') return undefined;
  if (completionCode === 'commandErrorCode' && typeof errorCode !== 'string') {
    return 'completionCode commandErrorCode needs payload.errorCode';
  }
  if (completionCode !== 'commandErrorCode' && errorCode !== undefined) {
    return 'payload.errorCode stands only under completionCode commandErrorCode';
  }
  return undefined;
}

function meaningOf({ header, payload }: Envelope): XfsMeaning {
  const { name, requestId, type, version, timeout, status, completionCode, errorDescription } = header;
  const errorCode = type === 'completion' ? payload?.['errorCode'] : undefined;
  return {
    kind: type,
    sentBy: type === 'command' ? 'client' : 'service',
    name,
    interface: name.slice(0, name.indexOf('.')),
    ...(requestId === undefined ? {} : { requestId }),
    version,
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(status === undefined ? {} : { status }),
    ...(completionCode === undefined ? {} : { completionCode }),
    ...(typeof errorCode === 'string' ? { errorCode } : {}),
    ...(errorDescription === undefined ? {} : { errorDescription }),
    ...(payload === undefined ? {} : { payload }),
  };
}

/** In the order of the sheet's header; what decodes back wrong is refused. */
export function encodeXfs(meaning: unknown): Result<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const one of Array.isArray(meaning) ? (meaning as unknown[]) : [meaning]) {
    const checked = parse(XfsMeaning, one);
    if (!checked.ok) return checked;
    const text = textOf(checked.value);
    const again = decodeText(text, 0);
    if (!again.ok) return fail('kiosk.badMessage', again.problem.detail);
    parts.push(Buffer.from(text, 'utf8'));
  }
  return ok(Uint8Array.from(Buffer.concat(parts)));
}

function textOf({ kind, name, requestId, version, timeoutMs, payload, ...rest }: XfsMeaning): string {
  const { status, completionCode, errorDescription } = rest;
  const header = { name, requestId, type: kind, version, timeout: timeoutMs, status, completionCode, errorDescription };
  return JSON.stringify({ header, payload });
}

/** Every text in the payload of an interface that may carry personal data becomes as many `A`; the length stays. */
export function maskXfs(bytes: Uint8Array): Uint8Array {
  const blank = new Uint8Array(bytes.length).fill(0x20);
  const texts = splitJson(bytes);
  if (!texts.ok) return blank;
  const masked: number[] = [];
  for (const { text, at } of texts.value) {
    const one = decodeText(text, at);
    if (!one.ok) return blank;
    const isPersonal = PERSONAL_INTERFACES.includes(one.value.interface);
    masked.push(...Buffer.from(isPersonal ? blankTexts(text) : text, 'utf8'));
  }
  return masked.length === bytes.length ? Uint8Array.from(masked) : blank;
}

const KNOWN_WORDS: ReadonlySet<string> = new Set([
  ...Object.values(ERROR_CODES).flat(),
  ...Object.values(STATUS_WORDS).flat(),
  ...Object.values(PAYLOAD_WORDS).flatMap((places) => Object.values(places).flat()),
]);

/** Keys and the protocol's own words stay; every other text becomes `A`, every digit of a number `1`. */
function blankTexts(text: string): string {
  const from = text.indexOf('"payload"');
  const head = from < 0 ? text : text.slice(0, from);
  const tail = from < 0 ? '' : text.slice(from);
  const described = head.replace(
    /("errorDescription":\s*)"((?:[^"\\]|\\.)*)"/,
    (_whole, key: string, value: string) => `${key}"${blank(value)}"`,
  );
  return (
    described +
    tail.replaceAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|\d/g, (whole, value: string | undefined, isKey: string | undefined) => {
      if (value === undefined) return '1';
      return isKey !== undefined || KNOWN_WORDS.has(value) ? whole : `"${blank(value)}"`;
    })
  );
}

function blank(value: string): string {
  return 'A'.repeat(Buffer.byteLength(value));
}
