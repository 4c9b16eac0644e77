import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf } from '../testing/frames.ts';
import { readDocument } from './id-document.ts';
import { readDay } from './id-text.codec.ts';
import { nationName } from './nations.ts';

const sam = framesOf('idcard-sam');

/** The text of a sheet frame: behind head, status and two length words. */
function textOf(frame: string): Uint8Array {
  return bytesOf(sam(frame)).slice(14, 270);
}

/** The citizen of the sheet with other words in some places, written in by hand. */
function citizen(...changes: readonly (readonly [offset: number, text: string])[]): Uint8Array {
  const text = textOf('rsp-read-base-citizen');
  for (const [offset, words] of changes) text.set(Buffer.from(words, 'utf16le'), offset);
  return text;
}

describe('documents', () => {
  it('of citizens', () => {
    expect(readDocument(textOf('rsp-read-base-citizen'))).toEqual({
      ok: true,
      value: {
        layout: 'citizen',
        name: '示范甲',
        sex: 'male',
        nationCode: '01',
        birthDate: '1900-01-01',
        address: '广东省广州市番禺区示范镇样板村民委员会一号',
        number: '440113190001010016',
        issuer: '广州市公安局番禺分局',
        validFrom: '2020-01-01',
        validTo: '2040-01-01',
      },
    });
  });

  it('that are valid for ever have no last day', () => {
    const document = readDocument(textOf('rsp-read-base-citizen-longterm'));
    expect(document).toMatchObject({ ok: true, value: { name: '示范乙', validFrom: '2020-01-01' } });
    expect(document.ok && Object.keys(document.value)).not.toContain('validTo');
  });

  it('of people of Hong Kong, Macao and Taiwan have no nation, but a travel permit', () => {
    const document = readDocument(textOf('rsp-read-base-gat'));
    expect(document).toMatchObject({
      value: { layout: 'residence-permit', number: '810000190203040039', travelPermit: 'H00000000', issueCount: 1 },
    });
    expect(document.ok && Object.keys(document.value)).not.toContain('nationCode');
  });

  it('of foreigners, layout of 2017', () => {
    expect(readDocument(textOf('rsp-read-base-fpr2017'))).toMatchObject({
      value: {
        layout: 'foreigner-2017',
        name: '样本人',
        latinName: 'SAMPLE, PERSON ONE',
        number: 'USA440099010101',
        nationality: 'USA',
        birthDate: '1903-04-05',
      },
    });
  });

  it('of foreigners, layout of 2023: never taken for a citizen, the Latin name in one', () => {
    expect(readDocument(textOf('rsp-read-base-fpr2023'))).toMatchObject({
      value: {
        layout: 'foreigner-2023',
        name: '样本人二',
        latinName: 'SAMPLE PERSON WITH A VERY LONG NAMES INDEED AB',
        number: '944840190405060019',
        nationality: '840',
        issueCount: 1,
      },
    });
  });

  it('keep the space when the Latin name is cut right behind a word', () => {
    const text = textOf('rsp-read-base-fpr2023');
    text.set(Buffer.from(`${'A'.repeat(34)} `, 'utf16le'), 52);
    text.set(Buffer.from('BCD        ', 'utf16le'), 220);
    expect(readDocument(text)).toMatchObject({ value: { latinName: `${'A'.repeat(34)} BCD` } });
  });

  it('of foreigners without a Chinese name are under their Latin name', () => {
    const text = textOf('rsp-read-base-fpr2017');
    text.set(Buffer.from('   ', 'utf16le'), 158);
    expect(readDocument(text)).toMatchObject({ value: { name: 'SAMPLE, PERSON ONE' } });
  });

  it('keep rare, private-use and lone characters as they are', () => {
    for (const name of ['梁䶮', '示\uE863范', '示\uD842范', '𫸩甲']) {
      expect(readDocument(citizen([0, name.padEnd(15, ' ')]))).toMatchObject({ value: { name } });
    }
  });

  it('lose padding of NUL as well as of spaces, and nothing inside', () => {
    const text = citizen([0, '示 范\0\0\0\0\0\0\0\0\0\0\0\0'], [158, `${'局'.padEnd(15, '\0')}`], [248, '\0\0\0\0']);
    expect(readDocument(text)).toMatchObject({ value: { layout: 'citizen', name: '示 范', issuer: '局' } });
  });

  it.each(['Q', 'j', 'y', '0', '\u3000'])(
    'with the unknown flag %s are refused, and nothing of them is told',
    (flag) => {
      const document = readDocument(citizen([248, flag]));
      expect(document).toMatchObject({ ok: false, problem: { code: 'idCard.unknownDocument' } });
      expect(JSON.stringify(document)).not.toMatch(/示范|4401/);
    },
  );

  it.each([
    ['a wrong check character', [122, '440113190001010017']],
    ['a lower-case check character', [122, '44018119020316102x']],
    ['fifteen digits', [122, '440113000101001   ']],
    ['a day of birth that never was', [36, '19000230']],
    ['no first day', [188, '        ']],
    ['a last day in words', [204, '永久      ']],
    ['a sex of no table', [30, '3']],
    ['no name', [0, ' '.repeat(15)]],
  ] as const)('with %s are unreadable, and nothing of them is told', (_what, change) => {
    const document = readDocument(citizen(change));
    expect(document).toMatchObject({ ok: false, problem: { code: 'card.unreadable' } });
    expect(JSON.stringify(document)).not.toMatch(/示范|4401|1900/);
  });

  it('of another length are unreadable', () => {
    expect(readDocument(textOf('rsp-read-base-citizen').subarray(0, 254))).toMatchObject({ ok: false });
  });

  it('tell a last character X', () => {
    expect(readDocument(citizen([122, '44018119020316102X']))).toMatchObject({
      value: { number: '44018119020316102X' },
    });
  });
});

describe('days', () => {
  it('are those of the calendar', () => {
    expect(readDay('20240229')).toBe('2024-02-29');
    for (const wrong of ['20230229', '20240431', '20241301', '20240100', '2024022', '长期', '']) {
      expect(readDay(wrong)).toBeUndefined();
    }
  });
});

describe('nations', () => {
  it('are the 56, 59, 97 and 98', () => {
    expect(['01', '29', '43', '56'].map(nationName)).toEqual(['汉', '柯尔克孜', '乌孜别克', '基诺']);
    expect(['59', '97', '98'].map(nationName)).toEqual(['穿青人', '其他', '外国血统中国籍人士']);
    for (let code = 1; code <= 56; code += 1) expect(nationName(String(code).padStart(2, '0'))).toBeTruthy();
    for (const unknown of ['00', '57', '99', '1', '']) expect(nationName(unknown)).toBeUndefined();
  });
});
