/**
 * What differs between printer models, as data. Bytes are device-protocols 4.2, 4.6, 4.7 and 4.9. Each row says of each
 * value that is not sure where it comes from; a site that finds it wrong changes a row, not code.
 */
import type { Dialect } from './escpos-status.codec.ts';

export type PrinterModelName = 'epson-tm-t88' | 'custom-vkp80' | 'cashino-kp628e' | 'citizen-pmu' | 'star-tsp';

/** Chinese characters the printer can draw: GBK, or with the four-byte ones of GB18030 up to extension A. */
export type PrinterFont = 'gbk' | 'gb18030';

export interface PrinterModel {
  readonly name: PrinterModelName;
  /** How it speaks of itself. */
  readonly dialect: Dialect;
  /** How it is told what to print. */
  readonly language: 'escpos' | 'star';
  readonly font: PrinterFont;
  readonly widthDots: number;
  /** Font A columns; a Chinese character takes two. */
  readonly columns: number;
  /** Largest character scale that single-byte and Chinese characters share. */
  readonly maxScale: 1 | 2 | 3;
  /** Before the first line: initialise, status reports, Chinese mode, in this order (ESC @ would undo the others). */
  readonly preamble: string;
  /** After the last line: feed past the cutter, cut, hold the slip out where there is a presenter. */
  readonly finish: string;
  /** How it proves that a slip left the head (4.6, 4.9). */
  readonly evidence: 'processId' | 'drained' | 'counter';
  /** Drops what it has buffered and leaves the error state (4.7). */
  readonly clearBuffers: string;
  /** Reports trouble by itself, so that it need not be asked in the middle of a slip. */
  readonly reportsItself: boolean;
  /** Has a remaining-paper counter in centimetres (4.9). */
  readonly hasPaperCounter: boolean;
  /** Commands that empty the mouth, tried in order until the sensor says it is empty; none where nothing can be taken back. */
  readonly emptyMouth: readonly string[];
  /** Values that no sheet confirms. */
  readonly assumed: readonly (keyof PrinterModel)[];
}

/** What the ESC/POS rows share. */
const ESCPOS = {
  language: 'escpos',
  // Four-byte support varies by firmware (4.2): without proof such characters go as a picture.
  font: 'gbk',
  widthDots: 576,
  columns: 48,
  reportsItself: false,
  hasPaperCounter: false,
  emptyMouth: [],
} as const satisfies Partial<PrinterModel>;

const MODELS: Readonly<Record<PrinterModelName, PrinterModel>> = {
  'epson-tm-t88': {
    ...ESCPOS,
    name: 'epson-tm-t88',
    dialect: 'epson',
    maxScale: 3,
    preamble: '1B40' + '1D61FF' + '1C26',
    finish: '1B6404' + '1D5601',
    evidence: 'processId',
    // The sheet writes 06 01 for the fixed bytes 01 06; every open driver sends this order, and a printer obeys one only.
    clearBuffers: '10140801031401060208',
    reportsItself: true,
    assumed: ['font', 'widthDots', 'columns', 'maxScale'],
  },
  'custom-vkp80': {
    ...ESCPOS,
    name: 'custom-vkp80',
    dialect: 'custom',
    // GS ! enlarges Chinese characters on some firmware only, FS ! always, and FS ! ends at double.
    maxScale: 2,
    // No automatic status: its four-byte blocks cannot be told from the 10 0F block (4.5, 4.9).
    preamble: '1B40' + '1C26',
    finish: '1B6404' + '1D5601' + '1D65030C',
    evidence: 'drained',
    clearBuffers: '100502',
    hasPaperCounter: true,
    // GS e 2 retracts on this family, on others it starts the motor (uncertainty 11); GS e 5 throws out in front.
    emptyMouth: ['1D6502', '1D6505'],
    assumed: ['font', 'widthDots', 'columns', 'clearBuffers', 'emptyMouth'],
  },
  // 58 mm kiosk unit: only GS r and DLE EOT, no automatic status, no process id; bit 7 of n = 1 is the mouth (4.4).
  'cashino-kp628e': {
    ...ESCPOS,
    name: 'cashino-kp628e',
    dialect: 'cashino',
    widthDots: 384,
    columns: 32,
    maxScale: 2,
    preamble: '1B40' + '1C26',
    finish: '1B6404' + '1D5601',
    evidence: 'drained',
    clearBuffers: '100502',
    assumed: ['font', 'widthDots', 'columns', 'maxScale', 'preamble', 'finish', 'clearBuffers'],
  },
  // The sheet has two commands of its retractor and nothing of its status; the rest is plain ESC/POS.
  'citizen-pmu': {
    ...ESCPOS,
    name: 'citizen-pmu',
    dialect: 'epson',
    maxScale: 2,
    // No automatic status: what is left of a damaged block looks like the answer to GS r.
    preamble: '1B40' + '1C26',
    finish: '1B6404' + '1D5601',
    evidence: 'drained',
    clearBuffers: '10140801031401060208',
    emptyMouth: ['1D5230'],
    assumed: ['dialect', 'font', 'widthDots', 'columns', 'maxScale', 'preamble', 'finish', 'evidence', 'clearBuffers'],
  },
  // Star line mode. ESC RS a, ESC SYN, ETB and the status are the sheet's (4.9); how to print is what open drivers send.
  'star-tsp': {
    name: 'star-tsp',
    dialect: 'star',
    language: 'star',
    font: 'gbk',
    widthDots: 576,
    columns: 48,
    maxScale: 3,
    preamble: '1B40' + '1B1E6101',
    finish: '1B6433',
    evidence: 'counter',
    clearBuffers: '1B0618',
    reportsItself: true,
    hasPaperCounter: false,
    emptyMouth: ['1B163000'],
    assumed: ['language', 'font', 'widthDots', 'columns', 'maxScale', 'finish', 'clearBuffers'],
  },
};

export function printerModel(name: string): PrinterModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as PrinterModelName] : undefined;
}

export const PRINTER_MODEL_NAMES = Object.keys(MODELS) as readonly PrinterModelName[];
