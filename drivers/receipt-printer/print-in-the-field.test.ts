/** What people in the field complain about, one test a complaint, against the simulated printers. */
import { describe, expect, it } from 'vitest';
import { fail } from '../../contract/outcome.schema.ts';
import type { Receipt } from '../../contract/receipt.schema.ts';
import { paceOf } from './flow-gate.ts';
import { PRINTER_MODEL_NAMES, printerModel } from './printer-models.ts';
import { printerOnWire, SLIP } from './testing/printer-on-wire.test-support.ts';

const HOUR_MS = 3_600_000;
const EVIDENCE = {
  'epson-tm-t88': 'escpos.processId',
  'custom-vkp80': 'escpos.drained',
  'cashino-kp628e': 'escpos.drained',
  'citizen-pmu': 'escpos.drained',
  'star-tsp': 'star.etbCount',
} as const;

describe.each([...PRINTER_MODEL_NAMES])('%s', (name) => {
  it('prints slip after slip, each with its own proof', async () => {
    const { printer, print, driver } = await printerOnWire(name);
    for (const job of ['job-1', 'job-2', 'job-3']) {
      expect(await print(job)).toMatchObject({ kind: 'done', evidence: { method: EVIDENCE[name] } });
      printer.takePaper();
    }
    expect(printer.paper.slips.map(({ text }) => text.replaceAll(/ +/g, ' '))).toEqual(
      Array.from({ length: 3 }, () => '番禺区党群服务站\n排队号 A012\n请取走凭条'),
    );
    await driver.close();
  });

  it('gives one receipt after paper-out for an hour and a refill, however long the job waited', async () => {
    const { clock, printer, print, wholeSlips, driver } = await printerOnWire(name);
    printer.faults.paperOutAfterLines = 1;
    expect(await print('job-1')).toMatchObject({
      kind: 'failed',
      effect: 'partial',
      problem: { code: 'printer.paperOut' },
    });
    expect(driver.status()).toMatchObject({ device: 'userError', paper: 'out' });
    await clock.run(HOUR_MS);
    printer.refill();
    await clock.run(60_000);
    expect(wholeSlips()).toBe(0);
    expect((await print('job-1-again')).kind).toBe('done');
    expect(wholeSlips()).toBe(1);
    await driver.close();
  });

  it('prints nothing of the last session in the next one', async () => {
    const { clock, printer, print, begin, wire, driver } = await printerOnWire(name);
    printer.openCover();
    printer.closeCover();
    const first = begin({ kind: 'print', job: 'session-1', receipt: { lines: [{ kind: 'text', text: '第一位' }] } });
    // the cover is opened the moment the slip is in the printer, and the wire is pulled: nobody can report
    while (printer.paper.stripText === '' && printer.paper.slipsCut === 0) await clock.run(5);
    printer.openCover();
    wire.unplug();
    expect(await clock.runUntil(first)).toMatchObject({ kind: 'unknown', problem: { code: 'device.lost' } });
    wire.plug();
    printer.closeCover();
    await clock.run(30_000);
    const cut = printer.paper.slipsCut;
    expect((await print('session-2')).kind).toBe('done');
    const later = printer.paper.slips.slice(cut).map(({ text }) => text);
    expect(later.join('\n')).not.toContain('第一位');
    await driver.close();
  });

  it('vanishes for two polls in the middle of a job and comes back: one receipt and a named unknown', async () => {
    const { clock, printer, wire, begin, driver } = await printerOnWire(name);
    const job = begin({ kind: 'print', job: 'job-1', receipt: SLIP });
    while (printer.paper.stripText === '' && printer.paper.slipsCut === 0) await clock.run(5);
    wire.unplug();
    expect(await clock.runUntil(job)).toMatchObject({ kind: 'unknown', problem: { code: 'device.lost' } });
    await clock.run(10_000);
    wire.plug();
    await clock.run(60_000);
    expect(driver.status().device).toBe('online');
    expect(printer.paper.slipsCut).toBe(1);
    // asked again under the same name it is not sent again
    expect((await clock.runUntil(begin({ kind: 'print', job: 'job-1', receipt: SLIP }))).kind).toBe('unknown');
    expect(printer.paper.slipsCut).toBe(1);
    await driver.close();
  });

  it('mute for two polls while the wire stands: the proof comes late, and the job is done', async () => {
    const { clock, printer, wire, begin, driver } = await printerOnWire(name);
    wire.tampering.lateMs = 1_600;
    const job = begin({ kind: 'print', job: 'job-1', receipt: SLIP });
    await clock.run(300);
    wire.tampering.lateMs = 0;
    const outcome = await clock.runUntil(job);
    // the first question was answered too late for it to begin, or all went well: never a second slip
    expect(['done', 'failed']).toContain(outcome.kind);
    expect(printer.paper.slipsCut).toBe(outcome.kind === 'done' ? 1 : 0);
    await driver.close();
  });

  it('switched off: no longer online within the heartbeat', async () => {
    const { clock, wire, driver } = await printerOnWire(name);
    expect(driver.status().device).toBe('online');
    wire.unplug();
    await clock.run(100);
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { code: 'device.absent' } });
    await driver.close();
  });

  it('prints 200 lines through a buffer of 256 bytes on a serial wire, every line whole', async () => {
    const receipt: Receipt = {
      lines: Array.from({ length: 100 }, (_, line) => ({
        kind: 'text',
        text: `${String(line).padStart(3, '0')} 番禺区办理事项回执 ${'缴费成功'.repeat(8)}`.slice(0, 44),
      })),
    };
    const { printer, print, driver } = await printerOnWire(name, {
      simulator: { receiveBufferBytes: 256 },
      driver: { pace: paceOf(115_200) },
    });
    expect((await print('long', receipt, 300_000)).kind).toBe('done');
    expect(printer.state.overrunBytes).toBe(0);
    const [slip] = printer.paper.slips;
    const text = slip?.text.replaceAll('\n', '').replaceAll(' ', '');
    expect(text).toBe(
      receipt.lines
        .map((line) => (line.kind === 'text' ? line.text : ''))
        .join('')
        .replaceAll(' ', ''),
    );
    expect(slip?.text.split('\n').length).toBeGreaterThanOrEqual(200);
    await driver.close();
  });
});

