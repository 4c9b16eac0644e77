import { describe, expect, it } from 'vitest';
import type { IppPrinterSimulator as Printer } from './simulator/ipp-printer.simulator.ts';
import { bench, pdfOf } from './testing/printer-bench.test-support.ts';

describe('a document', () => {
  it('is printed once, byte for byte, and proven by the printer’s own count', async () => {
    const { clock, printer, print, driver } = await bench();
    expect(driver.status()).toEqual({ device: 'online', paper: 'full', media: 'unknown' });
    expect(await clock.runUntil(print('J-1', 3))).toEqual({
      kind: 'done',
      reply: { kind: 'print', jobNumber: 1, sheets: 3 },
      evidence: { method: 'ipp.job', value: 'job 1 completed (job-completed-successfully), 3 impressions' },
    });
    expect(printer.state.printed).toEqual([{ name: 'J-1', pages: 3, bytes: Buffer.from(pdfOf(3), 'base64').length }]);
    expect(Buffer.from(printer.pdfOf('J-1') ?? []).toString('base64')).toBe(pdfOf(3));
  });

  it('of a name that was sent before is refused', async () => {
    const { clock, printer, print } = await bench();
    await clock.runUntil(print('J-1'));
    expect(await clock.runUntil(print('J-1'))).toMatchObject({ effect: 'none', problem: { code: 'document.refused' } });
    expect(printer.state.printed.length).toBe(1);
  });

  it('waits its turn and leaves for free when it is cancelled meanwhile', async () => {
    const { clock, printer, print } = await bench();
    const abort = new AbortController();
    const first = print('J-1');
    const second = print('J-2', 1, 60_000, abort.signal);
    await clock.run(300);
    abort.abort();
    expect(await second).toMatchObject({ kind: 'failed', effect: 'none' });
    expect((await clock.runUntil(first)).kind).toBe('done');
    expect(printer.state.jobs.map(({ name }) => name)).toEqual(['J-1']);
  });
});

describe('before anything is sent', () => {
  it.each([
    ['no paper', 'printer.paperOut', 'out', (p: Printer): void => p.path.change({ sheetsInTray: 0 })],
    ['an open cover', 'printer.coverOpen', 'full', (p: Printer): void => p.path.change({ isCoverOpen: true })],
    ['a jam', 'printer.jammed', 'jammed', (p: Printer): void => p.path.change({ isJammed: true })],
    ['no toner', 'document.toner', 'full', (p: Printer): void => void (p.faults.tonerEmpty = true)],
    [
      'a queue that takes no jobs',
      'device.refused',
      'full',
      (p: Printer): void => void (p.faults.notAcceptingJobs = true),
    ],
    ['a printer without PDF', 'document.refused', 'full', (p: Printer): void => void (p.faults.noPdf = true)],
  ] as const)('%s is told, and no job is made', async (_what, code, paper, spoil) => {
    const { clock, printer, driver, print } = await bench();
    spoil(printer);
    expect(await clock.runUntil(print('J-1'))).toMatchObject({ kind: 'failed', effect: 'none', problem: { code } });
    expect(printer.state.jobs).toEqual([]);
    expect(driver.status()).toMatchObject({ paper, problem: { code } });
    expect(driver.status().device).not.toBe('online');
  });

  it('a busy printer refuses with its word for it', async () => {
    const { clock, printer, print } = await bench();
    printer.faults.busy = true;
    const outcome = await clock.runUntil(print('J-1'));
    expect(outcome).toMatchObject({ effect: 'none', problem: { detail: 'server-error-busy' } });
  });

  it('low paper is told and stops nothing', async () => {
    const { clock, printer, driver, print } = await bench({ trayHolds: 100 });
    printer.path.change({ sheetsInTray: 5 });
    expect((await clock.runUntil(print('J-1'))).kind).toBe('done');
    expect(driver.status()).toMatchObject({ device: 'online', paper: 'low' });
  });
});

it('a job number that leads to somebody else’s job gets no document', async () => {
  const { clock, wire, printer, print } = await bench();
  wire.tampering.answer = (piece) => [
    Buffer.from(Buffer.from(piece).toString('latin1').replaceAll('J-1', 'J-9'), 'latin1'),
  ];
  expect(await clock.runUntil(print('J-1'))).toMatchObject({
    kind: 'failed',
    effect: 'none',
    problem: { code: 'device.garbage' },
  });
  await clock.run(10_000);
  expect(printer.state.printed).toEqual([]);
});

