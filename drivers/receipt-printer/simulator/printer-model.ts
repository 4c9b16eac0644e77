/** The families whose conversations differ, each written from device-protocols 4. */
export type PrinterModel = 'epson-tm-t88' | 'custom-vkp80' | 'cashino-kp628e' | 'citizen-pmu' | 'star-tsp';

export interface PrinterTraits {
  readonly maker: string;
  readonly model: string;
  readonly firmware: string;
  /** What it obeys: ESC/POS, or Star line mode. */
  readonly language: 'escpos' | 'star';
  readonly widthDots: number;
  /** GS ( H fn 48 is answered (device-protocols 4.6). */
  readonly processId: boolean;
  /** GS a is obeyed (4.5). */
  readonly automaticStatus: boolean;
  /** 100414, 1DE1, 1D65xx are understood (4.9). */
  readonly fullStatus: boolean;
  /** A ticket waits in the mouth until it is taken, and a sensor sees it. */
  readonly mouth: 'unseen' | 'sensor';
  /** The next ticket pushes the one in the mouth out. */
  readonly presenter: boolean;
  /** Four-byte GB18030 characters are in the font (4.2: varies by firmware). */
  readonly fourByteChinese: boolean;
}

const ESCPOS_80 = {
  language: 'escpos',
  widthDots: 576,
  processId: false,
  automaticStatus: true,
  fullStatus: false,
  mouth: 'unseen',
  presenter: false,
  fourByteChinese: false,
} as const;

export const PRINTER_MODELS: Readonly<Record<PrinterModel, PrinterTraits>> = {
  'epson-tm-t88': {
    ...ESCPOS_80,
    maker: 'EPSON',
    model: 'TM-T88VI',
    firmware: '10.04 ESC/POS',
    processId: true,
  },
  'custom-vkp80': {
    ...ESCPOS_80,
    maker: 'CUSTOM',
    model: 'VKP80',
    firmware: '3.02',
    automaticStatus: false,
    fullStatus: true,
    mouth: 'sensor',
    presenter: true,
  },
  /** Only GS r and DLE EOT; bit 7 of n = 1 while printed paper is not torn off (4.4). */
  'cashino-kp628e': {
    ...ESCPOS_80,
    maker: 'CASHINO',
    model: 'KP-628E',
    firmware: '1.0',
    widthDots: 384,
    automaticStatus: false,
    mouth: 'sensor',
  },
  'citizen-pmu': { ...ESCPOS_80, maker: 'CITIZEN', model: 'PMU2300', firmware: '1.0', presenter: true },
  'star-tsp': {
    ...ESCPOS_80,
    maker: 'STAR',
    model: 'TSP1000',
    firmware: '2.0',
    language: 'star',
    mouth: 'sensor',
    presenter: true,
  },
};