describe('flow control', () => {
  it('would lose lines without it: the same slip in one go overruns the buffer', async () => {
    const { printer, print, driver } = await printerOnWire('epson-tm-t88', { simulator: { receiveBufferBytes: 256 } });
    const lines = Array.from({ length: 60 }, () => ({ kind: 'text' as const, text: '番禺区办理事项回执' }));
    expect((await print('long', { lines }, 20_000)).kind).not.toBe('done');
    expect(printer.state.overrunBytes).toBeGreaterThan(0);
    await driver.close();
  });

  it.each(['epson-tm-t88', 'custom-vkp80', 'star-tsp'] as const)(
    '%s: paper-out while the printer holds us back is reported, not waited out',
    async (name) => {
      const { printer, print, driver, clock } = await printerOnWire(name, {
        simulator: { receiveBufferBytes: 256 },
        driver: { pace: paceOf(115_200) },
      });
      printer.faults.paperOutAfterLines = 3;
      const lines = Array.from({ length: 100 }, () => ({ kind: 'text' as const, text: '番禺区办理事项回执' }));
      const from = clock.now();
      expect(await print('long', { lines }, 300_000)).toMatchObject({ problem: { code: 'printer.paperOut' } });
      expect(clock.now() - from).toBeLessThan(20_000);
      await driver.close();
    },
  );

  it('goes on when the printer is well and its XON was lost', async () => {
    const { printer, print, wire, driver } = await printerOnWire('custom-vkp80', {
      simulator: { receiveBufferBytes: 1_024 },
      driver: { pace: paceOf(115_200) },
    });
    wire.tampering.answer = (piece) => (piece.length === 1 && piece[0] === 0x11 ? [] : [piece]);
    const lines = Array.from({ length: 40 }, () => ({ kind: 'text' as const, text: '番禺区办理事项回执' }));
    expect((await print('long', { lines }, 60_000)).kind).toBe('done');
    expect(printer.state.overrunBytes).toBe(0);
    await driver.close();
  });
});

describe('a status that cannot be read', () => {
  it('keeps the slip in, unless the site prints blind', async () => {
    const { wire, print, printer, driver } = await printerOnWire('epson-tm-t88');
    wire.tampering.answer = () => [];
    expect(await print('job-1')).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.absent' } });
    expect(printer.paper.slipsCut).toBe(0);
    await driver.close();
  });

  it('does not stop a print that the site allows, and ends as unknown without proof', async () => {
    const { wire, print, printer, driver } = await printerOnWire('epson-tm-t88', { driver: { printsBlind: true } });
    wire.tampering.answer = (piece) => [piece.map(() => 0xff)];
    expect(await print('job-1')).toMatchObject({ kind: 'unknown', problem: { code: 'device.deadline' } });
    expect(printer.paper.slipsCut).toBe(1);
    await driver.close();
  });
});

