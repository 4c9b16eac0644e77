import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import { ok } from '../../contract/outcome.schema.ts';
import { bytesOf, framesOf } from '../testing/frames.ts';
import { dialogueOver } from './card-dialogue.ts';
import { identifyCard, readKnownCard } from './card-profile-reader.ts';
import { shippedProfile } from './testing/card-profiles.ts';
import { scriptedCard, transmitTo } from './testing/scripted-card.ts';

const ssse = framesOf('smartcard-ssse');
const pboc = framesOf('smartcard-pboc');
const LIVELIHOOD = shippedProfile('livelihood-demo');
const SOCIAL = shippedProfile('social-security');
const TODAY = '2026-01-05';
const SELECT_LIVELIHOOD = '00A404000E50414E59552E4D534B2E44454D4F';
const NUMBER_RECORD = '07094131323334353637389000';
const name = (text: string, bytes: number, filler = '00') =>
  iconv
    .encode(text, 'gbk')
    .toString('hex')
    .toUpperCase()
    .padEnd(bytes * 2, filler);

/** The card of the sheet: what it answers to the shipped profile. */
const SSSE_CARD: Record<string, string> = {
  [ssse('select-df')]: '9000',
  [ssse('ef05-read-version')]: '0304332E30309000',
  [ssse('ef05-read-issue-date')]: ssse('ef05-rsp-issue-date'),
  [ssse('ef05-read-expiry')]: ssse('ef05-rsp-expiry'),
  [ssse('ef05-read-number')]: NUMBER_RECORD,
  [ssse('ef06-select')]: '9000',
  '00B2080014': ssse('ef06-rsp-ssn'),
  '00B2090020': `091E${name('黄秀英', 30)}9000`,
};

function livelihood(changes: Record<string, string> = {}): Record<string, string> {
  const holder = `0000${name('陈小明', 20)}${Buffer.from('440113190001010016').toString('hex').padEnd(64, '0')}00`;
  return {
    [SELECT_LIVELIHOOD]: '9000',
    '00B095001E': pboc('rsp-0015'),
    '00B0960037': `${holder.toUpperCase()}9000`,
    ...changes,
  };
}

const ATR = bytesOf('3B6800000073C84013009000');
const read = async (answers: Record<string, string>, profiles: CardProfile[] = [LIVELIHOOD, SOCIAL], today = TODAY) => {
  const dialogue = dialogueOver(transmitTo(scriptedCard(answers)), true);
  const known = await identifyCard(dialogue, profiles, ATR);
  if (!known.ok) return known;
  const reading = await readKnownCard(dialogue, known.value, { today });
  return reading.ok ? ok(reading.value.reply) : reading;
};
const problemOf = async (...given: Parameters<typeof read>) => {
  const result = await read(...given);
  return result.ok ? 'no problem' : result.problem;
};

describe('reading by profile', () => {
  it('reads the sheet’s social-security card, after the livelihood card’s application was not found', async () => {
    expect(await read(SSSE_CARD)).toEqual({
      ok: true,
      value: {
        profile: 'social-security',
        cardKind: 'social-security-card',
        cardNumber: 'A12345678',
        holderId: '440113190001010016',
        holderName: '黄秀英',
        endDate: '2031-12-02',
      },
    });
  });

  it('reads the sheet’s public information file', async () => {
    expect(await read(livelihood())).toMatchObject({
      ok: true,
      value: { cardNumber: '0012345678901234', endDate: '2040-12-31', holderName: '陈小明' },
    });
  });

  it.each(['00', 'FF', '20'])('drops %s behind a name', async (filler) => {
    const answers = { ...SSSE_CARD, '00B2090020': `091E${name('黄秀英', 30, filler)}9000` };
    expect(await read(answers)).toMatchObject({ ok: true, value: { holderName: '黄秀英' } });
  });

  it('tries the next name when the first is not found', async () => {
    const profile = { ...SOCIAL, select: ['A000000333010101', ...SOCIAL.select] };
    expect(await read(SSSE_CARD, [profile])).toMatchObject({ ok: true });
  });

  it('leaves out what wants a PIN and is not required', async () => {
    const answers = { ...SSSE_CARD, '00B2080014': '6982', '00B2090020': '6982' };
    const result = await read(answers);
    expect(result).toMatchObject({ ok: true, value: { cardNumber: 'A12345678' } });
    expect(result.ok && 'holderName' in result.value).toBe(false);
  });

  it('takes what there is of a file that ended early', async () => {
    const whole = pboc('rsp-0015').slice(0, -4);
    expect(await read(livelihood({ '00B095001E': `${whole}6282` }))).toMatchObject({ ok: true });
  });
});

