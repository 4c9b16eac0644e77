import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRequestMac } from './request-mac.ts';

const key = fc.uint8Array({ minLength: 1, maxLength: 64 });
const text = fc.string({ unit: 'grapheme', maxLength: 300 });
const macOf = (bytes: Uint8Array, message: string) =>
  createHmac('sha256', bytes).update(message, 'utf8').digest('base64');

it('is the HMAC of RFC 2104, message after message with one key', () => {
  fc.assert(
    fc.property(key, fc.array(text, { minLength: 1, maxLength: 5 }), (bytes, messages) => {
      const mac = createRequestMac(bytes);
      for (const message of messages) expect(mac.isOf(message, macOf(bytes, message))).toBe(true);
    }),
  );
});

it('is not that of another message, of another key, or cut short', () => {
  fc.assert(
    fc.property(key, text, text, (bytes, message, other) => {
      const mac = createRequestMac(bytes);
      const good = macOf(bytes, message);
      expect(mac.isOf(other, good)).toBe(other === message);
      expect(mac.isOf(message, macOf(Buffer.concat([Buffer.from([7]), bytes]), message))).toBe(false);
      expect(mac.isOf(message, good.slice(0, 20))).toBe(false);
    }),
  );
});

it('refuses a key that would have to be hashed first', () => {
  expect(() => createRequestMac(new Uint8Array(65))).toThrow('at most 64 bytes');
});
