/** Frames of the fingerprint module as a person with a line of hex meets them (device-protocols 3). */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireKey } from '../wire-key.ts';
import {
  answersOf,
  commandContent,
  CONFIRMATIONS,
  INSTRUCTIONS,
  numberAt,
  occupiedPages,
  readCommand,
  readSystemParameters,
  type InstructionName,
} from './zfm-instructions.codec.ts';
import { encodePacket, hex, inspect, PID, ZfmDecoder, type ZfmPacket } from './zfm-packet.codec.ts';

type Fields = Readonly<Record<string, Meaning>>;

/** Shown and read as eight digits of hex, not as a number. */
const HEX_PARAMETERS = new Set(['password', 'newAddress']);

export const WIRE_KEYS: readonly WireKey[] = [
  {
    key: 'fingerprint-zfm',
    protocol: 'ZFM-20 / R30x fingerprint module on a UART (device-protocols 3)',
    decode,
    encode,
    mask: (_direction, bytes) => mask(bytes),
    stream: () => new ZfmDecoder(),
  },
];

/** One packet is an object, a run of several a list. */
function decode(bytes: Uint8Array): Result<Meaning> {
  const meanings: Meaning[] = [];
  for (let from = 0; from < bytes.length || from === 0;) {
    const found = inspect(bytes, from);
    if (found.kind !== 'packet') return fail('device.garbage', `byte ${found.at}: ${found.reason}`);
    const meaning = meaningOf(found.packet);
    if (!meaning.ok) return fail('device.garbage', `byte ${from + 9}: ${meaning.problem.detail ?? ''}`);
    meanings.push(meaning.value);
    from = found.next;
  }
  const [only] = meanings;
  return ok(meanings.length === 1 && only !== undefined ? only : meanings);
}

function meaningOf({ address, pid, content }: ZfmPacket): Result<Meaning> {
  const at = { address: hex(address, 8) };
  switch (pid) {
    case PID.command: {
      const command = readCommand(content);
      if (!command.ok) return command;
      const { name, parameters } = command.value;
      return ok({ packet: 'command', direction: 'toDevice', ...at, instruction: name, ...shown(name, parameters) });
    }
    case PID.acknowledge:
      return acknowledged(content, at);
    case PID.data:
    case PID.lastData: {
      const isLast = pid === PID.lastData;
      return ok({ packet: 'data', direction: 'either', ...at, isLast, bytes: content.length, content: hexOf(content) });
    }
  }
}

function shown(name: InstructionName, parameters: Readonly<Record<string, number>>): Fields {
  if (name === 'SetSysPara') return systemParameterShown(parameters['parameter'] ?? 0, parameters['value'] ?? 0);
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [key, HEX_PARAMETERS.has(key) ? hex(value, 8) : value]),
  );
}

function systemParameterShown(parameter: number, value: number): Fields {
  if (parameter === 4) return { baud: value * 9_600 };
  return parameter === 5 ? { security: value } : { packetBytes: 32 << value };
}

function acknowledged(content: Uint8Array, at: Fields): Result<Meaning> {
  const [code = 0] = content;
  const answer = content.subarray(1);
  const result = CONFIRMATIONS[code] ?? 'unknownError';
  const base = { packet: 'acknowledge', direction: 'fromDevice', ...at, code: hex(code, 2), result };
  if (answer.length === 0) return ok(base);
  const readings: Meaning[] = [];
  for (const name of answersOf(code, answer.length)) {
    const reading = readingOf(name, answer);
    if (reading) readings.push({ answerTo: name, ...reading });
  }
  if (readings.length === 0) {
    return fail('device.garbage', `no instruction is acknowledged with ${hexOf(answer)} after code ${hex(code, 2)}`);
  }
  return ok({ ...base, content: hexOf(answer), readings });
}