describe('the returned tag', () => {
  it('decides what a record is, not the number that was asked for', async () => {
    const swapped = {
      ...SSSE_CARD,
      [ssse('ef05-read-issue-date')]: ssse('ef05-rsp-expiry'),
      [ssse('ef05-read-expiry')]: ssse('ef05-rsp-issue-date'),
    };
    expect(await read(swapped)).toMatchObject({ ok: true, value: { endDate: '2031-12-02' } });
  });

  it('leaves a record out that is nobody’s', async () => {
    const answers = { ...SSSE_CARD, '00B2090020': ssse('ef06-rsp-sex') };
    const result = await read(answers);
    expect(result.ok && result.value.holderName).toBeUndefined();
  });

  it('makes the card unreadable when the required number never comes', async () => {
    const answers = { ...SSSE_CARD, [ssse('ef05-read-number')]: ssse('ef05-rsp-issuer') };
    expect(await problemOf(answers)).toEqual({
      code: 'card.unreadable',
      detail:
        'social-security: no cardNumber; sfi 5 record 07 answered with tag 04; file EF06 record 4E 6A82 file or application not found',
    });
  });

  it('does not read past the record', async () => {
    const answers = { ...SSSE_CARD, [ssse('ef05-read-number')]: '07FF41319000' };
    expect(await problemOf(answers)).toMatchObject({ code: 'card.unreadable' });
  });
});

describe('the rest of a long name', () => {
  const EXTENSION = ssse('ef06-read-name-ext');

  it('stands behind the name, also where a character was cut in two', async () => {
    const whole = iconv.encode('阿依古丽·买买提依明江阿卜杜热西提艾', 'gbk').toString('hex').toUpperCase();
    const [first, rest] = [`41${whole}`.slice(0, 60), `41${whole}`.slice(60)];
    const answers = {
      ...SSSE_CARD,
      '00B2090020': `091E${first}9000`,
      [EXTENSION]: `4E14${rest.padEnd(40, '0')}9000`,
    };
    expect(await read(answers)).toMatchObject({
      ok: true,
      value: { holderName: 'A阿依古丽·买买提依明江阿卜杜热西提艾' },
    });
  });

  it('is read with the length the card wants, and may be blank', async () => {
    const answers = { ...SSSE_CARD, [EXTENSION]: '6C04', '00B24E0004': '4E02C0EE9000' };
    expect(await read(answers)).toMatchObject({ ok: true, value: { holderName: '黄秀英李' } });
    const blank = { ...SSSE_CARD, [EXTENSION]: ssse('ef06-rsp-name-ext') };
    expect(await read(blank)).toMatchObject({ ok: true, value: { holderName: '黄秀英' } });
  });
});

describe('third generation without contact', () => {
  const BLANK = {
    ...SSSE_CARD,
    [ssse('ef05-read-number')]: `0709${'00'.repeat(9)}9000`,
    '00B2080014': `0812${'20'.repeat(18)}9000`,
    '00B2090020': `091E${'FF'.repeat(30)}9000`,
  };

  it('wants the PIN where the number is blank', async () => {
    expect(await problemOf(BLANK)).toMatchObject({ code: 'card.pinNeeded' });
  });

  it('is accepted with the number alone, unless the profile wants the name', async () => {
    const numbered = { ...BLANK, [ssse('ef05-read-number')]: NUMBER_RECORD };
    expect(await read(numbered)).toEqual({
      ok: true,
      value: {
        profile: 'social-security',
        cardKind: 'social-security-card',
        cardNumber: 'A12345678',
        endDate: '2031-12-02',
      },
    });
    const strict = { ...SOCIAL, required: [...SOCIAL.required, 'holderName' as const] };
    expect(await problemOf(numbered, [strict])).toMatchObject({
      code: 'card.pinNeeded',
      detail: expect.stringContaining('no holderName'),
    });
    expect(await problemOf({ ...SSSE_CARD, '00B2090020': '6982' }, [strict])).toMatchObject({ code: 'card.pinNeeded' });
    expect(await problemOf({ ...SSSE_CARD, '00B2090020': '6A83' }, [strict])).toMatchObject({
      code: 'card.unreadable',
    });
  });

  it('is a foreign card where only the payment directory answers', async () => {
    const directory = { '00A404000E325041592E5359532E444446303100': '6F10840E325041592E5359532E44444630319000' };
    expect(await problemOf(directory)).toMatchObject({ code: 'card.unknown' });
  });
});

