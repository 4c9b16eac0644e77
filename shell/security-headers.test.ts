import { describe, expect, it } from 'vitest';
import { contentPolicy, securityHeaders } from './security-headers.ts';

/** Word for word, because some loosenings cannot be seen from a page: another rule still stops the probe. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self' blob:; " +
  "connect-src CONNECT; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";

describe('security headers', () => {
  it('do not loosen the content policy by a word', () => {
    expect(contentPolicy(undefined)).toBe(POLICY.replace('CONNECT', "'none'"));
    expect(contentPolicy('ws://127.0.0.1:1234')).toBe(POLICY.replace('CONNECT', 'ws://127.0.0.1:1234'));
  });

  it('switch every power off but the camera for our own page', () => {
    const powers = securityHeaders(undefined)['Permissions-Policy']?.split(', ') ?? [];
    expect(powers.filter((power) => !power.endsWith('=()'))).toEqual(['camera=(self)']);
    expect(powers).toEqual(
      expect.arrayContaining(['microphone=()', 'geolocation=()', 'usb=()', 'serial=()', 'hid=()']),
    );
  });
});
