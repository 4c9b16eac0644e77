/** A printer driver and a simulated printer, with a wire in memory between them that can be pulled. */
import type { ReceiptPrinterCommand } from '../../../contract/devices/receipt-printer.schema.ts';
import type { Receipt } from '../../../contract/receipt.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { MemoryWire } from '../../testing/conformance/memory-wire.ts';
import { seededChance } from '../../testing/conformance/trial.test-support.ts';
import { printerModel, type PrinterModelName } from '../printer-models.ts';
import { ReceiptPrinterDriver, type ReceiptPrinterOptions } from '../receipt-printer.driver.ts';
import { EscposSimulator, type PrinterOptions } from '../simulator/escpos.simulator.ts';

export const SLIP: Receipt = {
  lines: [
    { kind: 'text', text: '番禺区党群服务站', align: 'centre' },
    { kind: 'pair', label: '排队号', value: 'A012' },
    { kind: 'text', text: '请取走凭条' },
  ],
};

export interface Rig {
  readonly simulator?: Partial<PrinterOptions>;
  readonly driver?: Partial<ReceiptPrinterOptions>;
}

export async function printerOnWire(name: PrinterModelName, rig: Rig = {}) {
  const clock = new SimulatedClock();
  const printer = new EscposSimulator({
    model: name,
    clock,
    chance: seededChance(5),
    speedMmPerS: 150,
    ...rig.simulator,
  });
  const wire = new MemoryWire(printer, clock, seededChance(6));
  const model = printerModel(name);
  if (!model) throw new Error(name);
  const driver = new ReceiptPrinterDriver({ id: 'printer', model, link: wire.link, clock, ...rig.driver });
  await clock.run(2_000);
  const begin = (command: ReceiptPrinterCommand, withinMs = 30_000) =>
    driver.execute(command, { deadline: clock.now() + withinMs, signal: new AbortController().signal });
  const print = (job: string, receipt = SLIP, withinMs = 30_000) =>
    clock.runUntil(begin({ kind: 'print', job, receipt }, withinMs));
  const execute = (command: ReceiptPrinterCommand) => clock.runUntil(begin(command));
  /** Slips with their last line on them: whole ones. */
  const wholeSlips = () => printer.paper.slips.filter(({ text }) => text.endsWith('请取走凭条')).length;
  return { clock, printer, wire, driver, begin, print, execute, wholeSlips };
}
