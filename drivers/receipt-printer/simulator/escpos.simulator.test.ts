import { describe, expect, it } from 'vitest';
import type { Chance } from '../../../contract/clock.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf } from '../../simulator/byte-simulator.ts';
import { EscposSimulator, type PrinterOptions } from './escpos.simulator.ts';
import { stream } from './escpos-stream.test-support.ts';

const chance: Chance = { bytes: (length) => new Uint8Array(length).fill(0xa5) };
/** device-protocols 4.2, sample ticket. */
const SAMPLE_TICKET = '1B401C26B7ACD8AEC7F8B4E5BCB6B9ABB9B2B7FECEF1D5BE0AC5C5B6D3BAC520413031320A1B64041D5601';

function printer(options: Partial<PrinterOptions> = {}) {
  const clock = new SimulatedClock();
  const simulator = new EscposSimulator({ model: 'epson-tm-t88', clock, chance, ...options });
  const heard: string[] = [];
  simulator.onOutput((bytes) => heard.push(hexOf(bytes)));
  return {
    clock,
    simulator,
    send: (hex: string) => simulator.feed(bytesOf(hex)),
    /** What came back since the last look. */
    heard: () => heard.splice(0).join(' '),
  };
}

describe('paper', () => {
  it('holds the sample ticket, its lines and its cut', () => {
    const { simulator, send } = printer();
    send(SAMPLE_TICKET);
    const [slip] = simulator.paper.slips;
    expect(slip).toMatchObject({ text: '番禺区村级公共服务站\n排队号 A012', cut: 'partial', place: 'mouth' });
    expect(slip?.lengthMm).toBe(Math.round((6 * 30) / 8));
  });

  it('is the same however the bytes are chopped', () => {
    const { simulator, send } = printer();
    for (const byte of SAMPLE_TICKET.match(/../g) ?? []) send(byte);
    expect(simulator.paper.slips[0]?.text).toBe('番禺区村级公共服务站\n排队号 A012');
  });

  it('loses Chinese to ESC @ after FS &', () => {
    const { simulator, send } = printer();
    send('1C261B40B7AC0A1D5600');
    expect(simulator.paper.slips[0]?.text).toBe('□□');
  });

  it('prints a four-byte character as two wrong glyphs and shifts nothing', () => {
    const { simulator, send } = printer();
    send('1B401C268130813041420A1D5600');
    expect(simulator.paper.slips[0]?.text).toBe('□□AB');
  });

  it('keeps size and alignment, and wraps at the paper edge', () => {
    const { simulator, send } = printer();
    send(`1B401C261B61011C210CB7AC0A1C21001B61001D2100${'41'.repeat(49)}0A1D5600`);
    const [big, full, rest] = simulator.paper.slips[0]?.lines ?? [];
    expect(big).toMatchObject({ align: 'centre', leftDots: (576 - 48) / 2, heightDots: 54 });
    expect(full).toMatchObject({ runs: [{ text: 'A'.repeat(48), x: 0, widthScale: 1 }] });
    expect(rest).toMatchObject({ runs: [{ text: 'A' }] });
  });

  it('carries QR, barcode and picture', () => {
    const { simulator, send } = printer();
    send('1D286B0400313132001D286B03003143061D286B03003145311D286B080031503048454C4C4F1D286B0300315130');
    send('1D6B490B7B42413031322D323032341D76300001000800FF818181818181FF1D5600');
    expect(simulator.paper.slips[0]?.text).toBe('[QR HELLO]\n[CODE128 A012-2024]\n[image 8x8]');
  });

  it('goes down by what was printed', () => {
    const { simulator, send, heard } = printer({ model: 'custom-vkp80', rollCm: 510 });
    send('1DE1');
    expect(heard()).toBe('353130636D'); // "510cm", device-protocols 4.9
    send('1B40' + '410A'.repeat(30) + '1D56001DE1');
    expect(heard()).toBe(hexOf(new TextEncoder().encode('498cm')));
    expect(simulator.state.remainingCm).toBe(498);
  });
});

