import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtuDecoder, sealRtu } from './modbus-rtu.codec.ts';
import { sealTcp, TcpDecoder } from './modbus-tcp.codec.ts';
import { WIRE_KEYS } from './wire-keys.ts';

const pdu = fc.constantFrom(
  '0100130013',
  '0103CD6B05',
  '0500ACFF00',
  '0F0013000A02CD01',
  '100001000204000A0102',
  '8102',
);
const frames = {
  'modbus-rtu': pdu.map((hex) => sealRtu(17, Buffer.from(hex, 'hex'))),
  'modbus-tcp': fc.tuple(pdu, fc.nat({ max: 0xffff })).map(([hex, id]) => sealTcp(id, 17, Buffer.from(hex, 'hex'))),
};

function pieces(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += cut.at(-1)?.length ?? 1) {
    cut.push(bytes.slice(at, at + (sizes[cut.length % sizes.length] ?? 1)));
  }
  return cut;
}

describe.each(WIRE_KEYS.map((key) => [key.key, key] as const))('%s', (name, key) => {
  const frame = frames[name as keyof typeof frames];

  it('finds the same frames however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(frame, fc.uint8Array({ maxLength: 12 })), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (parts, sizes) => {
          const bytes = Uint8Array.from(Buffer.concat(parts));
          const whole = name === 'modbus-rtu' ? new RtuDecoder() : new TcpDecoder();
          const cut = name === 'modbus-rtu' ? new RtuDecoder() : new TcpDecoder();
          expect(pieces(bytes, sizes).flatMap((piece) => cut.push(piece))).toEqual(whole.push(bytes));
          expect(cut.pendingBytes).toBeLessThanOrEqual(260);
        },
      ),
    );
  });

  it('gives a frame back as it was, or refuses it, whatever byte is changed', () => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.nat({ max: 255 }), (whole, at, value) => {
        const changed = Uint8Array.from(whole);
        changed[at % changed.length] = value;
        const decoded = key.decode(changed);
        const again = decoded.ok ? key.encode?.(decoded.value) : undefined;
        if (decoded.ok)
          expect(again?.ok && Buffer.from(again.value).toString('hex')).toBe(Buffer.from(changed).toString('hex'));
        else expect(decoded.problem.code).toBe('device.garbage');
      }),
      { numRuns: 5_000 },
    );
  });

  it('splits a hundred thousand frames in a row', () => {
    const one =
      name === 'modbus-rtu' ? sealRtu(1, Buffer.from('8102', 'hex')) : sealTcp(1, 1, Buffer.from('8102', 'hex'));
    const many = Buffer.concat(Array.from({ length: 100_000 }, () => one));
    const decoded = key.decode(Uint8Array.from(many));
    expect(decoded.ok && Array.isArray(decoded.value) ? decoded.value.length : 0).toBe(100_000);
  });
});
