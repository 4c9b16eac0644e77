/**
 * Answers of device-protocols 2.1 to 2.6: data recognised by its shape, then the status word. An answer does not say what it
 * answers: where two shapes are as long as each other and both possible, the likelier one stands in front and the other
 * beside it (`otherReadings`).
 */
import { describeStatus } from './apdu.ts';
import type { Meaning } from '../wire-key.ts';
import { present } from './apdu-commands.codec.ts';
import { RECORD_TAGS, TRANSACTION_TYPES } from './card-names.ts';
import {
  bytesOf,
  fieldsOf,
  hexOf,
  isPlausible,
  readField,
  readLayout,
  writeField,
  writeLayout,
  type Fields,
  type Layout,
} from './card-layout.codec.ts';
import * as purse from './purse-layouts.ts';
import { describeTlv, readTlvs, writeTlvs } from './tlv.codec.ts';

/** Which protocol the answer belongs to, as far as is known: its shapes are tried first. */
export type Family = 'ssse' | 'select' | 'pboc' | 'psam';

interface Shape {
  readonly answer: string;
  /** None: any of them. */
  readonly family?: Family;
  /** Undefined when the data is not of this shape. */
  read(data: Uint8Array): Fields | undefined;
  /** The same without asking whether the values are possible; for data that is nothing else. */
  readAnyhow?(data: Uint8Array): Fields | undefined;
  write(fields: Fields): Uint8Array | undefined;
}

function shapeOf(answer: string, family: Family, layout: Layout): Shape {
  return {
    answer,
    family,
    read(data) {
      const fields = readLayout(layout, data);
      return fields && isPlausible(fields) ? fields : undefined;
    },
    readAnyhow: (data) => readLayout(layout, data),
    write: (fields) => writeLayout(layout, fields),
  };
}

const RECORD: Shape = {
  answer: 'record',
  family: 'ssse',
  read(data) {
    const [tag, length] = data;
    const known = tag === undefined ? undefined : RECORD_TAGS[tag];
    if (!known || tag === undefined || length !== data.length - 2) return undefined;
    const { field, as, bytes } = known;
    if (bytes !== undefined && bytes !== length) return undefined;
    return {
      file: known.file,
      tag: hexOf(Uint8Array.of(tag)),
      [field]: readField(as, data.subarray(2)),
      lengthBytes: length,
    };
  },
  write(fields) {
    const tag = typeof fields['tag'] === 'string' ? bytesOf(fields['tag'])?.[0] : undefined;
    const known = tag === undefined ? undefined : RECORD_TAGS[tag];
    const value = known && fields[known.field];
    const length = fields['lengthBytes'];
    if (!known || tag === undefined || value === undefined || typeof length !== 'number') return undefined;
    const bytes = writeField(known.as, value, length);
    return bytes && Uint8Array.of(tag, length, ...bytes);
  },
};

function logFields(data: Uint8Array): Fields | undefined {
  const fields = readLayout(purse.LOG_RECORD, data);
  const type = fields?.['type'];
  return fields && present({ ...fields, transaction: typeof type === 'string' ? TRANSACTION_TYPES[type] : undefined });
}

/** File control information on SELECT, or a bank record. */
const TEMPLATE: Shape = {
  answer: 'template',
  read(data) {
    if (data[0] !== 0x6f && data[0] !== 0x70 && data[0] !== 0x61) return undefined;
    const tlvs = readTlvs(data)?.map(describeTlv);
    if (!tlvs) return undefined;
    const back = writeTlvs(tlvs);
    return back && hexOf(back) === hexOf(data) ? { tlvs: tlvs as readonly Meaning[] } : undefined;
  },
  write: ({ tlvs }) => writeTlvs(tlvs),
};

const LOG: Shape = {
  answer: 'logRecord',
  family: 'pboc',
  read(data) {
    if (data.length !== 23) return undefined;
    if (data.every((byte) => byte === 0xff)) return { empty: 'FF' };
    if (data.every((byte) => byte === 0x00)) return { empty: '00' };
    const fields = logFields(data);
    return fields && isPlausible(fields) ? fields : undefined;
  },
  readAnyhow: logFields,
  write(fields) {
    const { empty } = fields;
    if (typeof empty === 'string') return bytesOf(empty.repeat(23));
    return writeLayout(purse.LOG_RECORD, fields);
  },
};

const SHAPES: readonly Shape[] = [
  RECORD,
  TEMPLATE,
  LOG,
  shapeOf('balance', 'pboc', purse.BALANCE),
  shapeOf('credited', 'pboc', purse.TAC),
  shapeOf('publicInformation', 'pboc', purse.PUBLIC_INFORMATION),
  shapeOf('holder', 'pboc', purse.HOLDER),
  shapeOf('holderBeginning', 'pboc', purse.HOLDER_BEGINNING),
  shapeOf('cityInformation', 'pboc', purse.T_UNION_CITY),
  shapeOf('purchaseInitialized', 'pboc', purse.PURCHASE_INITIALIZED),
  shapeOf('loadInitialized', 'pboc', purse.LOAD_INITIALIZED),
  shapeOf('debited', 'pboc', purse.DEBITED),
  shapeOf('proved', 'pboc', purse.PROVED),
  shapeOf('samInitialized', 'psam', purse.SAM_INITIALIZED),
  shapeOf('terminalNumber', 'psam', purse.TERMINAL),
  shapeOf('samInformation', 'psam', [
    { name: 'samSerial', bytes: 10, as: 'hex' },
    { name: 'samData', bytes: 4, as: 'hex' },
  ]),
];