describe('status', () => {
  it('answers the host that probes with ESC @, ESC =, DLE EOT 1', () => {
    const { send, heard } = printer();
    send('1B401B3D01100401');
    expect(heard()).toBe('16');
  });

  it.each([
    ['ready', (_: EscposSimulator) => undefined, '16 12 12 12'],
    ['cover open', (simulator: EscposSimulator) => simulator.openCover(), '1E 16 12 12'],
    ['paper out', (simulator: EscposSimulator) => simulator.removePaper(), '1E 32 12 7E'],
  ])('DLE EOT 1-4: %s', (_name, act, expected) => {
    const { simulator, send, heard } = printer();
    act(simulator);
    send('100401100402100403100404');
    expect(heard()).toBe(expected);
  });

  it.each([
    ['ready', (_: EscposSimulator) => undefined, '100F00000000'],
    ['paper out', (simulator: EscposSimulator) => simulator.removePaper(), '100F05000000'],
    ['cover', (simulator: EscposSimulator) => simulator.openCover(), '100F00020000'],
    ['ticket waiting', (simulator: EscposSimulator) => simulator.feed(bytesOf(SAMPLE_TICKET)), '100F20000000'],
    [
      'cutter',
      (simulator: EscposSimulator) => {
        simulator.faults.cutterJam = true;
        simulator.feed(bytesOf(SAMPLE_TICKET));
      },
      '100F00040001',
    ],
  ])('Custom full status: %s', (_name, act, expected) => {
    const { simulator, send, heard } = printer({ model: 'custom-vkp80' });
    act(simulator);
    send('100414');
    expect(heard()).toBe(expected);
  });

  it('comes by itself, once enabled, on every change', () => {
    const { simulator, send, heard } = printer();
    send('1D61FF');
    expect(heard()).toBe('14000000');
    simulator.openCover();
    expect(heard()).toBe('3C000000');
    simulator.closeCover();
    expect(heard()).toBe('14000000');
    simulator.removePaper();
    expect(heard()).toBe('1C000F00');
    simulator.faults.cutterJam = true;
    simulator.refill();
    heard();
    send(SAMPLE_TICKET);
    expect(heard()).toBe('1C080000');
  });

  it('obeys a request that is hidden in a picture, as strict firmware does', () => {
    const { simulator, send, heard } = printer();
    send('1D763000030001001004011D5600');
    expect(heard()).toBe('16');
    expect(simulator.paper.slips[0]?.text).toBe('[image 24x1]');
  });

  it('names maker and model in blocks', () => {
    const { send, heard } = printer();
    send('1D49421D4943');
    expect(heard()).toBe(`5F${hexOf(Buffer.from('EPSON'))}00 5F${hexOf(Buffer.from('TM-T88VI'))}00`);
  });
});

describe('evidence', () => {
  it('is given when the paper is out, not before', async () => {
    const { clock, send, heard } = printer({ speedMmPerS: 100 });
    send(`${SAMPLE_TICKET}1D284806003030303030311D7201`);
    expect(heard()).toBe('');
    await clock.run(10_000);
    expect(heard()).toBe('37223030303100 00');
  });

  it('never comes while paper is out, and comes when the rest has printed after the refill', () => {
    const { simulator, send, heard } = printer();
    simulator.faults.paperOutAfterLines = 1;
    send(`${SAMPLE_TICKET}1D28480600303030303031`);
    expect(heard()).toBe('');
    expect(simulator.paper.slipsCut).toBe(0);
    simulator.refill();
    expect(simulator.paper.slips.map((slip) => [slip.text, slip.cut])).toEqual([
      ['番禺区村级公共服务站', 'torn'],
      ['排队号 A012', 'partial'],
    ]);
    expect(heard()).toBe('37223030303100');
  });

  it('is dropped with the buffer by DLE ENQ 2', () => {
    const { simulator, send, heard } = printer();
    simulator.openCover();
    send(`${SAMPLE_TICKET}1D28480600303030303031100502`);
    simulator.closeCover();
    expect(heard()).toBe('');
    expect(simulator.paper.stripText).toBe('');
  });

  it('is not known to a Custom, which takes the command in silence', () => {
    const { simulator, send, heard } = printer({ model: 'custom-vkp80' });
    send(`${SAMPLE_TICKET}1D28480600303030303031`);
    expect(heard()).toBe('');
    expect(simulator.paper.slips[0]?.text).toContain('A012');
  });
});

