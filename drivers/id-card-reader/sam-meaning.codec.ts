/** One frame as a person reads it, and back: what `npm run device -- decode` shows of an ID-card reader's wire. */
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { blockMeaning, writeBlock } from './id-block-meaning.codec.ts';
import { rawText, trimPadding } from './id-text.codec.ts';
import { hexBytes, hexText, type Facts, type Fields } from './meaning-fields.ts';
import {
  ADDRESS_BYTES,
  readAddresses,
  readAnswer,
  readBlock,
  readSamId,
  writeSamId,
  type SamAnswer,
} from './sam-answer.codec.ts';
import { garbage, hex2, type FoundFrame } from './sam-run.codec.ts';
import { BAUD_RATES, CARD_FOUND, OK, SAM_COMMANDS, SAM_STATUS, SET_BAUD_RATE } from './sam-tables.ts';

const FOUND_BYTES = 4;
const SELECTED_BYTES = 8;
const SAM_ID_BYTES = 16;
/** The answer to 30 05 is described nowhere; no other one is so short and of a length of its own. */
const UNDESCRIBED_BYTES = 64;

export function frameMeaning({ start, payload }: FoundFrame): Result<Meaning> {
  const answer = readAnswer(payload);
  return answer ? answerMeaning(answer, start) : commandMeaning(payload, start);
}

function commandMeaning(payload: Uint8Array, start: number): Result<Meaning> {
  const [cmd = 0, para = 0] = payload;
  if (payload.length > 2) return garbage(start + 9, 'no command takes data');
  const baudRate = cmd === SET_BAUD_RATE ? BAUD_RATES[para] : undefined;
  if (baudRate !== undefined) return ok({ direction: 'toDevice', command: 'setBaudRate', baudRate });
  const known = Object.entries(SAM_COMMANDS).find(([, bytes]) => bytes[0] === cmd && bytes[1] === para);
  if (!known) return garbage(start + 7, `no command ${hex2(cmd)} ${hex2(para)}`);
  return ok({ direction: 'toDevice', command: known[0] });
}

function answerMeaning(answer: SamAnswer, start: number): Result<Meaning> {
  const { code, data } = answer;
  const status = SAM_STATUS.get(code);
  if (!status) return garbage(start + 9, `no status ${hex2(code)}`);
  const facts = dataFacts(answer);
  if (!facts)
    return garbage(start + 10, `no answer ${hex2(code)} has ${data.length} bytes of data that add up like this`);
  return ok({ direction: 'fromDevice', code: hex2(code), status: status.name, ...facts });
}

function dataFacts(answer: SamAnswer): Facts | undefined {
  const { code, data } = answer;
  if (code === CARD_FOUND) return data.length === FOUND_BYTES ? { cardNumberHex: hexText(data) } : undefined;
  if (data.length === 0) return {};
  if (code !== OK) return undefined;
  if (data.length === SELECTED_BYTES) return { selectedHex: hexText(data) };
  if (data.length === SAM_ID_BYTES) return samIdFacts(answer);
  const addresses = readAddresses(answer);
  if (addresses) return addressFacts(addresses, data);
  const block = readBlock(answer);
  if (block) return blockMeaning(block);
  return data.length <= UNDESCRIBED_BYTES ? { dataHex: hexText(data) } : undefined;
}

function samIdFacts(answer: SamAnswer): Facts {
  const samId = readSamId(answer) ?? '';
  const isWhole = hexText(writeSamId(samId) ?? new Uint8Array()) === hexText(answer.data);
  return { samId, ...(isWhole ? {} : { dataHex: hexText(answer.data) }) };
}

function addressFacts(addresses: readonly Uint8Array[], data: Uint8Array): Facts {
  const texts = addresses.map((address) => trimPadding(rawText(address)));
  const isWhole = hexText(writeAddresses(texts) ?? new Uint8Array()) === hexText(data);
  return { appendedAddresses: texts, ...(isWhole ? {} : { dataHex: hexText(data) }) };
}

function writeAddresses(texts: readonly unknown[]): Uint8Array | undefined {
  const parts: Buffer[] = [];
  for (const text of texts) {
    if (typeof text !== 'string' || text.length * 2 > ADDRESS_BYTES) return undefined;
    parts.push(Buffer.from(text.padEnd(ADDRESS_BYTES / 2, ' '), 'utf16le'));
  }
  return Uint8Array.from(Buffer.concat(parts));
}

/** The payload of the frame that means this; undefined when nothing does. */
export function writeMeaning(fields: Fields): Uint8Array | undefined {
  if (fields['direction'] === 'toDevice') return writeCommand(fields);
  const code = hexBytes(fields['code']);
  const data = writeData(fields);
  if (fields['direction'] !== 'fromDevice' || code?.length !== 1 || !data) return undefined;
  return Uint8Array.of(0, 0, ...code, ...data);
}

function writeCommand({ command, baudRate }: Fields): Uint8Array | undefined {
  if (command === 'setBaudRate') {
    const para = BAUD_RATES.findIndex((rate) => rate === baudRate);
    return para < 0 ? undefined : Uint8Array.of(SET_BAUD_RATE, para);
  }
  const known = Object.entries(SAM_COMMANDS).find(([name]) => name === command);
  return known && Uint8Array.from(known[1]);
}

function writeData(fields: Fields): Uint8Array | undefined {
  for (const name of ['dataHex', 'cardNumberHex', 'selectedHex']) {
    if (fields[name] !== undefined) return hexBytes(fields[name]);
  }
  const { samId, appendedAddresses, photo } = fields;
  if (typeof samId === 'string') return writeSamId(samId);
  if (Array.isArray(appendedAddresses)) return writeAddresses(appendedAddresses);
  return photo === undefined ? new Uint8Array() : writeBlock(fields);
}
