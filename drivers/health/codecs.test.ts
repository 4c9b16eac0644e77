import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { SUNTECH_VECTORS, VECTORS } from './testing/vectors.ts';
import { WIRE_KEYS } from './wire-keys.ts';

function codec(key: string) {
  const found = WIRE_KEYS.find((candidate) => candidate.key === key);
  if (!found) throw new Error(key);
  return found;
}

function meaningOf(key: string, hex: string): unknown {
  const decoded = codec(key).decode(bytesOf(hex));
  if (!decoded.ok) throw new Error(decoded.problem.detail ?? '');
  return decoded.value;
}

const detailOf = (key: string, hex: string): string => {
  const decoded = codec(key).decode(bytesOf(hex));
  expect(decoded).toMatchObject({ ok: false, problem: { code: 'device.garbage' } });
  return decoded.ok ? '' : (decoded.problem.detail ?? '');
};

describe.each(Object.entries(VECTORS))('%s', (key, vectors) => {
  const frame = framesOf(key);
  it.each(Object.entries(vectors))('%s means what the sheet says, and is written back the same', (name, expected) => {
    if (!('meaning' in expected)) throw new Error('every frame of this class is sound');
    expect(meaningOf(key, frame(name))).toEqual(expected.meaning);
    const encoded = codec(key).encode?.(expected.meaning);
    expect(encoded?.ok && hexOf(encoded.value)).toBe(frame(name));
  });

  it.each(Object.keys(vectors))('%s cut short by a byte is garbage or a shorter frame, never more', (name) => {
    const bytes = bytesOf(frame(name));
    const cut = codec(key).decode(bytes.slice(0, -1));
    if (cut.ok) expect(cut.value).not.toEqual(meaningOf(key, frame(name)));
    else expect(cut.problem.code).toBe('device.garbage');
  });

  it('blanks personal values and nothing else', () => {
    const { mask } = codec(key);
    for (const name of Object.keys(vectors)) {
      const before = bytesOf(frame(name));
      const masked = mask?.('fromDevice', before) ?? before;
      expect(masked).toHaveLength(before.length);
      // still a frame of the protocol: a masked recording can be played again
      const read = codec(key).decode(masked);
      if (name !== 'stream-misaligned') expect(read.ok, name).toBe(true);
      expect(JSON.stringify(read.ok && read.value)).not.toMatch(
        /"(pulseBpm|spo2Percent|systolic|diastolic|weight|bmi|height|systolicMmHg)":[1-9]/,
      );
    }
  });
});

describe('CMS50, old stream', () => {
  const key = 'spo2-cms50-5byte';
  it('names the byte at which a packet was cut', () => {
    expect(detailOf(key, '873C06873C064862')).toBe('byte 3: the packet at 0 is cut short after 3 bytes');
    expect(detailOf(key, '873C0648')).toBe('byte 4: the packet at 0 ends after 4 bytes');
    expect(detailOf(key, '3C064862')).toContain('no byte of 4 begins a packet');
    expect(detailOf(key, '')).toContain('no byte of 0');
    expect(detailOf(key, '0102030405873C064862')).toContain('more than one lost packet has');
  });
});

describe('CMS50D+, nine bytes', () => {
  const key = 'spo2-cms50-9byte';
  it('says that nobody can tell the pulse when one description would add its eighth bit', () => {
    expect(meaningOf(key, '0188808080' + '8CE1FFFF')).toMatchObject({ pulseBpm: 12, pulseBpmIfTopBit: 140 });
  });
  it('reads the keep-alive, and a command the sheet only counts as "others"', () => {
    expect(meaningOf(key, '7D81AF808080808080')).toMatchObject({ command: 'keepAlive', confidence: 'sheet' });
    expect(meaningOf(key, '7D81B0808080808080')).toMatchObject({ command: 'other', operationHex: 'B0' });
  });
  it('knows no reading by its filler', () => {
    expect(meaningOf(key, '0180808080' + 'FFFFFFFF')).toMatchObject({ pulseBpm: null, spo2Percent: null });
  });
  it('names the damaged byte', () => {
    expect(detailOf(key, '01E085B39641E1FFFF')).toBe('byte 5: a byte inside a packet without bit 7');
    expect(detailOf(key, '7D81A1808080808081')).toBe('byte 8: a command is filled with 80');
    expect(detailOf(key, '7D82A1808080808080')).toBe('byte 1: a command goes on with 81');
  });
});

