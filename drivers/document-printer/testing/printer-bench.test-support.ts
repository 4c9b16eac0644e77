/** The driver, the simulated printer and a wire in memory between them, all on one simulated clock. */
import type { DocumentPrinterCommand } from '../../../contract/devices/document-printer.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { MemoryWire } from '../../testing/conformance/memory-wire.ts';
import { seededChance } from '../../testing/conformance/trial.test-support.ts';
import { DocumentPrinterDriver } from '../document-printer.driver.ts';
import { documentPrinterModel, type DocumentPrinterModelName } from '../printer-models.ts';
import type { DocumentPrinterSettings } from '../printer-settings.schema.ts';
import { IppPrinterSimulator } from '../simulator/ipp-printer.simulator.ts';
import { wireTransport } from './wire-transport.test-support.ts';

export const URI = 'ipp://wire/ipp/print';

/** A PDF of so many empty A4 pages, small and synthetic. */
export function pdfOf(pages: number): string {
  const kids = Array.from({ length: pages }, (_, index) => `${index + 3} 0 R`).join(' ');
  const objects = Array.from(
    { length: pages },
    (_, index) => `${index + 3} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n`,
  );
  const text = `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[${kids}]/Count ${pages}>>endobj\n${objects.join('')}trailer<</Root 1 0 R>>\n%%EOF\n`;
  return Buffer.from(text).toString('base64');
}

export interface BenchOptions {
  readonly model?: DocumentPrinterModelName;
  readonly settings?: DocumentPrinterSettings;
  readonly trayHolds?: number;
}

export async function bench({ model = 'ipp-everywhere', settings = {}, trayHolds = 250 }: BenchOptions = {}) {
  const clock = new SimulatedClock();
  const printer = new IppPrinterSimulator({ clock, chance: seededChance(1), trayHolds, sheetMs: 400 });
  const wire = new MemoryWire(printer, clock, seededChance(2));
  const row = documentPrinterModel(model);
  if (!row) throw new Error(model);
  const make = () =>
    new DocumentPrinterDriver({ id: 'a4', model: row, settings, uri: URI, transport: wireTransport(wire.link), clock });
  const start = async () => {
    const driver = make();
    await clock.run(1_500);
    const execute = (command: DocumentPrinterCommand, ms = 60_000, signal = new AbortController().signal) =>
      driver.execute(command, { deadline: clock.now() + ms, signal });
    const print = (job: string, pages = 2, ms?: number, signal?: AbortSignal) =>
      execute({ kind: 'print', job, pdf: pdfOf(pages), pages }, ms, signal);
    const settle = (job: string, ms?: number) => clock.runUntil(execute({ kind: 'settle', job }, ms));
    return { driver, execute, print, settle };
  };
  const printedSheets = (): number => printer.state.jobs.reduce((sum, job) => sum + job.pagesPrinted, 0);
  /** A new driver, as after a crash of the kiosk; the printer has noticed nothing. */
  return { clock, printer, wire, printedSheets, restart: start, ...(await start()) };
}