describe('presenter', () => {
  it('holds the ticket until it is taken, retracted or thrown out', () => {
    const { simulator, send, heard } = printer({ model: 'custom-vkp80' });
    send(`${SAMPLE_TICKET}1D6506`);
    expect(heard()).toBe('08');
    expect(simulator.takePaper()).toBe(1);
    send(`1D6506${SAMPLE_TICKET}1D6502${SAMPLE_TICKET}1D6505`);
    expect(heard()).toBe('00');
    expect(simulator.paper.slips.map((slip) => slip.place)).toEqual(['taken', 'retracted', 'ejected']);
  });

  it('jams after the cut and gives no evidence until freed', () => {
    const { simulator, send, heard } = printer({ model: 'custom-vkp80' });
    simulator.faults.jamAfterPrint = true;
    send(`${SAMPLE_TICKET}1D72011D6506`);
    expect(heard()).toBe('');
    send('100414');
    expect(heard()).toBe('100F00040001');
    simulator.clearJam();
    expect(heard()).toBe('00 00');
  });
});

describe('faults', () => {
  it('hangs after the print: the slip is there, no answer is, until the power is cycled', () => {
    const { simulator, send, heard } = printer();
    simulator.faults.hangAfterPrint = true;
    send(`${SAMPLE_TICKET}1D28480600303030303031100401`);
    send('100401');
    expect(heard()).toBe('');
    expect(simulator.paper.slipsCut).toBe(1);
    simulator.powerCycle();
    send('100401');
    expect(heard()).toBe('16');
  });

  it('lies that all is well', () => {
    const { simulator, send, heard } = printer();
    simulator.openCover();
    simulator.faults.lieOk = true;
    send('100401100402');
    expect(heard()).toBe('16 12');
  });

  it('is silent, garbled, late or doubled as told', async () => {
    const { clock, simulator, send, heard } = printer();
    simulator.wire.faults.silent = true;
    send('100401');
    expect(heard()).toBe('');
    Object.assign(simulator.wire.faults, { silent: false, garble: true });
    send('100401');
    expect(heard()).toBe('A5');
    Object.assign(simulator.wire.faults, { garble: false, doubled: true, lateMs: 700 });
    send('100401');
    await clock.run(699);
    expect(heard()).toBe('');
    await clock.run(1);
    expect(heard()).toBe('16 16');
  });

  it('cuts the wire in the middle of a job and keeps what it got', () => {
    const { simulator, send } = printer();
    let cuts = 0;
    simulator.onHangUp(() => (cuts += 1));
    simulator.wire.faults.hangUpAfterInputBytes = 25;
    send(SAMPLE_TICKET);
    expect(cuts).toBe(1);
    expect(simulator.paper.stripText).toBe('番禺区村级公共服务站');
  });
});

it('recovers from a torn picture by a run of NULs', () => {
  const { simulator, send } = printer();
  send('1D76300048000200FF');
  simulator.feed(new Uint8Array(8192));
  send(SAMPLE_TICKET);
  expect(simulator.paper.slips[0]?.text).toContain('A012');
});

it('needs no more than the bytes of the stream to know the test texts', () => {
  const { simulator } = printer();
  simulator.feed(stream('1B401C26', { text: '请取走凭条' }, '0A1D5600'));
  expect(simulator.paper.slips[0]?.text).toBe('请取走凭条');
});
