/** What printers say, each kind as a row (device-protocols 4.4, 4.5, 4.6, 4.8, 4.9). */
import {
  bad,
  bytesOf,
  CUT_SHORT,
  flags,
  hexByte,
  hexOf,
  type Facts,
  type Part,
  type Reading,
} from './wire-part.codec.ts';

export interface AnswerRow {
  readonly name: string;
  /** Reads an answer at the beginning of the bytes; a reason when it looks like this kind and is damaged, undefined when it is another kind. */
  read(bytes: Uint8Array): Reading | undefined;
  write(facts: Facts): Uint8Array | undefined;
}

/** A byte that can be the answer to several questions: all that it can mean. */
interface ByteReading {
  readonly to: string;
  readonly bits: Part;
}

const FIXED = { base: 0x12, baseMask: 0x93 };
const REAL_TIME: readonly ByteReading[] = [
  {
    to: 'DLE EOT 1',
    bits: flags({ drawerPinHigh: 0x04, offline: 0x08, waitingForOnlineRecovery: 0x20, feedButtonPressed: 0x40 }, FIXED),
  },
  {
    to: 'DLE EOT 2',
    bits: flags({ coverOpen: 0x04, feedingByButton: 0x08, stoppedByPaperEnd: 0x20, error: 0x40 }, FIXED),
  },
  {
    to: 'DLE EOT 3',
    bits: flags(
      { recoverableError: 0x04, cutterError: 0x08, unrecoverableError: 0x20, autoRecoverableError: 0x40 },
      FIXED,
    ),
  },
  { to: 'DLE EOT 4', bits: flags({ paperNearEnd: 0x0c, paperEnd: 0x60 }, FIXED) },
];
/** Cashino KP-628E: bit 7 of n = 1 says that printed paper is not yet torn off, against the fixed bits. */
const PAPER_AT_EXIT: ByteReading = {
  to: 'DLE EOT 1 (Cashino KP-628E)',
  bits: flags(
    { drawerPinHigh: 0x04, offline: 0x08, waitingForOnlineRecovery: 0x20, feedButtonPressed: 0x40, paperAtExit: 0x80 },
    { base: 0x12, baseMask: 0x13 },
  ),
};
const PRINT_STATUS: ByteReading = {
  to: 'DLE EOT 17',
  bits: flags({ motorOn: 0x04, paperAbsent: 0x20 }, { ...FIXED, other: 'otherBits' }),
};
const QUEUED: readonly ByteReading[] = [
  { to: 'GS r 1', bits: flags({ paperNearEnd: 0x03, paperEnd: 0x0c }) },
  { to: 'GS r 2', bits: flags({ drawerPinHigh: 0x01 }) },
];
const EJECTOR: ByteReading = {
  to: 'GS e 6',
  bits: flags({
    paperNearEnd: 0x01,
    paperAtEndSensor: 0x04,
    ticketAtOutput: 0x08,
    motorOn: 0x20,
    error: 0x40,
    jam: 0x80,
  }),
};

function byteRow(name: string, readings: readonly ByteReading[]): AnswerRow {
  return {
    name,
    read([value]) {
      if (value === undefined) return undefined;
      const can = readings.flatMap(({ to, bits }) => {
        const reading = bits.read(Uint8Array.of(value));
        return 'reason' in reading ? [] : [{ answerTo: to, ...reading.facts }];
      });
      return can.length === 0 ? undefined : { length: 1, facts: { readings: can } };
    },
    write(facts) {
      const first: unknown = Array.isArray(facts['readings']) ? facts['readings'][0] : undefined;
      if (typeof first !== 'object' || first === null) return undefined;
      const said = first as Facts;
      return readings.find(({ to }) => to === said['answerTo'])?.bits.write(said);
    },
  };
}

const XON = 0x11;
const XOFF = 0x13;
const FLOW: Readonly<Record<number, string>> = { [XON]: 'XON', [XOFF]: 'XOFF' };

const flowControl: AnswerRow = {
  name: 'flowControl',
  read: ([value]) => {
    const code = value === undefined ? undefined : FLOW[value];
    return code === undefined ? undefined : { length: 1, facts: { code } };
  },
  write: ({ code }) => (code === 'XON' ? Uint8Array.of(XON) : code === 'XOFF' ? Uint8Array.of(XOFF) : undefined),
};

