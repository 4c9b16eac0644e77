/** Every ESC/POS command of device-protocols 4.2 to 4.8 as a row: its bytes, its name in plain English, its parameters. */
import { picture } from './picture.codec.ts';
import {
  bad,
  byte,
  choice,
  counted,
  CUT_SHORT,
  ended,
  fixed,
  flags,
  rest,
  sequence,
  word,
  type Facts,
  type Part,
} from './wire-part.codec.ts';

export interface CommandRow {
  /** What it says to the printer. */
  readonly name: string;
  /** As manuals write it. */
  readonly code: string;
  /** Its first bytes, as hex. */
  readonly opening: string;
  readonly parameters: Part;
}

export function row(name: string, code: string, opening: string, ...parameters: Part[]): CommandRow {
  return { name, code, opening, parameters: sequence(...parameters) };
}

const onOff = (name: string): Part => choice(name, { 0: false, 1: true }, true);
const character = (value: number): boolean => value >= 0x20 && value <= 0x7e;

const STYLE = { fontB: 0x01, bold: 0x08, doubleHeight: 0x10, doubleWidth: 0x20, underline: 0x80 };
const CHINESE_STYLE = { doubleWidth: 0x04, doubleHeight: 0x08, underline: 0x80 };
const REPORTS = { drawer: 0x01, onlineOffline: 0x02, error: 0x04, paper: 0x08, panel: 0x40 };
const SENSORS = { nearEnd: 0x03, end: 0x0c };
const CUTS = { 0: 'full', 1: 'partial' };
const QUEUED = { 1: 'paper', 2: 'drawer' };
const IDENTITIES = {
  1: 'modelId',
  2: 'typeId',
  65: 'firmware',
  66: 'maker',
  67: 'model',
  68: 'serialNumber',
  69: 'fonts',
};
const REAL_TIME = { 1: 'printer', 2: 'offlineCause', 3: 'errorCause', 4: 'rollPaper' };

/** GS ! n: width in the high half, height in the low one, both 1 to 8. */
const characterSize: Part = {
  read([value]) {
    if (value === undefined) return CUT_SHORT;
    if ((value & 0x88) !== 0) return bad('a character is 1 to 8 times as large');
    return { length: 1, facts: { widthTimes: (value >> 4) + 1, heightTimes: (value & 7) + 1 } };
  },
  write: ({ widthTimes, heightTimes }) =>
    typeof widthTimes === 'number' && typeof heightTimes === 'number'
      ? Uint8Array.of((widthTimes - 1) * 16 + heightTimes - 1)
      : undefined,
};

/** GS V m [n]. */
const cut: Part = {
  read([m, n]) {
    if (m === undefined) return CUT_SHORT;
    if (m !== 0x41 && m !== 0x42) return choice('cut', CUTS, true).read(Uint8Array.of(m));
    if (n === undefined) return CUT_SHORT;
    return { length: 2, facts: { cut: m === 0x41 ? 'full' : 'partial', feedFirst: n } };
  },
  write(facts) {
    const feed = facts['feedFirst'];
    if (feed === undefined) return choice('cut', CUTS, true).write(facts);
    const kind = choice('cut', { 0x41: 'full', 0x42: 'partial' }).write(facts);
    return kind && typeof feed === 'number' ? Uint8Array.of(...kind, feed) : undefined;
  },
};

const SYMBOLOGIES = ['UPC-A', 'UPC-E', 'EAN13', 'EAN8', 'CODE39', 'ITF', 'CODABAR', 'CODE93', 'CODE128'] as const;

/** GS k m n data; CODE128 names its code set first and doubles a brace. The old form (m below 7) ends with NUL. */
const barcode: Part = {
  read(bytes) {
    const [m] = bytes;
    if (m === undefined) return CUT_SHORT;
    const symbology = SYMBOLOGIES[m <= 6 ? m : m - 65];
    if (symbology === undefined) return bad(`no bar code of kind ${m}`);
    const data = symbology === 'CODE128' ? code128 : rest('data');
    const reading = (m <= 6 ? ended(0, data) : counted(1, data)).read(bytes.subarray(1));
    if ('reason' in reading) return reading;
    return { length: reading.length + 1, facts: { symbology, ...(m <= 6 && { endsWithNul: true }), ...reading.facts } };
  },
  write(facts) {
    const place = SYMBOLOGIES.findIndex((name) => name === facts['symbology']);
    if (place < 0) return undefined;
    const old = facts['endsWithNul'] === true;
    const data = SYMBOLOGIES[place] === 'CODE128' ? code128 : rest('data');
    const content = (old ? ended(0, data) : counted(1, data)).write(facts);
    return content && Uint8Array.of(old ? place : place + 65, ...content);
  },
};

