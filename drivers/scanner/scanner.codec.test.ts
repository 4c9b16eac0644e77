import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import type { CodeDecoder, ScanEvent } from './code-decoder.ts';
import { textOf } from './code-text.ts';
import { HidposDecoder, LAYOUTS, type LayoutName } from './hidpos.codec.ts';
import { SerialCodeDecoder, type LineEnd } from './serial-code.codec.ts';
import { VECTORS } from './testing/vectors.ts';
import { WIRE_KEYS } from './wire-keys.ts';

const honeywell = framesOf('barcode-hidpos');
const newland = framesOf('barcode-hidpos-newland');
const A012 = hexOf(Buffer.from('A012-20240501'));
const LONG = 'https-less-demo|0123456789012345678901234567890123456789012345678901234567890123';

/** A report built from the table of the sheet by hand: no codec made it. */
function report(layout: LayoutName, data: Uint8Array, more = false): Buffer {
  const bytes = Buffer.alloc(64);
  bytes[0] = layout === 'report-01' ? 1 : 2;
  bytes[1] = data.length;
  if (layout === 'honeywell') bytes.write(']Q1', 2, 'latin1');
  bytes.set(data, layout === 'honeywell' ? 5 : 2);
  if (layout !== 'report-01') bytes[63] = more ? 1 : 0;
  return bytes;
}

function reportsOf(layout: LayoutName, data: Uint8Array): Buffer {
  const size = layout === 'report-01' ? 62 : 56;
  const reports: Buffer[] = [];
  for (let at = 0; at < data.length; at += size) {
    reports.push(report(layout, data.subarray(at, at + size), at + size < data.length));
  }
  return Buffer.concat(reports);
}

function inPieces(decoder: CodeDecoder, bytes: Uint8Array, sizes: readonly number[]): ScanEvent[] {
  const events: ScanEvent[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    events.push(...decoder.push(bytes.slice(at, at + size)));
    at += size;
  }
  return events;
}

const problemOf = (read: unknown) => (read as { problem?: { detail: string } } | undefined)?.problem?.detail;
const codesIn = (events: readonly ScanEvent[]) =>
  events.flatMap((event) => (event.kind === 'code' ? [hexOf(event.data)] : []));

describe('frames of the sheet', () => {
  it.each(WIRE_KEYS.map((key) => [key.key, key] as const))(
    '%s mean what it says and come back',
    (name, { decode, encode }) => {
      const frame = framesOf(name);
      const vectors = Object.entries(VECTORS[name] ?? {});
      expect(vectors.length).toBeGreaterThan(0);
      for (const [frameName, expected] of vectors) {
        const meaning = decode(bytesOf(frame(frameName)));
        expect(meaning, frameName).toEqual({ ok: true, value: (expected as { meaning: unknown }).meaning });
        expect(meaning.ok && encode?.(meaning.value), frameName).toEqual({
          ok: true,
          value: bytesOf(frame(frameName)),
        });
      }
    },
  );

  it('in a row are a list, and what is cut or of the other layout says where it is wrong', () => {
    const [key] = WIRE_KEYS;
    expect(key?.decode(bytesOf(honeywell('qr-part-1') + honeywell('qr-part-2')))).toMatchObject({
      value: [{ moreFollow: true }, { moreFollow: false }],
    });
    const detail = (hex: string) => problemOf(key?.decode(bytesOf(hex)));
    expect(detail(newland('code128-single'))).toBe('byte 2: no AIM identifier');
    expect(detail(honeywell('qr-part-1').slice(0, 126))).toBe('byte 63: a report has 64 bytes');
    expect(detail(`03${honeywell('qr-part-1').slice(2)}`)).toBe('byte 0: the number of the report is 3, not 2');
    expect(detail(`0239${honeywell('qr-part-1').slice(4)}`)).toBe('byte 1: length 57 is more than 56');
    expect(detail('')).toBe('byte 0: a report has 64 bytes');
  });

  it('with bytes left over keep them', () => {
    const [key] = WIRE_KEYS;
    const dirty = bytesOf(honeywell('code128-single'));
    dirty[40] = 0x99;
    dirty[63] = 0x80;
    const meaning = key?.decode(dirty);
    expect(meaning).toMatchObject({ value: { moreFollow: false, text: 'A012-20240501' } });
    expect(meaning?.ok && key?.encode?.(meaning.value)).toEqual({ ok: true, value: dirty });
  });

  it('lose what was scanned in a recording, and nothing else', () => {
    for (const { key, mask, decode } of WIRE_KEYS) {
      const masked = mask?.('fromDevice', bytesOf(framesOf(key)('code128-single'))) ?? new Uint8Array();
      expect(decode(masked)).toMatchObject({ value: { dataBytes: 13, data: '00'.repeat(13), vendorSymbology: 0x6a } });
      expect(mask?.('fromDevice', bytesOf('02414243'))).toEqual(new Uint8Array(4));
    }
  });
});