describe('city cards', () => {
  const CITY = shippedProfile('city-union');
  const T_UNION = shippedProfile('t-union');
  const LINGNAN = shippedProfile('lingnan-pass');
  const INFO = pboc('rsp-0015').slice(0, -4);
  const told = (name: string) => {
    const own = `9F0C1E${INFO}`;
    const inside = `84${hexLength(name)}${name}A5${hexLength(own)}${own}`;
    return `6F${hexLength(inside)}${inside}9000`;
  };
  const hexLength = (hex: string) => (hex.length / 2).toString(16).padStart(2, '0').toUpperCase();

  it('are read from what SELECT told, without the file', async () => {
    const answers = { '00A4040009A0000000038698070100': told('A00000000386980701') };
    expect(await read(answers, [CITY])).toMatchObject({
      ok: true,
      value: { profile: 'city-union', cardNumber: '0012345678901234', endDate: '2040-12-31' },
    });
  });

  it('are read from the file where SELECT told nothing', async () => {
    const answers = { '00A4040008A00000063201010500': '9000', '00B095001E': pboc('rsp-0015') };
    expect(await read(answers, [T_UNION])).toMatchObject({ ok: true, value: { cardNumber: '44010012345678901234' } });
    expect(
      await read({ '00A40400085041592E4150505900': '9000', '00B095001E': pboc('rsp-0015') }, [LINGNAN]),
    ).toMatchObject({
      ok: true,
      value: { cardNumber: '0100123456' },
    });
  });

  it('that take no Le are selected without', async () => {
    const answers = {
      '00A4040008A00000063201010500': '6700',
      [framesOf('smartcard-select')('tunion')]: '9000',
      '00B095001E': pboc('rsp-0015'),
    };
    expect(await read(answers, [T_UNION])).toMatchObject({ ok: true });
  });
});

it('blanks the serial number in the ATR of an unknown card', async () => {
  const named = await identifyCard(
    dialogueOver(transmitTo(scriptedCard({})), true),
    [SOCIAL],
    bytesOf('3B6D00000081544CAA8684440113123456'),
  );
  expect(named).toMatchObject({ ok: false });
  expect(named.ok ? '' : named.problem.detail).toContain('ATR 3B6D00000081544CAA8684440113******');
});

describe('cards that are not read', () => {
  it('names an unknown card', async () => {
    expect(await problemOf({})).toEqual({
      code: 'card.unknown',
      detail: 'ATR 3B6800000073C84013009000; selected: livelihood-demo 6A82, social-security 6A82',
    });
    expect(await problemOf(SSSE_CARD, [])).toEqual({
      code: 'card.unknown',
      detail: 'ATR 3B6800000073C84013009000; selected: nothing',
    });
  });

  it('names a locked application', async () => {
    expect(await problemOf({ [ssse('select-df')]: '6283' })).toEqual({
      code: 'card.unreadable',
      detail: 'social-security: application locked',
    });
  });

  it('says what was refused, in words without anything personal', async () => {
    expect(await problemOf(livelihood({ '00B095001E': '6982' }))).toEqual({
      code: 'card.unreadable',
      detail: 'livelihood-demo: no cardNumber, endDate; sfi 21 6982 security status missing',
    });
  });

  it.each(['00000000', 'FFFFFFFF', '20401399', '2040ABCD'])('misses a required end date of %s', async (date) => {
    const file = pboc('rsp-0015');
    const answer = file.slice(0, 48) + date + file.slice(56);
    expect(await problemOf(livelihood({ '00B095001E': answer }))).toMatchObject({ code: 'card.unreadable' });
  });

  it('misses fields beyond the end of a short file', async () => {
    expect(await problemOf(livelihood({ '00B095001E': '44011300000000009000' }))).toMatchObject({
      code: 'card.unreadable',
    });
  });

  it('refuses a number longer than any card’s', async () => {
    const long = `0730${'31'.repeat(48)}9000`;
    expect(await problemOf({ ...SSSE_CARD, [ssse('ef05-read-number')]: long })).toMatchObject({
      code: 'card.unreadable',
    });
  });

  it('accepts a card on its last day and refuses it on the next', async () => {
    expect(await read(SSSE_CARD, [SOCIAL], '2031-12-02')).toMatchObject({ ok: true });
    expect(await problemOf(SSSE_CARD, [SOCIAL], '2031-12-03')).toEqual({
      code: 'card.expired',
      detail: 'social-security',
    });
  });
});