describe('in the middle of a document', () => {
  it('the paper ends: the status says so, and after a refill it goes on to its end', async () => {
    const { clock, printer, driver, print } = await bench();
    printer.faults.mediaEmptyAfterSheets = 1;
    const printing = print('J-1', 3);
    await clock.run(3_000);
    expect(driver.status()).toMatchObject({ device: 'userError', paper: 'out', problem: { code: 'printer.paperOut' } });
    printer.path.refill();
    expect(await clock.runUntil(printing)).toMatchObject({ kind: 'done', reply: { sheets: 3 } });
    expect(printer.state.printed.length).toBe(1);
  });

  it('the paper ends and nobody comes: unknown at the deadline, and the rest never comes out', async () => {
    const { clock, printer, print, settle, printedSheets } = await bench();
    printer.faults.mediaEmptyAfterSheets = 1;
    expect(await clock.runUntil(print('J-1', 3, 10_000))).toMatchObject({
      kind: 'unknown',
      problem: { code: 'device.deadline' },
      lastEvidence: { value: 'job 1 processing-stopped (printer-stopped), 1 impressions' },
    });
    await clock.run(5_000);
    printer.path.refill();
    await clock.run(30_000);
    expect(printedSheets()).toBe(1);
    expect(await settle('J-1')).toMatchObject({ reply: { printed: 'cannotTell' } });
  });

  it('a jam: the reason is told, the job is taken back when the resident gives up', async () => {
    const { clock, printer, driver, print, printedSheets } = await bench();
    printer.faults.jamAfterSheets = 2;
    const abort = new AbortController();
    const printing = print('J-1', 3, 60_000, abort.signal);
    await clock.run(4_000);
    expect(driver.status()).toMatchObject({ paper: 'jammed', problem: { code: 'printer.jammed' } });
    abort.abort();
    expect(await clock.runUntil(printing)).toMatchObject({ kind: 'unknown', problem: { code: 'kiosk.cancelled' } });
    await clock.run(3_000);
    printer.path.change({ isJammed: false });
    await clock.run(30_000);
    expect(printedSheets()).toBe(1);
    expect(printer.state.jobs[0]?.state).toBe('canceled');
  });

  it('the printer aborts before the first sheet: nothing came out', async () => {
    const { clock, printer, print, settle } = await bench();
    printer.faults.abortsJobs = true;
    expect(await clock.runUntil(print('J-1'))).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'document.stopped', detail: 'aborted: aborted-by-system' },
    });
    expect(await settle('J-1')).toMatchObject({ reply: { printed: 'no' } });
  });

  it('somebody cancels it at the printer after one sheet: partial', async () => {
    const { clock, printer, print, execute } = await bench();
    printer.faults.mediaEmptyAfterSheets = 1;
    const printing = print('J-1', 3);
    await clock.run(3_000);
    printer.cancelAtPanel(1);
    expect(await clock.runUntil(printing)).toMatchObject({ kind: 'failed', effect: 'partial' });
    expect((await clock.runUntil(execute({ kind: 'cancel', job: 'J-1' }))).kind).toBe('done');
  });
});

describe('what the printer says is not always so', () => {
  it('completed with nothing counted is not believed', async () => {
    const { clock, printer, print } = await bench();
    printer.faults.liesCompleted = true;
    expect(await clock.runUntil(print('J-1'))).toMatchObject({
      kind: 'unknown',
      problem: { code: 'document.stopped' },
    });
  });

  it('a printer that counts nothing is taken at its word, and says how little that is', async () => {
    const { clock, printer, print, driver } = await bench({ model: 'cups' });
    printer.faults.countsNothing = true;
    expect(await clock.runUntil(print('J-1'))).toMatchObject({ kind: 'done', reply: { kind: 'print', jobNumber: 1 } });
    const lines = await clock.runUntil(Array.fromAsync(driver.selfTest()));
    expect(lines.at(-1)).toEqual({ step: 'proof', result: 'skip', detail: 'a print is proven by its word only' });
  });

  it('a job it took and forgot is unknown', async () => {
    const { clock, printer, print, settle } = await bench({ settings: { history: 'kept' } });
    printer.faults.forgetsJobs = true;
    expect(await clock.runUntil(print('J-1'))).toMatchObject({
      kind: 'unknown',
      problem: { detail: 'the printer forgot the job' },
    });
    expect(await settle('J-2')).toMatchObject({ reply: { printed: 'no' } });
  });
});

