import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NutDecoder, readLine, writeLine } from './nut.codec.ts';

const text = fc.string({ unit: fc.constantFrom(...'ab.Ü中" \\'), maxLength: 20 });

describe('NUT lines', () => {
  it('bring any value back as it was', () => {
    fc.assert(
      fc.property(text, (value) => {
        const message = { kind: 'variable', from: 'device', ups: 'a', name: 'b', value } as const;
        const line = writeLine(message);
        expect(line.ok && readLine(line.value.subarray(0, -1))).toEqual({ ok: true, value: message });
      }),
    );
  });

  it('are the same however they are cut, behind any noise that ends', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (noise, sizes) => {
          const bytes = Buffer.concat([noise, Buffer.from('\nVAR kiosk ups.status "OB LB"\n')]);
          const decoder = new NutDecoder();
          const events = [];
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            events.push(...decoder.push(bytes.subarray(at, at + size)));
            at += size;
          }
          expect(events).toEqual(new NutDecoder().push(bytes));
          expect(events.at(-1)).toMatchObject({ kind: 'message', message: { value: 'OB LB' } });
        },
      ),
    );
  });
});
