/**
 * What differs between printer models, as data. Bytes are device-protocols 4.2, 4.6, 4.7 and 4.9; what the sheet marks as
 * one source or a recollection is marked here too, and a site that finds it wrong changes a row, not code.
 */
export type PrinterModelName = 'epson-tm-t88' | 'custom-vkp80';

export interface PrinterModel {
  readonly name: PrinterModelName;
  /** How it speaks of itself: DLE EOT and ASB, or the maker's one full status block. */
  readonly dialect: 'epson' | 'custom';
  readonly widthDots: number;
  /** Font A columns; a Chinese character takes two. */
  readonly columns: number;
  /** Largest character scale that single-byte and Chinese characters share. */
  readonly maxScale: 1 | 2 | 3;
  /** Before the first line: initialise, status reports, Chinese mode, in this order (ESC @ would undo the others). */
  readonly preamble: string;
  /** After the last line: feed past the cutter, cut, hold the slip out where there is a presenter. */
  readonly finish: string;
  /** How it proves that a slip left the head (4.6). */
  readonly evidence: 'processId' | 'drained';
  /** Drops what it has buffered and leaves the error state (4.7). */
  readonly clearBuffers: string;
  /** Has a remaining-paper counter in centimetres (4.9). */
  readonly hasPaperCounter: boolean;
  /** Commands that empty the mouth, tried in order until the sensor says it is empty; none where there is no sensor. */
  readonly emptyMouth: readonly string[];
}

const MODELS: Readonly<Record<PrinterModelName, PrinterModel>> = {
  'epson-tm-t88': {
    name: 'epson-tm-t88',
    dialect: 'epson',
    widthDots: 576,
    columns: 48,
    maxScale: 3,
    preamble: '1B40' + '1D61FF' + '1C26',
    finish: '1B6404' + '1D5601',
    evidence: 'processId',
    clearBuffers: '10140801031406010208',
    hasPaperCounter: false,
    emptyMouth: [],
  },
  'custom-vkp80': {
    name: 'custom-vkp80',
    dialect: 'custom',
    widthDots: 576,
    columns: 48,
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
  },
};

export function printerModel(name: string): PrinterModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as PrinterModelName] : undefined;
}
