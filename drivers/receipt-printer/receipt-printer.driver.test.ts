import { describe, expect, it } from 'vitest';
import type { ReceiptPrinterCommand } from '../../contract/devices/receipt-printer.schema.ts';
import { custom, CUT, escpos, RECEIPT, station } from './testing/printer-station.test-support.ts';

describe('print with the printer’s own proof', () => {
  it('is done with the process id on an Epson', async () => {
    const { clock, print, driver } = await station('epson-tm-t88');
    expect(driver.status()).toEqual({ device: 'online', paper: 'full', media: 'unknown' });
    const outcome = await clock.runUntil(print('job-1'));
    expect(outcome).toMatchObject({ kind: 'done', reply: { kind: 'print' }, evidence: { method: 'escpos.processId' } });
  });

  it('is done with a drained pipe and a clean full status on a Custom', async () => {
    const { clock, print } = await station('custom-vkp80');
    expect(await clock.runUntil(print('job-1'))).toMatchObject({
      kind: 'done',
      evidence: { method: 'escpos.drained' },
    });
  });

  it('asks under another number each time', async () => {
    const { clock, print, link } = await station('epson-tm-t88');
    await clock.runUntil(print('job-1'));
    await clock.runUntil(print('job-2'));
    const ids = link.written.map((hex) => /1D284806003030(.{8})$/.exec(hex)?.[1]).filter(Boolean);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('nothing leaves before the printer is ready', () => {
  it('paper out before: failed with no effect, and not one byte of the slip sent', async () => {
    const { clock, printer, print, slipsSent, driver } = await station('custom-vkp80');
    printer.full = custom('full-status-paper-out');
    expect(await clock.runUntil(print('job-1'))).toEqual({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'printer.paperOut' },
    });
    expect(slipsSent()).toBe(0);
    expect(driver.status()).toMatchObject({ device: 'userError', paper: 'out' });
  });

  it('cover open before: failed with no effect', async () => {
    const { clock, printer, print, slipsSent } = await station('epson-tm-t88');
    printer.realTime = { 1: '1E', 2: '16', 3: '12', 4: '12' };
    expect(await clock.runUntil(print('job-1'))).toMatchObject({
      effect: 'none',
      problem: { code: 'printer.coverOpen' },
    });
    expect(slipsSent()).toBe(0);
  });

  it('a printer that does not answer: failed with no effect', async () => {
    const { clock, printer, print, slipsSent } = await station('epson-tm-t88');
    printer.isSilent = true;
    expect(await clock.runUntil(print('job-1'))).toMatchObject({ effect: 'none', problem: { code: 'device.absent' } });
    expect(slipsSent()).toBe(0);
  });

  it('an aborted wait for the answer: failed with no effect', async () => {
    const { clock, printer, print } = await station('epson-tm-t88');
    printer.isSilent = true;
    const abort = new AbortController();
    const printed = print('job-1', 20_000, abort.signal);
    await clock.run(100);
    abort.abort();
    expect(await printed).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'kiosk.cancelled' } });
  });
});

describe('trouble after the first byte', () => {
  it('cover opened mid-print: failed partial by the printer’s own report', async () => {
    const { clock, printer, print, link, driver } = await station('epson-tm-t88');
    printer.isProving = false;
    const printed = print('job-1');
    await clock.run(200);
    link.say(escpos('asb-cover'));
    expect(await clock.runUntil(printed)).toMatchObject({ effect: 'partial', problem: { code: 'printer.coverOpen' } });
    expect(driver.status().device).toBe('userError');
    expect(link.written.at(-1)).toBe('10140801031401060208');
  });

  it('paper out mid-print on a Custom: found by looking, failed partial', async () => {
    const { clock, printer, print } = await station('custom-vkp80');
    printer.isProving = false;
    const printed = print('job-1');
    await clock.run(200);
    printer.full = custom('full-status-paper-out');
    expect(await clock.runUntil(printed)).toMatchObject({ effect: 'partial', problem: { code: 'printer.paperOut' } });
  });

  it('cutter stuck although the pipe ran dry: failed partial', async () => {
    const { clock, printer, print, link } = await station('custom-vkp80');
    const device = link.device;
    link.device = (hex) => {
      if (hex.includes(CUT)) printer.full = '100F00000001';
      device(hex);
    };
    expect(await clock.runUntil(print('job-1'))).toMatchObject({
      effect: 'partial',
      problem: { code: 'printer.cutter' },
    });
  });

  it('evidence never comes: unknown at the deadline, and the slip was sent once', async () => {
    const { clock, printer, print, slipsSent } = await station('epson-tm-t88');
    printer.isProving = false;
    const printed = print('job-1', 10_000);
    expect(await clock.runUntil(printed)).toMatchObject({ kind: 'unknown', problem: { code: 'device.deadline' } });
    expect(slipsSent()).toBe(1);
  });

  it('link lost mid-print: unknown at once, and nothing is sent again when it is back', async () => {
    const { clock, printer, print, link, slipsSent } = await station('epson-tm-t88');
    printer.isProving = false;
    const printed = print('job-1');
    await clock.run(200);
    link.vanish();
    expect(await printed).toMatchObject({ kind: 'unknown', problem: { code: 'device.lost' } });
    link.come();
    await clock.run(20_000);
    expect(slipsSent()).toBe(1);
  });

  it('cancelled mid-print: unknown, because a slip cannot be called back', async () => {
    const { clock, printer, print } = await station('epson-tm-t88');
    printer.isProving = false;
    const abort = new AbortController();
    const printed = print('job-1', 20_000, abort.signal);
    await clock.run(200);
    abort.abort();
    expect(await printed).toMatchObject({ kind: 'unknown', problem: { code: 'kiosk.cancelled' } });
  });

  it('a hot head is waited for, not failed', async () => {
    const { clock, printer, print, link } = await station('epson-tm-t88');
    printer.isProving = false;
    const printed = print('job-1');
    await clock.run(200);
    link.say(escpos('asb-head-hot'));
    await clock.run(2_000);
    const processId = /1D284806003030(.{8})$/.exec(link.written.find((hex) => hex.includes(CUT)) ?? '')?.[1];
    link.say(`3722${processId}00`);
    expect((await clock.runUntil(printed)).kind).toBe('done');
  });

  it('the same job given twice is never sent twice', async () => {
    const { clock, printer, print, slipsSent } = await station('epson-tm-t88');
    await clock.runUntil(print('job-1'));
    expect((await clock.runUntil(print('job-1'))).kind).toBe('done');
    printer.isProving = false;
    await clock.runUntil(print('job-2', 2_000));
    expect(await clock.runUntil(print('job-2'))).toMatchObject({ kind: 'unknown' });
    expect(slipsSent()).toBe(2);
  });
});

