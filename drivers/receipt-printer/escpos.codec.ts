/** A slip as meaning, turned into a printer's bytes (device-protocols 4.2, 4.3). Pure: the same slip gives the same bytes. */
import type { Receipt } from '../../contract/receipt.schema.ts';
import { bytesOf, ByteWriter } from './bytes.ts';
import { CELL_DOTS, type Glyph } from './glyph-press.ts';
import { linePicture } from './line-picture.ts';
import { PRINT_LANGUAGES, type PrintLanguage } from './print-language.ts';
import { MOST_BYTES, writePrinterBytes } from './printer-font.ts';
import type { PrinterModel } from './printer-models.ts';
import { qrModuleDots, qrModules } from './qr-size.ts';
import { CENTRED, layOut, PLAIN, type SlipPart, type Style } from './receipt-layout.ts';

/** Drawn characters, for lines that the printer's own font cannot print. */
export interface Glyphs {
  regular: ReadonlyMap<string, Glyph>;
  bold: ReadonlyMap<string, Glyph>;
}

const LINE_FEED = [0x0a];
/** A line takes 30 dots; a picture takes only its own. */
const LINE_GAP_DOTS = 6;

/** Throws when a line needs a glyph that was not drawn: `typeset` sees to it before. */
export function encodeReceipt(receipt: Receipt, model: PrinterModel, glyphs?: Glyphs): Uint8Array {
  const writer = new SlipWriter(model, glyphs);
  for (const part of layOut(receipt, model)) writer.part(part);
  return writer.finish();
}

/** Keeps what the printer is set to, so that a style is sent only when it changes. */
class SlipWriter {
  readonly #model: PrinterModel;
  readonly #language: PrintLanguage;
  readonly #glyphs: Glyphs | undefined;
  readonly #bytes = new ByteWriter();
  #style: Style = PLAIN;

  constructor(model: PrinterModel, glyphs: Glyphs | undefined) {
    this.#model = model;
    this.#language = PRINT_LANGUAGES[model.language];
    this.#glyphs = glyphs;
    this.#bytes.put(bytesOf(model.preamble));
  }

  part(part: SlipPart): void {
    switch (part.kind) {
      case 'lines':
        this.#setStyle(part.style);
        for (const line of part.lines) this.#line(line);
        return;
      case 'feed':
        return this.#bytes.put(this.#language.feedLines(part.lines));
      case 'qr': {
        this.#setStyle(CENTRED);
        const data = Buffer.from(part.data, 'utf8');
        return this.#bytes.put(this.#language.qr(data, qrModuleDots(data.length, this.#model.widthDots)));
      }
      case 'barcode':
        this.#setStyle(CENTRED);
        if (part.fits) this.#bytes.put(this.#language.barcode(part.data));
        for (const line of part.lines) this.#line(line);
    }
  }

  finish(): Uint8Array {
    this.#setStyle(PLAIN);
    this.#bytes.put(bytesOf(this.#model.finish));
    return this.#bytes.take();
  }

  #setStyle(style: Style): void {
    const before = this.#style;
    if (style.align !== before.align) this.#bytes.put(this.#language.align(style.align));
    if (style.isBold !== before.isBold) this.#bytes.put(this.#language.bold(style.isBold));
    if (style.scale !== before.scale) this.#bytes.put(this.#language.scale(style.scale));
    this.#style = style;
  }

  #line(text: string): void {
    const { font } = this.#model;
    const most = text.length * MOST_BYTES;
    const isPrinted = this.#bytes.fill(most, (target, at) => writePrinterBytes(text, font, target, at));
    if (isPrinted) this.#bytes.put(LINE_FEED);
    else this.#drawnLine(text);
  }

  #drawnLine(text: string): void {
    const drawn = this.#style.isBold ? this.#glyphs?.bold : this.#glyphs?.regular;
    const picture = linePicture(text, this.#style.scale, (character) => {
      const glyph = drawn?.get(character);
      if (!glyph) throw new Error('a line needs a glyph that was not drawn');
      return glyph;
    });
    this.#bytes.put(this.#language.picture(picture));
    this.#bytes.put(this.#language.feedDots(LINE_GAP_DOTS));
  }
}

/** Default line pitch at 203 dpi, the smaller one in use: an estimate that is too short can only make `settle` careful. */
const LINE_MM = 3.75;
const DOTS_PER_MM = 8;
const BARCODE_MM = 20;
/** The lines fed before the cut. */
const FINISH_LINES = 4;

/** About how much paper a slip takes. An estimate: line pitch and feed differ between firmwares. */
export function receiptLengthMm(receipt: Receipt, model: PrinterModel): number {
  const lengths = layOut(receipt, model).map((part) => lengthMm(part, model));
  return lengths.reduce((sum, length) => sum + length, FINISH_LINES * LINE_MM);
}

function lengthMm(part: SlipPart, model: PrinterModel): number {
  switch (part.kind) {
    case 'lines':
      return part.lines.length * Math.max(LINE_MM, (part.style.scale * CELL_DOTS + LINE_GAP_DOTS) / DOTS_PER_MM);
    case 'feed':
      return part.lines * LINE_MM;
    case 'qr': {
      const byteLength = Buffer.byteLength(part.data, 'utf8');
      return (qrModules(byteLength) * qrModuleDots(byteLength, model.widthDots)) / DOTS_PER_MM;
    }
    case 'barcode':
      return (part.fits ? BARCODE_MM : 0) + part.lines.length * LINE_MM;
  }
}
