/**
 * Opens a HID device through the real library, says one report when it is open, and prints what happens, a line of JSON each.
 * Closes it on SIGTERM. A program of its own, because the mocked devices are mocked for a process.
 */
import { systemClock } from '../../../contract/clock.system.ts';
import { hidLink } from '../hid.link.ts';

const [vendorId = '0', productId = '0', question = ''] = process.argv.slice(2);
const link = hidLink(
  { vendorId: Number.parseInt(vendorId, 16), productId: Number.parseInt(productId, 16) },
  systemClock,
);

function tell(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

link.onState((state) => {
  tell({ state, detail: link.problem?.detail });
  if (state === 'open') link.write(Uint8Array.from(Buffer.from(question, 'hex')));
});
link.onData((chunk) => tell({ hex: Buffer.from(chunk).toString('hex').toUpperCase() }));
process.once('SIGTERM', () => void link.close().then(() => tell({ state: 'closed' })));
tell({ pid: process.pid });
link.open();
