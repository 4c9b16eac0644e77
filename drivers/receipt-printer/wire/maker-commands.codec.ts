/** What single makers add to, or speak instead of, ESC/POS (device-protocols 4.3, 4.9). */
import { row, type CommandRow } from './escpos-commands.codec.ts';
import { picture } from './picture.codec.ts';
import { bad, byte, choice, counted, CUT_SHORT, ended, rest, type Part } from './wire-part.codec.ts';

export const CASHINO_COMMANDS: readonly CommandRow[] = [row('doubleQr', 'US Q', '1F51', rest('data'))];

export const CUSTOM_COMMANDS: readonly CommandRow[] = [
  row('askPrintStatus', 'DLE EOT 17', '100411'),
  row('askFullStatus', 'DLE EOT 20', '100414'),
  row('automaticFullStatus', 'GS E0', '1DE0', byte('reportsMask')),
  row('askPaperLeft', 'GS E1', '1DE1'),
  row('retractOrMotorOn', 'GS e 2', '1D6502'),
  row('present', 'GS e 3', '1D6503', byte('steps')),
  row('eject', 'GS e 5', '1D6505'),
  row('askEjector', 'GS e 6', '1D6506'),
];

/** `0` retracts; `1` and a digit sets the hold time, in seconds as the sheet reads it (the unit is the manual's). */
export const CITIZEN_COMMANDS: readonly CommandRow[] = [
  row('retract', 'GS R 0', '1D5230'),
  row('holdTime', 'GS R 1', '1D5231', digit('holdSeconds')),
];

function digit(name: string): Part {
  return {
    read([value]) {
      if (value === undefined) return CUT_SHORT;
      return value >= 0x30 && value <= 0x39 ? { length: 1, facts: { [name]: value - 0x30 } } : bad('a digit expected');
    },
    write(facts) {
      const value = facts[name];
      return typeof value === 'number' && /^\d$/.test(String(value)) ? Uint8Array.of(0x30 + value) : undefined;
    },
  };
}

/** Half seconds until the presenter takes the slip back by itself; 0 never does. */
const retractAfter: Part = {
  read: ([value]) => (value === undefined ? CUT_SHORT : { length: 1, facts: { afterMs: value * 500 } }),
  write: ({ afterMs }) =>
    typeof afterMs === 'number' && afterMs % 500 === 0 && afterMs >= 0 && afterMs <= 127_500
      ? Uint8Array.of(afterMs / 500)
      : undefined,
};

const times = (name: string): Part => ({
  read([value]) {
    if (value === undefined) return CUT_SHORT;
    const plain = value >= 0x30 ? value - 0x30 : value;
    if (plain > 5) return bad(`${name} cannot be ${value}`);
    return { length: 1, facts: { [name]: plain + 1, ...(value >= 0x30 && { digitParameter: true }) } };
  },
  write(facts) {
    const value = facts[name];
    if (typeof value !== 'number' || value < 1 || value > 6) return undefined;
    return Uint8Array.of(value - 1 + (facts['digitParameter'] === true ? 0x30 : 0));
  },
});

const CUTS = { 0: 'full', 1: 'partial', 2: 'full, fed to the cutter', 3: 'partial, fed to the cutter' };

/**
 * Star's own language. ESC RS a, ESC SYN and ETB are the sheet's; the rest is Star line mode as open drivers send it
 * (receiptline, receiptio), no sheet of ours: assumed.
 */
export const STAR_COMMANDS: readonly CommandRow[] = [
  row('retract', 'ESC SYN 0', '1B1630', byte('mode')),
  row('automaticRetract', 'ESC SYN 1', '1B1631', retractAfter),
  row('automaticStatus', 'ESC RS a', '1B1E61', choice('reports', { 0: false, 1: true }, true)),
  row('countWhenReached', 'ETB', '17'),
  row('askStatusNow', 'ESC ACK SOH', '1B0601'),
  row('clearBuffers', 'ESC ACK CAN', '1B0618'),
  row('lineFeed', 'LF', '0A'),
  row('formFeed', 'FF', '0C'),
  row('carriageReturn', 'CR', '0D'),
  row('initialise', 'ESC @', '1B40'),
  row('boldOn', 'ESC E', '1B45'),
  row('boldOff', 'ESC F', '1B46'),
  row('underline', 'ESC -', '1B2D', choice('underline', { 0: false, 1: true }, true)),
  row('characterSize', 'ESC i', '1B69', times('heightTimes'), times('widthTimes')),
  row('align', 'ESC GS a', '1B1D61', choice('align', { 0: 'left', 1: 'centre', 2: 'right' }, true)),
  row('feedLines', 'ESC a', '1B61', byte('lines')),
  row('feedDots', 'ESC J', '1B4A', byte('quarterMm')),
  row('cut', 'ESC d', '1B64', choice('cut', CUTS, true)),
  row('qrModel', 'ESC GS y S 0', '1B1D795330', choice('model', { 1: '1', 2: '2' })),
  row('qrErrorCorrection', 'ESC GS y S 1', '1B1D795331', choice('level', { 0: 'L', 1: 'M', 2: 'Q', 3: 'H' })),
  row(
    'qrModuleSize',
    'ESC GS y S 2',
    '1B1D795332',
    byte('dots', (dots) => dots >= 1 && dots <= 8),
  ),
  row('qrStore', 'ESC GS y D 1', '1B1D79443100', counted(2, rest('data', 'utf8'))),
  row('qrPrint', 'ESC GS y P', '1B1D7950'),
  row(
    'barcode',
    'ESC b',
    '1B62',
    choice('symbology', { 0x36: 'CODE128' }),
    choice('text', { 0x31: 'none', 0x32: 'below' }),
    byte('width'),
    byte('heightDots'),
    ended(0x1e, rest('data')),
  ),
  row('picture', 'ESC GS S', '1B1D53', picture('star')),
];