describe('HID-POS reports', () => {
  it('become codes with their symbology, joined while bit 0 says so', () => {
    const decoder = new HidposDecoder(LAYOUTS.honeywell);
    expect(decoder.push(bytesOf(honeywell('code128-single')))).toEqual([
      { kind: 'code', data: bytesOf(A012), symbology: 'C0' },
    ]);
    expect(decoder.push(bytesOf(honeywell('qr-part-1')))).toEqual([]);
    expect(decoder.push(bytesOf(honeywell('qr-part-2')))).toEqual([
      { kind: 'code', data: Uint8Array.from(Buffer.from(LONG)), symbology: 'Q1' },
    ]);
    expect(new HidposDecoder(LAYOUTS.newland).push(bytesOf(newland('code128-single')))).toEqual([
      { kind: 'code', data: bytesOf(A012) },
    ]);
  });

  it('of the third layout go on after a full one', () => {
    const decoder = new HidposDecoder(LAYOUTS['report-01']);
    const data = Buffer.alloc(100, 'x');
    expect(codesIn(decoder.push(reportsOf('report-01', data)))).toEqual([hexOf(data)]);
  });

  it.each(['honeywell', 'newland', 'report-01'] as const)(
    '%s: 512 bytes are a code, 513 are not, and none of it leaks',
    (layout) => {
      const decoder = new HidposDecoder(LAYOUTS[layout]);
      const most = Buffer.alloc(512, 'm');
      expect(codesIn(inPieces(decoder, reportsOf(layout, most), [64]))).toEqual([hexOf(most)]);
      for (const length of [513, 600, 7_000]) {
        const events = inPieces(decoder, reportsOf(layout, Buffer.alloc(length, '7')), [64]);
        expect(events).toEqual([{ kind: 'tooLong' }]);
        expect(decoder.pendingBytes).toBeLessThan(600);
        if (length % 62 === 0) decoder.quiet();
        expect(codesIn(decoder.push(report(layout, Buffer.from('next'))))).toEqual([hexOf(Buffer.from('next'))]);
      }
    },
  );

  it('never join two people: an unfinished code is cut off when the line is quiet or somebody else begins', () => {
    const decoder = new HidposDecoder(LAYOUTS.honeywell);
    decoder.push(bytesOf(honeywell('qr-part-1')));
    expect(decoder.quiet()).toEqual([{ kind: 'cut' }]);
    expect(codesIn(decoder.push(bytesOf(honeywell('code128-single'))))).toEqual([A012]);
    decoder.push(bytesOf(honeywell('qr-part-1')));
    decoder.startAfresh();
    expect(decoder.push(bytesOf(honeywell('qr-part-2')))).toEqual([]);
    expect(codesIn(decoder.push(bytesOf(honeywell('code128-single'))))).toEqual([A012]);
    decoder.push(bytesOf(honeywell('qr-part-1').slice(0, 40)));
    decoder.startAfresh();
    expect(decoder.push(bytesOf(honeywell('qr-part-1').slice(40) + honeywell('qr-part-2')))).toEqual([]);
    expect(codesIn(decoder.push(bytesOf(honeywell('code128-single'))))).toEqual([A012]);
  });

  it('with a hole in the middle are no code', () => {
    const decoder = new HidposDecoder(LAYOUTS.honeywell);
    const reports = reportsOf('honeywell', Buffer.alloc(150, 'h'));
    const events = decoder.push(
      Buffer.concat([reports.subarray(0, 64), reports.subarray(64, 100), reports.subarray(128)]),
    );
    expect(codesIn(events)).toEqual([]);
  });

  it('on USB are believed with anything behind their data; in a stream only zeros are', () => {
    const dirty = bytesOf(honeywell('code128-single'));
    dirty.fill(0xaa, 20, 61);
    expect(codesIn(new HidposDecoder(LAYOUTS.honeywell).push(dirty))).toEqual([A012]);
    expect(codesIn(inPieces(new HidposDecoder(LAYOUTS.honeywell), dirty, [5]))).toEqual([]);
  });

  it('are the same in any pieces and behind any noise', () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((data) => reportsOf('honeywell', data)),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (parts, sizes) => {
          const bytes = Buffer.concat([...parts, report('honeywell', Buffer.from('last'))]);
          const whole = new HidposDecoder(LAYOUTS.honeywell);
          expect(codesIn(inPieces(new HidposDecoder(LAYOUTS.honeywell), bytes, sizes))).toEqual(
            codesIn(inPieces(whole, bytes, [7])),
          );
          expect(whole.pendingBytes).toBeLessThan(600);
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const decoder = new HidposDecoder(LAYOUTS.honeywell);
        const events = inPieces(decoder, Buffer.concat([noise, bytesOf(honeywell('code128-single'))]), [3]);
        expect(codesIn(events).at(-1)).toBe(A012);
      }),
    );
  });
});

