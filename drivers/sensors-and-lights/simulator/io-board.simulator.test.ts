import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { IoBoardSimulator } from './io-board.simulator.ts';

function board(framing: 'rtu' | 'tcp', unit = 1) {
  const clock = new SimulatedClock();
  const device = new IoBoardSimulator({ clock, chance: { bytes: (n) => new Uint8Array(n) }, framing, unit });
  let heard = '';
  device.onOutput((bytes) => {
    heard += Buffer.from(bytes).toString('hex').toUpperCase();
  });
  device.connected();
  const ask = (hex: string) => {
    heard = '';
    device.feed(Buffer.from(hex, 'hex'));
    return heard;
  };
  return { clock, device, ask };
}

/** Frames with the checksums that tools on the web give for them (unit 1; `010100000001` is the best known of all). */
describe('simulated board on a serial line', () => {
  it('answers the reading of one coil: 01 01 00 00 00 01 FD CA', () => {
    expect(board('rtu').ask('010100000001FDCA')).toBe('0101010051' + '88');
  });

  it('switches a coil and echoes: 01 05 00 00 FF 00 8C 3A', () => {
    const { device, ask } = board('rtu');
    expect(ask('01050000FF008C3A')).toBe('01050000FF008C3A');
    expect(device.state.coils[0]).toBe(true);
    expect(ask('010100000001FDCA')).toBe('010101019048');
  });

  it('does not answer a damaged frame, one for another unit, or half of one', async () => {
    const { clock, device, ask } = board('rtu');
    expect(ask('010100000001FDCB')).toBe('');
    expect(ask('020100000001FDF9')).toBe('');
    expect(ask('01010000')).toBe('');
    await clock.run(5);
    expect(ask('010100000001FDCA')).not.toBe('');
    expect(device.state.requests).toBe(1);
  });
});

describe('simulated board on TCP', () => {
  const ask = (pdu: string, device = board('tcp')) =>
    device.ask(`00070000${(pdu.length / 2 + 1).toString(16).padStart(4, '0')}01${pdu}`).slice(14);

  it.each([
    ['6.2 inputs', '0200000008', '020105'],
    ['6.3 holding registers', '0300000001', '03020000'],
    ['6.4 input registers', '0400000001', '04020000'],
    ['6.6 one register', '0600010003', '0600010003'],
    ['6.11 coils', '0F0003000A02CD01', '0F0003000A'],
    ['6.12 registers', '100001000204000A0102', '1000010002'],
    ['an unknown function', '2B0E0100', 'AB01'],
    ['an address the board does not have', '0100100001', '8102'],
    ['no coils at all', '0100000000', '8103'],
    ['a coil neither on nor off', '0500000001', '8503'],
    ['a wrong byte count', '0F0003000A01CD', '8F03'],
  ])('%s', (_what, request, answer) => {
    const device = board('tcp');
    device.device.setInput(0, true);
    device.device.setInput(2, true);
    expect(ask(request, device)).toBe(answer);
  });

  it('writes the coils of the example in 6.11 in their order', () => {
    const device = board('tcp');
    ask('0F0003000A02CD01', device);
    const lit = device.device.state.coils.flatMap((coil, index) => (coil ? [index] : []));
    expect(lit).toEqual([3, 5, 6, 9, 10, 11]);
    expect(device.device.state.coilChanges).toBe(6);
    device.device.powerCycle();
    expect(device.device.state.coils).not.toContain(true);
  });

  it('repeats transaction and unit in the header', () => {
    expect(board('tcp').ask('150100000006FF0100000001')).toBe('150100000004FF010100');
  });
});

it('a contact that bounces rests as it began', async () => {
  const { clock, device } = board('rtu');
  device.bounce(3, 5, 10);
  const seen: boolean[] = [];
  for (let look = 0; look < 6; look += 1) {
    seen.push(device.state.inputs[3] ?? false);
    await clock.run(10);
  }
  expect(seen).toEqual([true, false, true, false, false, false]);
  expect(clock.pendingTimers).toBe(0);
});
