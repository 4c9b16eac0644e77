import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  contentDigest,
  coversRequest,
  readSignature,
  requestBase,
  signatureBase,
  signatureHeaders,
  signatureParametersText,
} from './http-signature.ts';

/** Values of RFC 9421, appendix B: typed from there, not computed here. */
const SHARED_SECRET = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==';
const ED25519_PUBLIC = 'MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=';
const ED25519_PRIVATE = 'MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF';
const DATE = { name: 'date', value: 'Tue, 20 Apr 2021 02:07:55 GMT' };
const AUTHORITY = { name: '@authority', value: 'example.com' };
const CONTENT_TYPE = { name: 'content-type', value: 'application/json' };
const CREATED_S = 1_618_884_473;

describe('the signature base of RFC 9421', () => {
  it('gives the signature of B.2.5 (hmac-sha256)', () => {
    const components = [DATE, AUTHORITY, CONTENT_TYPE];
    const text = signatureParametersText(
      components.map(({ name }) => name),
      { createdS: CREATED_S, keyId: 'test-shared-secret' },
    );
    expect(text).toBe('("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"');
    const key = Buffer.from(SHARED_SECRET, 'base64');
    const mac = createHmac('sha256', key).update(signatureBase(components, text)).digest('base64');
    expect(mac).toBe('pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=');
  });

  it('gives the signature of B.2.6 (ed25519), which is good with its public key', () => {
    const components = [
      DATE,
      { name: '@method', value: 'POST' },
      { name: '@path', value: '/foo' },
      AUTHORITY,
      CONTENT_TYPE,
      { name: 'content-length', value: '18' },
    ];
    const text = signatureParametersText(
      components.map(({ name }) => name),
      { createdS: CREATED_S, keyId: 'test-key-ed25519' },
    );
    const base = Buffer.from(signatureBase(components, text));
    const key = { key: Buffer.from(ED25519_PRIVATE, 'base64'), format: 'der', type: 'pkcs8' } as const;
    const signature = sign(null, base, createPrivateKey(key));
    expect(signature.toString('base64')).toBe(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    );
    const known = createPublicKey({ key: Buffer.from(ED25519_PUBLIC, 'base64'), format: 'der', type: 'spki' });
    expect(verify(null, base, known, signature)).toBe(true);
  });

  it('is the same for a request in our profile, written by either function', () => {
    const request = { method: 'POST', path: '/v1/terminals/a/heartbeat', contentDigest: 'sha-256=:x:' };
    const text = signatureParametersText(['@method', '@path', 'content-digest'], { createdS: 1, keyId: 'k' });
    const components = [
      { name: '@method', value: request.method },
      { name: '@path', value: request.path },
      { name: 'content-digest', value: request.contentDigest },
    ];
    expect(requestBase(request, text)).toBe(signatureBase(components, text));
  });
});

describe('Content-Digest of RFC 9530', () => {
  it('is that of its appendix B.1', () => {
    const sha256 = createHash('sha256').update('{"hello": "world"}\n').digest('base64');
    expect(contentDigest(sha256)).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:');
  });
});

describe('a signature that is read', () => {
  const text = signatureParametersText(['@method', '@path', 'content-digest'], {
    createdS: 7,
    nonce: 'n-1',
    alg: 'ed25519',
    keyId: 'kiosk-1/0011',
  });
  const good = signatureHeaders(text, 'AAAA');

  it('is what was written, with the parameters as they stood', () => {
    const read = readSignature(good['signature-input'], good.signature);
    expect(read).toEqual({
      components: ['@method', '@path', 'content-digest'],
      createdS: 7,
      nonce: 'n-1',
      alg: 'ed25519',
      keyId: 'kiosk-1/0011',
      parametersText: text,
      signature: 'AAAA',
    });
    expect(read && coversRequest(read)).toBe(true);
  });

  it('keeps parameters of another order as they were written', () => {
    const other = '("@path");keyid="k";created=7';
    expect(readSignature(`sig=${other}`, 'sig=:AAAA:')?.parametersText).toBe(other);
  });

  it('says the same in our order of parameters, which is read in one go, as in any other', () => {
    const [a, b, c, d] = ['created=7', 'nonce="n"', 'alg="ed25519"', 'keyid="k"'];
    const names = '("@method" "@path" "content-digest")';
    const read = [
      [a, b, c, d],
      [b, a, c, d],
    ].map((order) => {
      const { parametersText, ...rest } = readSignature(`sig=${[names, ...order].join(';')}`, 'sig=:AAAA:') ?? {};
      expect(parametersText).toBe([names, ...order].join(';'));
      return rest;
    });
    expect(read[0]).toEqual(read[1]);
    expect(read[0]).toEqual({
      ...{ components: ['@method', '@path', 'content-digest'], createdS: 7, nonce: 'n' },
      ...{ alg: 'ed25519', keyId: 'k', signature: 'AAAA' },
    });
  });

  it.each([
    ['no input', undefined, good.signature],
    ['no signature', good['signature-input'], undefined],
    ['another label', good['signature-input'], 'other=:AAAA:'],
    ['two signatures', `${good['signature-input']}, b=("@path");created=1;keyid="k"`, good.signature],
    ['a parameter twice', `${good['signature-input']};created=8`, good.signature],
    ['no time', 'sig=("@method");keyid="k"', good.signature],
    ['no key', 'sig=("@method");created=1', good.signature],
    ['a time that is no whole number', 'sig=("@method");created=1.5;keyid="k"', good.signature],
    ['a component with parameters', 'sig=("@query-param";name="a");created=1;keyid="k"', good.signature],
    ['names that are not quoted', 'sig=(@method);created=1;keyid="k"', good.signature],
    ['a signature that is no base64', good['signature-input'], 'sig=:A*AA:'],
  ])('is nothing when there is %s', (_what, input, signature) => {
    expect(readSignature(input, signature)).toBeUndefined();
  });

  it.each([
    ['less', '("@method" "@path")'],
    ['more', '("@method" "@path" "content-digest" "date")'],
    ['another order', '("@path" "@method" "content-digest")'],
  ])('does not cover a request when it covers %s', (_what, names) => {
    const read = readSignature(`sig=${names};created=1;keyid="k"`, 'sig=:AAAA:');
    expect(read && coversRequest(read)).toBe(false);
  });
});
