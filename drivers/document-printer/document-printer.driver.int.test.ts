import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../contract/clock.system.ts';
import type { DocumentPrinterCommand, DocumentPrinterReply } from '../../contract/devices/document-printer.schema.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { until } from '../../scripts/journey/watching.ts';
import type { AnyDriver } from '../opener.ts';
import { openDocumentPrinter } from './open-document-printer.ts';
import { rawPrinter, startCups, startEvePrinter, whatIppLacks } from './testing/ipp-daemons.test-support.ts';
import { pdfOf } from './testing/printer-bench.test-support.ts';

const missing = whatIppLacks();
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function kiosk(uri: string, model: 'cups' | 'ipp-everywhere', settings = {}) {
  const link = { kind: 'ipp', uri } as const;
  const config = { id: 'a4', class: 'document-printer', model, link, settings } as const;
  const opened = openDocumentPrinter(config, { clock: systemClock, cardProfiles: [] });
  if (!opened.ok) throw new Error(opened.problem.detail);
  const driver = opened.value;
  cleanUps.push(() => driver.close());
  const execute = (command: DocumentPrinterCommand, ms = 30_000) =>
    driver.execute(command, { deadline: systemClock.now() + ms, signal: new AbortController().signal }) as Promise<
      Outcome<DocumentPrinterReply>
    >;
  const print = (job: string, pages = 2, ms?: number) => execute({ kind: 'print', job, pdf: pdfOf(pages), pages }, ms);
  return { driver, execute, print };
}

function becomes(driver: AnyDriver, isWanted: (status: DeviceStatus) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (isWanted(driver.status())) return resolve();
    const stop = driver.subscribe((status) => {
      if (!isWanted(status)) return;
      stop();
      resolve();
    });
  });
}

it('has the real daemons to try', () => {
  expect(missing, missing).toBeUndefined();
});

describe.skipIf(missing !== undefined)('the real ippeveprinter', () => {
  async function withPrinter() {
    const printer = await startEvePrinter();
    cleanUps.push(() => printer.end());
    const printed = () => readdirSync(printer.output).map((name) => readFileSync(join(printer.output, name)));
    return { printer, printed, ...kiosk(printer.uri, 'ipp-everywhere') };
  }

  it('prints a document once, byte for byte, and counts its sides', async () => {
    const { driver, print, printed, execute } = await withPrinter();
    await becomes(driver, ({ device, paper }) => device === 'online' && paper === 'full');
    expect(await print('J-1', 3)).toMatchObject({
      kind: 'done',
      reply: { jobNumber: 1 },
      evidence: { value: 'job 1 completed (job-completed-successfully), 3 impressions' },
    });
    expect(printed().map((pdf) => pdf.toString('base64'))).toEqual([pdfOf(3)]);
    expect(await execute({ kind: 'settle', job: 'J-1' })).toMatchObject({ reply: { printed: 'yes' } });
    for await (const line of driver.selfTest()) expect(line.result, line.detail).toBe('pass');
  });

  it('that runs out of paper in a document says so, and goes on after the refill', async () => {
    const { printer, driver, print, printed } = await withPrinter();
    writeFileSync(printer.emptyTray, '');
    const printing = print('J-1');
    await becomes(driver, ({ paper }) => paper === 'out');
    expect(driver.status()).toMatchObject({ device: 'userError', problem: { code: 'printer.paperOut' } });
    rmSync(printer.emptyTray);
    expect((await printing).kind).toBe('done');
    expect(printed().length).toBe(1);
  });

  it('that takes a cancel and prints all the same: unknown, and nobody else prints until that job is over', async () => {
    const { printer, driver, print, printed, execute } = await withPrinter();
    writeFileSync(printer.emptyTray, '');
    expect(await print('J-1', 2, 3_000)).toMatchObject({ kind: 'unknown', problem: { code: 'device.deadline' } });
    expect(await print('J-2', 1, 8_000)).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.busy' },
    });
    rmSync(printer.emptyTray);
    await becomes(driver, ({ device }) => device === 'online');
    expect(await whenWell(() => print('J-2', 1))).toMatchObject({ kind: 'done' });
    expect(printed().length).toBe(2);
    // it was printed after it was cancelled: nobody may call that "not printed"
    expect(await execute({ kind: 'settle', job: 'J-1' })).toMatchObject({ reply: { printed: 'cannotTell' } });
  });

  it('that is killed in a document forgets it: unknown, never printed again, and found again', async () => {
    const { printer, driver, print, printed, execute } = await withPrinter();
    writeFileSync(printer.emptyTray, '');
    const printing = print('J-1');
    await becomes(driver, ({ paper }) => paper === 'out');
    await printer.kill();
    await becomes(driver, ({ device }) => device === 'offline');
    rmSync(printer.emptyTray);
    await printer.start();
    expect(await printing).toMatchObject({ kind: 'unknown' });
    await becomes(driver, ({ device }) => device === 'online');
    expect(await execute({ kind: 'settle', job: 'J-1' })).toMatchObject({ reply: { printed: 'cannotTell' } });
    expect(printed().length).toBeLessThanOrEqual(1);
  });
});

