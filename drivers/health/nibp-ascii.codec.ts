/**
 * Cuff tunnel monitors that speak STX, text, two hex digits (sum of the characters), ETX at 4800 baud (device-protocols 7.4).
 * The sheet has the form and two commands. The other commands, the status answer, the pressures and the bare `X` are from
 * three public programs that agree; they are marked `publicCode` and no device has confirmed them.
 */
import Type, { type Static } from 'typebox';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { encodeEach, garbage, oneOrMany } from './garbage.ts';

const closed = { additionalProperties: false } as const;
const STX = 0x02;
const ETX = 0x03;
const CR = 0x0d;
const ABORT = 0x58;
const MAX_TEXT = 80;

/** Two digits; `01` and `18` stand in the sheet. */
export const NIBP_COMMANDS = {
  startMeasurement: '01',
  manualMode: '03',
  cycleOfFiveMinutes: '08',
  manometerMode: '14',
  restart: '15',
  leakageTest: '17',
  readStatus: '18',
  startPressure100: '19',
  startPressure120: '20',
  startPressure140: '21',
  startPressure160: '22',
  startPressure180: '23',
  adult: '24',
  neonate: '25',
  version: '29',
} as const;
export type NibpCommand = keyof typeof NIBP_COMMANDS;
const IN_SHEET: readonly string[] = [NIBP_COMMANDS.startMeasurement, NIBP_COMMANDS.readStatus];

const Confidence = Type.Enum(['sheet', 'publicCode']);
/** A carriage return after ETX; devices send it, hosts mostly do not. */
const tail = { carriageReturn: Type.Optional(Type.Literal(true)) };
const Count = (max: number) => Type.Integer({ minimum: 0, maximum: max });
const CommandMeaning = Type.Object(
  {
    kind: Type.Literal('command'),
    command: Type.String(),
    commandCode: Type.String({ pattern: '^[0-9]{2}$' }),
    confidence: Confidence,
    ...tail,
  },
  closed,
);
const StatusMeaning = Type.Object(
  {
    kind: Type.Literal('status'),
    /** 1: ready. 3: measuring. */
    systemStatus: Count(9),
    patientMode: Count(9),
    cycleMode: Count(99),
    /** 0: no complaint. */
    messageNumber: Count(99),
    /** The three pressures as they stand: the mean lies between the other two, wherever it stands. */
    pressuresMmHg: Type.Array(Count(999), { minItems: 3, maxItems: 3 }),
    pulseBpm: Count(999),
    secondsToNext: Count(9_999),
    confidence: Confidence,
    ...tail,
  },
  closed,
);
const PressureMeaning = Type.Object(
  {
    kind: Type.Literal('cuffPressure'),
    pressureMmHg: Count(999),
    cuffErrorNumber: Count(9),
    cuffStatus: Count(9),
    confidence: Confidence,
    ...tail,
  },
  closed,
);
const EndMeaning = Type.Object({ kind: Type.Literal('measurementEnd'), confidence: Confidence, ...tail }, closed);
const AbortMeaning = Type.Object({ kind: Type.Literal('abort'), confidence: Confidence }, closed);
const TextMeaning = Type.Object(
  { kind: Type.Literal('message'), text: Type.String({ pattern: '^[ -~]{1,78}$' }), confidence: Confidence, ...tail },
  closed,
);
const NibpMeaning = Type.Union([CommandMeaning, StatusMeaning, PressureMeaning, EndMeaning, AbortMeaning, TextMeaning]);
export type NibpMessage = Static<typeof NibpMeaning>;
export type NibpStatus = Static<typeof StatusMeaning>;

const STATUS = /^S(\d);A(\d);C(\d\d);M(\d\d);P(\d{3})(\d{3})(\d{3});R(\d{3});T(\d{4});;$/;
const PRESSURE = /^(\d{3})C(\d)S(\d)$/;

export function nibpCommand(command: NibpCommand): Uint8Array {
  return sealed(`${NIBP_COMMANDS[command]};;`);
}

export const NIBP_ABORT: Uint8Array = Uint8Array.of(ABORT);

function sum(text: string): string {
  let total = 0;
  for (const character of text) total += character.charCodeAt(0);
  return (total & 0xff).toString(16).toUpperCase().padStart(2, '0');
}

function sealed(text: string): Uint8Array {
  return framed(`${text}${sum(text)}`);
}

function framed(text: string): Uint8Array {
  return Uint8Array.from([STX, ...Buffer.from(text, 'latin1'), ETX]);
}

/** What stands between STX and ETX; undefined when sum and form are wrong. */
function readText(text: string): NibpMessage | undefined {
  if (text === '999') return { kind: 'measurementEnd', confidence: 'publicCode' };
  const body = text.slice(0, -2);
  if (body === '' || sum(body) !== text.slice(-2)) return readPressure(text);
  return readCommand(body) ?? readStatus(body) ?? { kind: 'message', text: body, confidence: 'sheet' };
}

/** Pressures bear no sum. */
function readPressure(text: string): NibpMessage | undefined {
  const match = PRESSURE.exec(text);
  if (!match) return undefined;
  const number = (group: number): number => Number(match[group]);
  const rest = { cuffErrorNumber: number(2), cuffStatus: number(3), confidence: 'publicCode' } as const;
  return { kind: 'cuffPressure', pressureMmHg: number(1), ...rest };
}

