/**
 * The function codes of an I/O board (MODBUS Application Protocol V1.1b3, section 6): 1, 2, 3, 4, 5, 6, 15, 16, questions and
 * answers, and the exceptions of section 7. A PDU does not say its direction; where both readings fit, both are given.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

export type FunctionName =
  | 'readCoils'
  | 'readDiscreteInputs'
  | 'readHoldingRegisters'
  | 'readInputRegisters'
  | 'writeSingleCoil'
  | 'writeSingleRegister'
  | 'writeMultipleCoils'
  | 'writeMultipleRegisters';

/** `either`: question and answer are the same bytes (functions 5 and 6). */
export type Pdu =
  | { readonly function: FunctionName; readonly from: 'host'; readonly address: number; readonly quantity: number }
  | { readonly function: FunctionName; readonly from: 'device'; readonly address: number; readonly quantity: number }
  | { readonly function: FunctionName; readonly from: 'device'; readonly values: readonly (boolean | number)[] }
  | {
      readonly function: FunctionName;
      readonly from: 'host';
      readonly address: number;
      readonly values: readonly (boolean | number)[];
    }
  | {
      readonly function: FunctionName;
      readonly from: 'either';
      readonly address: number;
      readonly value: boolean | number;
    }
  | {
      readonly function: FunctionName;
      readonly from: 'device';
      readonly exception: string;
      readonly exceptionCode: number;
    };

interface FunctionRow {
  readonly code: number;
  readonly name: FunctionName;
  readonly shape: 'read' | 'writeOne' | 'writeMany';
  readonly unit: 'bit' | 'register';
  /** How many at once (V1.1b3 6.1 to 6.12). */
  readonly maximum: number;
}

const FUNCTIONS: readonly FunctionRow[] = [
  { code: 0x01, name: 'readCoils', shape: 'read', unit: 'bit', maximum: 0x07d0 },
  { code: 0x02, name: 'readDiscreteInputs', shape: 'read', unit: 'bit', maximum: 0x07d0 },
  { code: 0x03, name: 'readHoldingRegisters', shape: 'read', unit: 'register', maximum: 0x7d },
  { code: 0x04, name: 'readInputRegisters', shape: 'read', unit: 'register', maximum: 0x7d },
  { code: 0x05, name: 'writeSingleCoil', shape: 'writeOne', unit: 'bit', maximum: 1 },
  { code: 0x06, name: 'writeSingleRegister', shape: 'writeOne', unit: 'register', maximum: 1 },
  { code: 0x0f, name: 'writeMultipleCoils', shape: 'writeMany', unit: 'bit', maximum: 0x07b0 },
  { code: 0x10, name: 'writeMultipleRegisters', shape: 'writeMany', unit: 'register', maximum: 0x7b },
];

/** V1.1b3 section 7. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'illegalFunction',
  2: 'illegalDataAddress',
  3: 'illegalDataValue',
  4: 'deviceFailure',
  5: 'acknowledge',
  6: 'deviceBusy',
  8: 'memoryParityError',
  10: 'gatewayPathUnavailable',
  11: 'gatewayTargetSilent',
};

const EXCEPTION_BIT = 0x80;
const ON = 0xff00;
const IS_CODE = new Uint8Array(256);
for (const { code } of FUNCTIONS) IS_CODE[code] = IS_CODE[code | EXCEPTION_BIT] = 1;

export function exceptionName(code: number): string | undefined {
  return EXCEPTIONS[code];
}

/** Of the table, or the exception to one of it. */
export function isFunctionCode(code: number): boolean {
  return IS_CODE[code] === 1;
}

/** Lengths the PDU that starts here can have, shortest first; empty when no function of the table starts so. */
export function pduLengths(bytes: Uint8Array): readonly number[] {
  const code = bytes[0] ?? 0;
  const row = rowOf(code & ~EXCEPTION_BIT);
  if (!row) return [];
  if ((code & EXCEPTION_BIT) !== 0) return [2];
  if (row.shape === 'read') return [...new Set([2 + (bytes[1] ?? 0), 5])].toSorted((a, b) => a - b);
  return row.shape === 'writeOne' ? [5] : [5, 6 + (bytes[5] ?? 0)];
}

/** Whether the PDU that starts at `at` can be so long; as `pduLengths`, without making anything. */
export function fitsPdu(bytes: Uint8Array, at: number, length: number): boolean {
  const code = bytes[at] ?? 0;
  if ((code & EXCEPTION_BIT) !== 0) return length === 2;
  if (length === 5) return true;
  if (code < 5) return length === 2 + (bytes[at + 1] ?? 0);
  return code >= 15 && length === 6 + (bytes[at + 5] ?? 0);
}

