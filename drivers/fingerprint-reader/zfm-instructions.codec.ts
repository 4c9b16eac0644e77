/** Instructions, their parameters and what is acknowledged to each (device-protocols 3.2 to 3.4), as tables. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { hex } from './zfm-packet.codec.ts';

/** Big-endian. `hex` values are addresses and passwords: eight digits. */
interface Parameter {
  readonly name: string;
  readonly bytes: 1 | 2 | 4;
  readonly min?: number;
  readonly max?: number;
}

interface InstructionRow {
  readonly code: number;
  readonly parameters: readonly Parameter[];
  /** Bytes of an acknowledge after its confirmation code. */
  readonly answerBytes: number;
}

const BUFFER: Parameter = { name: 'buffer', bytes: 1, min: 1, max: 2 };
const PAGE: Parameter = { name: 'page', bytes: 2 };
const RANGE: readonly Parameter[] = [
  { name: 'startPage', bytes: 2 },
  { name: 'pageCount', bytes: 2 },
];
const PASSWORD: Parameter = { name: 'password', bytes: 4 };
const SYSTEM_PARAMETER: readonly Parameter[] = [
  { name: 'parameter', bytes: 1, min: 4, max: 6 },
  { name: 'value', bytes: 1 },
];
const AURA: readonly Parameter[] = ['mode', 'speed', 'colour', 'count'].map((name) => ({ name, bytes: 1 }));
const NEW_ADDRESS: Parameter = { name: 'newAddress', bytes: 4 };
const LIST: Parameter = { name: 'list', bytes: 1, min: 0, max: 3 };

function row(code: number, parameters: readonly Parameter[] = [], answerBytes = 0): InstructionRow {
  return { code, parameters, answerBytes };
}

export const INSTRUCTIONS = {
  GenImg: row(0x01),
  Img2Tz: row(0x02, [BUFFER]),
  Match: row(0x03, [], 2),
  Search: row(0x04, [BUFFER, ...RANGE], 4),
  RegModel: row(0x05),
  Store: row(0x06, [BUFFER, PAGE]),
  LoadChar: row(0x07, [BUFFER, PAGE]),
  UpChar: row(0x08, [BUFFER]),
  DownChar: row(0x09, [BUFFER]),
  UpImage: row(0x0a),
  DownImage: row(0x0b),
  DeleteChar: row(0x0c, RANGE),
  Empty: row(0x0d),
  SetSysPara: row(0x0e, SYSTEM_PARAMETER),
  ReadSysPara: row(0x0f, [], 16),
  SetPwd: row(0x12, [PASSWORD]),
  VfyPwd: row(0x13, [PASSWORD]),
  GetRandom: row(0x14, [], 4),
  SetAddr: row(0x15, [NEW_ADDRESS]),
  HiSpeedSearch: row(0x1b, [BUFFER, ...RANGE], 4),
  TemplateNum: row(0x1d, [], 2),
  ReadConList: row(0x1f, [LIST], 32),
  AuraLed: row(0x35, AURA),
  LedOn: row(0x50),
  LedOff: row(0x51),
} as const satisfies Record<string, InstructionRow>;
export type InstructionName = keyof typeof INSTRUCTIONS;

/** SetSysPara: what each number sets and which values it takes. */
const SYSTEM_PARAMETERS: Readonly<
  Record<number, { readonly name: string; readonly min: number; readonly max: number }>
> = {
  4: { name: 'baud multiplier', min: 1, max: 12 },
  5: { name: 'security', min: 1, max: 5 },
  6: { name: 'packet size', min: 0, max: 3 },
};

export const CONFIRMATIONS: Readonly<Record<number, string>> = {
  0x00: 'success',
  0x01: 'packetReceiveError',
  0x02: 'noFinger',
  0x03: 'captureFailed',
  0x06: 'imageTooMessy',
  0x07: 'tooFewFeatures',
  0x08: 'templatesDoNotMatch',
  0x09: 'notFoundInLibrary',
  0x0a: 'mergeFailed',
  0x0b: 'pageBeyondLibrary',
  0x0c: 'templateUnreadable',
  0x0d: 'featureUploadFailed',
  0x0e: 'cannotAcceptFurtherPackets',
  0x0f: 'imageUploadError',
  0x10: 'deleteFailed',
  0x11: 'emptyFailed',
  0x13: 'wrongPassword',
  0x15: 'noValidImage',
  0x18: 'flashWriteError',
  0x1a: 'invalidRegister',
  0x20: 'addressMismatch',
  0x21: 'passwordMustBeVerified',
};

export type Parameters = Readonly<Record<string, number>>;

