/** A printer driver with the test as its printer: answers are the sheet's own bytes. */
import type { ReceiptPrinterCommand } from '../../../contract/devices/receipt-printer.schema.ts';
import type { Receipt } from '../../../contract/receipt.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { FakeLink } from '../../link/testing/fake.link.ts';
import { framesOf } from '../../testing/frames.ts';
import { printerModel, type PrinterModelName } from '../printer-models.ts';
import { ReceiptPrinterDriver } from '../receipt-printer.driver.ts';

export const custom = framesOf('printer-custom');
export const escpos = framesOf('printer-escpos');
export const RECEIPT: Receipt = { lines: [{ kind: 'text', text: '排队号 A012' }] };
export const CUT = '1D5601';

/** What the printer of the test is at the moment; the answers below are the sheet's own bytes. */
interface Paper {
  full: string;
  realTime: Record<number, string>;
  remaining: string;
  isProving: boolean;
  isSilent: boolean;
}

export async function station(name: PrinterModelName) {
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const printer: Paper = {
    full: custom('full-status-ok'),
    realTime: { 1: '16', 2: '12', 3: '12', 4: '12' },
    remaining: custom('paper-length-reply'),
    isProving: true,
    isSilent: false,
  };
  link.device = (hex) => {
    if (!printer.isSilent) for (const answer of answersTo(hex, printer)) link.say(answer);
  };
  const model = printerModel(name);
  if (!model) throw new Error(name);
  const driver = new ReceiptPrinterDriver({ id: 'printer', model, link, clock });
  await clock.run(1_500);
  link.written.length = 0;
  const execute = (command: ReceiptPrinterCommand, ms = 20_000, signal = new AbortController().signal) =>
    driver.execute(command, { deadline: clock.now() + ms, signal });
  const print = (job: string, ms?: number, signal?: AbortSignal) =>
    execute({ kind: 'print', job, receipt: RECEIPT }, ms, signal);
  const slipsSent = () => link.written.filter((hex) => hex.includes(CUT)).length;
  return { clock, link, printer, driver, execute, print, slipsSent };
}

function answersTo(hex: string, printer: Paper): string[] {
  if (/^10040[1-4]$/.test(hex)) return [printer.realTime[Number(hex.slice(-1))] ?? ''];
  if (hex === '100414') return [printer.full];
  if (hex === '1DE1') return [printer.remaining];
  if (hex === custom('ejector-status')) return ['00'];
  if (hex === '1D7201') return ['00'];
  if (!printer.isProving || !hex.includes(CUT)) return [];
  const processId = /1D284806003030(.{8})$/.exec(hex)?.[1];
  return [processId ? `3722${processId}00` : '00'];
}
