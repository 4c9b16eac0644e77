/** A slip as the lines and symbols that come to stand on the paper of one model, before any language of printers. */
import type { Receipt, ReceiptLine } from '../../contract/receipt.schema.ts';
import type { PrinterModel } from './printer-models.ts';
import { pairLines, wrap } from './receipt-text.ts';

export type Align = 'left' | 'centre' | 'right';
export type Scale = 1 | 2 | 3;

export interface Style {
  readonly align: Align;
  readonly scale: Scale;
  readonly isBold: boolean;
}

export type SlipPart =
  | { readonly kind: 'lines'; readonly style: Style; readonly lines: readonly string[] }
  | { readonly kind: 'feed'; readonly lines: number }
  | { readonly kind: 'qr'; readonly data: string }
  /** The code and its text below; a code wider than the paper would not be printed at all, so then only the text. */
  | { readonly kind: 'barcode'; readonly data: string; readonly fits: boolean; readonly lines: readonly string[] };

export const PLAIN: Style = { align: 'left', scale: 1, isBold: false };
export const CENTRED: Style = { align: 'centre', scale: 1, isBold: false };
/** CODE128 in the default module width of three dots: start, check and stop take 35 modules, each character 11. */
const CODE128_FIXED_MODULES = 35;
const CODE128_MODULES_PER_CHARACTER = 11;
const CODE128_MODULE_DOTS = 3;

export function layOut(receipt: Receipt, model: PrinterModel): readonly SlipPart[] {
  return receipt.lines.map((line) => partOf(line, model));
}

function partOf(line: ReceiptLine, { columns, maxScale, widthDots }: PrinterModel): SlipPart {
  switch (line.kind) {
    case 'text': {
      const scale = Math.min(line.scale ?? 1, maxScale) as Scale;
      const style: Style = { align: line.align ?? 'left', scale, isBold: line.bold ?? false };
      return { kind: 'lines', style, lines: wrap(line.text, Math.floor(columns / scale)) };
    }
    case 'pair': {
      const style: Style = { ...PLAIN, isBold: line.bold ?? false };
      return { kind: 'lines', style, lines: pairLines(line.label, line.value, columns) };
    }
    case 'rule':
      return { kind: 'lines', style: PLAIN, lines: ['-'.repeat(columns)] };
    case 'space':
      return { kind: 'feed', lines: line.lines };
    case 'qr':
      return { kind: 'qr', data: line.data };
    case 'barcode':
      return {
        kind: 'barcode',
        data: line.data,
        fits: code128Fits(line.data, widthDots),
        lines: wrap(line.data, columns),
      };
  }
}

function code128Fits(text: string, widthDots: number): boolean {
  const modules = CODE128_FIXED_MODULES + text.length * CODE128_MODULES_PER_CHARACTER;
  return modules * CODE128_MODULE_DOTS <= widthDots;
}
