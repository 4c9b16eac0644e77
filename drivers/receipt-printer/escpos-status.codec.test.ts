import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf } from '../testing/frames.ts';
import { EscposStatusDecoder, type PrinterEvent } from './escpos-status.codec.ts';
import {
  conditionFromAutomatic,
  conditionFromFullStatus,
  conditionFromRealTime,
  problemOf,
  statusOf,
  type PrinterCondition,
} from './printer-condition.ts';

const frame = framesOf('printer-escpos');
const custom = framesOf('printer-custom');

function decode(hex: string, dialect: 'epson' | 'custom' = 'epson'): PrinterEvent[] {
  return new EscposStatusDecoder(dialect).push(bytesOf(hex));
}

function automatic(hex: string): PrinterCondition {
  const [event] = decode(hex);
  if (event?.kind !== 'automatic') throw new Error(`not automatic status: ${hex}`);
  return conditionFromAutomatic(event.bytes);
}

function full(hex: string, ejector?: number): PrinterCondition {
  const [event] = decode(hex, 'custom');
  if (event?.kind !== 'fullStatus') throw new Error(`not full status: ${hex}`);
  return conditionFromFullStatus(event, ejector);
}

function realTime(hexes: { n1?: string; n2?: string; n3?: string; n4?: string }): PrinterCondition {
  const byte = (hex: string | undefined): number => Number.parseInt(hex ?? '12', 16);
  return conditionFromRealTime({
    printer: byte(hexes.n1),
    offlineCause: byte(hexes.n2),
    errorCause: byte(hexes.n3),
    rollPaper: byte(hexes.n4),
  });
}

describe('status bytes taken apart (device-protocols 4.5)', () => {
  it('tells flow control, automatic status and real-time answers apart in one read', () => {
    expect(decode('131C000F0012')).toEqual([
      { kind: 'flow', go: false },
      { kind: 'automatic', bytes: [0x1c, 0x00, 0x0f, 0x00] },
      { kind: 'realTime', byte: 0x12 },
    ]);
  });

  it('takes XOFF out from between the bytes of automatic status', () => {
    expect(decode(frame('mixed-asb-xoff-inside'))).toEqual([
      { kind: 'flow', go: false },
      { kind: 'automatic', bytes: [0x1c, 0x00, 0x0f, 0x00] },
    ]);
  });

  it('reads Star’s status by its own length, with XON inside, and drops a damaged one', () => {
    const star = framesOf('printer-star');
    const decoder = new EscposStatusDecoder('star');
    const covered = bytesOf(star('asb-cover'));
    expect(decoder.push(Uint8Array.of(...covered.subarray(0, 4), 0x11, ...covered.subarray(4)))).toEqual([
      { kind: 'flow', go: true },
      { kind: 'starStatus', bytes: [...covered] },
    ]);
    expect(decoder.push(bytesOf(`2306FF${star('asb-ok')}`)).filter(({ kind }) => kind !== 'garbage')).toEqual([
      { kind: 'starStatus', bytes: [...bytesOf(star('asb-ok'))] },
    ]);
    expect(decoder.pendingBytes).toBe(0);
  });

  it('reads what a Cashino says about its mouth against the fixed bits', () => {
    expect(new EscposStatusDecoder('cashino').push(bytesOf(frame('eot1-kp628-not-taken')))).toEqual([
      { kind: 'realTime', byte: 0x92 },
    ]);
  });

  it('holds back the answer to GS r until a whole status has come, and counts what it drops', () => {
    const decoder = new EscposStatusDecoder('custom');
    decoder.awaitStatus();
    expect(decoder.push(bytesOf('00'))).toEqual([]);
    expect(decoder.push(bytesOf(custom('full-status-ok'))).map(({ kind }) => kind)).toEqual(['drained', 'fullStatus']);
    decoder.awaitStatus();
    expect(decoder.push(bytesOf('000F00000000')).filter(({ kind }) => kind === 'drained')).toEqual([]);
    decoder.reset();
    expect(decoder.takeLostDrained()).toBe(6);
    expect(decoder.takeLostDrained()).toBe(0);
  });

  it('reads the process id and the name block up to NUL', () => {
    expect(decode(frame('process-id-0001-done'))).toEqual([{ kind: 'processId', id: '0001' }]);
    expect(decode(frame('gs-i-67-reply'))).toEqual([{ kind: 'block', head: 0x5f, text: 'KIOSK-80' }]);
  });

  it('takes for a drained pipe only a byte GS r can send', () => {
    expect(decode(frame('gs-r-ok') + frame('gs-r-near') + frame('gs-r-end')).map((event) => event.kind)).toEqual([
      'drained',
      'drained',
      'drained',
    ]);
    expect(decode('FF810149').map((event) => event.kind)).toEqual(['garbage', 'garbage', 'garbage', 'garbage']);
  });

  it('discards the answer of a printer that breaks the fixed-bit rule', () => {
    expect(decode(frame('eot1-kp628-not-taken'))).toEqual([{ kind: 'garbage', bytes: 1 }]);
  });

  it('reads the paper length only while it is asked for, because digits look like status bytes', () => {
    const decoder = new EscposStatusDecoder('custom');
    decoder.expect('paperLength');
    expect(decoder.push(bytesOf(custom('paper-length-reply')))).toEqual([{ kind: 'paperLength', centimetres: 510 }]);
    expect(decoder.push(bytesOf('12'))).toEqual([{ kind: 'realTime', byte: 0x12 }]);
  });

  it('lets a status answer through that comes before the paper length', () => {
    const decoder = new EscposStatusDecoder('custom');
    decoder.expect('paperLength');
    expect(
      decoder.push(bytesOf(`${custom('full-status-ok')}${custom('paper-length-reply')}`)).map((e) => e.kind),
    ).toEqual(['fullStatus', 'paperLength']);
  });

  it('gives up a block that never ends', () => {
    expect(decode(`5F${'41'.repeat(100)}`).some((event) => event.kind === 'garbage')).toBe(true);
  });
});