export type AnswerReading =
  /** `isRecognised`: of a shape of the given family, or of any when none is given. */
  | { readonly ok: true; readonly meaning: Fields; readonly isRecognised: boolean }
  | { readonly ok: false; readonly at: number; readonly why: string };

/** One whole answer: data and status word, or a status word alone. */
export function readAnswer(bytes: Uint8Array, family?: Family): AnswerReading {
  const at = Math.max(0, bytes.length - 2);
  const [sw1, sw2] = bytes.subarray(at);
  if (sw1 === undefined || sw2 === undefined)
    return { ok: false, at: bytes.length, why: 'too short for a status word' };
  const word = (sw1 << 8) | sw2;
  if (!isKnownWord(word)) return { ok: false, at, why: `${hexOf(bytes.subarray(at))} is no status word` };
  const status = { word: hexOf(bytes.subarray(at)), meaning: meaningOf(word) };
  const data = bytes.subarray(0, at);
  if (data.length === 0)
    return { ok: true, isRecognised: true, meaning: { answer: 'status', direction: 'fromDevice', status } };
  const { readings, isOurs } = readingsOf(data, family);
  const [first, ...others] = readings;
  if (!first)
    return {
      ok: true,
      isRecognised: false,
      meaning: { answer: 'data', direction: 'fromDevice', data: hexOf(data), status },
    };
  const meaning = { ...first, direction: 'fromDevice', status };
  return {
    ok: true,
    isRecognised: isOurs,
    meaning: others.length === 0 ? meaning : { ...meaning, otherReadings: others },
  };
}

/** Why the data of this answer looks damaged: it begins as a record of the social-security card and is not as long as it says. */
export function damageIn(bytes: Uint8Array): { readonly at: number; readonly why: string } | undefined {
  const data = bytes.subarray(0, -2);
  const [tag, length] = data;
  const known = tag === undefined ? undefined : RECORD_TAGS[tag];
  if (!known || length === undefined) return undefined;
  if (length !== data.length - 2) return { at: 1, why: `the record says ${length} bytes, ${data.length - 2} follow` };
  if (known.bytes !== undefined && known.bytes !== length)
    return { at: 1, why: `${known.field} has ${known.bytes} bytes, not ${length}` };
  return undefined;
}

/** Undefined for a meaning that `readAnswer` does not give. */
export function writeAnswer(meaning: Fields): Uint8Array | undefined {
  const word = fieldsOf(meaning['status'])?.['word'];
  const status = typeof word === 'string' ? bytesOf(word) : undefined;
  const data = writeData(meaning);
  return status?.length === 2 && data ? Uint8Array.of(...data, ...status) : undefined;
}

function writeData(meaning: Fields): Uint8Array | undefined {
  const { answer, data } = meaning;
  if (answer === 'status') return new Uint8Array();
  if (answer === 'data') return typeof data === 'string' ? bytesOf(data) : undefined;
  return SHAPES.find((shape) => shape.answer === answer)?.write(meaning);
}

/** Shapes of the family hide those of the others, and possible values hide impossible ones. */
function readingsOf(
  data: Uint8Array,
  family: Family | undefined,
): { readonly readings: readonly Fields[]; readonly isOurs: boolean } {
  const readWith = (shapes: readonly Shape[], read: (shape: Shape) => Fields | undefined): readonly Fields[] =>
    shapes.flatMap((shape) => {
      const fields = read(shape);
      return fields ? [{ answer: shape.answer, ...fields }] : [];
    });
  const ours =
    family === undefined ? SHAPES : SHAPES.filter((shape) => shape.family === undefined || shape.family === family);
  const possible = readWith(ours, (shape) => shape.read(data));
  if (possible.length > 0) return { readings: possible, isOurs: true };
  const foreign = readWith(SHAPES, (shape) => shape.read(data));
  if (foreign.length > 0) return { readings: foreign, isOurs: false };
  return { readings: readWith(SHAPES, (shape) => shape.readAnyhow?.(data)).slice(0, 1), isOurs: false };
}

/** Words of the standard and of PBOC; 90 with anything but 00 is none. */
function isKnownWord(word: number): boolean {
  const sw1 = word >> 8;
  if (sw1 === 0x90) return word === 0x9000;
  return sw1 === 0x93 || sw1 === 0x94 || (sw1 >= 0x61 && sw1 <= 0x6f);
}

function meaningOf(word: number): string {
  const sw2 = word & 0xff;
  if (word === 0x9000) return 'done';
  if (word >> 8 === 0x61) return `${sw2 || 256} bytes wait`;
  if (word >> 8 === 0x6c) return `wrong Le, ${sw2 || 256} would be right`;
  return describeStatus(word).slice(5) || 'not in the tables';
}

export function isAnswerMeaning(meaning: unknown): meaning is Fields {
  return typeof fieldsOf(meaning)?.['answer'] === 'string';
}
