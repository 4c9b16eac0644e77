import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { VECTORS } from './testing/vectors.ts';
import { WIRE_KEYS } from './wire-keys.ts';

const sam = framesOf('idcard-sam');
const hid = framesOf('idcard-sam-hid');

function codec(key: string) {
  const found = WIRE_KEYS.find((candidate) => candidate.key === key);
  if (!found) throw new Error(`no key ${key}`);
  return found;
}

function decode(key: string, hex: string): unknown {
  const decoded = codec(key).decode(bytesOf(hex));
  return decoded.ok ? decoded.value : decoded.problem;
}

function again(key: string, hex: string): string {
  const decoded = codec(key).decode(bytesOf(hex));
  if (!decoded.ok) throw new Error(decoded.problem.detail);
  const encoded = codec(key).encode?.(decoded.value);
  if (!encoded?.ok) throw new Error(encoded?.problem.detail ?? 'no encode');
  return hexOf(encoded.value);
}

describe.each(Object.entries(VECTORS))('the sheet’s frames of %s', (key, vectors) => {
  it.each(Object.entries(vectors))('%s', (name, expected) => {
    const hex = framesOf(key)(name);
    if ('problem' in expected) {
      expect(decode(key, hex)).toMatchObject({ code: expected.problem });
      return;
    }
    expect(decode(key, hex)).toEqual(expected.meaning);
    expect(again(key, hex)).toBe(hex);
  });

  it('leaves no frame out', () => {
    const path = join(import.meta.dirname, '../testing/frames', `${key}.json`);
    const file = JSON.parse(readFileSync(path, 'utf8')) as { frames: { name: string }[] };
    expect(file.frames.map(({ name }) => name).toSorted()).toEqual(Object.keys(vectors).toSorted());
  });
});

describe('idcard-sam', () => {
  it.each([
    ['AAAAAA96690003200122', { command: 'find' }],
    ['AAAAAA96690003200221', { command: 'select' }],
    ['AAAAAA96690003300330', { command: 'readAppendedAddress' }],
    ['AAAAAA96690003600063', { command: 'setBaudRate', baudRate: 115_200 }],
    ['AAAAAA96690003600261', { command: 'setBaudRate', baudRate: 38_400 }],
    ['AAAAAA96690003600360', { command: 'setBaudRate', baudRate: 19_200 }],
    ['AAAAAA9669000400009094', { code: '90', status: 'ok' }],
    ['AAAAAA9669000400006662', { code: '66', status: 'notLicensed' }],
    ['AAAAAA9669000400002327', { code: '23', status: 'notAuthorised' }],
    ['AAAAAA9669000400004145', { code: '41', status: 'readFailed' }],
    ['AAAAAA9669000400008185', { code: '81', status: 'selectFailed' }],
    ['AAAAAA9669000C00009000000000000000009C', { status: 'ok', selectedHex: '0000000000000000' }],
  ])('%s, which is in the sheet’s text only', (hex, meaning) => {
    expect(decode('idcard-sam', hex)).toMatchObject(meaning);
    expect(again('idcard-sam', hex)).toBe(hex);
  });

  it('finds the frame behind noise and extra AA, and keeps the noise', () => {
    const hex = '00FFAAAAAAAA9669000400009094';
    expect(decode('idcard-sam', hex)).toEqual({
      direction: 'fromDevice',
      code: '90',
      status: 'ok',
      noiseBeforeHex: '00FFAA',
    });
    expect(again('idcard-sam', hex)).toBe(hex);
  });

  it('makes a list of several frames', () => {
    const hex = sam('cmd-status') + sam('rsp-find-none') + sam('rsp-new-address');
    expect(decode('idcard-sam', hex)).toMatchObject([{ command: 'status' }, { code: '80' }, { code: '90' }]);
    expect(again('idcard-sam', hex)).toBe(hex);
  });

  it.each([
    ['', 'byte 0'],
    ['AAAAAA966900', 'byte 6: cut off before the length'],
    [sam('rsp-find-none').slice(0, -4), 'byte 9: cut off, 2 bytes are missing'],
    [sam('rsp-bad-checksum'), 'byte 10: checksum 95, the bytes give 94'],
    [`${sam('rsp-find-none')}00`, 'byte 11: no preamble'],
    ['AAAABA9669000400009094', 'byte 0: no preamble'],
    [`AAAABA9669000400009094${sam('rsp-find-none')}`, 'byte 3: a preamble without its beginning'],
    ['AAAAAA9669FFFF00009094', 'byte 5: impossible length 65535'],
    ['AAAAAA966900037701' + '75', 'byte 7: no command 77 01'],
    ['AAAAAA9669000400005551', 'byte 9: no status 55'],
    ['AAAAAA9669000420010025', 'byte 9: no command takes data'],
    ['AAAAAA9669000500008000' + '85', 'byte 10: no answer 80 has 1 bytes'],
  ])('says what is wrong with %s, and where', (hex, detail) => {
    expect(decode('idcard-sam', hex)).toMatchObject({
      code: 'device.garbage',
      detail: expect.stringContaining(detail),
    });
  });

  it('shows several appended addresses, and the padding of none is lost', () => {
    const item = sam('rsp-new-address').slice(20, -2);
    const nulPadded = item.replaceAll('2000', '0000');
    const data = item + nulPadded;
    const payload = `0090${'0000' + '90' + data}`;
    const body = bytesOf(payload);
    const sum = body.reduce((left, right) => left ^ right, 0);
    const frame = `AAAAAA9669${payload}${sum.toString(16).toUpperCase().padStart(2, '0')}`;
    const address = '广东省广州市番禺区示范镇新村九号';
    expect(decode('idcard-sam', frame)).toMatchObject({ appendedAddresses: [address, address], dataHex: data });
    expect(again('idcard-sam', frame)).toBe(frame);
  });
});

