/** A slip as meaning, turned into ESC/POS bytes (device-protocols 4.2, 4.3). Pure: the same slip gives the same bytes. */
import type { Receipt, ReceiptLine } from '../../contract/receipt.schema.ts';
import type { PrinterModel } from './printer-models.ts';
import { qrModuleDots, qrModules } from './qr-size.ts';
import { encodeText, pairLines, wrap } from './receipt-text.ts';

type Align = 'left' | 'centre' | 'right';
type Scale = 1 | 2 | 3;

const ALIGN_BYTE: Readonly<Record<Align, number>> = { left: 0, centre: 1, right: 2 };
const LINE_FEED = 0x0a;
/** CODE128 in the default module width of three dots: start, check and stop take 35 modules, each character 11. */
const CODE128_FIXED_MODULES = 35;
const CODE128_MODULES_PER_CHARACTER = 11;

export function encodeReceipt(receipt: Receipt, model: PrinterModel): Uint8Array {
  const writer = new EscposWriter(model);
  for (const line of receipt.lines) writeLine(writer, line);
  return writer.finish();
}

function writeLine(writer: EscposWriter, line: ReceiptLine): void {
  switch (line.kind) {
    case 'text':
      writer.style(line.align ?? 'left', line.scale ?? 1, line.bold ?? false);
      return writer.lines(wrap(line.text, writer.columns));
    case 'pair':
      writer.style('left', 1, line.bold ?? false);
      return writer.lines(pairLines(line.label, line.value, writer.columns));
    case 'rule':
      writer.style('left', 1, false);
      return writer.lines(['-'.repeat(writer.columns)]);
    case 'space':
      return writer.bytes(0x1b, 0x64, line.lines);
    case 'qr':
      writer.style('centre', 1, false);
      return writer.qr(line.data);
    case 'barcode':
      writer.style('centre', 1, false);
      return writer.barcode(line.data);
  }
}

/** Keeps what the printer is set to, so that a style is sent only when it changes. */
class EscposWriter {
  readonly #model: PrinterModel;
  readonly #bytes: number[] = [];
  #align: Align = 'left';
  #scale: Scale = 1;
  #isBold = false;

  constructor(model: PrinterModel) {
    this.#model = model;
    this.#hex(model.preamble);
  }

  get columns(): number {
    return Math.floor(this.#model.columns / this.#scale);
  }

  bytes(...bytes: number[]): void {
    this.#bytes.push(...bytes);
  }

  style(align: Align, wantedScale: Scale, isBold: boolean): void {
    if (align !== this.#align) this.bytes(0x1b, 0x61, ALIGN_BYTE[align]);
    if (isBold !== this.#isBold) this.bytes(0x1b, 0x45, isBold ? 1 : 0);
    const scale = Math.min(wantedScale, this.#model.maxScale) as Scale;
    if (scale !== this.#scale) {
      // FS ! first: where GS ! also governs Chinese characters it comes last and wins, elsewhere they stay doubled.
      this.bytes(0x1c, 0x21, scale === 1 ? 0x00 : 0x0c);
      this.bytes(0x1d, 0x21, (scale - 1) * 0x11);
    }
    this.#align = align;
    this.#isBold = isBold;
    this.#scale = scale;
  }

  lines(lines: readonly string[]): void {
    for (const line of lines) this.bytes(...encodeText(line), LINE_FEED);
  }

  qr(text: string): void {
    const data = Buffer.from(text, 'utf8');
    const length = data.length + 3;
    this.#hex('1D286B040031413200');
    this.bytes(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, qrModuleDots(data.length, this.#model.widthDots));
    this.#hex('1D286B0300314531');
    this.bytes(0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30, ...data);
    this.#hex('1D286B0300315130');
  }

  /** The code and its text below; a code wider than the paper would not be printed at all, so then only the text. */
  barcode(text: string): void {
    if (code128Fits(text, this.#model.widthDots)) {
      const data = Buffer.from(`{B${text.replaceAll('{', '{{')}`, 'latin1');
      this.bytes(0x1d, 0x6b, 0x49, data.length, ...data);
    }
    this.lines(wrap(text, this.columns));
  }

  finish(): Uint8Array {
    this.style('left', 1, false);
    this.#hex(this.#model.finish);
    return Uint8Array.from(this.#bytes);
  }

  #hex(hex: string): void {
    this.bytes(...Buffer.from(hex, 'hex'));
  }
}

function code128Fits(text: string, widthDots: number): boolean {
  return (CODE128_FIXED_MODULES + text.length * CODE128_MODULES_PER_CHARACTER) * 3 <= widthDots;
}

/** Default line pitch at 203 dpi, the smaller one in use: an estimate that is too short can only make `settle` careful. */
const LINE_MM = 3.75;
const DOTS_PER_MM = 8;
const BARCODE_MM = 20;
/** The lines fed before the cut. */
const FINISH_LINES = 4;

/** About how much paper a slip takes. An estimate: line pitch and feed differ between firmwares. */
export function receiptLengthMm(receipt: Receipt, model: PrinterModel): number {
  const lengths = receipt.lines.map((line) => lineLengthMm(line, model));
  return lengths.reduce((sum, length) => sum + length, FINISH_LINES * LINE_MM);
}

function lineLengthMm(line: ReceiptLine, model: PrinterModel): number {
  switch (line.kind) {
    case 'text': {
      const scale = Math.min(line.scale ?? 1, model.maxScale);
      return wrap(line.text, Math.floor(model.columns / scale)).length * scale * LINE_MM;
    }
    case 'pair':
      return pairLines(line.label, line.value, model.columns).length * LINE_MM;
    case 'rule':
      return LINE_MM;
    case 'space':
      return line.lines * LINE_MM;
    case 'qr': {
      const byteLength = Buffer.byteLength(line.data, 'utf8');
      return (qrModules(byteLength) * qrModuleDots(byteLength, model.widthDots)) / DOTS_PER_MM;
    }
    case 'barcode':
      return (code128Fits(line.data, model.widthDots) ? BARCODE_MM : 0) + LINE_MM;
  }
}

/** The evidence request that follows a slip: GS ( H fn 48 with four characters, or GS r 1 (device-protocols 4.6). */
export function processIdRequest(processId: string): Uint8Array {
  return Uint8Array.from([0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...Buffer.from(processId, 'latin1')]);
}

export const DRAIN_REQUEST: Uint8Array = Uint8Array.of(0x1d, 0x72, 0x01);
export const PAPER_LENGTH_REQUEST: Uint8Array = Uint8Array.of(0x1d, 0xe1);
export const FULL_STATUS_REQUEST: Uint8Array = Uint8Array.of(0x10, 0x04, 0x14);
export const EJECTOR_STATUS_REQUEST: Uint8Array = Uint8Array.of(0x1d, 0x65, 0x06);
export const MODEL_NAME_REQUEST: Uint8Array = Uint8Array.of(0x1d, 0x49, 0x43);

/** DLE EOT n. */
export function realTimeRequest(n: 1 | 2 | 3 | 4): Uint8Array {
  return Uint8Array.of(0x10, 0x04, n);
}