describe('Omron', () => {
  const key = 'bp-omron-hid';
  const BLOCK = '0701030006330000704B4700004C';
  it('reads the published reading, bare and as an answer', () => {
    const reading = { systolicMmHg: 112, diastolicMmHg: 75, pulseBpm: 71, deviceTime: '2007-01-03T00:06:51' };
    expect(meaningOf(key, BLOCK)).toMatchObject(reading);
    expect(meaningOf(key, `4F4B00${BLOCK}`)).toMatchObject({ ...reading, carriedBy: 'okZero' });
  });
  it('reads it out of reports, and writes the reports back', () => {
    // OK, zero, 14 bytes: 17 in reports of 7, 7 and 3
    const hex = `07${'4F4B0007010300'}` + `07${'06330000704B47'}` + `03${'00004C'}00000000`;
    const meaning = meaningOf(key, hex);
    expect(meaning).toMatchObject({ kind: 'reports', byteCounts: [7, 7, 3], content: { systolicMmHg: 112 } });
    const encoded = codec(key).encode?.(meaning);
    expect(encoded?.ok && hexOf(encoded.value)).toBe(hex);
  });
  it('refuses a reading whose checksum is wrong, in reports too', () => {
    expect(detailOf(key, BLOCK.replace('704B', '714B'))).toBe('byte 13: XOR of the reading is wrong');
    expect(detailOf(key, `07${'4F4B0007010300'}07${'06330000714B47'}03${'00004C'}00000000`)).toContain('XOR');
    expect(detailOf(key, '474D450000000302')).toBe('byte 7: XOR of the arguments is wrong');
  });
  it('reads modes, the other questions, texts and the count', () => {
    expect(meaningOf(key, '74BC')).toEqual({ kind: 'selectMode', mode: 'readings' });
    expect(meaningOf(key, '0101')).toEqual({ kind: 'selectMode', mode: 'information' });
    expect(meaningOf(key, '1074')).toEqual({ kind: 'selectMode', mode: 'weekly' });
    expect(meaningOf(key, '53524C3030')).toEqual({ kind: 'command', command: 'serialNumber' });
    expect(meaningOf(key, '454E44FFFF')).toEqual({ kind: 'command', command: 'end' });
    expect(meaningOf(key, '4F4B0048454D2D373930')).toEqual({ kind: 'answer', text: 'HEM-790', afterZero: true });
    expect(meaningOf(key, '4F4B00000000' + '0303')).toMatchObject({ kind: 'readingCount', readingCount: 3 });
  });
  it('calls an empty place empty', () => {
    expect(meaningOf(key, '4F4B00' + '00'.repeat(14))).toEqual({ kind: 'emptyReading', carriedBy: 'okZero' });
  });
});

describe('Maibobo', () => {
  const key = 'bp-maibobo';
  it('gives both readings of a result that is long enough for both', () => {
    const data = '00000000000000' + '0080005200460000' + '0000';
    const body = `0313010600${data.slice(2)}`;
    const xor = bytesOf(body).reduce((sum, byte) => sum ^ byte, 0);
    const hex = `AA80${body}${hexOf(Uint8Array.of(xor))}`;
    expect(meaningOf(key, hex)).toMatchObject({
      readings: [
        { valuesAtDataByte: 7, systolicMmHg: 128, diastolicMmHg: 82, pulseBpm: 70 },
        { valuesAtDataByte: 11, systolicMmHg: 70, diastolicMmHg: 0, pulseBpm: 0 },
      ],
    });
  });
  it('reads the pressure on the way and stop', () => {
    expect(meaningOf(key, 'AA800304010500999A')).toMatchObject({ kind: 'pressure', pressureMmHg: 153 });
    expect(meaningOf(key, 'CC80030301030002')).toMatchObject({ kind: 'stop', direction: 'toDevice' });
  });
  it('names the damaged byte', () => {
    expect(detailOf(key, 'AA80030301070F08')).toBe('byte 7: XOR is wrong');
    expect(detailOf(key, 'AA8003030107')).toBe('byte 6: the frame at 0 is not complete');
    expect(detailOf(key, 'AB80030301070F09')).toBe('byte 0: neither CC nor AA');
  });
});

