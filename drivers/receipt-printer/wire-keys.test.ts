import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Meaning } from '../wire-key.ts';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { VECTORS } from './testing/vectors.ts';
import { WIRE_KEYS } from './wire-keys.ts';

const SAMPLE_TICKET = '1B401C26B7ACD8AEC7F8B4E5BCB6B9ABB9B2B7FECEF1D5BE0AC5C5B6D3BAC520413031320A1B64041D5601';

function keyOf(name: string) {
  const key = WIRE_KEYS.find((candidate) => candidate.key === name);
  if (!key?.encode || !key.mask) throw new Error(name);
  return { decode: key.decode.bind(key), encode: key.encode.bind(key), mask: key.mask.bind(key), stream: key.stream };
}

function meaningOf(key: string, hex: string): Meaning {
  const result = keyOf(key).decode(bytesOf(hex));
  if (!result.ok) throw new Error(result.problem.detail);
  return result.value;
}

function damageOf(key: string, hex: string): string | undefined {
  const result = keyOf(key).decode(bytesOf(hex));
  return result.ok ? undefined : `${result.problem.code}: ${result.problem.detail}`;
}

const escpos = (hex: string): Meaning => meaningOf('printer-escpos', hex);
const frames = Object.entries(VECTORS).flatMap(([key, byName]) =>
  Object.entries(byName).map(([name, expected]) => ({ key, name, expected, hex: framesOf(key)(name) })),
);

describe('the frames of the sheet', () => {
  it.each(frames)('$key $name means what the sheet says, and back', ({ key, hex, expected }) => {
    const meaning = meaningOf(key, hex);
    expect({ meaning }).toEqual(expected);
    expect(keyOf(key).encode(meaning)).toEqual({ ok: true, value: bytesOf(hex) });
  });

  it.each(frames.filter(({ hex }) => hex.length > 2))('$key $name cut short is garbage', ({ key, hex }) => {
    for (let digits = 2; digits < hex.length; digits += 2) {
      const cut = hex.slice(0, digits);
      // what is left may be another frame by itself: a lone status byte, XON, a zero
      if (digits === 2) continue;
      expect(damageOf(key, cut), cut).toMatch(/^device\.garbage: byte \d+: ./);
    }
  });
});

describe('streams to the printer', () => {
  it('reads a whole ticket: commands, GBK text, line feeds', () => {
    expect(escpos(SAMPLE_TICKET)).toEqual([
      { command: 'initialise', code: 'ESC @' },
      { command: 'chineseMode', code: 'FS &' },
      { command: 'text', text: '番禺区村级公共服务站', coding: 'gb18030' },
      { command: 'lineFeed', code: 'LF' },
      { command: 'text', text: '排队号 A012', coding: 'gb18030' },
      { command: 'lineFeed', code: 'LF' },
      { command: 'feedLines', code: 'ESC d', lines: 4 },
      { command: 'cut', code: 'GS V', cut: 'partial' },
    ]);
  });

  it('reads characters of later standards and four-byte ones, and the code page once Chinese mode is left', () => {
    expect(escpos('1C26FE9F8139EF310A')).toContainEqual({ command: 'text', text: '䶮㐂', coding: 'gb18030' });
    expect(escpos('1C2E1B740082410A')).toContainEqual({ command: 'text', text: 'éA', coding: 'cp437' });
    expect(escpos('1C2E1B741082410A')).toContainEqual({ command: 'text', textHex: '8241', coding: 'code page 16' });
  });

  it('reads a QR code with its data in UTF-8', () => {
    expect(escpos('1D286B0400314132001D286B03003143061D286B0600315030E7A5A81D286B0300315130')).toEqual([
      { command: 'qrModel', code: 'GS ( k fn 65', model: '2' },
      { command: 'qrModuleSize', code: 'GS ( k fn 67', dots: 6 },
      { command: 'qrStore', code: 'GS ( k fn 80', data: '票' },
      { command: 'qrPrint', code: 'GS ( k fn 81' },
    ]);
  });

  it('unfolds the doubled brace of CODE128 and keeps control codes as hex', () => {
    expect(escpos('1D6B49057B427B7B31')).toMatchObject({ codeSet: 'B', data: '{1' });
    expect(escpos('1D6B49047B430C22')).toMatchObject({ codeSet: 'C', rawHex: '0C22' });
  });

  it('gives a large picture as size and hash, which cannot be written back', () => {
    const meaning = escpos(`1D7630000A000A00${'AA'.repeat(100)}`);
    expect(meaning).toEqual({
      command: 'picture',
      code: 'GS v 0',
      scale: 'x1',
      widthDots: 80,
      heightDots: 10,
      dataBytes: 100,
      // sha256sum of a hundred bytes AA
      sha8: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
    });
    expect(keyOf('printer-escpos').encode(meaning).ok).toBe(false);
  });

  it('takes a long run of zeros for the resynchronisation it is (4.7)', () => {
    expect(escpos(`${'00'.repeat(8_192)}1B40`)).toEqual([
      { command: 'padding', code: 'NUL', bytes: 8_192 },
      { command: 'initialise', code: 'ESC @' },
    ]);
  });

  it('reads the printer’s clear command in the order real printers obey', () => {
    expect(escpos('10140801031401060208')).toEqual({ command: 'clearBuffers', code: 'DLE DC4 8' });
  });
});