const code128: Part = {
  read(bytes) {
    const set = bytes[0] === 0x7b ? String.fromCharCode(bytes[1] ?? 0) : '';
    if (!/^[ABC]$/.test(set)) return bad('CODE128 begins with {A, {B or {C');
    const raw = Buffer.from(bytes.subarray(2)).toString('latin1');
    const isPlain = set === 'B' && /^(?:[ -z|}~]|\{\{)*$/.test(raw);
    const reading = rest('raw').read(bytes.subarray(2));
    if ('reason' in reading) return reading;
    const facts: Facts = isPlain ? { data: raw.replaceAll('{{', '{') } : reading.facts;
    return { length: bytes.length, facts: { codeSet: set, ...facts } };
  },
  write(facts) {
    const { codeSet, data } = facts;
    if (typeof codeSet !== 'string' || !/^[ABC]$/.test(codeSet)) return undefined;
    const raw = typeof data === 'string' ? { raw: data.replaceAll('{', '{{') } : facts;
    const content = rest('raw').write(raw);
    return content && Uint8Array.of(0x7b, codeSet.charCodeAt(0), ...content);
  },
};

/** ESC * m nL nH data: columns of 8 or 24 dots. */
const bitImage: Part = {
  read(bytes) {
    const [m, low, high] = bytes;
    if (m === undefined || low === undefined || high === undefined) return CUT_SHORT;
    if (![0, 1, 32, 33].includes(m)) return bad(`no bit image mode ${m}`);
    const columns = low + high * 256;
    const length = columns * (m >= 32 ? 3 : 1);
    if (bytes.length < 3 + length) return CUT_SHORT;
    const data = Buffer.from(bytes.subarray(3, 3 + length))
      .toString('hex')
      .toUpperCase();
    return { length: 3 + length, facts: { mode: m, columns, dotsHigh: m >= 32 ? 24 : 8, dataHex: data } };
  },
  write({ mode, columns, dataHex }) {
    if (typeof mode !== 'number' || typeof columns !== 'number' || typeof dataHex !== 'string') return undefined;
    return Uint8Array.of(mode, columns & 0xff, columns >> 8, ...Buffer.from(dataHex, 'hex'));
  },
};

const qr = (name: string, code: string, fn: string, ...parameters: Part[]): CommandRow =>
  row(name, code, '1D286B', counted(2, sequence(fixed(`31${fn}`), ...parameters)));

/** Rows with the same opening are tried in order. */
export const ESCPOS_COMMANDS: readonly CommandRow[] = [
  row('lineFeed', 'LF', '0A'),
  row('formFeed', 'FF', '0C'),
  row('carriageReturn', 'CR', '0D'),
  row('horizontalTab', 'HT', '09'),
  row('cancelPage', 'CAN', '18'),
  row('initialise', 'ESC @', '1B40'),
  row('selectPeripheral', 'ESC =', '1B3D', byte('peripheral')),
  row('characterSpacing', 'ESC SP', '1B20', byte('dots')),
  row('printMode', 'ESC !', '1B21', flags(STYLE)),
  row('characterSize', 'GS !', '1D21', characterSize),
  row('bold', 'ESC E', '1B45', onOff('bold')),
  row('doubleStrike', 'ESC G', '1B47', onOff('doubleStrike')),
  row('underline', 'ESC -', '1B2D', choice('underline', { 0: 'off', 1: 'thin', 2: 'thick' }, true)),
  row('font', 'ESC M', '1B4D', choice('font', { 0: 'A', 1: 'B', 2: 'C' }, true)),
  row('upsideDown', 'ESC {', '1B7B', onOff('upsideDown')),
  row('rotate', 'ESC V', '1B56', choice('rotate', { 0: 'off', 1: 'clockwise90' }, true)),
  row('whiteOnBlack', 'GS B', '1D42', onOff('whiteOnBlack')),
  row('internationalSet', 'ESC R', '1B52', byte('set')),
  row('codePage', 'ESC t', '1B74', byte('page')),
  row('align', 'ESC a', '1B61', choice('align', { 0: 'left', 1: 'centre', 2: 'right' }, true)),
  row('absolutePosition', 'ESC $', '1B24', word('dots')),
  row('relativePosition', 'ESC \\', '1B5C', word('dots')),
  row('feedLines', 'ESC d', '1B64', byte('lines')),
  row('feedDots', 'ESC J', '1B4A', byte('dots')),
  row('defaultLineSpacing', 'ESC 2', '1B32'),
  row('lineSpacing', 'ESC 3', '1B33', byte('dots')),
  row('leftMargin', 'GS L', '1D4C', word('dots')),
  row('areaWidth', 'GS W', '1D57', word('dots')),
  row('cut', 'GS V', '1D56', cut),
  row('fullCut', 'ESC i', '1B69'),
  row('partialCut', 'ESC m', '1B6D'),
  row('drawerPulse', 'ESC p', '1B70', byte('pin'), byte('onTimes2Ms'), byte('offTimes2Ms')),
  row('paperEndSensors', 'ESC c 3', '1B6333', flags(SENSORS, { other: 'otherBits' })),
  row('paperEndSensors', 'ESC c 3 (binary)', '1B6303', flags(SENSORS, { other: 'otherBits' })),
  row('paperStopSensors', 'ESC c 4', '1B6334', flags(SENSORS, { other: 'otherBits' })),
  row('paperStopSensors', 'ESC c 4 (binary)', '1B6304', flags(SENSORS, { other: 'otherBits' })),
  row('panelButtons', 'ESC c 5', '1B6335', choice('panelButtons', { 0: 'enabled', 1: 'disabled' }, true)),
  row('panelButtons', 'ESC c 5 (binary)', '1B6305', choice('panelButtons', { 0: 'enabled', 1: 'disabled' }, true)),
  row('bitImage', 'ESC *', '1B2A', bitImage),
  row('chineseMode', 'FS &', '1C26'),
  row('leaveChineseMode', 'FS .', '1C2E'),
  row('chineseStyle', 'FS !', '1C21', flags(CHINESE_STYLE)),
  row('chineseUnderline', 'FS -', '1C2D', choice('underline', { 0: 'off', 1: 'thin', 2: 'thick' }, true)),
  row('chineseSpacing', 'FS S', '1C53', byte('leftDots'), byte('rightDots')),
  row('quadrupleChinese', 'FS W', '1C57', onOff('quadruple')),
  row('barcodeHeight', 'GS h', '1D68', byte('dots')),
  row('barcodeModule', 'GS w', '1D77', byte('dots')),
  row('barcodeText', 'GS H', '1D48', choice('at', { 0: 'none', 1: 'above', 2: 'below', 3: 'both' }, true)),
  row('barcode', 'GS k', '1D6B', barcode),
  row('picture', 'GS v 0', '1D7630', picture('epson')),
  qr('qrModel', 'GS ( k fn 65', '41', choice('model', { 0x31: '1', 0x32: '2', 0x33: 'micro' }), fixed('00')),
  qr(
    'qrModuleSize',
    'GS ( k fn 67',
    '43',
    byte('dots', (dots) => dots >= 1 && dots <= 16),
  ),
  qr('qrErrorCorrection', 'GS ( k fn 69', '45', choice('level', { 0x30: 'L', 0x31: 'M', 0x32: 'Q', 0x33: 'H' })),
  qr('qrStore', 'GS ( k fn 80', '50', fixed('30'), rest('data', 'utf8')),
  qr('qrPrint', 'GS ( k fn 81', '51', fixed('30')),
  qr('qrAskSize', 'GS ( k fn 82', '52', fixed('30')),
  row('automaticStatus', 'GS a', '1D61', flags(REPORTS, { other: 'otherBits' })),
  row('askQueuedStatus', 'GS r', '1D72', choice('ask', QUEUED, true)),
  row('askIdentity', 'GS I', '1D49', choice('ask', IDENTITIES)),
  row('reportWhenPrinted', 'GS ( H fn 48', '1D2848', counted(2, sequence(fixed('3030'), processId()))),
  row('noticeWhenOffline', 'GS ( H fn 49', '1D2848', counted(2, sequence(fixed('3130'), onOff('notice')))),
  row('askStatusNow', 'DLE EOT', '1004', choice('ask', REAL_TIME)),
  row('continueAfterError', 'DLE ENQ 1', '100501'),
  row('clearAfterError', 'DLE ENQ 2', '100502'),
  row('drawerPulseNow', 'DLE DC4 1', '101401', byte('pin'), byte('onTimes100Ms')),
  row('clearBuffers', 'DLE DC4 8', '101408', fixed('01031401060208')),
  // the sheet's own order of the fixed bytes; every open driver sends the one above
  row('clearBuffers', 'DLE DC4 8 (06 01)', '101408', fixed('01031406010208')),
];

/** Four characters from 20h to 7Eh. */
export function processId(): Part {
  return {
    read(bytes) {
      const id = bytes.subarray(0, 4);
      if (id.length < 4) return CUT_SHORT;
      if (!id.every(character)) return bad('a process id is four printable characters');
      return { length: 4, facts: { processId: Buffer.from(id).toString('latin1') } };
    },
    write: ({ processId: id }) =>
      typeof id === 'string' && /^[ -~]{4}$/.test(id) ? Uint8Array.from(Buffer.from(id, 'latin1')) : undefined,
  };
}