/** Every reading of exactly these bytes; `device.garbage` when there is none. */
export function decodePdu(pdu: Uint8Array): Result<readonly Pdu[]> {
  const code = pdu[0] ?? 0;
  const row = rowOf(code & ~EXCEPTION_BIT);
  if (!row) return fail('device.garbage', `byte 0: no function ${code}`);
  if ((code & EXCEPTION_BIT) !== 0) return decodeException(pdu, row);
  const readings = [decodeQuestion(pdu, row), decodeAnswer(pdu, row)].filter((reading) => reading !== undefined);
  if (readings.length === 0) return fail('device.garbage', `byte 1: neither question nor answer of function ${code}`);
  return ok(row.shape === 'writeOne' ? readings.slice(0, 1) : readings);
}

export function encodePdu(pdu: Pdu): Result<Uint8Array> {
  const row = FUNCTIONS.find(({ name }) => name === pdu.function);
  if (!row) return fail('device.garbage', 'no such function');
  if ('exceptionCode' in pdu) return ok(Uint8Array.of(row.code | EXCEPTION_BIT, pdu.exceptionCode));
  if ('value' in pdu) return ok(Uint8Array.of(row.code, ...word(pdu.address), ...word(singleValue(pdu.value))));
  if ('quantity' in pdu) return ok(Uint8Array.of(row.code, ...word(pdu.address), ...word(pdu.quantity)));
  const data = packed(pdu.values);
  if (data.length > 0xff) return fail('device.garbage', 'more values than a frame holds');
  if (pdu.from === 'device') return ok(Uint8Array.of(row.code, data.length, ...data));
  return ok(Uint8Array.of(row.code, ...word(pdu.address), ...word(pdu.values.length), data.length, ...data));
}

function rowOf(code: number): FunctionRow | undefined {
  return FUNCTIONS.find((row) => row.code === code);
}

function decodeException(pdu: Uint8Array, row: FunctionRow): Result<readonly Pdu[]> {
  const exceptionCode = pdu[1] ?? 0;
  const exception = exceptionName(exceptionCode);
  if (pdu.length !== 2 || exception === undefined) return fail('device.garbage', 'byte 1: no exception of section 7');
  return ok([{ function: row.name, from: 'device', exception, exceptionCode }]);
}

function decodeQuestion(pdu: Uint8Array, row: FunctionRow): Pdu | undefined {
  const address = wordAt(pdu, 1);
  const second = wordAt(pdu, 3);
  if (row.shape === 'writeOne') return pdu.length === 5 ? decodeSingle(row, address, second) : undefined;
  if (second < 1 || second > row.maximum || address + second > 0x1_0000) return undefined;
  if (row.shape === 'writeMany') return decodeWriteMany(pdu, row, address, second);
  return pdu.length === 5 ? { function: row.name, from: 'host', address, quantity: second } : undefined;
}

function decodeWriteMany(pdu: Uint8Array, row: FunctionRow, address: number, quantity: number): Pdu | undefined {
  const byteCount = row.unit === 'bit' ? Math.ceil(quantity / 8) : quantity * 2;
  if (pdu.length !== 6 + byteCount || pdu[5] !== byteCount) return undefined;
  const values = unpacked(pdu.subarray(6), row);
  // The bits that fill up the last byte are zero (6.11).
  if (row.unit === 'bit' && values.slice(quantity).some(Boolean)) return undefined;
  return { function: row.name, from: 'host', address, values: values.slice(0, quantity) };
}

function decodeAnswer(pdu: Uint8Array, row: FunctionRow): Pdu | undefined {
  if (row.shape === 'writeOne') return undefined;
  if (row.shape === 'read') {
    const byteCount = pdu[1] ?? 0;
    const isWhole = row.unit === 'bit' || byteCount % 2 === 0;
    if (byteCount === 0 || !isWhole || byteCount > 250 || pdu.length !== 2 + byteCount) return undefined;
    return { function: row.name, from: 'device', values: unpacked(pdu.subarray(2), row) };
  }
  const quantity = wordAt(pdu, 3);
  if (pdu.length !== 5 || quantity < 1 || quantity > row.maximum) return undefined;
  return { function: row.name, from: 'device', address: wordAt(pdu, 1), quantity };
}

function decodeSingle(row: FunctionRow, address: number, value: number): Pdu | undefined {
  if (row.unit === 'register') return { function: row.name, from: 'either', address, value };
  if (value !== ON && value !== 0) return undefined;
  return { function: row.name, from: 'either', address, value: value === ON };
}

function singleValue(value: boolean | number): number {
  return typeof value === 'number' ? value : value ? ON : 0;
}

function unpacked(data: Uint8Array, row: FunctionRow): readonly (boolean | number)[] {
  if (row.unit === 'bit')
    return [...data].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1) === 1));
  return Array.from({ length: data.length / 2 }, (_, index) => wordAt(data, index * 2));
}

function packed(values: readonly (boolean | number)[]): readonly number[] {
  if (values.every((value) => typeof value === 'number')) return values.flatMap(word);
  const bytes: number[] = Array.from({ length: Math.ceil(values.length / 8) }, () => 0);
  for (const [index, value] of values.entries()) {
    if (value === true) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return bytes;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function word(value: number): readonly number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}
