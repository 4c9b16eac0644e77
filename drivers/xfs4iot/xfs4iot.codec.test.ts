import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { VECTORS } from './testing/vectors.ts';
import { decodeXfs, encodeXfs, maskXfs } from './xfs4iot.codec.ts';

const frame = framesOf('xfs4iot');
const vectors = Object.entries(VECTORS['xfs4iot'] ?? {});
const base = { name: 'Common.Status', requestId: 1, type: 'command', version: '2.0' };

function decodeText(text: string) {
  return decodeXfs(Uint8Array.from(Buffer.from(text, 'utf8')));
}
const decodeJson = (message: unknown) => decodeText(JSON.stringify(message));
const withHeader = (header: object, payload?: object) => decodeJson({ header: { ...base, ...header }, payload });

it.each(vectors)('%s means what the sheet says, and is written back the same', (name, expected) => {
  if (!('meaning' in expected)) throw new Error('every message of the sheet is sound');
  expect(decodeXfs(bytesOf(frame(name)))).toEqual({ ok: true, value: expected.meaning });
  const encoded = encodeXfs(expected.meaning);
  expect(encoded.ok && hexOf(encoded.value)).toBe(frame(name));
});

it('reads several messages in a row, braces and quotes in texts among them', () => {
  const odd = JSON.stringify({ header: { ...base }, payload: { note: 'a } " \\ { b 中' } });
  const decoded = decodeText(`${odd}${odd}`);
  expect(decoded.ok && decoded.value).toHaveLength(2);
});

describe.each<[string, object, object | undefined, string]>([
  ['a command without requestId', { requestId: undefined }, undefined, 'needs a requestId'],
  ['requestId 0', { requestId: 0 }, undefined, '/header/requestId'],
  ['an unsolicited message with requestId', { type: 'unsolicited' }, undefined, 'has no requestId'],
  ['an unknown type', { type: 'question' }, undefined, '/header/type'],
  ['an unknown interface', { name: 'Teapot.Brew' }, undefined, '/header/name'],
  ['a name in small letters', { name: 'Common.status' }, undefined, '/header/name'],
  ['a timeout in an acknowledge', { type: 'acknowledge', timeout: 1 }, undefined, 'only a command'],
  ['a negative timeout', { timeout: -1 }, undefined, '/header/timeout'],
  ['an unknown status', { type: 'acknowledge', status: 'busy' }, undefined, '/header/status'],
  ['a status in a command', { status: 'invalidMessage' }, undefined, 'only an acknowledge'],
  ['a completion without code', { type: 'completion' }, undefined, 'needs a completionCode'],
  ['an unknown completion code', { type: 'completion', completionCode: 'fine' }, undefined, '/header/completionCode'],
  ['a code in an event', { type: 'event', completionCode: 'success' }, undefined, 'only a completion'],
  [
    'an error code that is missing',
    { type: 'completion', completionCode: 'commandErrorCode' },
    {},
    'needs payload.errorCode',
  ],
  ['an error code under success', { type: 'completion', completionCode: 'success' }, { errorCode: 'a' }, 'only under'],
  ['an unknown header field', { colour: 'red' }, undefined, 'not a known key'],
  ['a null', {}, { a: null }, 'is null'],
  ['a version that is none', { version: '2' }, undefined, '/header/version'],
])('%s', (_name, header, payload, why) => {
  it('is refused and says why', () => {
    const decoded = withHeader(header, payload);
    expect(decoded).toMatchObject({ ok: false, problem: { code: 'device.garbage' } });
    expect(decoded.ok ? '' : decoded.problem.detail).toContain(why);
  });
});

it('refuses an error code that the command does not have', () => {
  const header = { ...base, name: 'Printer.PrintRaw', type: 'completion', completionCode: 'commandErrorCode' };
  const decoded = decodeJson({ header, payload: { errorCode: 'noMedia' } });
  expect(decoded.ok ? '' : decoded.problem.detail).toContain('none of Printer.PrintRaw');
});

it('refuses a status word that is none', () => {
  const header = { ...base, type: 'completion', completionCode: 'success' };
  const decoded = decodeJson({ header, payload: { printer: { paper: { upper: 'nearly' } } } });
  expect(decoded.ok ? '' : decoded.problem.detail).toContain('payload.printer.paper.upper');
});

it.each(['', '{', '[]', '{}', 'null', '{"header":1}', '\ufeff{}', '{"header":{}}{'])('refuses %j', (text) => {
  expect(decodeText(text)).toMatchObject({ ok: false, problem: { code: 'device.garbage' } });
});

it('refuses every message of the sheet that is cut anywhere', () => {
  for (const [name] of vectors) {
    const bytes = bytesOf(frame(name));
    for (let end = 0; end < bytes.length; end += 1) expect(decodeXfs(bytes.slice(0, end)).ok).toBe(false);
  }
});

it('refuses to write what it would not read', () => {
  const meaning = { kind: 'completion', sentBy: 'service', name: 'Common.Status', interface: 'Common', version: '2.0' };
  expect(encodeXfs(meaning)).toMatchObject({ ok: false });
  expect(encodeXfs({ kind: 'poem' })).toMatchObject({ ok: false });
});

it('blanks what a card or a slip says, and leaves the protocol’s words', () => {
  const header = { ...base, name: 'CardReader.ReadRawData' };
  const masked = (payload: object): unknown =>
    JSON.parse(Buffer.from(maskXfs(Buffer.from(JSON.stringify({ header, payload })))).toString());
  expect(masked({ media: 'present', names: ['chen', '陈'], number: 6228, nested: { card: '62 "28' } })).toEqual({
    header,
    payload: { media: 'present', names: ['AAAA', 'AAA'], number: 1111, nested: { card: 'AAAAAAA' } },
  });
});