describe('an answer that is lost', () => {
  it('to the document: the job is looked up by its number and followed to its end, and printed once', async () => {
    const { clock, printer, print } = await bench();
    printer.faults.hangUpAfterDocument = true;
    expect(await clock.runUntil(print('J-1'))).toMatchObject({ kind: 'done', reply: { jobNumber: 1, sheets: 2 } });
    expect(printer.state.printed.length).toBe(1);
  });

  it('a printer that is away for two looks is not called gone (field-complaints 1)', async () => {
    const { clock, printer, wire, driver, print } = await bench();
    const seen: string[] = [];
    driver.subscribe(({ device }) => seen.push(device));
    const printing = print('J-1', 4);
    await clock.run(500);
    wire.unplug();
    await clock.run(900);
    wire.plug();
    expect((await clock.runUntil(printing)).kind).toBe('done');
    expect(printer.state.printed.length).toBe(1);
  });

  it('for ever: unknown at the deadline, and the job is taken back when the printer is there again', async () => {
    const { clock, printer, wire, driver, print } = await bench();
    printer.faults.sheetMs = 20_000;
    const printing = print('J-1', 4, 15_000);
    await clock.run(1_500);
    wire.unplug();
    expect(await clock.runUntil(printing)).toMatchObject({ kind: 'unknown', problem: { code: 'device.deadline' } });
    await clock.run(20_000);
    expect(driver.status().device).toBe('offline');
    wire.plug();
    await clock.run(30_000);
    expect(printer.state.jobs.map(({ state }) => state)).toEqual(['canceled']);
    expect(driver.status().device).toBe('online');
  });
});

it('a spooler that was killed and begins the job a second time is told to stop, and nobody calls it printed', async () => {
  const { clock, printer, print } = await bench({ model: 'cups' });
  printer.faults.sheetMs = 5_000;
  const printing = print('J-1', 2);
  await clock.run(4_000);
  printer.restartSpooler();
  expect(await clock.runUntil(printing)).toMatchObject({ kind: 'unknown', problem: { code: 'document.stopped' } });
  await clock.run(60_000);
  expect(printer.state.jobs.map(({ state, pagesPrinted }) => [state, pagesPrinted])).toEqual([['canceled', 0]]);
});

describe('after a crash of the kiosk', () => {
  async function crashed(
    spoil: (printer: Printer) => void,
    crashAfterMs: number,
    history: 'kept' | 'notKept' = 'notKept',
  ) {
    const before = await bench({ settings: { history } });
    spoil(before.printer);
    void before.print('J-1', 3);
    await before.clock.run(crashAfterMs);
    await before.driver.close();
    const after = await before.restart();
    return { ...before, ...after };
  }

  it('a document that went on printing is settled with yes', async () => {
    const { settle } = await crashed(() => undefined, 800);
    expect(await settle('J-1')).toMatchObject({ kind: 'done', reply: { printed: 'yes' } });
  });

  it('one that waits for paper cannot be told, is cancelled, and is then settled', async () => {
    const { clock, printer, settle, execute } = await crashed((p) => void (p.faults.mediaEmptyAfterSheets = 1), 2_000);
    expect(await settle('J-1', 15_000)).toMatchObject({ reply: { printed: 'cannotTell' } });
    expect(await clock.runUntil(execute({ kind: 'cancel', job: 'J-1' }))).toMatchObject({ reply: { cancelled: true } });
    printer.path.refill();
    await clock.run(10_000);
    expect(printer.state.jobs.map(({ state, pagesPrinted }) => [state, pagesPrinted])).toEqual([['canceled', 1]]);
  });

  it('one that was cancelled before its first sheet is settled with no', async () => {
    const { clock, settle, execute } = await crashed((p) => void (p.faults.sheetMs = 60_000), 800);
    expect(await clock.runUntil(execute({ kind: 'cancel', job: 'J-1' }))).toMatchObject({ reply: { cancelled: true } });
    expect(await settle('J-1')).toMatchObject({ reply: { printed: 'no' } });
  });

  it.each([
    ['notKept', 'cannotTell'],
    ['kept', 'no'],
  ] as const)('one that the printer does not know, history %s: %s', async (history, printed) => {
    const { printer, clock, settle } = await crashed(() => undefined, 10, history);
    printer.powerCycle();
    await clock.run(2_000);
    expect(await settle('J-9')).toMatchObject({ reply: { printed } });
  });

  it('cancelling what is not there says so and is no failure', async () => {
    const { clock, execute } = await bench();
    expect(await clock.runUntil(execute({ kind: 'cancel', job: 'J-1' }))).toMatchObject({
      kind: 'done',
      reply: { cancelled: false },
    });
  });
});

it('leaves no timer and no open request behind when closed in the middle, twice', async () => {
  const { clock, print, driver } = await bench();
  const printing = print('J-1');
  await clock.run(100);
  await Promise.all([driver.close(), driver.close()]);
  expect((await printing).kind).toBe('unknown');
  await clock.run(10_000);
  expect(clock.pendingTimers).toBe(0);
});
