import { describe, expect, it } from 'vitest';
import { custom, station } from './testing/printer-station.test-support.ts';

describe('the mouth', () => {
  it('shows a waiting slip and its leaving, and takes it back when asked', async () => {
    const { clock, printer, link, driver, execute } = await station('custom-vkp80');
    const media: string[] = [];
    driver.subscribe((status) => media.push(status.media));
    printer.full = custom('full-status-ticket');
    await clock.run(5_000);
    const device = link.device;
    link.device = (hex) => {
      if (hex === custom('retract-or-motor-on')) printer.full = custom('full-status-ok');
      device(hex);
    };
    expect(await clock.runUntil(execute({ kind: 'retract' }))).toMatchObject({ reply: { retracted: true } });
    expect(media).toEqual(['present', 'notPresent']);
  });

  it('throws the slip out in front when it cannot be taken back, and says when even that fails', async () => {
    const { clock, printer, link, execute } = await station('custom-vkp80');
    printer.full = custom('full-status-ticket');
    expect(await clock.runUntil(execute({ kind: 'retract' }))).toMatchObject({
      effect: 'partial',
      problem: { code: 'printer.jammed' },
    });
    expect(link.written).toContain('1D6505');
  });

  it('has nothing to take back on a printer without a presenter', async () => {
    const { clock, execute } = await station('epson-tm-t88');
    expect(await clock.runUntil(execute({ kind: 'retract' }))).toMatchObject({ reply: { retracted: false } });
  });

  it('is jammed when the presenter says so', async () => {
    const { clock, link, driver } = await station('custom-vkp80');
    const device = link.device;
    link.device = (hex) => (hex === custom('ejector-status') ? link.say('80') : device(hex));
    await clock.run(15_000);
    expect(driver.status()).toMatchObject({ device: 'userError', paper: 'jammed' });
  });
});

describe('liveness', () => {
  it('is gone only after three silent beats, and dials again', async () => {
    const { clock, printer, link, driver } = await station('epson-tm-t88');
    printer.isSilent = true;
    await clock.run(12_000);
    expect(driver.status().device).toBe('online');
    const seen: string[] = [];
    driver.subscribe((status) => seen.push(status.device));
    await clock.run(10_000);
    expect(seen).toContain('offline');
    expect(link.reconnects).toBeGreaterThan(0);
    printer.isSilent = false;
    await clock.run(10_000);
    expect(driver.status().device).toBe('online');
  });

  it('names a missing library as a device that is not there', async () => {
    const { link, driver } = await station('epson-tm-t88');
    link.vanish();
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { code: 'device.absent' } });
    link.vanish({ code: 'device.driverMissing', detail: 'serialport' });
    expect(driver.status()).toMatchObject({ device: 'noDevice', problem: { code: 'device.driverMissing' } });
  });

  it('survives a flood of garbage and still prints', async () => {
    const { clock, link, print } = await station('epson-tm-t88');
    for (let count = 0; count < 200; count += 1) link.say('FFC1A5E7FFC1A5E700');
    expect((await clock.runUntil(print('job-1'))).kind).toBe('done');
  });

  it('reads the same status however the bytes are cut', async () => {
    const { clock, link, driver } = await station('custom-vkp80');
    link.device = (hex) => {
      if (hex === '100414') link.say(custom('full-status-near-ticket'), 1);
    };
    await clock.run(6_000);
    expect(driver.status()).toMatchObject({ device: 'online', paper: 'low', media: 'present' });
  });

  it('closes at any time, twice, and leaves no timer', async () => {
    const { clock, printer, print, driver } = await station('epson-tm-t88');
    printer.isProving = false;
    const printed = print('job-1');
    await clock.run(100);
    await driver.close();
    await driver.close();
    expect((await printed).kind).toBe('unknown');
    await clock.run(10);
    expect(clock.pendingTimers).toBe(0);
  });

  it('tests itself without printing', async () => {
    const { clock, driver, slipsSent } = await station('custom-vkp80');
    const lines: string[] = [];
    const test = (async () => {
      for await (const line of driver.selfTest()) lines.push(`${line.step} ${line.result}`);
    })();
    await clock.runUntil(test);
    expect(lines).toEqual(['link pass', 'status pass', 'model skip', 'paper counter pass']);
    expect(slipsSent()).toBe(0);
  });
});
