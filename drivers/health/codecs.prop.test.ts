import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf } from '../testing/frames.ts';
import { GatewayDecoder, gatewayFrame } from './gateway.codec.ts';
import { readSfloat, writeSfloat } from './sfloat.ts';
import { WIRE_KEYS } from './wire-keys.ts';

function inPieces<Event>(decoder: { push(chunk: Uint8Array): readonly Event[] }, bytes: Uint8Array, sizes: number[]) {
  const events: Event[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    events.push(...decoder.push(bytes.slice(at, at + size)));
    at += size;
  }
  return events;
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

describe.each(WIRE_KEYS.filter(({ stream }) => stream))('$key as a stream', ({ key, stream }) => {
  const FRAMES: Readonly<Record<string, string>> = {
    'spo2-cms50-5byte': framesOf('spo2-cms50-5byte')('normal-72-98'),
    'spo2-cms50-9byte': framesOf('spo2-cms50-9byte')('live-published'),
    'bp-maibobo': framesOf('bp-maibobo')('start'),
    'bp-suntech': '0230313B3B443703',
    'health-gateway': Buffer.from(gatewayFrame('value', Uint8Array.of(1, 2, 3))).toString('hex'),
  };
  const frame = bytesOf(FRAMES[key] ?? '');

  it('finds the frame behind any noise, in any pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), sizes, (noise, pieces) => {
        const bytes = Uint8Array.from([...noise, ...Array.from({ length: 16 }, () => [...frame]).flat()]);
        const whole = stream?.().push(bytes) ?? [];
        const decoder = stream?.();
        if (!decoder) return;
        // a false start may swallow the first ones, not all
        expect(whole.length).toBeGreaterThan(0);
        expect(inPieces(decoder, bytes, pieces)).toEqual(whole);
        expect(decoder.pendingBytes).toBeLessThan(80);
      }),
    );
  });
});

describe('gateway', () => {
  it('carries any value unharmed in any pieces, and never one with a wrong bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), sizes, fc.nat(), (value, pieces, flip) => {
        const frame = gatewayFrame('value', value);
        expect(inPieces(new GatewayDecoder(), frame, pieces)).toEqual([{ channel: 'value', bytes: value }]);
        const damaged = Uint8Array.from(frame);
        const at = flip % (frame.length * 8);
        damaged[at >> 3] = (damaged[at >> 3] ?? 0) ^ (1 << (at & 7));
        expect(new GatewayDecoder().push(damaged)).toEqual([]);
      }),
    );
  });
});

describe('SFLOAT', () => {
  it('is written as it was read, all 65,536 of them', () => {
    for (let raw = 0; raw <= 0xffff; raw += 1) {
      const back = writeSfloat(readSfloat(raw));
      if (back !== raw) throw new Error(`${raw.toString(16)} became ${String(back?.toString(16))}`);
    }
    expect.assertions(0);
  });
});
