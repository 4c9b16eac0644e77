import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { hexOf } from '../../simulator/byte-simulator.ts';
import { framesOf } from '../../testing/frames.ts';
import { ScannerSimulator, SET_UP_CODES, type ScannerOptions } from './scanner.simulator.ts';

const honeywell = framesOf('barcode-hidpos');
const newland = framesOf('barcode-hidpos-newland');
const CODE_128 = Buffer.from('A012-20240501');
/** The text behind the two worked reports of the sheet, 56 + 24 bytes. */
const LONG_QR = Buffer.from(`https-less-demo|${'0123456789'.repeat(6)}0123`);

function scanner(options: Partial<ScannerOptions> = {}) {
  const clock = new SimulatedClock();
  const chance = { bytes: (length: number) => new Uint8Array(length).fill(0xe7) };
  const simulator = new ScannerSimulator({ clock, chance, ...options });
  const said: string[] = [];
  simulator.onOutput((bytes) => said.push(hexOf(bytes)));
  return { clock, simulator, said: () => said.splice(0) };
}

describe('a code held up', () => {
  it('comes out as the sheet shows, in both layouts', () => {
    const one = scanner();
    one.simulator.holdUp(CODE_128, 'C0');
    expect(one.said()).toEqual([honeywell('code128-single')]);
    const two = scanner({ speech: 'newland' });
    two.simulator.holdUp(CODE_128, 'C0');
    expect(two.said()).toEqual([newland('code128-single')]);
  });

  it('of more than a report is continued', () => {
    const { simulator, said } = scanner();
    simulator.holdUp(LONG_QR);
    expect(said()).toEqual([honeywell('qr-part-1'), honeywell('qr-part-2')]);
  });

  it('comes out in the third layout with 62 bytes a report', () => {
    const { simulator, said } = scanner({ speech: 'report-01' });
    simulator.holdUp(Buffer.alloc(70, 'x'));
    expect(said().map((hex) => hex.slice(0, 6))).toEqual(['013E78', '010878']);
  });

  it('comes out as a line on a serial port', () => {
    const { simulator, said } = scanner({ speech: 'serial', lineEnd: 'crlf', saysAim: true });
    simulator.holdUp(CODE_128, 'C0');
    expect(Buffer.from(said().join(''), 'hex').toString('latin1')).toBe(']C0A012-20240501\r\n');
  });
});

describe('a scanner that misbehaves', () => {
  it('reads twice, cuts its report short, loses the end, has noise before', () => {
    const { clock, simulator, said } = scanner();
    simulator.faults.duplicates = 1;
    simulator.holdUp(CODE_128, 'C0');
    expect(said()).toHaveLength(1);
    clock.advance(400);
    expect(said()).toHaveLength(1);
    Object.assign(simulator.faults, { duplicates: 0, truncateTo: 10, garbageBytes: 3 });
    simulator.holdUp(CODE_128, 'C0');
    expect(said()).toEqual(['E7E7E7', honeywell('code128-single').slice(0, 20)]);
    Object.assign(simulator.faults, { truncateTo: 0, garbageBytes: 0, losesEnd: true });
    simulator.holdUp(LONG_QR);
    expect(said()).toEqual([honeywell('qr-part-1')]);
  });

  it('becomes a keyboard by a set-up code when it obeys, and hands the code on when it does not', () => {
    const { simulator, said } = scanner();
    simulator.holdUp(Buffer.from(SET_UP_CODES[0]));
    expect(said()).toHaveLength(1);
    simulator.faults.obeysSetUpCodes = true;
    simulator.holdUp(Buffer.from(SET_UP_CODES[0]));
    simulator.holdUp(CODE_128);
    expect(said()).toEqual([]);
    expect(simulator.state.mode).toBe('keyboard');
    simulator.restore();
    simulator.holdUp(CODE_128);
    expect(said()).toHaveLength(1);
  });
});