const ASB_BYTES: readonly Part[] = [
  flags({ drawerPinHigh: 0x04, offline: 0x08, coverOpen: 0x20, feedingByButton: 0x40 }, { base: 0x10, baseMask: 0x93 }),
  flags(
    {
      waitingForOnlineRecovery: 0x01,
      feedButtonPressed: 0x02,
      recoverableError: 0x04,
      cutterError: 0x08,
      unrecoverableError: 0x20,
      autoRecoverableError: 0x40,
    },
    { base: 0, baseMask: 0x90 },
  ),
  flags({ paperNearEnd: 0x03, paperEnd: 0x0c }, { base: 0, baseMask: 0x90, other: 'otherPaperBits' }),
  flags({}, { base: 0, baseMask: 0x90, other: 'reservedBits' }),
];

/** Four bytes; XON and XOFF may stand between them. */
const automaticStatus: AnswerRow = {
  name: 'automaticStatus',
  read(bytes) {
    if (((bytes[0] ?? 0) & 0x93) !== 0x10) return undefined;
    const inside: Facts[] = [];
    let facts: Facts = {};
    let place = 0;
    for (const [at, value] of bytes.entries()) {
      const code = FLOW[value];
      if (code !== undefined) {
        inside.push({ afterByte: place, code });
        continue;
      }
      const reading = ASB_BYTES[place]?.read(Uint8Array.of(value)) ?? CUT_SHORT;
      if ('reason' in reading) return bad(`automatic status byte ${place + 1}: ${reading.reason}`);
      facts = { ...facts, ...reading.facts };
      place += 1;
      if (place < ASB_BYTES.length) continue;
      return { length: at + 1, facts: { ...facts, ...(inside.length > 0 && { flowControlInside: inside }) } };
    }
    return CUT_SHORT;
  },
  write(facts) {
    const bytes = ASB_BYTES.map((part) => part.write(facts)?.[0]);
    if (!bytes.every((value) => value !== undefined)) return undefined;
    const inside = Array.isArray(facts['flowControlInside']) ? (facts['flowControlInside'] as readonly Facts[]) : [];
    const written: number[] = [];
    for (const [place, value] of bytes.entries()) {
      for (const flow of inside) if (flow['afterByte'] === place) written.push(flow['code'] === 'XON' ? XON : XOFF);
      written.push(value);
    }
    return Uint8Array.from(written);
  },
};

const BLOCK_HEADS: readonly number[] = [0x37, 0x5f, 0x35, 0x3b, 0x3d];
const BLOCK_LIMIT = 80;
const UNIT_SEPARATOR = '\u001F';
const BLOCK_NAMES: Readonly<Record<number, string>> = { 0x5f: 'identity' };

/** A head byte, content, NUL: process id (37 22), QR size (37 36), identity (5F), others by their head. */
const block: AnswerRow = {
  name: 'block',
  read(bytes) {
    const [head] = bytes;
    if (head === undefined || !BLOCK_HEADS.includes(head)) return undefined;
    const end = bytes.indexOf(0);
    if (end < 0) return bytes.length > BLOCK_LIMIT ? bad('a block without its NUL') : CUT_SHORT;
    const content = bytes.subarray(1, end);
    const facts = contentOf(head, content);
    return facts ? { length: end + 1, facts } : bad('a block that holds what no block holds');
  },
  write(facts) {
    const content = writeContent(facts);
    return content && Uint8Array.of(...content, 0);
  },
};

function contentOf(head: number, content: Uint8Array): Facts | undefined {
  const text = Buffer.from(content).toString('latin1');
  if (head === 0x37 && text.startsWith('"')) {
    return /^"[ -~]{4}$/.test(text) ? { block: 'printedUpTo', processId: text.slice(1) } : undefined;
  }
  if (head === 0x37 && text === '%') return { block: 'buffersCleared', headHex: '37', text };
  if (head === 0x37 && text.startsWith('6')) return qrSize(text.slice(1), hexOf(content));
  if (!/^[ -~]*$/.test(text)) return { block: 'other', headHex: hexByte(head), contentHex: hexOf(content) };
  return { block: BLOCK_NAMES[head] ?? 'other', headHex: hexByte(head), text };
}

