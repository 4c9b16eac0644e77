import { describe, expect, it } from 'vitest';
import type { Chance } from '../../../contract/clock.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf, type ByteSimulator } from '../../simulator/byte-simulator.ts';
import { framesOf } from '../../testing/frames.ts';
import { CuffSimulator } from './cuff.simulator.ts';
import { gatewayMessage } from './gateway-wire.ts';
import { MeterSimulator } from './meter.simulator.ts';
import { OmronSimulator } from './omron.simulator.ts';
import { OximeterSimulator } from './oximeter.simulator.ts';

const chance: Chance = { bytes: (length) => new Uint8Array(length) };
/** 2024-05-01 08:30:15 in Panyu, as in the sheet's frames. */
const SHEET_WALL_MS = Date.UTC(2024, 4, 1, 0, 30, 15);

function onWire<Device extends ByteSimulator>(
  make: (surroundings: { clock: SimulatedClock; chance: Chance }) => Device,
) {
  const clock = new SimulatedClock(SHEET_WALL_MS);
  const device = make({ clock, chance });
  const said: string[] = [];
  device.onOutput((bytes) => said.push(hexOf(bytes)));
  device.connected();
  return { clock, device, said, feed: (hex: string) => device.feed(bytesOf(hex)) };
}

describe('oximeter', () => {
  it('says finger-out, searching and values as in the sheet, and stops when nobody listens', async () => {
    const { clock, device, said } = onWire((s) => new OximeterSimulator({ ...s, model: 'cms50-5byte' }));
    await clock.run(50);
    expect(said.at(-1)).toBe(framesOf('spo2-cms50-5byte')('finger-out'));
    device.putFinger({ pulseBpm: 140, spo2Percent: 97 });
    await clock.run(50);
    expect(said.at(-1)).toMatch(/^87..2.7F7F$/);
    await clock.run(2_500);
    expect(said.at(-1)).toMatch(/^[8C]7..4.0C61$/); // pulse bit 7 stands in byte 2
    device.disconnected();
    const before = said.length;
    await clock.run(1_000);
    expect(said).toHaveLength(before);
    expect(clock.pendingTimers).toBe(0);
  });

  it('of the newer kind is silent until it is started, and falls silent when nobody keeps it alive', async () => {
    const frame = framesOf('spo2-cms50-9byte');
    const { clock, device, said, feed } = onWire((s) => new OximeterSimulator({ ...s, model: 'cms50-9byte' }));
    device.putFinger({ pulseBpm: 65, spo2Percent: 97 });
    await clock.run(5_000);
    expect(said).toEqual([]);
    feed(frame('start-live'));
    await clock.run(3_000);
    expect(said.at(-1)).toMatch(/^01E085..96C1E1FFFF$/);
    await clock.run(9_000);
    const before = said.length;
    await clock.run(5_000);
    expect(said).toHaveLength(before);
  });
});

describe('Maibobo', () => {
  it('answers the sheet’s frames with the sheet’s frames', async () => {
    const frame = framesOf('bp-maibobo');
    const { clock, device, said, feed } = onWire((s) => new CuffSimulator({ ...s, model: 'maibobo' }));
    device.putArm({ systolic: 128, diastolic: 82, mean: 97, pulse: 70 });
    feed(frame('connect'));
    expect(said).toEqual([frame('connect-ok')]);
    feed(frame('start'));
    await clock.run(10_000);
    expect(said.at(-1)).toBe(frame('result-128-82-70'));
    device.faults.trouble = 'leak';
    feed(frame('start'));
    await clock.run(10_000);
    expect(said.at(-1)).toBe(frame('error-leak'));
    expect(device.state.inflations).toBe(2);
  });

  it('lets the air out at stop, and does not start twice', async () => {
    const frame = framesOf('bp-maibobo');
    const { clock, device, feed } = onWire((s) => new CuffSimulator({ ...s, model: 'maibobo' }));
    feed(frame('start') + frame('start'));
    await clock.run(500);
    expect(device.state).toMatchObject({ working: true, inflations: 1 });
    feed('CC80030301030002');
    expect(device.state).toMatchObject({ working: false, pressureMmHg: 0 });
  });
});

describe('SunTech/NIBP', () => {
  it('measures at the sheet’s start and tells at the sheet’s status question', async () => {
    const { clock, said, feed } = onWire((s) => new CuffSimulator({ ...s, model: 'suntech-ascii' }));
    feed('0230313B3B443703');
    await clock.run(10_000);
    expect(said.at(-1)).toBe(hexOf(Buffer.from('\u0002999\u0003\r')));
    feed('0231383B3B444603');
    expect(Buffer.from(said.at(-1) ?? '', 'hex').toString()).toContain('S1;A0;C00;M00;P120080093;R072;T0000;;');
  });
});

describe('Bluetooth meter behind its gateway', () => {
  const SUBJECT = { systolic: 120, diastolic: 80, mean: 93, pulse: 72, weightKg: 65 };
  it('sends what it kept first, and only to who asked for indications', async () => {
    const { clock, device, said, feed } = onWire(
      (s) => new MeterSimulator({ ...s, model: 'ble-weight', measureMs: 0 }),
    );
    device.faults.undated = true;
    device.keep({ ...SUBJECT, weightKg: 80 }, 24);
    feed(hexOf(gatewayMessage(2, bytesOf('0200'))));
    device.measure(SUBJECT);
    await clock.run(1_000);
    const payloads = said.map((hex) => hex.slice(6, -4));
    expect(payloads).toEqual(['01', '00803E', framesOf('ble-weight')('si-65.0')]);
  });

  it('makes the payloads of the sheet', async () => {
    const { clock, device, said, feed } = onWire((s) => new MeterSimulator({ ...s, model: 'ble-bp', measureMs: 0 }));
    feed(hexOf(gatewayMessage(2, bytesOf('0200'))));
    device.measure(SUBJECT);
    await clock.run(300);
    // as the sheet's worked payload, without the user
    expect(said.at(-1)?.slice(6, -4)).toBe('16780050005D00E8070501081E0F48000000');
    device.faults.kiloPascal = true;
    device.faults.undated = true;
    device.measure(SUBJECT);
    await clock.run(300);
    expect(said.at(-1)?.slice(6, 20)).toMatch(/^15A0F06BF07CF0/);
  });
});

describe('Omron', () => {
  it('stores what is measured and gives it as the published kind of reading', async () => {
    const { clock, device, said, feed } = onWire((s) => new OmronSimulator({ ...s, measureMs: 0 }));
    const ask = (hex: string): void => {
      for (let at = 0; at < hex.length; at += 14) {
        const piece = hex.slice(at, at + 14);
        feed(hexOf(gatewayMessage(1, bytesOf(`0${piece.length / 2}${piece.padEnd(14, '0')}`))));
      }
    };
    device.press({ systolic: 112, diastolic: 75, pulse: 71 });
    await clock.run(10);
    ask('474D450000000000');
    const payload = said.map((hex) => hex.slice(8, 8 + 2 * Number(hex.slice(6, 8)))).join('');
    // 2024-05-01 08:30:15, 112/75, 71; XOR by hand: 18^05^01^08^1E^0F^70^4B^47 = 79
    expect(payload).toBe('4F4B00' + '180501081E0F' + '0000' + '704B47' + '0000' + '79');
    device.faults.notReadyTimes = 1;
    ask(framesOf('bp-omron-hid')('cmd-gdc'));
    expect(said.at(-1)?.slice(6, -4)).toBe('024E4F0000000000');
  });
});
