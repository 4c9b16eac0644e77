/** How a printer is told what to print: the same few acts in the words of each language (device-protocols 4.2, 4.3, 4.9). */
import { ascii, bytesOf } from './bytes.ts';
import type { PrinterModel } from './printer-models.ts';
import type { Align, Scale } from './receipt-layout.ts';

export interface Picture {
  readonly widthBytes: number;
  readonly heightDots: number;
  /** Row by row, most significant bit left, 1 is black. */
  readonly dots: Uint8Array;
}

export interface PrintLanguage {
  align(align: Align): readonly number[];
  bold(isOn: boolean): readonly number[];
  scale(scale: Scale): readonly number[];
  feedLines(lines: number): readonly number[];
  /** Even numbers only: one language counts in steps of two. */
  feedDots(dots: number): readonly number[];
  /** Error correction M. */
  qr(data: Uint8Array, moduleDots: number): Uint8Array;
  /** CODE128 of printable ASCII, code set B. */
  barcode(text: string): Uint8Array;
  picture(picture: Picture): Uint8Array;
}

const ALIGN_BYTE: Readonly<Record<Align, number>> = { left: 0, centre: 1, right: 2 };
const low = (value: number): number => value & 0xff;
const high = (value: number): number => value >> 8;

/** Model 2 and the beginning of the module size; error correction M; print what was stored (4.3). */
const QR_HEAD = bytesOf('1D286B040031413200' + '1D286B03003143');
const QR_LEVEL = bytesOf('1D286B0300314531');
const QR_PRINT = bytesOf('1D286B0300315130');

const ESCPOS: PrintLanguage = {
  align: (align) => [0x1b, 0x61, ALIGN_BYTE[align]],
  bold: (isOn) => [0x1b, 0x45, isOn ? 1 : 0],
  // FS ! first: where GS ! also governs Chinese characters it comes last and wins, elsewhere they stay doubled.
  scale: (scale) => [0x1c, 0x21, scale === 1 ? 0x00 : 0x0c, 0x1d, 0x21, (scale - 1) * 0x11],
  feedLines: (lines) => [0x1b, 0x64, lines],
  feedDots: (dots) => [0x1b, 0x4a, dots],
  qr(data, moduleDots) {
    const length = data.length + 3;
    return Buffer.concat([
      QR_HEAD,
      Uint8Array.of(moduleDots),
      QR_LEVEL,
      Uint8Array.of(0x1d, 0x28, 0x6b, low(length), high(length), 0x31, 0x50, 0x30),
      data,
      QR_PRINT,
    ]);
  },
  barcode(text) {
    const data = ascii(`{B${text.replaceAll('{', '{{')}`);
    return Uint8Array.of(0x1d, 0x6b, 0x49, data.length, ...data);
  },
  picture: ({ widthBytes, heightDots, dots }) =>
    Buffer.concat([
      Uint8Array.of(0x1d, 0x76, 0x30, 0, low(widthBytes), high(widthBytes), low(heightDots), high(heightDots)),
      dots,
    ]),
};

/** Largest module of a QR code in Star line mode. */
const STAR_MODULE_DOTS = 8;
const STAR_BARCODE_DOTS = 160;

const STAR: PrintLanguage = {
  align: (align) => [0x1b, 0x1d, 0x61, ALIGN_BYTE[align]],
  bold: (isOn) => [0x1b, isOn ? 0x45 : 0x46],
  scale: (scale) => [0x1b, 0x69, scale - 1, scale - 1],
  feedLines: (lines) => [0x1b, 0x61, lines],
  feedDots: (dots) => [0x1b, 0x4a, dots / 2],
  qr: (data, moduleDots) =>
    Buffer.concat([
      bytesOf('1B1D79533002' + '1B1D79533101' + '1B1D795332'),
      Uint8Array.of(Math.min(STAR_MODULE_DOTS, moduleDots)),
      Uint8Array.of(0x1b, 0x1d, 0x79, 0x44, 0x31, 0, low(data.length), high(data.length)),
      data,
      bytesOf('1B1D7950'),
    ]),
  // n2 without text below, n3 three dots a module; a percent sign is the escape of this language
  barcode: (text) =>
    Buffer.concat([
      Uint8Array.of(0x1b, 0x62, 0x36, 0x31, 0x32, STAR_BARCODE_DOTS),
      ascii(text.replaceAll('%', '%0')),
      Uint8Array.of(0x1e),
    ]),
  picture: ({ widthBytes, heightDots, dots }) =>
    Buffer.concat([
      Uint8Array.of(0x1b, 0x1d, 0x53, 1, low(widthBytes), high(widthBytes), low(heightDots), high(heightDots), 0),
      dots,
    ]),
};

export const PRINT_LANGUAGES: Readonly<Record<PrinterModel['language'], PrintLanguage>> = {
  escpos: ESCPOS,
  star: STAR,
};
