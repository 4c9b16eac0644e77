import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { LinkState } from './byte-link.ts';
import { usbPrinterLink, type DeviceFile, type UsbPrinterSystem } from './usb-printer.link.ts';

const PATH = '/dev/usb/lp0';

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A character device as the kernel gives it: EAGAIN when there is nothing to read, short writes when the device is slow. */
class FakeLp implements DeviceFile {
  readonly written: number[] = [];
  readonly toRead: Uint8Array[] = [];
  acceptsBytes = Number.POSITIVE_INFINITY;
  refusals = 0;
  gone = false;
  closes = 0;

  read(buffer: Uint8Array): Promise<{ bytesRead: number }> {
    if (this.gone) return Promise.reject(failure('ENODEV'));
    const chunk = this.toRead.shift();
    if (!chunk) return Promise.reject(failure('EAGAIN'));
    buffer.set(chunk);
    return Promise.resolve({ bytesRead: chunk.length });
  }

  write(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesWritten: number }> {
    if (this.refusals > 0) {
      this.refusals -= 1;
      return Promise.reject(failure('EAGAIN'));
    }
    const bytesWritten = Math.min(length, this.acceptsBytes);
    this.written.push(...buffer.subarray(offset, offset + bytesWritten));
    return Promise.resolve({ bytesWritten });
  }

  close(): Promise<void> {
    this.closes += 1;
    return Promise.resolve();
  }
}

function opened(over: Partial<UsbPrinterSystem> = {}) {
  const clock = new SimulatedClock();
  const file = new FakeLp();
  const system: UsbPrinterSystem = {
    open: () => Promise.resolve(file),
    holderOf: () => Promise.resolve(undefined),
    ...over,
  };
  const link = usbPrinterLink({ path: PATH }, clock, system);
  const states: LinkState[] = [];
  const heard: number[] = [];
  link.onState((state) => states.push(state));
  link.onData((chunk) => heard.push(...chunk));
  link.open();
  return { clock, file, link, states, heard };
}

describe('a USB printer through the kernel’s character device', () => {
  it('carries bytes both ways', async () => {
    const { clock, file, link, heard } = opened();
    await clock.run(1);
    expect(link.write(Uint8Array.of(0x10, 0x04, 0x01))).toBe(true);
    file.toRead.push(Uint8Array.of(0x16), new Uint8Array(0), Uint8Array.of(0x12));
    await clock.run(50);
    expect(file.written).toEqual([0x10, 0x04, 0x01]);
    expect(heard).toEqual([0x16, 0x12]);
    await link.close();
    expect(file.closes).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('writes the rest of a short write, in order, and waits where the printer has no room', async () => {
    const { clock, file, link } = opened();
    await clock.run(1);
    Object.assign(file, { acceptsBytes: 3, refusals: 2 });
    link.write(Uint8Array.of(1, 2, 3, 4, 5, 6, 7));
    link.write(Uint8Array.of(8, 9));
    await clock.run(1_000);
    expect(file.written).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await link.close();
  });

  it('notices the pulled plug and opens again when the device is back', async () => {
    const { clock, file, link, states } = opened();
    await clock.run(1);
    file.gone = true;
    await clock.run(200);
    expect(link.problem).toEqual({ code: 'device.absent', detail: `${PATH}: ENODEV` });
    file.gone = false;
    await clock.run(1_000);
    expect(states).toEqual(['open', 'lost', 'open']);
    await link.close();
  });

  it.each([
    ['cupsd (812)', `${PATH} is held by cupsd (812)`],
    [undefined, `${PATH} is held by another program, likely CUPS or an earlier run of the kiosk`],
  ])('says who holds a busy device: %s', async (holder, detail) => {
    const { clock, link } = opened({
      open: () => Promise.reject(failure('EBUSY')),
      holderOf: () => Promise.resolve(holder),
    });
    await clock.run(1);
    expect(link.problem).toEqual({ code: 'device.busy', detail });
    await link.close();
  });

  it.each([
    ['ENOENT', `${PATH}: ENOENT`],
    ['EACCES', `${PATH}: no right to open it; the kiosk's user must be in the group lp`],
  ])('says why it cannot be opened: %s', async (code, detail) => {
    const { clock, link } = opened({ open: () => Promise.reject(failure(code)) });
    await clock.run(1);
    expect(link.problem).toEqual({ code: 'device.absent', detail });
    await link.close();
  });

  it('comes free for the next start however the last one ended', async () => {
    let holders = 1; // an earlier run that was killed, whose file the kernel closes a moment later
    const file = new FakeLp();
    const { clock, link, states } = opened({
      open: () => (holders > 0 ? Promise.reject(failure('EBUSY')) : Promise.resolve(file)),
    });
    await clock.run(400);
    holders = 0;
    await clock.run(3_000);
    expect(states.at(-1)).toBe('open');
    await link.close();
  });
});
