import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { encodeVpcd, VPCD_GET_ATR, VPCD_POWER_ON, VpcdDecoder } from './vpcd.codec.ts';

const vpcd = framesOf('vpcd');
const payload = fc.uint8Array({ minLength: 1, maxLength: 261 });

describe('vpcd framing', () => {
  it('writes the sheet’s frames', () => {
    expect(hexOf(encodeVpcd(Uint8Array.of(VPCD_POWER_ON)))).toBe(vpcd('power-on'));
    expect(hexOf(encodeVpcd(Uint8Array.of(VPCD_GET_ATR)))).toBe('000104');
    expect(hexOf(encodeVpcd(bytesOf('00A404000F7378312E73682EC9E7BBE1B1A3D5CF')))).toBe(
      '001400A404000F7378312E73682EC9E7BBE1B1A3D5CF',
    );
  });

  it('reads the sheet’s frames', () => {
    const { payloads, isBroken } = new VpcdDecoder().push(bytesOf(vpcd('rapdu-balance') + '00029000'));
    expect(payloads.map(hexOf)).toEqual(['000004D29000', '9000']);
    expect(isBroken).toBe(false);
  });

  it('finds the same payloads however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(payload, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
        (all, cuts) => {
          const stream = Uint8Array.from(all.flatMap((one) => [one.length >> 8, one.length & 0xff, ...one]));
          const decoder = new VpcdDecoder();
          const found: string[] = [];
          let turn = 0;
          for (let at = 0; at < stream.length;) {
            const size = cuts[turn++ % cuts.length] ?? 1;
            const { payloads, isBroken } = decoder.push(stream.slice(at, at + size));
            expect(isBroken).toBe(false);
            found.push(...payloads.map(hexOf));
            at += size;
          }
          expect(found).toEqual(all.map(hexOf));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(['0000', '0106', 'FFFF'])('gives up at the length %s, and keeps what came before it', (length) => {
    const { payloads, isBroken } = new VpcdDecoder().push(bytesOf('00029000' + length));
    expect(payloads.map(hexOf)).toEqual(['9000']);
    expect(isBroken).toBe(true);
  });

  it('never throws and never holds more than one message', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
        const decoder = new VpcdDecoder();
        for (const chunk of chunks) if (decoder.push(chunk).isBroken) return;
      }),
      { numRuns: 60 },
    );
  });
});