function readCommand(body: string): NibpMessage | undefined {
  const commandCode = /^(\d\d);;$/.exec(body)?.[1];
  if (commandCode === undefined) return undefined;
  const command = Object.entries(NIBP_COMMANDS).find(([, code]) => code === commandCode)?.[0] ?? 'other';
  return { kind: 'command', command, commandCode, confidence: IN_SHEET.includes(commandCode) ? 'sheet' : 'publicCode' };
}

function readStatus(body: string): NibpStatus | undefined {
  const match = STATUS.exec(body);
  if (!match) return undefined;
  const number = (group: number): number => Number(match[group]);
  return {
    kind: 'status',
    systemStatus: number(1),
    patientMode: number(2),
    cycleMode: number(3),
    messageNumber: number(4),
    pressuresMmHg: [number(5), number(6), number(7)],
    pulseBpm: number(8),
    secondsToNext: number(9),
    confidence: 'publicCode',
  };
}

/** Streaming; only whole, rightly summed frames come out. */
export class NibpDecoder {
  #rest: string | undefined;
  damagedBytes = 0;

  get pendingBytes(): number {
    return this.#rest === undefined ? 0 : this.#rest.length + 1;
  }

  reset(): void {
    this.#rest = undefined;
  }

  push(chunk: Uint8Array): NibpMessage[] {
    const messages: NibpMessage[] = [];
    for (const byte of chunk) {
      if (byte === STX) {
        this.#drop();
        this.#rest = '';
      } else if (this.#rest === undefined) this.damagedBytes += byte === CR ? 0 : 1;
      else if (byte === ETX) {
        const message = readText(this.#rest);
        if (message) messages.push(message);
        else this.#drop();
        this.#rest = undefined;
      } else if (byte < 0x20 || byte > 0x7e || this.#rest.length >= MAX_TEXT) this.#drop();
      else this.#rest += String.fromCharCode(byte);
    }
    return messages;
  }

  #drop(): void {
    this.damagedBytes += this.#rest?.length ?? 0;
    this.#rest = undefined;
  }
}

export function decodeNibp(bytes: Uint8Array): Result<Meaning> {
  if (bytes.length === 0) return garbage(0, 'nothing');
  const meanings: Meaning[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] === ABORT) {
      meanings.push({ kind: 'abort', confidence: 'publicCode' });
      at += 1;
      continue;
    }
    if (bytes[at] !== STX) return garbage(at, 'STX should stand here');
    const end = bytes.indexOf(ETX, at);
    if (end < 0) return garbage(bytes.length, `no ETX ends the frame at ${at}`);
    const text = Buffer.from(bytes.subarray(at + 1, end)).toString('latin1');
    if (!/^[ -~]{1,80}$/.test(text)) return garbage(at + 1, 'between STX and ETX stands printable ASCII');
    const message = readText(text);
    if (!message)
      return garbage(end - 2, `the sum of ${JSON.stringify(text.slice(0, -2))} is ${sum(text.slice(0, -2))}`);
    const hasReturn = bytes[end + 1] === CR;
    meanings.push({ ...message, ...(hasReturn ? { carriageReturn: true } : {}) } as Meaning);
    at = end + (hasReturn ? 2 : 1);
  }
  return ok(oneOrMany(meanings));
}

export function encodeNibp(meaning: unknown): Result<Uint8Array> {
  return encodeEach(meaning, NibpMeaning, (one) => {
    const frame = writeMessage(one);
    return 'carriageReturn' in one ? Uint8Array.from([...frame, CR]) : frame;
  });
}

function writeMessage(one: NibpMessage): Uint8Array {
  switch (one.kind) {
    case 'abort':
      return NIBP_ABORT;
    case 'command':
      return sealed(`${one.commandCode};;`);
    case 'message':
      return sealed(one.text);
    case 'measurementEnd':
      return framed('999');
    case 'cuffPressure':
      return framed(`${digits(one.pressureMmHg, 3)}C${one.cuffErrorNumber}S${one.cuffStatus}`);
    case 'status': {
      const head = `S${one.systemStatus};A${one.patientMode};C${digits(one.cycleMode, 2)};M${digits(one.messageNumber, 2)}`;
      const values = one.pressuresMmHg.map((value) => digits(value, 3)).join('');
      return sealed(`${head};P${values};R${digits(one.pulseBpm, 3)};T${digits(one.secondsToNext, 4)};;`);
    }
  }
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

/** Pressures and pulse become 0 under a right sum; what cannot be read becomes zeros altogether. */
export function maskNibp(bytes: Uint8Array): Uint8Array {
  const read = decodeNibp(bytes);
  if (!read.ok) return new Uint8Array(bytes.length);
  const list = (Array.isArray(read.value) ? read.value : [read.value]) as NibpMessage[];
  const masked = encodeNibp(
    list.map((one) => {
      if (one.kind === 'status') return { ...one, pressuresMmHg: [0, 0, 0], pulseBpm: 0 };
      if (one.kind === 'message') return { ...one, text: '*'.repeat(one.text.length) };
      return one.kind === 'cuffPressure' ? { ...one, pressureMmHg: 0 } : one;
    }),
  );
  return masked.ok ? masked.value : new Uint8Array(bytes.length);
}
