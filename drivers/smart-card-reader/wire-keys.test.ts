import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import type { WireKey } from '../wire-key.ts';
import { VECTORS } from './testing/vectors.ts';
import { WIRE_KEYS } from './wire-keys.ts';

const keyed = (name: string): WireKey => {
  const found = WIRE_KEYS.find(({ key }) => key === name);
  if (!found) throw new Error(name);
  return found;
};
const SSSE = keyed('smartcard-ssse');
const PBOC = keyed('smartcard-pboc');
const PSAM = keyed('smartcard-psam');
const SELECT = keyed('smartcard-select');
const VPCD = keyed('vpcd');

const decoded = (key: WireKey, hex: string) => {
  const result = key.decode(bytesOf(hex));
  if (!result.ok) throw new Error(result.problem.detail);
  return result.value;
};
const problemOf = (key: WireKey, hex: string) => {
  const result = key.decode(bytesOf(hex));
  return result.ok ? `no problem: ${JSON.stringify(result.value)}` : `${result.problem.code} ${result.problem.detail}`;
};
const roundTrip = (key: WireKey, hex: string) => {
  const back = key.encode?.(decoded(key, hex));
  return back?.ok ? hexOf(back.value) : 'nothing';
};

const ALL = Object.entries(VECTORS).flatMap(([key, frames]) =>
  Object.entries(frames).map(([name, expected]) => ({ key, name, expected })),
);

describe('the sheet’s frames', () => {
  it.each(ALL)('$key $name means what the tables say, and is written back', ({ key, name, expected }) => {
    const hex = framesOf(key)(name);
    if (!('meaning' in expected)) throw new Error(name);
    expect(decoded(keyed(key), hex)).toEqual(expected.meaning);
    expect(roundTrip(keyed(key), hex)).toBe(hex);
  });
});

