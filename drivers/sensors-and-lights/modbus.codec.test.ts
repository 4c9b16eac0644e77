import { describe, expect, it } from 'vitest';
import type { Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { crc16, RtuDecoder } from './modbus-rtu.codec.ts';
import { WIRE_KEYS } from './wire-keys.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const bits = (text: string) => [...text].map((bit) => bit === '1');

/** PDUs of the worked examples of the Application Protocol V1.1b3, section 6, and what they mean, by hand. */
const EXAMPLES: readonly (readonly [section: string, pdu: string, meaning: Record<string, Meaning>])[] = [
  ['6.1 request', '0100130013', { function: 'readCoils', from: 'host', address: 0x13, quantity: 0x13 }],
  ['6.1 response', '0103CD6B05', { function: 'readCoils', from: 'device', values: bits('101100111101011010100000') }],
  ['6.2 request', '0200C40016', { function: 'readDiscreteInputs', from: 'host', address: 0xc4, quantity: 0x16 }],
  ['6.3 request', '03006B0003', { function: 'readHoldingRegisters', from: 'host', address: 0x6b, quantity: 3 }],
  ['6.3 response', '0306022B00000064', { function: 'readHoldingRegisters', from: 'device', values: [0x22b, 0, 0x64] }],
  ['6.4 request', '0400080001', { function: 'readInputRegisters', from: 'host', address: 8, quantity: 1 }],
  ['6.4 response', '0402000A', { function: 'readInputRegisters', from: 'device', values: [10] }],
  [
    '6.5 request and response',
    '0500ACFF00',
    { function: 'writeSingleCoil', from: 'either', address: 0xac, value: true },
  ],
  ['6.6 request and response', '0600010003', { function: 'writeSingleRegister', from: 'either', address: 1, value: 3 }],
  [
    '6.11 request',
    '0F0013000A02CD01',
    {
      function: 'writeMultipleCoils',
      from: 'host',
      address: 0x13,
      values: bits('1011001110'),
    },
  ],
  ['6.11 response', '0F0013000A', { function: 'writeMultipleCoils', from: 'device', address: 0x13, quantity: 10 }],
  [
    '6.12 request',
    '100001000204000A0102',
    {
      function: 'writeMultipleRegisters',
      from: 'host',
      address: 1,
      values: [10, 0x102],
    },
  ],
  ['6.12 response', '1000010002', { function: 'writeMultipleRegisters', from: 'device', address: 1, quantity: 2 }],
  [
    '7, the example of an exception',
    '8102',
    {
      function: 'readCoils',
      from: 'device',
      exception: 'illegalDataAddress',
      exceptionCode: 2,
    },
  ],
];

function key(name: string) {
  const found = WIRE_KEYS.find((candidate) => candidate.key === name);
  if (!found?.encode) throw new Error(name);
  return { decode: found.decode, encode: found.encode };
}
const rtu = key('modbus-rtu');
const tcp = key('modbus-tcp');

/** The CRC of the appendix, bit by bit, apart from the codec's. */
function sealed(unit: string, pdu: string): string {
  let crc = 0xffff;
  for (const byte of bytesOf(unit + pdu)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return (
    unit +
    pdu +
    (crc & 0xff).toString(16).padStart(2, '0').toUpperCase() +
    (crc >> 8).toString(16).padStart(2, '0').toUpperCase()
  );
}

function again(encode: (meaning: unknown) => Result<Uint8Array>, decoded: Result<Meaning>): string {
  const encoded = encode(decoded.ok ? decoded.value : undefined);
  return encoded.ok ? hexOf(encoded.value) : '';
}

describe.each(EXAMPLES)('V1.1b3 %s', (_section, pdu, meaning) => {
  it('over RTU', () => {
    const frame = sealed('11', pdu);
    const decoded = rtu.decode(bytesOf(frame));
    expect(decoded).toEqual({ ok: true, value: { unit: 0x11, ...meaning } });
    expect(again(rtu.encode, decoded)).toBe(frame);
  });

  it('over TCP', () => {
    const frame = `15010000${(pdu.length / 2 + 1).toString(16).padStart(4, '0')}FF${pdu}`.toUpperCase();
    const decoded = tcp.decode(bytesOf(frame));
    expect(decoded).toEqual({ ok: true, value: { transaction: 0x1501, unit: 0xff, ...meaning } });
    expect(again(tcp.encode, decoded)).toBe(frame);
  });
});

it('has the CRC of the Serial Line specification, V1.02 6.2.2: frame 02 07, CRC 1241 hex, low byte first', () => {
  expect(crc16(bytesOf('0207'))).toBe(0x1241);
});

describe('frames in a row', () => {
  const PAIR = ['0200000008', '020105', '0500ACFF00', '8502', '0F0013000A02CD01', '0F0013000A'];

  it('over RTU', () => {
    const run = PAIR.map((pdu) => sealed('01', pdu)).join('');
    const decoded = rtu.decode(bytesOf(run));
    expect(decoded.ok && Array.isArray(decoded.value) ? decoded.value.length : 0).toBe(PAIR.length);
    expect(again(rtu.encode, decoded)).toBe(run);
  });

  it('says at which byte a damaged one begins', () => {
    const run = bytesOf(PAIR.map((pdu) => sealed('01', pdu)).join(''));
    run[10] = (run[10] ?? 0) ^ 1;
    expect(rtu.decode(run)).toMatchObject({
      ok: false,
      problem: { code: 'device.garbage', detail: 'byte 8: no frame with a right CRC' },
    });
  });
});

it('a read of which question and answer are the same bytes has both readings', () => {
  // address 0x0300 and 16 inputs, or three bytes of inputs
  const frame = sealed('01', '0203000010');
  const decoded = rtu.decode(bytesOf(frame));
  expect(decoded).toEqual({
    ok: true,
    value: {
      unit: 1,
      readings: [
        { function: 'readDiscreteInputs', from: 'host', address: 0x300, quantity: 16 },
        { function: 'readDiscreteInputs', from: 'device', values: bits('000000000000000000001000') },
      ],
    },
  });
  expect(again(rtu.encode, decoded)).toBe(frame);
});

describe('what the specification forbids is garbage', () => {
  it.each([
    ['a coil that is neither on nor off', '0500AC0100'],
    ['no coils at all', '0100130000'],
    ['more coils than 2000', '01001307D1'],
    ['a byte count that does not fit', '0F0013000A03CD0100'],
    ['an unknown function', '2B0E0100'],
    ['an unknown exception', '8163'],
    ['half a register', '04010A'],
  ])('%s', (_what, pdu) => {
    expect(rtu.decode(bytesOf(sealed('01', pdu)))).toMatchObject({ ok: false, problem: { code: 'device.garbage' } });
    const length = (pdu.length / 2 + 1).toString(16).padStart(4, '0');
    expect(tcp.decode(bytesOf(`00010000${length}01${pdu}`))).toMatchObject({ ok: false });
  });

  it('every frame with one bit wrong, over RTU', () => {
    const whole = bytesOf(sealed('11', '0103CD6B05'));
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const wrong = Uint8Array.from(whole);
      wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(rtu.decode(wrong).ok, `bit ${bit}`).toBe(false);
    }
  });
});

it('finds a frame behind noise that looks like the start of a longer one', () => {
  const decoder = new RtuDecoder();
  // unit 1, write coils, byte count 255
  expect(decoder.push(bytesOf('010F000000FFFF'))).toEqual([]);
  expect(decoder.push(bytesOf(sealed('01', '020105')))).toEqual([{ unit: 1, pdu: bytesOf('020105') }]);
  expect(decoder.pendingBytes).toBe(0);
});
