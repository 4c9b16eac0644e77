import { describe, expect, it } from 'vitest';
import { settled, SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { hidLink, type HidAddress } from './hid.link.ts';
import { FakeHid } from './testing/fake-hid.ts';

const READER = { vendorId: 0x2b8b, productId: 0x2721 };

function station(address: HidAddress = READER) {
  const clock = new SimulatedClock();
  const hid = new FakeHid();
  const link = hidLink(address, clock, () => Promise.resolve(hid));
  const heard: string[] = [];
  link.onData((chunk) => heard.push(Buffer.from(chunk).toString('hex')));
  return { clock, hid, link, heard };
}

describe('hid link', () => {
  it('names the missing library, and loads it only when it dials', async () => {
    let loads = 0;
    const clock = new SimulatedClock();
    const link = hidLink(READER, clock, () => {
      loads += 1;
      return Promise.reject(new Error('Cannot find package'));
    });
    expect(loads).toBe(0);
    link.open();
    await settled();
    expect(link.problem).toEqual({ code: 'device.driverMissing', detail: 'node-hid: Cannot find package' });
    await link.close();
  });

  it('says which device is not there, and finds it when it is plugged in', async () => {
    const { clock, hid, link } = station();
    link.open();
    await settled();
    expect(link.problem).toEqual({ code: 'device.absent', detail: 'no HID device 2b8b:2721' });
    hid.plugged.push({ path: '/dev/hidraw0' });
    await clock.run(250);
    expect(link.state).toBe('open');
    await link.close();
  });

  it('makes a chunk of each report and a report of each write, in order', async () => {
    const { hid, link, heard } = station();
    hid.plugged.push({ path: '/dev/hidraw0' });
    link.open();
    await settled();
    link.write(Uint8Array.of(0xaa, 0x01));
    link.write(Uint8Array.of(0xaa, 0x02));
    await settled();
    expect(hid.handles[0]?.written).toEqual(['00AA01', '00AA02']);
    const report = Uint8Array.of(1, 2, 3);
    hid.handles[0]?.say(report);
    report.fill(0); // the library may use its buffer again
    hid.handles[0]?.say(Uint8Array.of(4));
    expect(heard).toEqual(['010203', '04']);
    await link.close();
  });

  it('takes a failing read for the end of the device, and comes back with it', async () => {
    const { clock, hid, link } = station();
    hid.plugged.push({ path: '/dev/hidraw0' });
    link.open();
    await settled();
    hid.unplug('/dev/hidraw0');
    expect(link.state).toBe('lost');
    expect(link.problem?.detail).toBe('could not read from HID device');
    await settled();
    expect(hid.handles).toEqual([]);
    hid.plugged.push({ path: '/dev/hidraw1' });
    await clock.run(250);
    expect(link.state).toBe('open');
    expect(hid.handles.map((handle) => handle.path)).toEqual(['/dev/hidraw1']);
    await link.close();
  });

  it('takes a failing write for the end of the device', async () => {
    const { hid, link } = station();
    hid.plugged.push({ path: '/dev/hidraw0' });
    link.open();
    await settled();
    const [handle] = hid.handles;
    if (handle) handle.writeError = new Error('Cannot write to HID device');
    link.write(Uint8Array.of(1));
    await settled();
    expect(link.state).toBe('lost');
    await link.close();
  });

  it('frees the device at every close: a thousand times opened and closed', async () => {
    const clock = new SimulatedClock();
    const hid = new FakeHid();
    hid.plugged.push({ path: '/dev/hidraw0' });
    for (let cycle = 0; cycle < 1_000; cycle += 1) {
      const link = hidLink(READER, clock, () => Promise.resolve(hid));
      link.open();
      // every third one is closed before it has opened
      if (cycle % 3 !== 0) await settled();
      await link.close();
      expect(hid.handles).toEqual([]);
    }
    expect(hid.opened).toBe(1_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives back a device that opens after its dial was given up', async () => {
    const { clock, hid, link } = station();
    hid.plugged.push({ path: '/dev/hidraw0' });
    const openings: (() => void)[] = [];
    hid.holdOpening = (open) => openings.push(open);
    link.open();
    await clock.run(5_000);
    expect(link.problem?.detail).toBe('hid 2b8b:2721 does not open');
    await clock.run(250);
    hid.holdOpening = undefined;
    openings[0]?.();
    await settled();
    expect(hid.opened).toBe(2);
    expect(hid.handles.length).toBe(1);
    expect(link.state).toBe('open');
    await link.close();
    expect(hid.handles).toEqual([]);
  });

  it('refuses two devices alike and names both', async () => {
    const { hid, link } = station();
    hid.plugged.push({ path: '/dev/hidraw0', serialNumber: 'A1' }, { path: '/dev/hidraw3' });
    link.open();
    await settled();
    expect(link.problem).toEqual({
      code: 'device.absent',
      detail:
        '2 HID devices 2b8b:2721: /dev/hidraw0 (serial number A1), /dev/hidraw3 (serial number none); name one by its serial number',
    });
    expect(hid.opened).toBe(0);
    await link.close();
  });

  it('tells two devices alike apart by the serial number', async () => {
    const { hid, link } = station({ ...READER, serialNumber: 'B2' });
    hid.plugged.push({ path: '/dev/hidraw0', serialNumber: 'A1' }, { path: '/dev/hidraw1', serialNumber: 'B2' });
    link.open();
    await settled();
    expect(hid.handles.map((handle) => handle.path)).toEqual(['/dev/hidraw1']);
    await link.close();
  });

  it('never opens the keyboard that sits in the same housing', async () => {
    const { hid, link } = station();
    hid.plugged.push(
      { path: '/dev/hidraw0', usagePage: 1, usage: 6 },
      { path: '/dev/hidraw1', usagePage: 0x8c, usage: 2 },
      { path: '/dev/hidraw1', usagePage: 0xff00, usage: 1 },
    );
    link.open();
    await settled();
    expect(hid.handles.map((handle) => handle.path)).toEqual(['/dev/hidraw1']);
    await link.close();
  });
});
