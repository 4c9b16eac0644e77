/** Receipt printers for a person with a line of hex: ESC/POS and what three makers add to it (device-protocols 4). */
import type { WireKey } from '../wire-key.ts';
import { EscposStatusDecoder, type Dialect } from './escpos-status.codec.ts';
import { ESCPOS_COMMANDS } from './wire/escpos-commands.codec.ts';
import { CASHINO_COMMANDS, CITIZEN_COMMANDS, CUSTOM_COMMANDS, STAR_COMMANDS } from './wire/maker-commands.codec.ts';
import { CUSTOM_ANSWERS, ESCPOS_ANSWERS } from './wire/printer-answers.codec.ts';
import { PrinterWire, type PrinterLanguage } from './wire/printer-wire.codec.ts';
import { starStatus } from './wire/star-answers.codec.ts';

function wireKey(key: string, protocol: string, dialect: Dialect, language: PrinterLanguage): WireKey {
  const wire = new PrinterWire(language);
  return {
    key,
    protocol,
    decode: (bytes) => wire.decode(bytes),
    encode: (meaning) => wire.encode(meaning),
    mask: (direction, bytes) => wire.mask(direction, bytes),
    stream: () => new EscposStatusDecoder(dialect),
  };
}

export const WIRE_KEYS: readonly WireKey[] = [
  wireKey('printer-escpos', 'ESC/POS receipt printers (device-protocols 4.2 to 4.8)', 'cashino', {
    commands: [...ESCPOS_COMMANDS, ...CASHINO_COMMANDS],
    answers: ESCPOS_ANSWERS,
  }),
  wireKey('printer-custom', 'Custom presenter printers: ESC/POS and full status (device-protocols 4.9)', 'custom', {
    commands: [...CUSTOM_COMMANDS, ...ESCPOS_COMMANDS],
    answers: CUSTOM_ANSWERS,
  }),
  wireKey('printer-star', 'Star line mode and automatic status (device-protocols 4.9)', 'star', {
    commands: STAR_COMMANDS,
    answers: [starStatus],
  }),
  wireKey('printer-citizen', 'Citizen PMU: ESC/POS and its retractor (device-protocols 4.9)', 'epson', {
    commands: [...CITIZEN_COMMANDS, ...ESCPOS_COMMANDS],
    answers: ESCPOS_ANSWERS,
  }),
];