describe('a character the printer lacks', () => {
  const slip: Receipt = { lines: [{ kind: 'text', text: '王䶮' }] };

  it('without a font on the machine: refused as a missing driver, and not one byte of the slip is sent', async () => {
    const press = { draw: () => Promise.resolve(fail('device.driverMissing', 'a Chinese font')) };
    const { print, wire, driver } = await printerOnWire('epson-tm-t88', { driver: { press } });
    wire.mark();
    expect(await print('job-1', slip)).toEqual({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.driverMissing', detail: 'a Chinese font' },
    });
    expect(wire.toDevice).toBe(0);
    await driver.close();
  });

  it('with a font that the site has proven: printed by the printer itself', async () => {
    const model = printerModel('epson-tm-t88');
    if (!model) throw new Error('no model');
    const { print, printer, driver } = await printerOnWire('epson-tm-t88', {
      simulator: { fourByteChinese: true },
      driver: { model: { ...model, font: 'gb18030' } },
    });
    expect((await print('job-1', { lines: [{ kind: 'text', text: '王䶮㐂' }] })).kind).toBe('done');
    expect(printer.paper.slips[0]?.text).toBe('王䶮㐂');
    await driver.close();
  });

  it('with a font that the site only believed in: the paper shows why GBK is the default', async () => {
    const model = printerModel('epson-tm-t88');
    if (!model) throw new Error('no model');
    const { print, printer, driver } = await printerOnWire('epson-tm-t88', {
      driver: { model: { ...model, font: 'gb18030' } },
    });
    await print('job-1', { lines: [{ kind: 'text', text: '王䶮㐂' }] });
    expect(printer.paper.slips[0]?.text).toBe('王□□□');
    await driver.close();
  });
});

describe('the mouth', () => {
  it('of a Cashino is bit 7 of its first answer (4.4)', async () => {
    const { clock, print, printer, driver } = await printerOnWire('cashino-kp628e');
    expect(driver.status().media).toBe('notPresent');
    await print('job-1');
    await clock.run(6_000);
    expect(driver.status()).toMatchObject({ device: 'online', media: 'present' });
    printer.takePaper();
    await clock.run(6_000);
    expect(driver.status().media).toBe('notPresent');
    await driver.close();
  });

  it('of a Star is emptied by its retractor', async () => {
    const { execute, print, printer, driver } = await printerOnWire('star-tsp');
    await print('job-1');
    expect(await execute({ kind: 'retract' })).toMatchObject({ reply: { retracted: true } });
    expect(printer.paper.slips[0]?.place).toBe('retracted');
    expect(await execute({ kind: 'retract' })).toMatchObject({ reply: { retracted: false } });
    await driver.close();
  });

  it('of a Citizen has no sensor in the sheet: told to take back, and honest about not knowing', async () => {
    const { clock, execute, print, printer, driver } = await printerOnWire('citizen-pmu');
    await print('job-1');
    expect(await execute({ kind: 'retract' })).toMatchObject({
      kind: 'unknown',
      problem: { code: 'device.notFitted' },
    });
    await clock.run(10);
    expect(printer.paper.slips[0]?.place).toBe('retracted');
    await driver.close();
  });
});

describe('proof that is not one', () => {
  it('zeros left of a damaged full status are no answer to GS r', async () => {
    const { wire, begin, clock, printer, driver } = await printerOnWire('custom-vkp80');
    const job = begin({ kind: 'print', job: 'job-1', receipt: SLIP }, 20_000);
    await clock.run(50);
    printer.openCover(); // stands still; its status is damaged from now on
    wire.tampering.answer = (piece) => [piece.length === 6 ? Uint8Array.of(0, 0x0f, 0, 0, 0, 0) : piece];
    expect((await clock.runUntil(job)).kind).toBe('unknown');
    await driver.close();
  });

  it('a Star’s counter must be said twice', async () => {
    const { wire, begin, clock, printer, driver } = await printerOnWire('star-tsp');
    const job = begin({ kind: 'print', job: 'job-1', receipt: SLIP }, 10_000);
    await clock.run(50);
    printer.faults.hangAfterPrint = true;
    let isFirst = true;
    wire.tampering.answer = (piece) => {
      const lie = Uint8Array.from(piece);
      if (isFirst && lie.length === 9) lie[7] = 0x02;
      isFirst = false;
      return [lie];
    };
    expect((await clock.runUntil(job)).kind).toBe('unknown');
    await driver.close();
  });
});
