/** The families beside Epson and Custom, tried on the sheet's own frames (device-protocols 4.4, 4.9). */
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf } from '../../simulator/byte-simulator.ts';
import { framesOf } from '../../testing/frames.ts';
import { EscposSimulator, type PrinterOptions } from './escpos.simulator.ts';

const star = framesOf('printer-star');
const escpos = framesOf('printer-escpos');
const chance = { bytes: (length: number) => new Uint8Array(length) };

function printer(options: Pick<PrinterOptions, 'model'> & Partial<PrinterOptions>) {
  const clock = new SimulatedClock();
  const simulator = new EscposSimulator({ clock, chance, ...options });
  const heard: string[] = [];
  simulator.onOutput((bytes) => heard.push(hexOf(bytes)));
  return {
    clock,
    simulator,
    send: (hex: string) => simulator.feed(bytesOf(hex)),
    heard: () => heard.splice(0).join(' '),
  };
}

describe('Star line mode', () => {
  const LINE = 'B7ACD8AE0A';

  it('reports by itself once enabled: well, cover, paper out', () => {
    const { simulator, send, heard } = printer({ model: 'star-tsp' });
    send(star('asb-on'));
    expect(heard()).toBe(star('asb-ok'));
    simulator.openCover();
    // the sheet's frame has the cover alone; a printer with its cover open is offline as well
    expect(heard()).toBe('230628000000000000');
    simulator.closeCover();
    heard();
    simulator.removePaper();
    expect(heard()).toBe('23060800000C000000');
  });

  it('counts on when ETB is reached, not when it arrives', async () => {
    const { clock, simulator, send, heard } = printer({ model: 'star-tsp', speedMmPerS: 100 });
    send(`1B401B1E6101${LINE}1B6433${star('etb')}1B0601`);
    expect(heard()).toBe(`${star('asb-ok')} ${star('asb-ok')}`);
    expect(simulator.state.etbCount).toBe(0);
    await clock.run(2_000);
    expect(simulator.state.etbCount).toBe(1);
    expect(heard().split(' ').at(-1)).toBe('230600000000000202');
  });

  it('counts to 31 and over, the high bits apart from the low ones', () => {
    const { simulator, send, heard } = printer({ model: 'star-tsp' });
    send('17'.repeat(21) + '1B0601');
    expect(heard().slice(14, 16)).toBe('4A'); // 21 = 10101: 2 in bits 5 and 6, 5 in bits 1 to 3
    send('17'.repeat(11));
    expect(simulator.state.etbCount).toBe(0);
  });

  it('prints text, styles, symbols and pictures, and cuts', () => {
    const { simulator, send } = printer({ model: 'star-tsp' });
    send('1B40' + '1B1D61011B451B690101' + LINE + '1B461B6900001B1D6100');
    send('1B1D795330021B1D795331011B1D795332061B1D7944310005004131303132' + '1B1D7950');
    send('1B62363132A0413031321E' + '1B1D530101000200' + '00FF81' + '1B4A03' + '1B6433');
    const [slip] = simulator.paper.slips;
    expect(slip).toMatchObject({
      text: '番禺\n[QR A1012]\n[CODE128 A012]\n[image 8x2]',
      cut: 'partial',
      lines: [{ align: 'centre', runs: [{ bold: true, widthScale: 2, heightScale: 2 }] }, {}, {}, {}, {}, {}],
    });
  });

  it('takes the slip back when told', () => {
    const { simulator, send } = printer({ model: 'star-tsp' });
    send(`1B40${LINE}1B6433${star('retract')}`);
    expect(simulator.paper.slips[0]?.place).toBe('retracted');
    send(star('auto-retract-10s'));
  });

  it('is the same however the bytes are chopped, and clears when told', () => {
    const { simulator, send } = printer({ model: 'star-tsp' });
    for (const byte of `1B40${LINE}1B6433`.match(/../g) ?? []) send(byte);
    expect(simulator.paper.slips[0]?.text).toBe('番禺');
    simulator.openCover();
    send(`1B40${LINE}1B6433`);
    send('1B0618');
    simulator.closeCover();
    expect(simulator.paper.slipsCut).toBe(1);
  });
});

describe('Cashino KP-628E', () => {
  it('sets bit 7 of n = 1 while printed paper is not torn off', () => {
    const { simulator, send, heard } = printer({ model: 'cashino-kp628e' });
    send('1B401C26B7AC0A1D5601100401100402');
    // drawer pin high as every simulated printer; the sheet's frame has it low
    expect(heard()).toBe('96 12');
    expect(Number.parseInt(escpos('eot1-kp628-not-taken'), 16) & 0x80).toBe(0x80);
    simulator.takePaper();
    send('100401');
    expect(heard()).toBe('16');
  });

  it('knows GS r, but neither automatic status nor process ids', () => {
    const { simulator, send, heard } = printer({ model: 'cashino-kp628e' });
    send(`${escpos('asb-all')}${escpos('process-id-0001')}1D7201`);
    expect(heard()).toBe('00');
    simulator.openCover();
    expect(heard()).toBe('');
  });

  it('has paper of 384 dots: 32 columns', () => {
    const { simulator, send } = printer({ model: 'cashino-kp628e' });
    send(`1B40${'41'.repeat(33)}0A1D5601`);
    expect(simulator.paper.slips[0]).toMatchObject({ text: `${'A'.repeat(32)}\nA`, widthDots: 384 });
  });
});

describe('Citizen PMU', () => {
  it('takes the slip back on GS R 0, and takes the hold time as it comes', () => {
    const { simulator, send } = printer({ model: 'citizen-pmu' });
    send(`1B40410A1D5601${framesOf('printer-citizen')('present-timeout-5')}420A`);
    expect(simulator.paper.slips[0]?.place).toBe('mouth');
    send('1D5230');
    expect(simulator.paper.slips[0]?.place).toBe('retracted');
    expect(simulator.paper.stripText).toBe('B');
  });
});

describe('a receive buffer that fills', () => {
  it('says XOFF at half, XON at a quarter, and loses what comes beyond its size', async () => {
    const { clock, simulator, send, heard } = printer({
      model: 'epson-tm-t88',
      speedMmPerS: 100,
      receiveBufferBytes: 128,
    });
    send('1B40' + '4141410A'.repeat(16));
    expect(heard()).toBe('');
    send('4141410A'.repeat(4));
    expect(heard()).toBe('13');
    await clock.run(5_000);
    expect(heard()).toBe('11');
    send('41'.repeat(20) + '0A' + '41'.repeat(200));
    expect(simulator.state.overrunBytes).toBeGreaterThan(0);
  });
});
