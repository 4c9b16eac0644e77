import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { VECTORS } from './testing/vectors.ts';
import { WIRE_KEYS } from './wire-keys.ts';

function wire(key: string) {
  const found = WIRE_KEYS.find((candidate) => candidate.key === key);
  if (!found) throw new Error(`no key ${key}`);
  return {
    frame: framesOf(key),
    decode: (hex: string) => found.decode(bytesOf(hex)),
    encode: (meaning: unknown) => {
      const bytes = found.encode?.(meaning);
      return bytes?.ok ? hexOf(bytes.value) : bytes?.problem.detail;
    },
    mask: (hex: string) => hexOf(found.mask?.('fromDevice', bytesOf(hex)) ?? new Uint8Array()),
  };
}

const ALL = Object.entries(VECTORS).flatMap(([key, vectors]) =>
  Object.entries(vectors).map(([name, vector]) => [key, name, vector] as const),
);

it.each(ALL)('%s %s means what the sheet says, and comes back byte by byte', (key, name, vector) => {
  if (!('meaning' in vector)) throw new Error('none of these frames is damaged');
  const { frame, decode, encode } = wire(key);
  expect(decode(frame(name))).toEqual({ ok: true, value: vector.meaning });
  expect(encode(vector.meaning)).toBe(frame(name));
});

describe('pos-mis-serial', () => {
  const { frame, decode, encode, mask } = wire('pos-mis-serial');
  const CANCELLED = frame('rsp-sale-cancelled');

  it.each([
    ['a wrong LRC', CANCELLED.replace(/..$/, '00'), 'byte 22: LRC is 00, should be 03'],
    ['a length that is not decimal', `02001A${CANCELLED.slice(6)}`, 'byte 1: the length 001A is not decimal'],
    ['no ETX', CANCELLED.replace(/0303$/, '0403'), 'byte 21: 04 stands where 03 ends the data'],
    ['cut off', CANCELLED.slice(0, -6), 'byte 20: cut off: 3 bytes are missing'],
    ['a second frame cut off', `06${CANCELLED}0200`, 'byte 25: cut off in the length'],
    ['noise', 'FF', 'byte 0: FF begins no frame'],
    ['data that is no TLV', '020002DF0103DF', 'byte 3: the data is no TLV'],
  ])('%s is refused with its place', (_what, hex, detail) => {
    expect(decode(hex)).toMatchObject({ ok: false, problem: { code: 'device.garbage', detail } });
  });

  it('reads every other field of the request, and keeps what it does not know as hex', () => {
    const meaning = {
      direction: 'toDevice',
      messageType: 'request',
      echo: '0371',
      tradeCode: '02',
      secondAmountCents: 5,
      paymentCode: '281234567890123456',
      voucher: '000123',
      originalTrace: '000123',
      originalAuthorisation: '654321',
      originalDate: '05-01',
      originalTime: '08:30:15',
      qrOrder: 'Q1',
      tagDF99: { hex: '00FF' },
    };
    expect(decode(encode(meaning) ?? '')).toEqual({ ok: true, value: meaning });
  });

  it('a recording holds neither card nor expiry, and is sealed anew', () => {
    const masked = mask(frame('ack-then-frame'));
    expect(masked).toHaveLength(frame('ack-then-frame').length);
    expect(decode(masked)).toMatchObject({
      ok: true,
      value: [
        { control: 'ack' },
        { echo: '0371', details: { card: '****************', cardExpiry: { hex: '2A2A' }, voucher: '000123' } },
      ],
    });
    expect(mask(frame('rsp-sale-ok').slice(0, 80))).toBe('2A'.repeat(40));
  });
});

describe('pos-mis-dll', () => {
  const { frame, decode, encode, mask } = wire('pos-mis-dll');

  it('tells a run of both widths apart, also framed for the bridge', () => {
    const run = frame('req-sale') + frame('rsp-sale-ok') + frame('req-signin');
    expect(decode(run)).toMatchObject({ ok: true, value: [{ type: 'sale' }, { approved: true }, { type: 'signIn' }] });
    const framed = encode([{ framedForBridge: meaningOf('req-sale') }]);
    expect(framed).toBe(`02${frame('req-sale')}03${checkOf(frame('req-sale'))}`);
    expect(decode(framed ?? '')).toMatchObject({ ok: true, value: { framedForBridge: { type: 'sale' } } });
  });

  it.each([
    ['cut off', frame('rsp-sale-ok').slice(0, -2)],
    ['a transaction that is none', frame('req-sale').replace('2020303030303030', '2020303730303030')],
    ['a letter in the amount', frame('rsp-sale-ok').replace('303030303030303030323030', '30303030303030303032304F')],
    [
      'half a character at the end of the message',
      frame('rsp-sale-ok').replace(/BDBBD2D7B3C9B9A6(20){32}/, `BDBBD2D7B3C9B9A6${'20'.repeat(31)}B9`),
    ],
    ['a control byte', frame('req-sale').replace('3031202020', '3001202020')],
  ])('%s is refused', (_what, hex) => {
    expect(decode(hex)).toMatchObject({ ok: false, problem: { code: 'device.garbage' } });
  });

  it('a message that does not fit into 40 bytes is not written', () => {
    expect(encode({ ...(meaningOf('rsp-sale-ok') as object), message: '交'.repeat(21) })).toContain('42 bytes');
  });

  it('a recording holds no card', () => {
    const masked = mask(frame('rsp-sale-ok'));
    expect(decode(masked)).toMatchObject({ ok: true, value: { card: '*'.repeat(20), voucher: '000123' } });
    expect(mask('0102')).toBe('2A2A');
  });

  function meaningOf(name: string): unknown {
    const vector = VECTORS['pos-mis-dll']?.[name];
    return vector && 'meaning' in vector ? vector.meaning : undefined;
  }

  function checkOf(hex: string): string {
    return hexOf(Uint8Array.of(bytesOf(`${hex}03`).reduce((sum, byte) => sum ^ byte, 0)));
  }
});