describe('SunTech/NIBP', () => {
  const key = 'bp-suntech';
  it.each(Object.entries(SUNTECH_VECTORS))('%s is the literal frame of the sheet', (_name, { hex, meaning }) => {
    expect(meaningOf(key, hex)).toEqual(meaning);
    const encoded = codec(key).encode?.(meaning);
    expect(encoded?.ok && hexOf(encoded.value)).toBe(hex);
  });
  it('reads a status answer, a pressure and the end of a measurement', () => {
    const text = 'S1;A0;C00;M00;P120080093;R072;T0000;;';
    const sum = [...text].reduce((total, character) => total + character.charCodeAt(0), 0) & 0xff;
    const hex = hexOf(Buffer.from(`\u0002${text}${sum.toString(16).toUpperCase().padStart(2, '0')}\u0003\r`));
    expect(meaningOf(key, hex)).toMatchObject({ pressuresMmHg: [120, 80, 93], pulseBpm: 72, messageNumber: 0 });
    expect(meaningOf(key, hexOf(Buffer.from('\u0002099C0S3\u0003')))).toMatchObject({ pressureMmHg: 99 });
    expect(meaningOf(key, hexOf(Buffer.from('\u0002999\u0003')))).toMatchObject({ kind: 'measurementEnd' });
  });
  it('refuses a wrong sum and names the right one', () => {
    expect(detailOf(key, '0230313B3B443803')).toBe('byte 5: the sum of "01;;" is D7');
    expect(detailOf(key, '0230313B3B4437')).toContain('no ETX');
  });
});

describe('Bluetooth', () => {
  it('reads the full blood pressure of the sheet', () => {
    expect(meaningOf('ble-bp', '1E780050005D00E8070501081E0F4800010000')).toEqual({
      kind: 'bloodPressure',
      unit: 'mmHg',
      systolic: 120,
      diastolic: 80,
      mean: 93,
      deviceTime: '2024-05-01T08:30:15',
      pulseBpm: 72,
      userId: 1,
      measurementStatus: {
        bodyMovement: false,
        cuffTooLoose: false,
        irregularPulse: false,
        pulseRange: 'within',
        improperPosition: false,
      },
    });
  });
  it.each([
    ['FF07', 'notANumber'],
    ['0008', 'notAtThisResolution'],
    ['FE07', 'plusInfinity'],
    ['0208', 'minusInfinity'],
    ['0108', 'reserved'],
    ['FF17', 20_470],
    ['FFFF', -0.1],
    ['7800', 120],
  ])('SFLOAT %s is %s', (word, value) => {
    expect(meaningOf('ble-bp', `00${word}50005D00`)).toMatchObject({ systolic: value });
  });
  it('refuses a length that the flags do not ask for, and dates that are none', () => {
    expect(detailOf('ble-bp', '0278005000' + '5D00')).toContain('flags ask for 14 bytes');
    expect(detailOf('ble-bp', '02780050005D00E8070D01081E0F')).toBe('byte 9: month: 13');
    expect(detailOf('ble-weight', '0EC832E807021F081F00FFEE007506')).toBe('byte 6: day of month 2: 31');
    expect(detailOf('ble-weight', '10C832')).toBe('byte 0: reserved flag bits are set');
  });
});