/** What the bytes after the code say if they answer `name`; undefined when they cannot. */
function readingOf(name: InstructionName, answer: Uint8Array): Fields | undefined {
  switch (name) {
    case 'Match':
      return { score: numberAt(answer, 0, 2) };
    case 'TemplateNum':
      return { templates: numberAt(answer, 0, 2) };
    case 'Search':
    case 'HiSpeedSearch':
      return { page: numberAt(answer, 0, 2), score: numberAt(answer, 2, 2) };
    case 'GetRandom':
      return { random: hexOf(answer) };
    case 'ReadConList':
      return { occupiedPages: occupiedPages(answer) };
    case 'ReadSysPara': {
      const parameters = readSystemParameters(answer);
      return parameters && { ...parameters, address: hex(parameters.address, 8) };
    }
    default:
      return undefined;
  }
}

function encode(meaning: unknown): Result<Uint8Array> {
  const packets: Uint8Array[] = [];
  for (const one of Array.isArray(meaning) ? (meaning as unknown[]) : [meaning]) {
    const packet = isFields(one) ? packetOf(one) : undefined;
    if (!packet) return fail('device.garbage', 'not the meaning of a command, an acknowledge or a data packet');
    packets.push(encodePacket(packet));
  }
  return ok(Uint8Array.from(packets.flatMap((packet) => [...packet])));
}

function packetOf(fields: Fields): ZfmPacket | undefined {
  const address = hexNumber(fields['address']);
  const content = hexBytes(fields['content'] ?? '');
  if (address === undefined || !content || content.length > 256) return undefined;
  switch (fields['packet']) {
    case 'command':
      return commandOf(fields, address);
    case 'acknowledge': {
      const code = hexNumber(fields['code'], 2);
      if (code === undefined || content.length > 63) return undefined;
      return { address, pid: PID.acknowledge, content: Uint8Array.of(code, ...content) };
    }
    case 'data':
      return { address, pid: fields['isLast'] === true ? PID.lastData : PID.data, content };
    default:
      return undefined;
  }
}

function commandOf(fields: Fields, address: number): ZfmPacket | undefined {
  const name = fields['instruction'];
  if (typeof name !== 'string' || !Object.hasOwn(INSTRUCTIONS, name)) return undefined;
  const values = name === 'SetSysPara' ? systemParameterOf(fields) : fields;
  const parameters: Record<string, number> = {};
  for (const parameter of INSTRUCTIONS[name as InstructionName].parameters) {
    const value = values[parameter.name];
    const number = HEX_PARAMETERS.has(parameter.name) ? hexNumber(value) : value;
    if (typeof number !== 'number') return undefined;
    parameters[parameter.name] = number;
  }
  try {
    const content = commandContent(name as InstructionName, parameters);
    return readCommand(content).ok ? { address, pid: PID.command, content } : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function systemParameterOf({ baud, security, packetBytes }: Fields): Fields {
  if (typeof baud === 'number') return { parameter: 4, value: baud / 9_600 };
  if (typeof packetBytes === 'number') return { parameter: 6, value: Math.log2(packetBytes / 32) };
  return { parameter: 5, value: security ?? null };
}

/**
 * Prints and passwords are blanked and the packet is sealed anew, so that a recording can still be replayed. Whatever is
 * no whole packet may be a piece of a print: all of it is blanked.
 */
function mask(bytes: Uint8Array): Uint8Array {
  const masked = new Uint8Array(bytes.length);
  for (let from = 0; from < bytes.length;) {
    const found = inspect(bytes, from);
    if (found.kind === 'packet') masked.set(encodePacket(maskedPacket(found.packet)), from);
    from = found.kind === 'packet' ? found.next : from + 1;
  }
  return masked;
}

function maskedPacket(packet: ZfmPacket): ZfmPacket {
  const { pid, content } = packet;
  if (pid === PID.data || pid === PID.lastData) return { ...packet, content: new Uint8Array(content.length) };
  const isSecret = pid === PID.command && (content[0] === 0x12 || content[0] === 0x13);
  return isSecret ? { ...packet, content: Uint8Array.of(content[0] ?? 0, 0, 0, 0, 0) } : packet;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

function hexNumber(value: unknown, digits = 8): number | undefined {
  if (typeof value !== 'string' || value.length !== digits || !/^[0-9A-F]+$/.test(value)) return undefined;
  return Number.parseInt(value, 16);
}

function hexBytes(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^(?:[0-9A-F]{2})*$/.test(value)) return undefined;
  return Uint8Array.from(Buffer.from(value, 'hex'));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
