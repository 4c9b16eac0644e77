import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { IppPrinterSimulator } from './ipp-printer.simulator.ts';

const text = (value: string) => Buffer.from(value).toString('hex');
const charset = `470012${text('attributes-charset')}0005${text('utf-8')}`;
const language = `48001b${text('attributes-natural-language')}0005${text('en-us')}`;
const uri = `45000b${text('printer-uri')}0013${text('ipp://wire/ipp/prin')}`;
const jobName = `420008${text('job-name')}0003${text('J-1')}`;
const pdf = `49000f${text('document-format')}000f${text('application/pdf')}`;
const jobId = (number: string) => `210006${text('job-id')}0004${number}`;
/** Octets by RFC 8010 3.1 and appendix A.1. */
const question = (operation: string, ...attributes: string[]) =>
  `0101${operation}0000000701${charset}${language}${uri}${attributes.join('')}03`;
const TWO_PAGES = text('%PDF-1.4 <</Type/Pages>> <</Type/Page>> <</Type /Page >>');

function printer() {
  const clock = new SimulatedClock();
  const device = new IppPrinterSimulator({
    clock,
    chance: { bytes: (n) => new Uint8Array(n) },
    sheetMs: 100,
    trayHolds: 5,
  });
  let heard = '';
  device.onOutput((bytes) => {
    heard += Buffer.from(bytes).toString('latin1');
  });
  device.connected();
  /** The body of the answer, as hex. */
  const ask = async (hex: string) => {
    heard = '';
    const body = Buffer.from(hex, 'hex');
    const head = `POST /ipp/print HTTP/1.1\r\nHost: wire\r\nContent-Type: application/ipp\r\nContent-Length: ${body.length}\r\n\r\n`;
    device.feed(Buffer.concat([Buffer.from(head), body]));
    await clock.run(0);
    const at = heard.indexOf('\r\n\r\n');
    return Buffer.from(heard.slice(at + 4), 'latin1').toString('hex');
  };
  const state = async (number: string) => {
    const answer = await ask(question('0009', jobId(number)));
    return new RegExp(`230009${text('job-state')}0004000000(..)`).exec(answer)?.[1];
  };
  return { clock, device, ask, state };
}

describe('simulated IPP printer', () => {
  it('makes an empty job, takes its document, prints it sheet by sheet', async () => {
    const { clock, device, ask, state } = printer();
    const created = await ask(question('0005', jobName));
    expect(created.startsWith('01010000' + '00000007')).toBe(true);
    expect(created).toContain(jobId('00000001'));
    expect(await state('00000001')).toBe('04');
    expect((await ask(question('0006', jobId('00000001'), pdf) + TWO_PAGES)).slice(4, 8)).toBe('0000');
    expect(await state('00000001')).toBe('05');
    await clock.run(100);
    expect(device.state.jobs[0]).toMatchObject({ state: 'processing', pages: 2, pagesPrinted: 1 });
    await clock.run(100);
    expect(await state('00000001')).toBe('09');
    expect(device.state).toMatchObject({ sheetsInTray: 3, sheetsInOutput: 2, printed: [{ name: 'J-1', pages: 2 }] });
    expect(Buffer.from(device.pdfOf('J-1') ?? []).toString('hex')).toBe(TWO_PAGES);
    expect(device.takePaper()).toBe(2);
  });

  it.each([
    ['a job that is not there', question('0009', jobId('00000063')), '0406'],
    ['another format', question('0004', pdf.replace(text('application/pdf'), text('application/pcl'))), '040a'],
    ['an operation it does not have', question('0012'), '0501'],
    ['a question without a target', `01010009000000070103`, '0400'],
  ])('refuses %s', async (_what, hex, status) => {
    expect((await printer().ask(hex)).slice(4, 8)).toBe(status);
  });

  it('stops where the paper ends, says so, and goes on after the refill', async () => {
    const { clock, device, ask, state } = printer();
    device.path.change({ sheetsInTray: 1 });
    await ask(question('0005', jobName));
    await ask(question('0006', jobId('00000001'), pdf) + TWO_PAGES);
    await clock.run(1_000);
    expect(await state('00000001')).toBe('06');
    expect(await ask(question('000b'))).toContain(text('media-empty-error'));
    device.path.refill();
    await clock.run(1_000);
    expect(await state('00000001')).toBe('09');
  });

  it('cancels what waits, and not what has ended', async () => {
    const { device, ask, state } = printer();
    await ask(question('0005', jobName));
    expect((await ask(question('0008', jobId('00000001')))).slice(4, 8)).toBe('0000');
    expect(await state('00000001')).toBe('07');
    expect((await ask(question('0008', jobId('00000001')))).slice(4, 8)).toBe('0404');
    expect(device.state.printed).toEqual([]);
  });

  it('answers what is no IPP with HTTP 400 and lives on', async () => {
    const { ask } = printer();
    await ask('00');
    expect((await ask(question('000b'))).slice(4, 8)).toBe('0000');
  });
});