describe('idcard-sam-hid', () => {
  const report = (hex: string) => hex.padEnd(Math.ceil(hex.length / 128) * 128, '0');

  it('reads an answer of many reports, and two in a row', () => {
    const whole = report(sam('rsp-read-base-citizen'));
    expect(whole.length / 2).toBe(21 * 64);
    expect(decode('idcard-sam-hid', whole)).toMatchObject({ layout: 'citizen', document: { name: '示范甲' } });
    expect(decode('idcard-sam-hid', hid('in-find-ok') + whole)).toMatchObject([{ code: '9F' }, { layout: 'citizen' }]);
    expect(again('idcard-sam-hid', hid('in-find-ok') + whole)).toBe(hid('in-find-ok') + whole);
  });

  it.each([
    [hid('out-find').slice(0, -2), 'byte 63: no whole number of 64-byte reports'],
    [`${hid('out-find').slice(0, -2)}01`, 'byte 63: padding that is not zero'],
    [report('AAAAAA966900032001FF'), 'byte 9: checksum FF, the bytes give 22'],
    [hid('in-read-base-first').replace('0508000090', '0508300190'), 'byte 9: no answer begins like this'],
  ])('says what is wrong with %s', (hex, detail) => {
    expect(decode('idcard-sam-hid', hex)).toMatchObject({
      code: 'device.garbage',
      detail: expect.stringContaining(detail),
    });
  });
});

describe('idcard-typeb', () => {
  it('reads an answer without the appended zero, and tells one from the next question', () => {
    expect(decode('idcard-typeb', '11223344556677889000')).toMatchObject({ hasTrailingZero: false });
    expect(decode('idcard-typeb', '112233445566778890000036000008')).toMatchObject([
      { uidHex: '1122334455667788', hasTrailingZero: false },
      { command: 'readUid' },
    ]);
    expect(decode('idcard-typeb', '6A82')).toMatchObject({ code: 'device.garbage' });
  });
});

describe('the mask', () => {
  const mask = (hex: string) => hexOf(codec('idcard-sam').mask?.('fromDevice', bytesOf(hex)) ?? new Uint8Array());

  it('leaves nothing of the card and a frame that is still sound', () => {
    const masked = mask(sam('rsp-read-fp-absent'));
    expect(decode('idcard-sam', masked)).toEqual({
      direction: 'fromDevice',
      code: '90',
      status: 'ok',
      layout: 'citizen',
      document: { isNumberRight: false },
      photo: { bytes: 1_024, hex: '00'.repeat(1_024) },
      fingerprints: [],
    });
    expect(decode('idcard-sam', mask(sam('rsp-new-address')))).toMatchObject({ appendedAddresses: [''] });
    expect(decode('idcard-sam', mask(sam('rsp-find-ok-nonzero')))).toMatchObject({ cardNumberHex: '00000000' });
  });

  it('keeps what is of no person', () => {
    for (const name of ['rsp-sam-id', 'rsp-find-none', 'rsp-bad-command']) expect(mask(sam(name))).toBe(sam(name));
    expect(hexOf(codec('idcard-sam').mask?.('toDevice', bytesOf(sam('cmd-status'))) ?? new Uint8Array())).toBe(
      sam('cmd-status'),
    );
  });

  it('blanks every piece of an answer that comes in pieces, but for its head', () => {
    const whole = sam('rsp-read-base-citizen');
    const pieces = [whole.slice(0, 200), whole.slice(200, 900), whole.slice(900)];
    expect(pieces.map(mask)).toEqual([
      whole.slice(0, 20).padEnd(200, '0'),
      '0'.repeat(700),
      '0'.repeat(whole.length - 900),
    ]);
  });
});
