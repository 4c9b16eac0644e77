/** The link on a real character device: a pseudo terminal, which the kernel opens, reads and writes as it does /dev/usb/lp0. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../contract/clock.system.ts';
import { openPtyPair } from '../../tests/support/pty-pair.ts';
import { printerModel } from '../receipt-printer/printer-models.ts';
import { ReceiptPrinterDriver } from '../receipt-printer/receipt-printer.driver.ts';
import { EscposSimulator } from '../receipt-printer/simulator/escpos.simulator.ts';
import { serveSerial } from '../simulator/serve-serial.ts';
import { holderOf, usbPrinterLink } from './usb-printer.link.ts';

const chance = { bytes: (length: number) => new Uint8Array(length) };

it('prints a slip through it, with the printer’s own proof, and closes', async () => {
  const pair = await openPtyPair();
  const simulator = new EscposSimulator({ model: 'epson-tm-t88', clock: systemClock, chance });
  const served = await serveSerial(simulator, pair.device);
  const model = printerModel('epson-tm-t88');
  if (!model) throw new Error('no model');
  const link = usbPrinterLink({ path: pair.host }, systemClock);
  const driver = new ReceiptPrinterDriver({ id: 'printer', model, link, clock: systemClock });
  try {
    await new Promise<void>((resolve) => driver.subscribe(({ device }) => device === 'online' && resolve()));
    const receipt = {
      lines: Array.from({ length: 60 }, (_, line) => ({ kind: 'text' as const, text: `第 ${line} 行` })),
    };
    const limits = { deadline: systemClock.now() + 10_000, signal: new AbortController().signal };
    const outcome = await driver.execute({ kind: 'print', job: 'job-1', receipt }, limits);
    expect(outcome).toMatchObject({ kind: 'done', evidence: { method: 'escpos.processId' } });
    expect(simulator.paper.slips.map(({ text }) => text.split('\n'))).toEqual([receipt.lines.map(({ text }) => text)]);
  } finally {
    await driver.close();
    expect(link.state).toBe('lost');
    await served.close();
    await pair.end();
  }
});

it('names the process that has a device open, until it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lp-'));
  const [device, alias] = [join(folder, 'device'), join(folder, 'lp0')];
  await writeFile(device, '');
  await symlink(device, alias);
  const holder = spawn('sh', ['-c', 'exec 3<"$0"; echo open; read never', device], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    await once(holder.stdout, 'data');
    expect(await holderOf(alias)).toBe(`sh (${holder.pid})`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await holderOf(alias)).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});
