import { describe, expect, it } from 'vitest';
import { readFingerTemplates } from './finger-template.codec.ts';
import { readUid } from './typeb-uid.codec.ts';
import { bytesOf, framesOf } from '../testing/frames.ts';

function template(...head: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(512).fill(0xa5);
  bytes.set(head);
  return bytes;
}

function card(first: Uint8Array, second: Uint8Array): Uint8Array {
  return Uint8Array.of(...first, ...second);
}

describe('finger templates', () => {
  it('are told with finger and quality, and byte for byte', () => {
    const right = template(0x43, 1, 2, 3, 0x01, 11, 80);
    const left = template(0x43, 1, 2, 3, 0x01, 20, 0);
    expect(readFingerTemplates(card(right, left))).toEqual([
      { finger: 'right-thumb', quality: 80, template: Buffer.from(right).toString('base64') },
      { finger: 'left-little', template: Buffer.from(left).toString('base64') },
    ]);
  });

  it.each([
    [97, 'right-unknown'],
    [98, 'left-unknown'],
    [99, 'other'],
    [10, 'other'],
  ])('finger %i is %s', (code, finger) => {
    const [first] = readFingerTemplates(card(template(0x43, 0, 0, 0, 1, code, 101), template()));
    expect(first?.finger).toBe(finger);
    expect(first?.quality).toBeUndefined();
  });

  it('that were never registered are left out', () => {
    for (const registration of [0, 2, 3, 9]) {
      expect(readFingerTemplates(template(0x43, 0, 0, 0, registration, 11, 80))).toEqual([]);
    }
    expect(readFingerTemplates(template(0x42, 0, 0, 0, 1, 11, 80))).toEqual([]);
    expect(readFingerTemplates(new Uint8Array())).toEqual([]);
  });
});

describe('the serial number of a Type-B card', () => {
  it('is read with and without the appended zero, and from nothing else', () => {
    expect(readUid(bytesOf(framesOf('idcard-typeb')('rapdu-uid')))).toBe('1122334455667788');
    expect(readUid(bytesOf('11223344556677889000'))).toBe('1122334455667788');
    for (const other of ['', '6A82', '112233445566779000', '11223344556677889001', '1122334455667788900001']) {
      expect(readUid(bytesOf(other))).toBeUndefined();
    }
  });
});