describe('lines of a serial scanner', () => {
  const line = (lineEnd: LineEnd, saysAim = false) => new SerialCodeDecoder(lineEnd, saysAim);
  const text = (value: string) => Buffer.from(value, 'latin1');

  it.each([
    ['cr', 'one\rtwo\r', ['one', 'two']],
    ['cr', 'one\r\ntwo\r\n', ['one', 'two']],
    ['lf', 'one\ntwo\n', ['one', 'two']],
    ['crlf', 'one\r\ntwo\r\n', ['one', 'two']],
    ['crlf', 'o\rne\r\r\n', ['o\rne\r']],
    ['cr', '\r\r', []],
  ] as const)('with %s: %j', (lineEnd, said, codes) => {
    expect(
      codesIn(inPieces(line(lineEnd), text(said), [1])).map((hex) => Buffer.from(hex, 'hex').toString('latin1')),
    ).toEqual(codes);
  });

  it('tell their symbology when the scanner is set so; one without it is no code', () => {
    expect(line('cr', true).push(text(']E04006381333931\r'))).toEqual([
      { kind: 'code', data: Uint8Array.from(text('4006381333931')), symbology: 'E0' },
    ]);
    expect(line('cr', true).push(text('4006381333931\r]E0\r'))).toEqual([{ kind: 'garbage' }, { kind: 'garbage' }]);
  });

  it.each(['cr', 'lf', 'crlf'] as const)(
    'with %s hold 512 bytes and swallow what is longer up to its end',
    (lineEnd) => {
      const end = { cr: '\r', lf: '\n', crlf: '\r\n' }[lineEnd];
      const decoder = line(lineEnd);
      const most = 'm'.repeat(512);
      expect(codesIn(decoder.push(text(most + end)))).toEqual([hexOf(text(most))]);
      for (const length of [513, 514, 4_096, 70_000]) {
        expect(decoder.push(text('7'.repeat(length)))).toEqual([{ kind: 'tooLong' }]);
        expect(decoder.pendingBytes).toBeLessThan(600);
        expect(codesIn(decoder.push(text(`rest${end}next${end}`)))).toEqual([hexOf(text('next'))]);
      }
    },
  );

  it('never join two people', () => {
    const decoder = line('crlf');
    decoder.push(text('half a co'));
    decoder.startAfresh();
    expect(codesIn(decoder.push(text('de\r\nwhole\r\n')))).toEqual([hexOf(text('whole'))]);
    decoder.push(text('half'));
    expect(decoder.quiet()).toEqual([{ kind: 'cut' }]);
    expect(codesIn(decoder.push(text('whole\r\n')))).toEqual([hexOf(text('whole'))]);
  });

  it('are the same in any pieces', () => {
    const bytes = fc.array(fc.oneof(fc.constantFrom(13, 10, 93, 81, 49), fc.nat(255)), { maxLength: 60 });
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(
        bytes,
        sizes,
        fc.constantFrom<LineEnd>('cr', 'lf', 'crlf'),
        fc.boolean(),
        (said, pieces, lineEnd, aim) => {
          expect(inPieces(line(lineEnd, aim), Uint8Array.from(said), pieces)).toEqual(
            line(lineEnd, aim).push(Uint8Array.from(said)),
          );
        },
      ),
    );
  });
});

describe('text for people', () => {
  it('is UTF-8 first, GB18030 second, and nothing when it is neither', () => {
    expect(textOf(Buffer.from('番禺'))).toEqual({ text: '番禺', encoding: 'utf-8' });
    expect(textOf(bytesOf('B7ACD8AE'))).toEqual({ text: '番禺', encoding: 'gb18030' });
    expect(textOf(bytesOf('FF81'))).toBeUndefined();
  });
});