describe.skipIf(missing !== undefined)('the real CUPS', () => {
  async function withQueue() {
    const device = await rawPrinter();
    cleanUps.push(() => device.end());
    const cups = await startCups(device.uri);
    cleanUps.push(() => cups.end());
    return { device, cups, ...kiosk(cups.uri, 'cups', { history: 'kept' }) };
  }

  it('passes a document on once, byte for byte', async () => {
    const { device, driver, print } = await withQueue();
    await device.switchOn();
    await becomes(driver, ({ device: state }) => state === 'online');
    expect(await print('J-1')).toMatchObject({ kind: 'done', reply: { jobNumber: 1 } });
    expect(device.documents.map((pdf) => pdf.toString('base64'))).toEqual([pdfOf(2)]);
  });

  it('killed under a running job begins it a second time when it is back: it is taken back, and nothing comes out', async () => {
    const { device, cups, print } = await withQueue();
    // the device is switched off: CUPS tries to reach it again and again
    const printing = print('J-1', 2, 40_000);
    await until('CUPS has the document', async () => cups.hasDocument());
    await until('two looks have seen it begin', seconds(2));
    await cups.kill();
    await cups.start();
    expect(await printing).toMatchObject({ kind: 'unknown', problem: { code: 'document.stopped' } });
    await device.switchOn();
    expect(await whenWell(() => print('J-2'))).toMatchObject({ kind: 'done', reply: { jobNumber: 2 } });
    expect(device.documents.length).toBe(1);
  });

  it('with a device that is off until the deadline: unknown, and nothing comes out later', async () => {
    const { device, driver, print, execute } = await withQueue();
    await becomes(driver, ({ device: state }) => state === 'online');
    expect(await print('J-1', 2, 4_000)).toMatchObject({ kind: 'unknown' });
    // A second command waits until the first is taken back.
    expect(await execute({ kind: 'cancel', job: 'J-1' })).toMatchObject({ kind: 'done' });
    await device.switchOn();
    const second = await whenWell(() => print('J-2'));
    expect(second).toMatchObject({ kind: 'done', reply: { jobNumber: 2 } });
    expect(device.documents.length).toBe(1);
  });

  it('settles after a crash of the kiosk: printed, taken back, and never sent', async () => {
    const { device, cups, driver, print } = await withQueue();
    void print('J-1');
    await until('CUPS has the document', async () => cups.hasDocument());
    await driver.close();
    const { execute } = kiosk(cups.uri, 'cups', { history: 'kept' });
    expect(await execute({ kind: 'settle', job: 'J-1' }, 3_000)).toMatchObject({ reply: { printed: 'cannotTell' } });
    await device.switchOn();
    const printedNow = async () => {
      const outcome = await execute({ kind: 'settle', job: 'J-1' });
      return outcome.kind === 'done' && outcome.reply.kind === 'settle' && outcome.reply.printed === 'yes';
    };
    await until('J-1 is printed', printedNow);
    expect(await execute({ kind: 'settle', job: 'J-2' })).toMatchObject({ reply: { printed: 'no' } });
    expect(device.documents.length).toBe(1);
  });
});

function seconds(count: number): () => Promise<boolean> {
  const from = systemClock.now();
  return () => Promise.resolve(systemClock.now() - from >= count * 1_000);
}

/** CUPS needs a moment to see that its device is back; until then the driver rightly refuses. */
async function whenWell(act: () => Promise<Outcome<DocumentPrinterReply>>): Promise<Outcome<DocumentPrinterReply>> {
  let outcome = await act();
  await until('the queue is well', async () => {
    if (outcome.kind === 'failed') outcome = await act();
    return outcome.kind !== 'failed';
  });
  return outcome;
}
