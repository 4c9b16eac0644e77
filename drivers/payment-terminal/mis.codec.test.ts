import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { encodeRequest, readResponse } from './mis-messages.codec.ts';
import { decodeTlv, encodeFrame, MisDecoder, type MisEvent, type Tlv } from './mis-tlv.codec.ts';

const frame = framesOf('pos-mis-serial');

function fieldsOf(hex: string): readonly Tlv[] {
  const [event] = new MisDecoder().push(bytesOf(hex));
  if (event?.kind !== 'frame') throw new Error('not a frame');
  return event.fields;
}

function kinds(events: readonly MisEvent[]): string[] {
  return events.map((event) => event.kind);
}

describe('MIS frames (device-protocols 5.1)', () => {
  it('builds the worked sale request byte by byte', () => {
    const request = { tradeCode: '01', echo: '0371', amountCents: 200, desk: 'KIOSK001', operator: '001' };
    expect(hexOf(encodeRequest(request))).toBe(frame('req-sale'));
  });

  it('reads the worked approval, also glued to the ACK before it', () => {
    const events = new MisDecoder().push(bytesOf(frame('ack-then-frame')));
    expect(kinds(events)).toEqual(['ack', 'frame']);
    expect(readResponse(fieldsOf(frame('rsp-sale-ok')))).toEqual({
      tradeCode: '01',
      echo: '0371',
      resultCode: '00',
      amountCents: 200,
      voucher: '000123',
      reference: '083015000123',
      cardMasked: '620000******0005',
      cameUnmasked: false,
    });
  });

  it('reads the worked refusal', () => {
    expect(readResponse(fieldsOf(frame('rsp-sale-cancelled')))).toMatchObject({ echo: '0371', resultCode: 'X1' });
  });

  it('knows ACK and NAK', () => {
    expect(kinds(new MisDecoder().push(bytesOf(frame('ack') + frame('nak'))))).toEqual(['ack', 'nak']);
  });

  it('finds the frame behind garbage that holds a false start', () => {
    expect(kinds(new MisDecoder().push(bytesOf(`FF02FF0299${frame('rsp-sale-cancelled')}`)))).toEqual([
      'garbage',
      'frame',
    ]);
  });

  it('finds the frame that a false length had swallowed, once the line is quiet', () => {
    const decoder = new MisDecoder();
    expect(decoder.push(bytesOf(`020500${frame('rsp-sale-cancelled')}`))).toEqual([]);
    expect(new Set(kinds(decoder.giveUpFrame()))).toEqual(new Set(['garbage', 'frame']));
  });

  it('does not take a byte inside a false frame for NAK', () => {
    const decoder = new MisDecoder();
    decoder.push(bytesOf('0205001506'));
    expect(new Set(kinds(decoder.giveUpFrame()))).toEqual(new Set(['garbage']));
  });

  it('calls a frame with a wrong check damaged', () => {
    const damaged = frame('rsp-sale-cancelled').replace(/..$/, 'FF');
    expect(kinds(new MisDecoder().push(bytesOf(damaged)))).toEqual(['damaged', 'garbage']);
  });

  it('refuses a length no frame can have', () => {
    expect(kinds(new MisDecoder().push(bytesOf('029999')))).toEqual(['garbage']);
    expect(() => encodeFrame([{ tag: 0xdf01, value: new Uint8Array(1_020) }])).toThrow(RangeError);
  });

  it('reads the long forms of a length', () => {
    for (const length of [0, 0x7f, 0x80, 0xff, 0x100, 900]) {
      const value = new Uint8Array(length).fill(7);
      const decoder = new MisDecoder();
      expect(decoder.push(encodeFrame([{ tag: 0xdf06, value }]))).toEqual([
        { kind: 'frame', fields: [{ tag: 0xdf06, value }] },
      ]);
    }
    expect(decodeTlv(bytesOf('DF0183000001'))).toBeUndefined();
    expect(decodeTlv(bytesOf('DF01'))).toBeUndefined();
    expect(decodeTlv(bytesOf('DF0105AA'))).toBeUndefined();
  });
});

describe('card numbers', () => {
  const response = (card: string) =>
    readResponse([
      { tag: 0xdf01, value: Uint8Array.of(0x02) },
      { tag: 0xdf04, value: Uint8Array.of(0x03, 0x71) },
      { tag: 0xdf07, value: bytesOf('3030') },
      { tag: 0xdf1e, value: Buffer.from(card, 'latin1') },
    ]);

  it('are masked here when the terminal sent one whole, with or without spaces', () => {
    expect(response('6220001234560005')).toMatchObject({ cardMasked: '622000******0005', cameUnmasked: true });
    expect(response('6220 0012 3456 0005')).toMatchObject({ cardMasked: '622000******0005', cameUnmasked: true });
  });

  it('are masked again when the terminal hid too little', () => {
    expect(response('62200012345*0005')).toMatchObject({ cardMasked: '622000******0005', cameUnmasked: true });
  });

  it('stay away when they are nothing of the kind', () => {
    expect(response('no card')).toMatchObject({ cameUnmasked: false });
    expect(response('no card')?.cardMasked).toBeUndefined();
  });
});
