import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES, NutDecoder } from './nut.codec.ts';
import { WIRE_KEYS } from './wire-keys.ts';

const [nut] = WIRE_KEYS;
if (!nut?.encode || !nut.mask) throw new Error('the key can do all');
const { decode, encode, mask } = nut;
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'utf8'));

/** Lines of RFC 9271 section 4.2 and what they mean, worked out by hand. */
const LINES: readonly (readonly [line: string, meaning: unknown])[] = [
  ['GET VAR su700 ups.status\n', { kind: 'getVariable', from: 'host', ups: 'su700', name: 'ups.status' }],
  ['LIST VAR su700\n', { kind: 'listVariables', from: 'host', ups: 'su700' }],
  ['LIST UPS\n', { kind: 'listSupplies', from: 'host' }],
  [
    'LIST ENUM su700 input.transfer.low\n',
    { kind: 'listChoices', from: 'host', ups: 'su700', name: 'input.transfer.low' },
  ],
  [
    'SET VAR su700 ups.id "My UPS"\n',
    { kind: 'setVariable', from: 'host', ups: 'su700', name: 'ups.id', value: 'My UPS' },
  ],
  [
    'INSTCMD su700 test.panel.start\n',
    { kind: 'instantCommand', from: 'host', ups: 'su700', command: 'test.panel.start' },
  ],
  ['USERNAME monuser\n', { kind: 'username', from: 'host', username: 'monuser' }],
  ['PASSWORD sekret\n', { kind: 'password', from: 'host', password: 'sekret' }],
  ['STARTTLS\n', { kind: 'startTls', from: 'host' }],
  ['FSD su700\n', { kind: 'forcedShutdown', from: 'host', ups: 'su700' }],
  ['ATTACH su700\n', { kind: 'attach', from: 'host', ups: 'su700' }],
  [
    'VAR su700 ups.status "OL CHRG"\n',
    {
      kind: 'variable',
      from: 'device',
      ups: 'su700',
      name: 'ups.status',
      value: 'OL CHRG',
      says: ['onLine', 'charging'],
    },
  ],
  [
    'VAR su700 ups.status "OB LB"\n',
    {
      kind: 'variable',
      from: 'device',
      ups: 'su700',
      name: 'ups.status',
      value: 'OB LB',
      says: ['onBattery', 'batteryLow'],
    },
  ],
  [
    'VAR su700 ups.mfr "He said \\"\\\\\\""\n',
    { kind: 'variable', from: 'device', ups: 'su700', name: 'ups.mfr', value: 'He said "\\"' },
  ],
  ['VAR su700 ups.serial ""\n', { kind: 'variable', from: 'device', ups: 'su700', name: 'ups.serial', value: '' }],
  ['BEGIN LIST VAR su700\n', { kind: 'beginList', from: 'device', what: 'VAR su700' }],
  ['END LIST VAR su700\n', { kind: 'endList', from: 'device', what: 'VAR su700' }],
  ['UPS su700 "Development box"\n', { kind: 'supply', from: 'device', ups: 'su700', description: 'Development box' }],
  [
    'TYPE su700 input.transfer.low ENUM RW\n',
    { kind: 'type', from: 'device', ups: 'su700', name: 'input.transfer.low', types: 'ENUM RW' },
  ],
  [
    'RANGE su700 input.transfer.low "90" "100"\n',
    { kind: 'range', from: 'device', ups: 'su700', name: 'input.transfer.low', minimum: '90', maximum: '100' },
  ],
  ['NUMLOGINS su700 1\n', { kind: 'logins', from: 'device', ups: 'su700', count: '1' }],
  ['ERR DATA-STALE\n', { kind: 'error', from: 'device', code: 'DATA-STALE' }],
  ['ERR DRIVER-NOT-CONNECTED\n', { kind: 'error', from: 'device', code: 'DRIVER-NOT-CONNECTED' }],
  ['OK\n', { kind: 'accepted', from: 'device' }],
  ['OK Goodbye\n', { kind: 'acceptedWithText', from: 'device', text: 'Goodbye' }],
  ['1.3\n', { kind: 'version', from: 'device', number: '1.3' }],
  [
    'Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/\n',
    { kind: 'serverVersion', from: 'device', text: 'upsd 2.8.0 - http://www.networkupstools.org/' },
  ],
];

describe('lines of upsd', () => {
  it.each(LINES)('%s', (line, meaning) => {
    const decoded = decode(bytes(line));
    expect(decoded).toEqual({ ok: true, value: meaning });
    const encoded = encode(decoded.ok ? decoded.value : undefined);
    expect(encoded.ok && Buffer.from(encoded.value).toString()).toBe(line);
  });

  it('several lines give a list, and come back as they were', () => {
    const text = LINES.map(([line]) => line).join('');
    const decoded = decode(bytes(text));
    expect(decoded).toEqual({ ok: true, value: LINES.map(([, meaning]) => meaning) });
    const encoded = encode(decoded.ok ? decoded.value : undefined);
    expect(encoded.ok && Buffer.from(encoded.value).toString()).toBe(text);
  });

  it.each([
    ['without its end', 'VAR su700 ups.status "OL"', 'byte 25'],
    ['with a quote that never closes', 'VAR su700 ups.status "OL\n', 'byte 21'],
    ['with a control character', 'VAR su700 ups.\u0007status "OL"\n', 'byte 14'],
    ['with a word too many', 'GET VAR su700 ups.status now\n', 'no command'],
    ['with a value that lost its quotes', 'VAR su700 ups.status OL\n', 'no command'],
    ['of another protocol', 'HTTP/1.1 200\n', 'no command'],
    ['that ends in a space', 'ERR DATA-STALE \n', 'space'],
    ['that is empty', '\n', 'no command'],
  ])('a line %s is garbage that says where', (_what, text, detail) => {
    const decoded = decode(bytes(text));
    expect(decoded).toMatchObject({ ok: false, problem: { code: 'device.garbage' } });
    expect(decoded.ok ? '' : decoded.problem.detail).toContain(detail);
  });

  it('keeps user name and password out of recordings, byte for byte as long', () => {
    const masked = mask('toDevice', bytes('USERNAME monuser\nPASSWORD sekret\nGET VAR su700 ups.status\n'));
    expect(Buffer.from(masked).toString()).toBe('USERNAME *******\nPASSWORD ******\nGET VAR su700 ups.status\n');
  });
});

describe('the stream of lines', () => {
  it('lets an endless line go and finds the next', () => {
    const decoder = new NutDecoder();
    for (let chunk = 0; chunk < 1_000; chunk += 1) expect(decoder.push(new Uint8Array(1_000).fill(0x41))).toEqual([]);
    expect(decoder.pendingBytes).toBeLessThanOrEqual(MAX_LINE_BYTES);
    expect(decoder.push(bytes('\nOK\n'))).toEqual([
      { kind: 'garbage', bytes: 1_000_001 },
      { kind: 'message', message: { kind: 'accepted', from: 'device' } },
    ]);
  });
});
