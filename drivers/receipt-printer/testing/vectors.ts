/** What the worked frames of the sheet mean, worked out by hand from device-protocols 4.2 to 4.9. */
import type { Expected } from '../../testing/vectors.ts';
import type { Meaning } from '../../wire-key.ts';

const means = (meaning: Meaning): Expected => ({ meaning });
const command = (name: string, code: string, more: Readonly<Record<string, Meaning>> = {}): Expected =>
  means({ command: name, code, ...more });

/** All of `names` false but those in `set`. */
function bits(names: readonly string[], set: readonly string[]): Readonly<Record<string, boolean>> {
  return Object.fromEntries(names.map((name) => [name, set.includes(name)]));
}

const N1 = ['drawerPinHigh', 'offline', 'waitingForOnlineRecovery', 'feedButtonPressed'];
const N2 = ['coverOpen', 'feedingByButton', 'stoppedByPaperEnd', 'error'];
const N3 = ['recoverableError', 'cutterError', 'unrecoverableError', 'autoRecoverableError'];

/** The columns of the table of 4.4: bits 2, 3, 5 and 6 for n = 1 to 3; n = 4 only where both bits of a sensor agree. */
function realTime(places: readonly (0 | 1 | 2 | 3)[], paper?: { nearEnd: boolean; end: boolean }): Expected {
  const reading = (to: string, names: readonly string[]): Meaning => ({
    answerTo: to,
    ...bits(
      names,
      places.map((place) => names[place] ?? ''),
    ),
  });
  const readings = [reading('DLE EOT 1', N1), reading('DLE EOT 2', N2), reading('DLE EOT 3', N3)];
  const roll = paper ? [{ answerTo: 'DLE EOT 4', paperNearEnd: paper.nearEnd, paperEnd: paper.end }] : [];
  return means({ answer: 'realTimeStatus', readings: [...readings, ...roll] });
}

const AUTOMATIC = [
  'drawerPinHigh',
  'offline',
  'coverOpen',
  'feedingByButton',
  'waitingForOnlineRecovery',
  'feedButtonPressed',
  'recoverableError',
  'cutterError',
  'unrecoverableError',
  'autoRecoverableError',
  'paperNearEnd',
  'paperEnd',
];
const automatic = (set: readonly string[], more: Readonly<Record<string, Meaning>> = {}): Expected =>
  means({ answer: 'automaticStatus', ...bits(AUTOMATIC, set), ...more });

const FULL = [
  'noPaper',
  'paperNearEnd',
  'ticketInOutput',
  'virtualPaperEnd',
  'notchFound',
  'headUp',
  'coverOpen',
  'spooling',
  'motorOn',
  'lineFeedPressed',
  'formFeedPressed',
  'headTemperature',
  'communicationError',
  'voltageError',
  'unknownCommand',
  'cutterError',
  'cutterCoverOpen',
  'ramError',
  'eepromError',
];
const full = (...set: readonly string[]): Expected => means({ answer: 'fullStatus', ...bits(FULL, set) });

const STAR = [
  'drawerPinHigh',
  'offline',
  'coverOpen',
  'cutterError',
  'unrecoverableError',
  'headTemperature',
  'presenterJam',
  'receiveBufferFull',
  'paperNearEnd',
  'paperEnd',
];
/** 23h: length (23h >> 2 & 18h) | (23h >> 1 & 7) = 8 + 1 = 9, and nothing more from 06h. */
const star = (...set: readonly string[]): Expected =>
  means({
    answer: 'automaticStatus',
    lengthBytes: 9,
    firstByte: 0x23,
    versionByte: 0x06,
    ...bits(STAR, set),
    furtherBytes: [0, 0, 0],
    etbCount: 0,
  });

const PAPER_WELL = { nearEnd: false, end: false };
const OK = realTime([], PAPER_WELL);
const REPORTS = ['drawer', 'onlineOffline', 'error', 'paper', 'panel'];

