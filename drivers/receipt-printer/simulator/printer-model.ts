/** The two families whose conversations differ: evidence by process id, or by full status and paper counter. */
export type PrinterModel = 'epson-tm-t88' | 'custom-vkp80';

export interface PrinterTraits {
  readonly maker: string;
  readonly model: string;
  readonly firmware: string;
  /** GS ( H fn 48 is answered (device-protocols 4.6). */
  readonly processId: boolean;
  /** 100414, 1DE1, 1D65xx are understood, and a ticket waits in a presenter (device-protocols 4.9). */
  readonly presenter: boolean;
  /** Four-byte GB18030 characters are in the font (device-protocols 4.2: varies by firmware). */
  readonly fourByteChinese: boolean;
}

export const PRINTER_MODELS: Readonly<Record<PrinterModel, PrinterTraits>> = {
  'epson-tm-t88': {
    maker: 'EPSON',
    model: 'TM-T88VI',
    firmware: '10.04 ESC/POS',
    processId: true,
    presenter: false,
    fourByteChinese: false,
  },
  'custom-vkp80': {
    maker: 'CUSTOM',
    model: 'VKP80',
    firmware: '3.02',
    processId: false,
    presenter: true,
    fourByteChinese: false,
  },
};