describe('evidence that comes late', () => {
  it('belongs to the job that asked, and settles it', async () => {
    const { clock, printer, print, link, execute } = await station('epson-tm-t88');
    printer.isProving = false;
    await clock.runUntil(print('job-1', 3_000));
    const processId = /1D284806003030(.{8})$/.exec(link.written.find((hex) => hex.includes(CUT)) ?? '')?.[1];
    link.say(`3722${processId}00`);
    const settled = await clock.runUntil(execute({ kind: 'settle', job: 'job-1', checkpoint: 'none' }));
    expect(settled).toMatchObject({ reply: { printed: 'yes' }, evidence: { method: 'escpos.processId' } });
  });

  it('is not taken for the proof of the next job on a printer whose proof carries no number', async () => {
    const { clock, printer, print, link } = await station('custom-vkp80');
    printer.isProving = false;
    await clock.runUntil(print('job-1', 3_000));
    const device = link.device;
    // Job 1 was waiting for paper: its answer comes together with that to the question which empties the pipe.
    link.device = (hex) => (hex === '1D7201' ? link.say('0000') : device(hex));
    expect(await clock.runUntil(print('job-2', 6_000))).toMatchObject({
      kind: 'unknown',
      problem: { code: 'device.deadline' },
    });
    expect(link.written).toContain('100502');
  });

  it('is credited to the old job when it comes before the next one is sent', async () => {
    const { clock, printer, print, link, execute } = await station('custom-vkp80');
    printer.isProving = false;
    await clock.runUntil(print('job-1', 3_000));
    const second = print('job-2', 6_000);
    link.say('00');
    expect((await clock.runUntil(second)).kind).toBe('unknown');
    const first = await clock.runUntil(execute({ kind: 'settle', job: 'job-1', checkpoint: 'none' }));
    expect(first).toMatchObject({ reply: { printed: 'yes' } });
  });

  it('a stale status byte is not taken for the answer to the next question', async () => {
    const { clock, printer, print, link } = await station('epson-tm-t88');
    printer.isSilent = true;
    await clock.runUntil(print('job-1'));
    printer.isSilent = false;
    printer.realTime = { 1: '1E', 2: '32', 3: '12', 4: '72' };
    const printed = print('job-2');
    await clock.run(100);
    link.say('12'); // the answer that was overdue
    expect(await clock.runUntil(printed)).toMatchObject({ effect: 'none', problem: { code: 'printer.paperOut' } });
  });
});

describe('did it come out? settle after a crash', () => {
  const settle = (checkpoint: string): ReceiptPrinterCommand => ({ kind: 'settle', job: 'job-9', checkpoint });

  it.each([
    ['353130636D', 'no', 'the roll is as long as before'],
    ['353038636D', 'yes', 'it is shorter by the slip'],
    ['353136636D', 'cannotTell', 'a new roll was loaded'],
  ])('remaining %s: %s, because %s', async (remaining, printed) => {
    const { clock, printer, execute } = await station('custom-vkp80');
    const before = await clock.runUntil(execute({ kind: 'checkpoint', receipt: RECEIPT }));
    if (before.kind !== 'done' || before.reply.kind !== 'checkpoint') throw new Error('no checkpoint');
    printer.remaining = remaining;
    expect(await clock.runUntil(execute(settle(before.reply.checkpoint)))).toMatchObject({ reply: { printed } });
  });

  it('cannot tell from a counter that moved when nobody said how long the slip is', async () => {
    const { clock, execute } = await station('custom-vkp80');
    expect(await clock.runUntil(execute(settle('remainingCm=520')))).toMatchObject({
      reply: { printed: 'cannotTell' },
    });
  });

  it('cannot tell on a printer without a counter', async () => {
    const { clock, execute } = await station('epson-tm-t88');
    const before = await clock.runUntil(execute({ kind: 'checkpoint' }));
    expect(before).toMatchObject({ reply: { checkpoint: 'none' } });
    expect(await clock.runUntil(execute(settle('none')))).toMatchObject({ reply: { printed: 'cannotTell' } });
  });

  it('knows that a refused job did not come out', async () => {
    const { clock, printer, print, execute } = await station('epson-tm-t88');
    printer.realTime[2] = '16';
    await clock.runUntil(print('job-9'));
    expect(await clock.runUntil(execute(settle('none')))).toMatchObject({ reply: { printed: 'no' } });
  });

  it('fails with no effect when the printer cannot be asked', async () => {
    const { clock, printer, execute } = await station('custom-vkp80');
    printer.isSilent = true;
    expect(await clock.runUntil(execute(settle('remainingCm=520')))).toMatchObject({ kind: 'failed', effect: 'none' });
  });
});
