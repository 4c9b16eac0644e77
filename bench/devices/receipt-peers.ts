/** The encoders of others, each told to print the same slip in the way its documentation shows. */
import { createRequire } from 'node:module';
import { BARCODE_DATA, COLUMNS, FOOTER, PAIRS, QR_DATA, TITLE } from './receipt-slip.ts';

export interface Encoder {
  readonly name: string;
  encode(): Uint8Array;
}

const PEERS = new URL('../peers/package.json', import.meta.url);

interface ReceiptLine {
  transform(document: string, printer: object): string;
}
interface EscposPrinter {
  readonly buffer: { flush(): Buffer };
  align(to: string): EscposPrinter;
  text(text: string): EscposPrinter;
  tableCustom(cells: object[]): EscposPrinter;
  qrcode(data: string, version?: number, level?: string, size?: number): EscposPrinter;
  barcode(data: string, type: string, options: object): EscposPrinter;
  cut(): EscposPrinter;
}
interface Escpos {
  readonly Printer: new (adapter: object, options: object) => EscposPrinter;
}
interface ThermalPrinter {
  clear(): void;
  getBuffer(): Buffer;
  alignCenter(): void;
  alignLeft(): void;
  println(text: string): void;
  leftRight(left: string, right: string): void;
  printQR(data: string, settings: object): void;
  code128(data: string, settings: object): void;
  cut(): void;
}
interface NodeThermalPrinter {
  readonly ThermalPrinter: new (options: object) => ThermalPrinter;
  readonly PrinterTypes: { readonly EPSON: string };
  readonly CharacterSet: { readonly CHINA: string };
}
interface PosEncoder {
  initialize(): PosEncoder;
  align(to: string): PosEncoder;
  line(text: string): PosEncoder;
  table(columns: object[], rows: string[][]): PosEncoder;
  qrcode(data: string, options: object): PosEncoder;
  barcode(data: string, type: string, options: object): PosEncoder;
  cut(): PosEncoder;
  encode(): Uint8Array;
}
type PosEncoderModule = new (options: object) => PosEncoder;

/** Throws when they are not installed: `npm run bench` does that. */
export function peers(): readonly Encoder[] {
  const load = createRequire(PEERS);
  return [
    receiptline(load('receiptline') as ReceiptLine),
    escpos(load('escpos') as Escpos),
    nodeThermalPrinter(load('node-thermal-printer') as NodeThermalPrinter),
    receiptPrinterEncoder(load('@point-of-sale/receipt-printer-encoder') as PosEncoderModule),
  ];
}

function receiptline(library: ReceiptLine): Encoder {
  const pairs = PAIRS.map(([label, value]) => `${label} | ${value}`);
  const document = [
    TITLE,
    '{width:*,*}',
    ...pairs,
    '{width:auto}',
    `{code:${QR_DATA};option:qrcode,6,m}`,
    `{code:${BARCODE_DATA};option:code128,3,72,hri}`,
    FOOTER,
    '=',
  ].join('\n');
  const printer = { cpl: COLUMNS, encoding: 'gb18030', spacing: false, command: 'escpos' };
  return { name: 'receiptline 4.0.4', encode: () => Buffer.from(library.transform(document, printer), 'binary') };
}

function escpos(library: Escpos): Encoder {
  return {
    name: 'escpos 2.5.2',
    encode() {
      const printer = new library.Printer({}, { encoding: 'GB18030' });
      printer.align('CT').text(TITLE).align('LT');
      for (const [label, value] of PAIRS) {
        printer.tableCustom([
          { text: label, align: 'LEFT', width: 0.5 },
          { text: value, align: 'RIGHT', width: 0.5 },
        ]);
      }
      printer.align('CT').qrcode(QR_DATA, 3, 'M', 6).barcode(BARCODE_DATA, 'CODE128', { includeParity: false });
      printer.text(FOOTER).cut();
      return printer.buffer.flush();
    },
  };
}

function nodeThermalPrinter(library: NodeThermalPrinter): Encoder {
  const options = {
    type: library.PrinterTypes.EPSON,
    interface: 'tcp://127.0.0.1:9100',
    width: COLUMNS,
    characterSet: library.CharacterSet.CHINA,
    removeSpecialCharacters: false,
  };
  return {
    name: 'node-thermal-printer 4.6.1',
    encode() {
      const printer = new library.ThermalPrinter(options);
      printer.alignCenter();
      printer.println(TITLE);
      printer.alignLeft();
      for (const [label, value] of PAIRS) printer.leftRight(label, value);
      printer.alignCenter();
      printer.printQR(QR_DATA, { cellSize: 6, correction: 'M', model: 2 });
      printer.code128(BARCODE_DATA, { text: 2 });
      printer.println(FOOTER);
      printer.cut();
      return printer.getBuffer();
    },
  };
}

function receiptPrinterEncoder(Library: PosEncoderModule): Encoder {
  return {
    name: '@point-of-sale/receipt-printer-encoder 4.0.1',
    encode() {
      const encoder = new Library({ language: 'esc-pos', columns: COLUMNS });
      encoder.initialize().align('center').line(TITLE).align('left');
      const half = COLUMNS / 2;
      const columns = [
        { width: half, align: 'left' },
        { width: half, align: 'right' },
      ];
      encoder.table(
        columns,
        PAIRS.map((pair) => [...pair]),
      );
      encoder.align('center').qrcode(QR_DATA, { model: 2, size: 6, errorlevel: 'm' });
      encoder.barcode(BARCODE_DATA, 'code128', { height: 72, text: true });
      return encoder.line(FOOTER).cut().encode();
    },
  };
}
