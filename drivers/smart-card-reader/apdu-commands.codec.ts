/**
 * Commands of device-protocols 2.1 to 2.6 as a table: class, instruction, what P1 and P2 mean, what the data is. Read and
 * written by the same rows. Short commands only; Le is one byte at the end, or absent.
 */
import type { Meaning } from '../wire-key.ts';
import { APPLICATIONS, FILES, FILES_BY_SFI, RECORD_TAGS, TRANSACTION_TYPES } from './card-names.ts';
import {
  bytesOf,
  fieldsOf,
  hexOf,
  layoutBytes,
  readLayout,
  writeLayout,
  type Fields,
  type Layout,
} from './card-layout.codec.ts';
import { CREDIT, DEBIT, INITIALIZE, MAC2, SAM_INITIALIZE, SAM_INITIALIZE_AREA, SEQUENCE } from './purse-layouts.ts';

type Pair = readonly [p1: number, p2: number];

/** Data without layout: so many bytes, shown as hex under this name. */
interface PlainData {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

interface CommandRow {
  readonly command: string;
  readonly cla: number;
  readonly ins: number;
  /** What the parameters mean; undefined when they are not this command's. */
  read(pair: Pair): Fields | undefined;
  write(fields: Fields): Pair | undefined;
  /** Layouts the data may have, told apart by length. Neither: no data. */
  readonly layouts?: readonly Layout[];
  readonly plain?: PlainData;
  readonly le: 'must' | 'may' | 'never';
}

const fixed = (p1: number, p2: number): Pick<CommandRow, 'read' | 'write'> => ({
  read: ([given1, given2]) => (given1 === p1 && given2 === p2 ? {} : undefined),
  write: () => [p1, p2],
});

/** P2 says which account. */
const account = (p1: number): Pick<CommandRow, 'read' | 'write'> => ({
  read: ([given, p2]) =>
    given === p1 && (p2 === 1 || p2 === 2) ? { account: p2 === 1 ? 'deposit' : 'purse' } : undefined,
  write: ({ account: name }) => (name === 'deposit' ? [p1, 1] : name === 'purse' ? [p1, 2] : undefined),
});

const BY: Readonly<Record<number, string>> = { 0: 'identifier', 1: 'childDirectory', 2: 'elementaryFile' };

const ROWS: readonly CommandRow[] = [
  {
    ...{ command: 'selectByName', cla: 0x00, ins: 0xa4, le: 'may', plain: { name: 'name', min: 5, max: 16 } },
    read: ([p1, p2]) => (p1 === 4 && (p2 === 0 || p2 === 2) ? { occurrence: p2 === 0 ? 'first' : 'next' } : undefined),
    write: ({ occurrence }) => [4, occurrence === 'next' ? 2 : 0],
  },
  {
    ...{ command: 'selectFile', cla: 0x00, ins: 0xa4, le: 'may', plain: { name: 'file', min: 2, max: 2 } },
    read: ([p1, p2]) =>
      BY[p1] !== undefined && (p2 === 0 || p2 === 0x0c)
        ? { by: BY[p1], answer: p2 === 0 ? 'control information' : 'none' }
        : undefined,
    write({ by, answer }) {
      const p1 = Object.keys(BY).find((key) => BY[Number(key)] === by);
      return p1 === undefined ? undefined : [Number(p1), answer === 'none' ? 0x0c : 0];
    },
  },
  {
    ...{ command: 'readBinary', cla: 0x00, ins: 0xb0, le: 'must' },
    read([p1, p2]) {
      if ((p1 & 0x80) === 0) return { offset: p1 * 256 + p2 };
      if ((p1 & 0x60) !== 0) return undefined;
      return { sfi: p1 & 0x1f, offset: p2, contains: FILES_BY_SFI[p1 & 0x1f] };
    },
    write({ sfi, offset }) {
      if (typeof offset !== 'number') return undefined;
      return typeof sfi === 'number' ? [0x80 | sfi, offset] : [offset >> 8, offset & 0xff];
    },
  },
  {
    ...{ command: 'readRecord', cla: 0x00, ins: 0xb2, le: 'must' },
    read([p1, p2]) {
      if (p1 === 0 || p1 === 0xff) return undefined;
      const sfi = p2 >> 3;
      const file = sfi === 0 ? {} : { sfi, contains: FILES_BY_SFI[sfi] };
      if ((p2 & 7) === 4) return { record: p1, ...file };
      return (p2 & 7) === 0 ? { identifier: p1, ...file, holds: RECORD_TAGS[p1]?.field } : undefined;
    },
    write({ record, identifier, sfi }) {
      const file = typeof sfi === 'number' ? sfi << 3 : 0;
      if (typeof record === 'number') return [record, file | 4];
      return typeof identifier === 'number' ? [identifier, file] : undefined;
    },
  },
  {
    ...{ command: 'verifyPin', cla: 0x00, ins: 0x20, le: 'never', plain: { name: 'pin', min: 0, max: 8 } },
    read: ([p1, p2]) => (p1 === 0 ? { reference: p2 } : undefined),
    write: ({ reference }) => (typeof reference === 'number' ? [0, reference] : undefined),
  },
  { ...{ command: 'getResponse', cla: 0x00, ins: 0xc0, le: 'must' }, ...fixed(0, 0) },
  { ...{ command: 'getChallenge', cla: 0x00, ins: 0x84, le: 'must' }, ...fixed(0, 0) },
  { ...{ command: 'getBalance', cla: 0x80, ins: 0x5c, le: 'must' }, ...account(0) },
  { ...{ command: 'initializeForLoad', cla: 0x80, ins: 0x50, le: 'may', layouts: [INITIALIZE] }, ...account(0) },
  { ...{ command: 'initializeForPurchase', cla: 0x80, ins: 0x50, le: 'may', layouts: [INITIALIZE] }, ...account(1) },
  {
    ...{ command: 'initializeForCompoundPurchase', cla: 0x80, ins: 0x50, le: 'may', layouts: [INITIALIZE] },
    ...account(3),
  },
  { ...{ command: 'creditForLoad', cla: 0x80, ins: 0x52, le: 'may', layouts: [CREDIT] }, ...fixed(0, 0) },
  { ...{ command: 'debitForPurchase', cla: 0x80, ins: 0x54, le: 'may', layouts: [DEBIT] }, ...fixed(1, 0) },
  { ...{ command: 'debitForCompoundPurchase', cla: 0x80, ins: 0x54, le: 'may', layouts: [DEBIT] }, ...fixed(3, 0) },
  {
    ...{
      command: 'updateCompoundRecord',
      cla: 0x80,
      ins: 0xdc,
      le: 'never',
      plain: { name: 'data', min: 1, max: 255 },
    },
    read([p1, p2]) {
      return { record: p1, sfi: p2 >> 3, mode: p2 & 7 };
    },
    write: ({ record, sfi, mode }) =>
      typeof record === 'number' && typeof sfi === 'number' && typeof mode === 'number'
        ? [record, (sfi << 3) | mode]
        : undefined,
  },
  {
    ...{ command: 'getTransactionProve', cla: 0x80, ins: 0x5a, le: 'may', layouts: [SEQUENCE] },
    read([p1, p2]) {
      if (p1 !== 0) return undefined;
      const type = hexOf(Uint8Array.of(p2));
      return { type, transaction: TRANSACTION_TYPES[type] };
    },
    write({ type }) {
      const code = typeof type === 'string' ? bytesOf(type)?.[0] : undefined;
      return code === undefined ? undefined : [0, code];
    },
  },
  {
    ...{
      command: 'initializeSamForPurchase',
      cla: 0x80,
      ins: 0x70,
      le: 'may',
      layouts: [SAM_INITIALIZE, SAM_INITIALIZE_AREA],
    },
    ...fixed(0, 0),
  },
  { ...{ command: 'creditSamForPurchase', cla: 0x80, ins: 0x72, le: 'may', layouts: [MAC2] }, ...fixed(0, 0) },
];

const CLASSES = new Set(ROWS.map(({ cla }) => cla));

export type CommandReading =
  | { readonly ok: true; readonly meaning: Fields }
  /** `at`: offset of the byte that is wrong. `isCommand`: class, instruction and parameters are a command's all the same. */
  | { readonly ok: false; readonly at: number; readonly why: string; readonly isCommand: boolean };

/** One whole command. */
export function readCommand(bytes: Uint8Array): CommandReading {
  const [cla, ins, p1, p2] = bytes;
  const no = (at: number, why: string, isCommand = false): CommandReading => ({ ok: false, at, why, isCommand });
  if (cla === undefined || !CLASSES.has(cla)) return no(0, 'no class of a known command');
  const sameInstruction = ROWS.filter((row) => row.cla === cla && row.ins === ins);
  if (sameInstruction.length === 0) return no(1, 'no known instruction');
  if (p1 === undefined || p2 === undefined) return no(bytes.length, 'cut off inside the header', true);
  const rows = sameInstruction.filter((row) => row.read([p1, p2]) !== undefined);
  if (rows.length === 0) return no(2, 'P1 and P2 mean nothing to this instruction', true);
  let failure = no(4, 'no body that fits');
  for (const row of rows) {
    const reading = readBody(row, [p1, p2], bytes);
    if (reading.ok) return reading;
    failure = reading;
  }
  return failure;
}

/** Undefined for a meaning that `readCommand` does not give. */
export function writeCommand(meaning: Fields): Uint8Array | undefined {
  const row = ROWS.find(({ command }) => command === meaning['command']);
  const pair = row?.write(meaning);
  const data = row && writeData(row, meaning);
  if (!row || !pair || !data) return undefined;
  const { le } = meaning;
  const tail = typeof le === 'number' ? [le & 0xff] : [];
  return Uint8Array.of(row.cla, row.ins, ...pair, ...(data.length > 0 ? [data.length] : []), ...data, ...tail);
}

function readBody(row: CommandRow, pair: Pair, bytes: Uint8Array): CommandReading {
  const no = (at: number, why: string): CommandReading => ({ ok: false, at, why, isCommand: true });
  if (bytes.length === 4) {
    return row.plain?.min === 0
      ? { ok: true, meaning: meaningOf(row, pair, {}, undefined) }
      : no(4, 'cut off behind P2');
  }
  if (!row.plain && !row.layouts) return readLe(row, pair, bytes);
  const end = 5 + (bytes[4] ?? 0);
  const left = bytes.length - end;
  if (left < 0) return no(4, `Lc says ${bytes[4]}, ${bytes.length - 5} bytes follow`);
  if (left > (row.le === 'never' ? 0 : 1)) return no(end, `${left} bytes behind the data`);
  const data = readData(row, bytes.subarray(5, end));
  if (!data) return no(4, `${end - 5} bytes are no data of ${row.command}`);
  return { ok: true, meaning: meaningOf(row, pair, data, left === 1 ? bytes[end] : undefined) };
}

function readLe(row: CommandRow, pair: Pair, bytes: Uint8Array): CommandReading {
  if (bytes.length === 5) return { ok: true, meaning: meaningOf(row, pair, {}, bytes[4]) };
  return { ok: false, at: 5, why: `${bytes.length - 5} bytes behind Le`, isCommand: true };
}

function meaningOf(row: CommandRow, pair: Pair, data: Fields, le: number | undefined): Fields {
  const parts = { command: row.command, direction: 'toDevice', ...row.read(pair), ...data, ...wordsFor(row, data) };
  return present(le === undefined ? parts : { ...parts, le: le === 0 ? 256 : le });
}

/** What a person would look up. */
function wordsFor({ command }: CommandRow, data: Fields): Fields {
  const { name, file, type } = data;
  if (command === 'selectByName' && typeof name === 'string') return { application: APPLICATIONS[name] };
  if (command === 'selectFile' && typeof file === 'string') return { contains: FILES[file] };
  return typeof type === 'string' ? { transaction: TRANSACTION_TYPES[type] } : {};
}

function readData({ plain, layouts = [] }: CommandRow, data: Uint8Array): Fields | undefined {
  if (plain) return data.length >= plain.min && data.length <= plain.max ? { [plain.name]: hexOf(data) } : undefined;
  const layout = layouts.find((candidate) => layoutBytes(candidate) === data.length);
  return layout && readLayout(layout, data);
}

function writeData({ plain, layouts = [] }: CommandRow, meaning: Fields): Uint8Array | undefined {
  if (plain) {
    const value = meaning[plain.name];
    if (value === undefined && plain.min === 0) return new Uint8Array();
    return typeof value === 'string' ? bytesOf(value) : undefined;
  }
  if (layouts.length === 0) return new Uint8Array();
  // the longest first: the shorter one is its beginning
  for (const layout of layouts.toReversed()) {
    const bytes = writeLayout(layout, meaning);
    if (bytes) return bytes;
  }
  return undefined;
}

export function present(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Meaning] => entry[1] !== undefined),
  );
}

export function isCommandMeaning(meaning: unknown): meaning is Fields {
  return typeof fieldsOf(meaning)?.['command'] === 'string';
}