describe('streams from the printer', () => {
  it('takes apart flow control, automatic status and a real-time answer in one read (4.5)', () => {
    expect(escpos('131C000F0012')).toMatchObject([
      { answer: 'flowControl', code: 'XOFF' },
      { answer: 'automaticStatus', paperEnd: true, offline: true },
      { answer: 'realTimeStatus' },
    ]);
  });

  it('gives all readings of a byte that answers several questions', () => {
    expect(meaningOf('printer-custom', '12')).toMatchObject({
      readings: [
        { answerTo: 'DLE EOT 1' },
        { answerTo: 'DLE EOT 2' },
        { answerTo: 'DLE EOT 3' },
        { answerTo: 'DLE EOT 4' },
        { answerTo: 'DLE EOT 17', motorOn: false },
      ],
    });
    expect(meaningOf('printer-custom', '88')).toMatchObject({ readings: [{ answerTo: 'GS e 6', jam: true }] });
  });

  it('reads the length of a QR symbol and the notice of cleared buffers', () => {
    expect(escpos('37363132301F3132301F311F3000')).toMatchObject({
      block: 'qrSize',
      widthDots: 120,
      canBePrinted: true,
    });
    expect(escpos('372500')).toMatchObject({ block: 'buffersCleared' });
  });

  it.each([
    ['printer-escpos', '14800000', 'byte 0: automatic status byte 2'],
    ['printer-escpos', '040000', 'byte 0'],
    ['printer-escpos', '100601', 'byte 0'],
    ['printer-escpos', '1D286B0300314534', 'byte 0: level cannot be 52'],
    ['printer-escpos', '1C268F', 'byte 2: no GB18030 text'],
    ['printer-escpos', '1B40001B40', 'byte 2: zeros that end no command'],
    ['printer-custom', '100E00000000', 'byte 0'],
    ['printer-custom', '110F00000000', 'byte 2: bytes without any pattern'],
    ['printer-custom', '353130636C', 'byte 0: letters and no command'],
    ['printer-star', '230600000000000001', 'byte 0: status byte 9'],
    ['printer-star', '2306000000', 'byte 0: cut short'],
    ['printer-citizen', '1D523141', 'byte 0: a digit expected'],
    ['printer-escpos', '', 'byte 0: nothing there'],
  ])('%s %s is garbage: %s', (key, hex, words) => {
    expect(damageOf(key, hex)).toContain(words);
  });
});

describe('every key', () => {
  it.each(WIRE_KEYS.map(({ key }) => key))('%s never throws, and what it reads it writes back', (key) => {
    const wire = keyOf(key);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        const result = wire.decode(bytes);
        if (!result.ok) return;
        const written = wire.encode(result.value);
        if (written.ok) expect(hexOf(written.value)).toBe(hexOf(bytes));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each(WIRE_KEYS.map(({ key }) => key))('%s blanks what is printed and keeps the length', (key) => {
    const slip =
      key === 'printer-star' ? '1B40B7ACD8AE0A1B62363132A0413031321E1B6433' : `${SAMPLE_TICKET}1D6B49067B4241303132`;
    const masked = keyOf(key).mask('toDevice', bytesOf(slip));
    expect(masked).toHaveLength(slip.length / 2);
    expect(hexOf(masked)).not.toMatch(/B7ACD8AE|41303132/);
    expect(keyOf(key).decode(masked).ok).toBe(true);
    expect(hexOf(keyOf(key).mask('fromDevice', bytesOf('12')))).toBe('12');
  });

  it('blanks the whole rest of a piece it cannot read', () => {
    expect(hexOf(keyOf('printer-escpos').mask('toDevice', bytesOf('1B40FF4142')))).toBe('1B402A2A2A');
  });
});