describe('what the tables allow beside the worked frames', () => {
  it.each([
    [SSSE, '00B2052C06', { command: 'readRecord', record: 5, sfi: 5 }],
    [SSSE, '00B2090020', { identifier: 9, holds: 'holderName', le: 32 }],
    [SSSE, '00B2080014', { identifier: 8, holds: 'socialSecurityNumber' }],
    [SSSE, '0304332E30309000', { specificationVersion: '3.00' }],
    [SSSE, '0B01019000', { nation: '01' }],
    [SSSE, '0C034401139000', { birthplace: '440113' }],
    [SSSE, `091E${'BBC6D0E3D3A2'.padEnd(60, '0')}9000`, { holderName: '黄秀英' }],
    [SSSE, `091E${'BBC6D0E3D3A2'.padEnd(60, 'F')}9000`, { holderName: { text: '黄秀英', paddedWith: 'FF' } }],
    [SSSE, `091E${'BBC6D0E3D3A2'.padEnd(60, '20')}9000`, { holderName: { text: '黄秀英', paddedWith: '20' } }],
    [SSSE, '0504FFFFFFFF9000', { issueDate: { hex: 'FFFFFFFF' } }],
    [SSSE, '00200000', { command: 'verifyPin', reference: 0 }],
    [SSSE, '6C14', { status: { word: '6C14', meaning: 'wrong Le, 20 would be right' } }],
    [SSSE, '6983', { status: { word: '6983', meaning: 'PIN blocked' } }],
    [SSSE, '00C000001E', { command: 'getResponse', le: 30 }],
    [SELECT, '00A40400085041592E41505059', { application: 'Lingnan Pass, public' }],
    [SELECT, '00A4040009A00000000386980701', { application: 'city union' }],
    [SELECT, '00A4040007A0000009999999', { command: 'selectByName', name: 'A0000009999999' }],
    [SELECT, '6F10840E325041592E5359532E44444630319000', { answer: 'template', tlvs: [{ tag: '6F' }] }],
    [SELECT, '6283', { status: { word: '6283', meaning: 'file or application locked' } }],
    [PBOC, '805C000204', { account: 'purse' }],
    [PBOC, '800004D29000', { balanceCents: { cents: 1234, signBit: true } }],
    [PBOC, '805200000B201112212148223A845BF0', { command: 'creditForLoad', date: '2011-12-21', mac2: '3A845BF0' }],
    [
      PBOC,
      '0012000000000000C806440113000001202405010830159000',
      { amountCents: 200, transaction: 'purchase from the purse' },
    ],
    [
      PBOC,
      '00030000000000138802440113000001202404011015009000',
      { amountCents: 5000, transaction: 'load of the purse' },
    ],
    [PBOC, '00B097000B', { sfi: 23, contains: 'city of a T-Union card' }],
    [PBOC, 'B5A8AA5D134D33E89000', { answer: 'debited', tac: 'B5A8AA5D', mac2: '134D33E8' }],
    [PBOC, '805A000602001308', { sequence: 19 }],
    [PBOC, '9403', { status: { word: '9403', meaning: 'key index unknown' } }],
    [PSAM, '00B095000E', { sfi: 21, le: 14 }],
    [PSAM, '00B0960006', { sfi: 22, le: 6 }],
    [
      PSAM,
      '8070000024A1B2C3D40012000000C80620240501083015010012345678901234561122334455667788',
      { command: 'initializeSamForPurchase', cardSerial: '1234567890123456', area: '1122334455667788' },
    ],
    [PSAM, '6108', { status: { word: '6108', meaning: '8 bytes wait' } }],
    [VPCD, '000104', { control: 'getAtr' }],
    [VPCD, '000100', { control: 'powerOff' }],
    [VPCD, '00143B8F8001804F0CA000000306030001000000006A', { atr: '3B8F8001804F0CA000000306030001000000006A' }],
    [VPCD, '000C3B6800000073C84013009000', { atr: '3B6800000073C84013009000' }],
    [VPCD, '001400A404000F7378312E73682EC9E7BBE1B1A3D5CF', { apdu: { application: 'social-security environment' } }],
  ] as const)('%#: %o', (key, hex, meaning) => {
    expect(decoded(key, hex)).toMatchObject(meaning);
    expect(roundTrip(key, hex)).toBe(hex);
  });

  it('gives both readings of 30 bytes that could be either file', () => {
    const name = 'B3C2D0A1C3F7'.padEnd(40, '0');
    expect(decoded(PBOC, `0000${name}${'34343031313331399000'}`)).toMatchObject({
      answer: 'holderBeginning',
      holderName: '陈小明',
      holderIdBeginning: '44011319',
    });
    expect(decoded(PBOC, '000004D29000')).toMatchObject({ otherReadings: [{ answer: 'credited' }] });
  });

  it('takes a run of APDUs apart', () => {
    const one = ['00A4000002DF01', '00B095001E', '805C000204', '000004D29000', '9000'].join('');
    expect(decoded(PBOC, one)).toMatchObject([
      { command: 'selectFile' },
      { command: 'readBinary' },
      { command: 'getBalance' },
      { answer: 'balance' },
      { answer: 'status' },
    ]);
    expect(roundTrip(PBOC, one)).toBe(one);
    expect(decoded(SSSE, '02013390000504202112039000')).toMatchObject([
      { cardClass: '3' },
      { issueDate: '2021-12-03' },
    ]);
    expect(decoded(VPCD, '00010100010400029000')).toMatchObject([{ control: 'powerOn' }, { control: 'getAtr' }, {}]);
  });
});