/** Width, height, a constant and whether it can be printed, between unit separators; the layout is the maker's, assumed. */
function qrSize(text: string, contentHex: string): Facts {
  const [width = '', height = '', , printable = ''] = text.split(UNIT_SEPARATOR);
  if (![width, height, printable].every((part) => /^\d{1,5}$/.test(part))) {
    return { block: 'qrSize', headHex: '37', contentHex };
  }
  const size = { widthDots: Number(width), heightDots: Number(height) };
  return { block: 'qrSize', headHex: '37', ...size, canBePrinted: printable === '0', contentHex };
}

function writeContent(facts: Facts): Uint8Array | undefined {
  if (facts['block'] === 'printedUpTo') {
    const id = facts['processId'];
    return typeof id === 'string' && /^[ -~]{4}$/.test(id)
      ? Uint8Array.from(Buffer.from(`7"${id}`, 'latin1'))
      : undefined;
  }
  const { headHex, text, contentHex } = facts;
  if (typeof headHex !== 'string') return undefined;
  if (typeof text === 'string') return Uint8Array.of(...bytesOf(headHex), ...Buffer.from(text, 'latin1'));
  return typeof contentHex === 'string' ? bytesOf(headHex + contentHex) : undefined;
}

const FULL_STATUS: readonly Part[] = [
  flags(
    { noPaper: 0x01, paperNearEnd: 0x04, ticketInOutput: 0x20, virtualPaperEnd: 0x40, notchFound: 0x80 },
    { other: 'otherPaperBits' },
  ),
  flags(
    {
      headUp: 0x01,
      coverOpen: 0x02,
      spooling: 0x04,
      motorOn: 0x08,
      lineFeedPressed: 0x20,
      formFeedPressed: 0x40,
    },
    { other: 'otherUserBits' },
  ),
  flags(
    { headTemperature: 0x01, communicationError: 0x02, voltageError: 0x08, unknownCommand: 0x20 },
    { other: 'otherRecoverableBits' },
  ),
  flags(
    { cutterError: 0x01, cutterCoverOpen: 0x02, ramError: 0x04, eepromError: 0x08 },
    { other: 'otherUnrecoverableBits' },
  ),
];

const fullStatus: AnswerRow = {
  name: 'fullStatus',
  read(bytes) {
    if (bytes[0] !== 0x10) return undefined;
    if (bytes[1] !== undefined && bytes[1] !== 0x0f) return undefined;
    if (bytes.length < 6) return CUT_SHORT;
    return FULL_STATUS.reduce<Reading>(
      (so, part, place) => {
        const reading = part.read(bytes.subarray(2 + place));
        if ('reason' in so) return so;
        return 'reason' in reading ? reading : { length: 6, facts: { ...so.facts, ...reading.facts } };
      },
      { length: 6, facts: {} },
    );
  },
  write(facts) {
    const bytes = FULL_STATUS.map((part) => part.write(facts)?.[0]);
    return bytes.every((value) => value !== undefined) ? Uint8Array.of(0x10, 0x0f, ...bytes) : undefined;
  },
};

const PAPER_LEFT = /^(\d{1,5})cm/;

const paperLeft: AnswerRow = {
  name: 'paperLeft',
  read(bytes) {
    const match = PAPER_LEFT.exec(Buffer.from(bytes.subarray(0, 7)).toString('latin1'));
    return match
      ? { length: match[0].length, facts: { centimetres: Number(match[1]), digits: match[1]?.length ?? 0 } }
      : undefined;
  },
  write({ centimetres, digits }) {
    if (typeof centimetres !== 'number' || typeof digits !== 'number') return undefined;
    return Uint8Array.from(Buffer.from(`${String(centimetres).padStart(digits, '0')}cm`, 'latin1'));
  },
};

export const ESCPOS_ANSWERS: readonly AnswerRow[] = [
  block,
  automaticStatus,
  byteRow('realTimeStatus', REAL_TIME),
  byteRow('paperAtExitStatus', [PAPER_AT_EXIT]),
  flowControl,
  byteRow('queuedStatus', QUEUED),
];

/** No automatic status of four bytes: a Custom reports by full status, and the two cannot be told apart. */
export const CUSTOM_ANSWERS: readonly AnswerRow[] = [
  paperLeft,
  block,
  fullStatus,
  byteRow('realTimeStatus', [...REAL_TIME, PRINT_STATUS]),
  flowControl,
  byteRow('queuedStatus', [...QUEUED, EJECTOR]),
];