export const VECTORS: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  'printer-escpos': {
    init: command('initialise', 'ESC @'),
    'chinese-off': command('leaveChineseMode', 'FS .'),
    'intl-china': command('internationalSet', 'ESC R', { set: 15 }),
    'codepage-437': command('codePage', 'ESC t', { page: 0 }),
    'bold-on': command('bold', 'ESC E', { bold: true }),
    'align-centre': command('align', 'ESC a', { align: 'centre' }),
    'hanzi-double': command('chineseStyle', 'FS !', { doubleWidth: true, doubleHeight: true, underline: false }),
    'feed-4': command('feedLines', 'ESC d', { lines: 4 }),
    'cut-partial': command('cut', 'GS V', { cut: 'partial' }),
    'cut-feed-partial': command('cut', 'GS V', { cut: 'partial', feedFirst: 64 }),
    'qr-ec-m': command('qrErrorCorrection', 'GS ( k fn 69', { level: 'M' }),
    'qr-size-query': command('qrAskSize', 'GS ( k fn 82'),
    code128: command('barcode', 'GS k', { symbology: 'CODE128', codeSet: 'B', data: 'A012-2024' }),
    'raster-with-eot': command('picture', 'GS v 0', {
      scale: 'x1',
      widthDots: 24,
      heightDots: 1,
      dataBytes: 3,
      // sha256sum of the three bytes 10 04 01
      sha8: '5a7288cf',
      dataHex: '100401',
    }),
    'dle-eot-2': command('askStatusNow', 'DLE EOT', { ask: 'offlineCause' }),
    'dle-eot-3': command('askStatusNow', 'DLE EOT', { ask: 'errorCause' }),
    'dle-eot-4': command('askStatusNow', 'DLE EOT', { ask: 'rollPaper' }),
    'eot1-online': OK,
    'eot1-online-drawer': realTime([0]),
    'eot1-offline': realTime([0, 1], { nearEnd: true, end: false }),
    'eot1-offline-low': realTime([1]),
    'eot1-kp628-not-taken': means({
      answer: 'paperAtExitStatus',
      readings: [{ answerTo: 'DLE EOT 1 (Cashino KP-628E)', ...bits(N1, []), paperAtExit: true }],
    }),
    'eot2-ok': OK,
    'eot2-feed-button': realTime([1]),
    'eot2-paper-end': realTime([2]),
    'eot2-error': realTime([3]),
    'eot3-ok': OK,
    'eot3-cutter': realTime([1]),
    'eot3-unrecoverable': realTime([2]),
    'eot3-recoverable': realTime([0]),
    'eot4-near-end': realTime([0, 1], { nearEnd: true, end: false }),
    'eot4-end': realTime([2, 3], { nearEnd: false, end: true }),
    // FFh sets three bits that no report has: B0h
    'asb-all': command('automaticStatus', 'GS a', { ...bits(REPORTS, REPORTS), otherBits: 0xb0 }),
    'asb-off': command('automaticStatus', 'GS a', bits(REPORTS, [])),
    'asb-cover': automatic(['drawerPinHigh', 'offline', 'coverOpen']),
    'asb-near-end': automatic(['drawerPinHigh', 'paperNearEnd']),
    'asb-paper-out': automatic(['drawerPinHigh', 'offline', 'paperNearEnd', 'paperEnd']),
    'asb-head-hot': automatic(['drawerPinHigh', 'offline', 'autoRecoverableError']),
    'asb-feed': automatic(['drawerPinHigh', 'feedingByButton']),
    'mixed-asb-xoff-inside': automatic(['drawerPinHigh', 'offline', 'paperNearEnd', 'paperEnd'], {
      flowControlInside: [{ afterByte: 1, code: 'XOFF' }],
    }),
    'process-id-0001': command('reportWhenPrinted', 'GS ( H fn 48', { processId: '0001' }),
    'process-id-0001-done': means({ answer: 'block', block: 'printedUpTo', processId: '0001' }),
    'offline-response-on': command('noticeWhenOffline', 'GS ( H fn 49', { notice: true }),
    'offline-response-off': command('noticeWhenOffline', 'GS ( H fn 49', { notice: false }),
    'gs-r-ok': means({
      answer: 'queuedStatus',
      readings: [
        { answerTo: 'GS r 1', paperNearEnd: false, paperEnd: false },
        { answerTo: 'GS r 2', drawerPinHigh: false },
      ],
    }),
    'gs-r-near': means({
      answer: 'queuedStatus',
      readings: [{ answerTo: 'GS r 1', paperNearEnd: true, paperEnd: false }],
    }),
    // 0Ch is a form feed, too
    'gs-r-end': means({
      either: [
        { command: 'formFeed', code: 'FF' },
        { answer: 'queuedStatus', readings: [{ answerTo: 'GS r 1', paperNearEnd: false, paperEnd: true }] },
      ],
    }),
    'gs-r-drawer': command('askQueuedStatus', 'GS r', { ask: 'drawer' }),
    'gs-i-2': command('askIdentity', 'GS I', { ask: 'typeId' }),
    'gs-i-65': command('askIdentity', 'GS I', { ask: 'firmware' }),
    'gs-i-66': command('askIdentity', 'GS I', { ask: 'maker' }),
    'gs-i-67': command('askIdentity', 'GS I', { ask: 'model' }),
    'gs-i-67-reply': means({ answer: 'block', block: 'identity', headHex: '5F', text: 'KIOSK-80' }),
    'dle-enq-1': command('continueAfterError', 'DLE ENQ 1'),
    'dle-dc4-8': command('clearBuffers', 'DLE DC4 8 (06 01)'),
    'sensor-select-end': command('paperEndSensors', 'ESC c 3 (binary)', { nearEnd: true, end: false }),
    'panel-off': command('panelButtons', 'ESC c 5 (binary)', { panelButtons: 'disabled' }),
  },
  'printer-custom': {
    'full-status-ok': full(),
    'full-status-paper-out': full('noPaper', 'paperNearEnd'),
    'full-status-ticket': full('ticketInOutput'),
    'full-status-near-ticket': full('paperNearEnd', 'ticketInOutput'),
    'print-status': command('askPrintStatus', 'DLE EOT 17'),
    'auto-full-status-on': command('automaticFullStatus', 'GS E0', { reportsMask: 255 }),
    'paper-length-reply': means({ answer: 'paperLeft', centimetres: 510, digits: 3 }),
    'present-12': command('present', 'GS e 3', { steps: 12 }),
    'ejector-status': command('askEjector', 'GS e 6'),
    'retract-or-motor-on': command('retractOrMotorOn', 'GS e 2'),
  },
  'printer-star': {
    retract: command('retract', 'ESC SYN 0', { mode: 0 }),
    'auto-retract-10s': command('automaticRetract', 'ESC SYN 1', { afterMs: 10_000 }),
    'asb-on': command('automaticStatus', 'ESC RS a', { reports: true }),
    etb: command('countWhenReached', 'ETB'),
    'asb-ok': star(),
    'asb-cover': star('coverOpen'),
    'asb-paper-out': star('paperEnd'),
  },
  'printer-citizen': {
    'present-timeout-5': command('holdTime', 'GS R 1', { holdSeconds: 5 }),
  },
};