describe('damage is named with its place', () => {
  it.each([
    [SSSE, '', 'byte 0: too short for a status word'],
    [SSSE, '90', 'byte 1: too short for a status word'],
    [SSSE, '020133', 'byte 1: 0133 is no status word'],
    [SSSE, '0201339001', 'byte 3: 9001 is no status word'],
    [SSSE, '0812343430313133313930303031303130303' + '19000', 'byte 1: the record says 18 bytes, 17 follow'],
    [SSSE, '00A404000F7378312E73682EC9E7BBE1B1A3D5', 'byte 4: Lc says 15, 14 bytes follow'],
    [SSSE, '00B2052C', 'byte 4: cut off behind P2'],
    [SELECT, '00A4090002DF01', 'byte 2: P1 and P2 mean nothing to this instruction'],
    [SELECT, '00A40400', 'byte 4: cut off behind P2'],
    [PBOC, '805001020A01000000C8440113000001', 'byte 4: 10 bytes are no data of initializeForPurchase'],
    [PBOC, '80EE0000', 'byte 2: 0000 is no status word, and no known instruction at byte 1'],
    [PBOC, '805401000F0000007720240501083015', 'byte 4: Lc says 15, 11 bytes follow'],
    [VPCD, '0000', 'byte 0: a message has no 0 bytes'],
    [VPCD, '00', 'byte 0: no whole length'],
    [VPCD, '0006000004D290', 'byte 0: the length says 6, 5 bytes follow'],
    [VPCD, '000103', 'message at byte 0: control 03 is not defined'],
    [VPCD, '0001040003FFFFFF', 'message at byte 3: byte 1: FFFF is no status word'],
  ] as const)('%#: %s', (key, hex, detail) => {
    expect(problemOf(key, hex)).toContain(`device.garbage ${detail}`);
  });

  it('never throws, and writes back whatever it took', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .tuple(fc.uint8Array({ maxLength: 40 }), fc.constant(Uint8Array.of(0x90, 0x00)))
        .map(([a, b]) => Uint8Array.of(...a, ...b)),
      fc.tuple(fc.constantFrom(...ALL), fc.nat(), fc.integer({ min: 1, max: 255 })).map(([{ key, name }, at, flip]) => {
        const bytes = bytesOf(framesOf(key)(name));
        const spoilt = bytes[at % bytes.length] ?? 0;
        return bytes.with(at % bytes.length, spoilt ^ flip);
      }),
    );
    fc.assert(
      fc.property(fc.nat(WIRE_KEYS.length - 1), noise, (which, bytes) => {
        const key = keyed(WIRE_KEYS[which]?.key ?? '');
        const result = key.decode(bytes);
        if (!result.ok) {
          expect(result.problem.detail).toMatch(/byte \d+/);
          return;
        }
        const back = key.encode?.(JSON.parse(JSON.stringify(result.value)));
        expect(back?.ok && hexOf(back.value)).toBe(hexOf(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([undefined, null, 7, 'x', {}, { command: 'dance' }, { answer: 'balance' }, [{}], []])(
    'does not write %o',
    (meaning) => {
      for (const key of WIRE_KEYS.slice(0, 4)) expect(key.encode?.(meaning)).toMatchObject({ ok: false });
    },
  );
});

describe('what a recording keeps', () => {
  it.each([
    [PBOC, 'toDevice', '805401000F00000077202405010830157CDC1A5908', `805400000F${'00'.repeat(15)}08`],
    [SSSE, 'toDevice', '0020000003888888', '0020000003000000'],
    [SSSE, 'toDevice', '00B2090020', '00B2000020'],
    [SSSE, 'fromDevice', '08123434303131333139303030313031303031369000', `${'00'.repeat(20)}9000`],
    [PBOC, 'fromDevice', '9401', '9401'],
    [VPCD, 'toDevice', '0001040008' + '0020000003888888', '0001040008' + '0020000003000000'],
    [VPCD, 'fromDevice', '0006000004D290000006000004D29000', '00060000000090000006000000009000'],
    [VPCD, 'fromDevice', '000C3B6800000073C84013009000', `000C${'00'.repeat(12)}`],
    [VPCD, 'fromDevice', '0006000004D2', '000600000000'],
  ] as const)('%#: %s', (key, direction, hex, kept) => {
    const masked = key.mask?.(direction, bytesOf(hex));
    expect(masked && hexOf(masked)).toBe(kept);
  });

  it('is as long as what passed, and never holds data', () => {
    fc.assert(
      fc.property(
        fc.nat(WIRE_KEYS.length - 1),
        fc.constantFrom('toDevice', 'fromDevice'),
        fc.uint8Array({ maxLength: 80 }),
        (which, direction, bytes) => {
          expect(WIRE_KEYS[which]?.mask?.(direction, bytes).length).toBe(bytes.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});