export interface Instruction {
  readonly name: InstructionName;
  readonly parameters: Parameters;
}

/** Throws on a parameter that is missing or out of range: a mistake of ours. */
export function commandContent(name: InstructionName, parameters: Parameters = {}): Uint8Array {
  const { code, parameters: wanted } = INSTRUCTIONS[name] as InstructionRow;
  const bytes = [code];
  for (const parameter of wanted) {
    const value = parameters[parameter.name];
    if (value === undefined || !fits(parameter, value)) throw new RangeError(`${name}: ${parameter.name} ${value}`);
    for (let shift = parameter.bytes - 1; shift >= 0; shift -= 1) bytes.push((value >>> (8 * shift)) & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** `device.garbage` for an instruction the sheet does not know, a wrong count of parameters, a value out of range. */
export function readCommand(content: Uint8Array): Result<Instruction> {
  const [code = 0] = content;
  const found = Object.entries<InstructionRow>(INSTRUCTIONS).find(([, candidate]) => candidate.code === code);
  if (!found) return fail('device.garbage', `instruction ${hex(code, 2)} is not known`);
  const [name, { parameters }] = found;
  const wantedBytes = 1 + parameters.reduce((sum, { bytes }) => sum + bytes, 0);
  if (content.length !== wantedBytes) {
    return fail('device.garbage', `${name} has ${wantedBytes} bytes of content, not ${content.length}`);
  }
  const values: Record<string, number> = {};
  let at = 1;
  for (const parameter of parameters) {
    const value = numberAt(content, at, parameter.bytes);
    if (!fits(parameter, value)) return fail('device.garbage', `${name}: ${parameter.name} cannot be ${value}`);
    values[parameter.name] = value;
    at += parameter.bytes;
  }
  if (name === 'SetSysPara' && !isSystemValue(values['parameter'] ?? 0, values['value'] ?? 0)) {
    return fail('device.garbage', `${name}: parameter ${values['parameter']} cannot be ${values['value']}`);
  }
  return ok({ name: name as InstructionName, parameters: values });
}

export function isSystemValue(parameter: number, value: number): boolean {
  const range = SYSTEM_PARAMETERS[parameter];
  return range !== undefined && value >= range.min && value <= range.max;
}

/** Which instructions an acknowledge with so many bytes after its code can belong to. */
export function answersOf(code: number, answerBytes: number): InstructionName[] {
  if (answerBytes === 0) return [];
  if (code === 0x08 && answerBytes === 2) return ['Match'];
  if (code === 0x09 && answerBytes === 4) return ['Search', 'HiSpeedSearch'];
  return Object.entries<InstructionRow>(INSTRUCTIONS)
    .filter(([, candidate]) => candidate.answerBytes === answerBytes)
    .map(([name]) => name as InstructionName);
}

export interface SystemParameters {
  readonly isBusy: boolean;
  readonly isFingerMatched: boolean;
  readonly isPasswordVerified: boolean;
  readonly hasValidImage: boolean;
  readonly systemId: number;
  readonly capacity: number;
  readonly security: number;
  readonly address: number;
  readonly packetBytes: number;
  readonly baud: number;
}

/** The 16 bytes of ReadSysPara (3.3); undefined when packet size or rate cannot be. */
export function readSystemParameters(answer: Uint8Array): SystemParameters | undefined {
  if (answer.length !== 16) return undefined;
  const status = numberAt(answer, 0, 2);
  const packetCode = numberAt(answer, 12, 2);
  const multiplier = numberAt(answer, 14, 2);
  if (!isSystemValue(6, packetCode) || !isSystemValue(4, multiplier)) return undefined;
  return {
    isBusy: (status & 1) !== 0,
    isFingerMatched: (status & 2) !== 0,
    isPasswordVerified: (status & 4) !== 0,
    hasValidImage: (status & 8) !== 0,
    systemId: numberAt(answer, 2, 2),
    capacity: numberAt(answer, 4, 2),
    security: numberAt(answer, 6, 2),
    address: numberAt(answer, 8, 4),
    packetBytes: 32 << packetCode,
    baud: multiplier * 9_600,
  };
}

/** Occupied pages of one list of 256, counted from its start. That the lowest bit comes first is assumed (3.2). */
export function occupiedPages(bitmap: Uint8Array): number[] {
  return [...bitmap].flatMap((byte, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => ((byte >> bit) & 1) === 1).map((bit) => index * 8 + bit),
  );
}

export function numberAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (const byte of bytes.subarray(at, at + count)) value = value * 256 + byte;
  return value;
}

function fits({ bytes, min = 0, max = 256 ** bytes - 1 }: Parameter, value: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
