import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { VECTORS } from './testing/vectors.ts';
import { WIRE_KEYS } from './wire-keys.ts';

function wire(key: string) {
  const found = WIRE_KEYS.find((candidate) => candidate.key === key);
  if (!found) throw new Error(`no key ${key}`);
  return { ...found, decodeHex: (hex: string) => found.decode(bytesOf(hex)) };
}

describe.each(Object.keys(VECTORS))('%s: worked frames', (key) => {
  it.each(Object.entries(VECTORS[key] ?? {}))(
    '%s means what the sheet says, and comes back byte by byte',
    (name, vector) => {
      if (!('meaning' in vector)) throw new Error('no locker frame is damaged');
      const hex = framesOf(key)(name);
      const { decodeHex, encode } = wire(key);
      expect(decodeHex(hex)).toEqual({ ok: true, value: vector.meaning });
      const again = encode?.(vector.meaning);
      expect(again?.ok && hexOf(again.value)).toBe(hex);
    },
  );
});

describe('frames of the tables beside the worked ones', () => {
  it.each([
    ['locker-8a', '8001010080', { direction: 'fromDevice', answer: 'state', board: 1, lock: 1, stateByte: '00' }],
    ['locker-8a', '8001011191', { direction: 'fromDevice', answer: 'state', board: 1, lock: 1, stateByte: '11' }],
    ['locker-8a', '80010033B2', { direction: 'toDevice', command: 'queryAll', board: 1 }],
    [
      'locker-8a',
      '8001FF0F0071',
      { direction: 'fromDevice', answer: 'stateOfAll', board: 1, statusBytes: ['FF', '0F', '00'] },
    ],
    // the published unlock of board 1 lock 5 and its answer, in which that lock is open and its infrared sees something
    [
      'locker-kerong-cu16',
      '021531034B021035DFFF20000348',
      [
        { direction: 'toDevice', command: 'unlock', board: 1, lock: 5 },
        { direction: 'fromDevice', answer: 'status', board: 1, lock: 0, openLocks: [5], infraredLocks: [5] },
      ],
    ],
    ['locker-kerong-cu16', '022338035D', undefined],
    ['locker-kerong-cu16', '0223380360', { direction: 'toDevice', command: 'readUnlockTime', board: 2, lock: 3 }],
    ['locker-kerong-cu16', '022337035F', { direction: 'toDevice', command: 'setUnlockTime', board: 2, lock: 3 }],
    ['locker-kerong-cu16', '0223390361', { direction: 'toDevice', command: 'delayedUnlock', board: 2, lock: 3 }],
    [
      'locker-kerong-cu16',
      '020036033B',
      { direction: 'fromDevice', answer: 'other36', board: 0, lock: 0, dataBytes: [] },
    ],
    [
      'locker-kerong-cu16',
      '020036050000000340',
      { direction: 'fromDevice', answer: 'other36', board: 0, lock: 0, dataBytes: ['05', '00', '00', '00'] },
    ],
    [
      'locker-cu48',
      '0200007506010000000080FE',
      { direction: 'fromDevice', answer: 'status', device: 0, bitsSet: [0, 47] },
    ],
    ['locker-cu48', '02000575007C', { direction: 'fromDevice', answer: 'feedback', device: 0, lock: 5 }],
  ])('%s %s', (key, hex, meaning) => {
    const { decodeHex, encode } = wire(key);
    const decoded = decodeHex(hex);
    if (meaning === undefined) return expect(decoded).toMatchObject({ ok: false });
    expect(decoded).toEqual({ ok: true, value: meaning });
    const again = encode?.(meaning);
    expect(again?.ok && hexOf(again.value)).toBe(hex);
  });
});

describe('what is no frame is refused with its place', () => {
  it.each([
    ['locker-8a', '8A0101119A', 'byte 4: XOR is 9A, should be 9B'],
    ['locker-8a', '8A01011', 'cut off'],
    ['locker-8a', '8A0101119B8A0101', 'cut off: the frame at byte 5 has no end'],
    ['locker-8a', '8A210111BB', 'byte 1: there is no board 21'],
    ['locker-8a', '80010122A2', 'byte 3: 22 is no code'],
    ['locker-8a', '', 'no bytes'],
    ['locker-kerong-cu16', '0200300334', 'byte 4: SUM is 34, should be 35'],
    ['locker-kerong-cu16', '0200310436', 'byte 3: 04 stands where 03 ends the frame'],
    ['locker-kerong-cu16', '0200340339', 'byte 2: 34 is no command'],
    ['locker-kerong-cu16', '020035FFFF0000', 'cut off'],
    ['locker-kerong-cu16', '0000300335', 'byte 0: 00 begins no frame'],
    ['locker-cu48', '020000610367', 'byte 5: sum is 67, should be 66'],
    ['locker-cu48', '020030600395', 'byte 2: there is no lock 48'],
    ['locker-cu48', '02000075050000000000', 'byte 4: 5 bytes of data, should be 6'],
  ])('%s %s', (key, hex, detail) => {
    expect(wire(key).decodeHex(hex)).toMatchObject({
      ok: false,
      problem: { code: 'device.garbage', detail: expect.stringContaining(detail) as string },
    });
  });
});

describe.each(WIRE_KEYS.map((key) => [key.key, key] as const))('%s: the stream', (key, { stream, decode }) => {
  const samples = Object.values(VECTORS[key] ?? {}).length;
  const hexes = Object.keys(VECTORS[key] ?? {}).map((name) => framesOf(key)(name));
  const open = () => {
    const made = stream?.();
    if (!made) throw new Error('no stream');
    return made;
  };

  it('gives the same frames however the bytes are cut, and keeps nothing behind', () => {
    expect(samples).toBeGreaterThan(0);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...hexes), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 7 }),
        (parts, size) => {
          const bytes = bytesOf(parts.join(''));
          const [whole, pieces] = [open(), open()];
          const expected = whole.push(bytes);
          const got = [];
          for (let at = 0; at < bytes.length; at += size) got.push(...pieces.push(bytes.subarray(at, at + size)));
          expect(got).toEqual(expected);
          expect(got).toHaveLength(parts.length);
          expect(pieces.pendingBytes).toBe(0);
        },
      ),
    );
  });

  it('holds at most one unfinished frame of any garbage, and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), (chunks) => {
        const cutter = open();
        for (const chunk of chunks) cutter.push(chunk);
        expect(cutter.pendingBytes).toBeLessThan(12);
        for (const chunk of chunks) decode(chunk);
      }),
    );
  });

  it('loses a frame to any single changed bit, never to another meaning of the same question', () => {
    for (const hex of hexes) {
      const bytes = bytesOf(hex);
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const damaged = Uint8Array.from(bytes);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(decode(damaged), `${hex} bit ${bit}`).toMatchObject({ ok: false });
      }
    }
  });
});