describe('what the bits mean', () => {
  it.each([
    [automatic('14000000'), undefined, 'full'],
    [automatic(frame('asb-cover')), 'printer.coverOpen', 'full'],
    [automatic(frame('asb-near-end')), undefined, 'low'],
    [automatic(frame('asb-paper-out')), 'printer.paperOut', 'out'],
    [automatic('1C080000'), 'printer.cutter', 'full'],
    [automatic(frame('asb-head-hot')), 'device.refused', 'full'],
    [realTime({ n1: frame('eot1-online-drawer') }), undefined, 'full'],
    [
      realTime({ n1: frame('eot1-offline'), n2: frame('eot2-paper-end'), n4: frame('eot4-end') }),
      'printer.paperOut',
      'out',
    ],
    [realTime({ n1: frame('eot1-offline'), n2: '16' }), 'printer.coverOpen', 'full'],
    [realTime({ n1: frame('eot1-offline-low'), n3: frame('eot3-cutter') }), 'printer.cutter', 'full'],
    [realTime({ n1: '1A', n3: frame('eot3-unrecoverable') }), 'printer.hardware', 'full'],
    [realTime({ n1: '1A', n3: frame('eot3-recoverable') }), 'printer.jammed', 'jammed'],
    [realTime({ n4: frame('eot4-near-end') }), undefined, 'low'],
    [full(custom('full-status-ok')), undefined, 'full'],
    [full(custom('full-status-paper-out')), 'printer.paperOut', 'out'],
    [full('100F00020000'), 'printer.coverOpen', 'full'],
    [full('100F00000001'), 'printer.cutter', 'full'],
    [full(custom('full-status-ok'), 0x80), 'printer.jammed', 'jammed'],
  ])('%# problem and paper', (condition, code, paper) => {
    expect(problemOf(condition)?.code).toBe(code);
    expect(statusOf(condition).paper).toBe(paper);
  });

  it('sees the slip that waits in the mouth', () => {
    expect(statusOf(full(custom('full-status-ticket')))).toEqual({ device: 'online', paper: 'full', media: 'present' });
    expect(statusOf(full(custom('full-status-near-ticket')))).toEqual({
      device: 'online',
      paper: 'low',
      media: 'present',
    });
    expect(statusOf(full(custom('full-status-ok'))).media).toBe('notPresent');
  });
});
