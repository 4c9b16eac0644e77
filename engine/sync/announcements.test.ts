import { describe, expect, it } from 'vitest';
import { announcementAt, readAnnouncements } from './announcements.ts';

const WORDS = { 'zh-Hans': '春节休息', 'zh-Hant': '春節休息', en: 'Closed for the festival' };
const FESTIVAL = { from: '2026-02-16T00:00:00+08:00', until: '2026-02-23T00:00:00+08:00', words: WORDS };
const FROM_MS = Date.UTC(2026, 1, 15, 16);
const UNTIL_MS = Date.UTC(2026, 1, 22, 16);

function read(...announcements: readonly object[]): unknown {
  const content = readAnnouncements({ announcements });
  if (!content.ok) throw new Error(content.problem.detail);
  return content.value;
}

describe('an announcement', () => {
  it.each([
    ['a moment before it begins', FROM_MS - 1, undefined],
    ['when it begins', FROM_MS, WORDS],
    ['a moment before it ends', UNTIL_MS - 1, WORDS],
    ['when it ends', UNTIL_MS, undefined],
  ])('is shown in its time and no other: %s', (_when, nowMs, shown) => {
    expect(announcementAt(read(FESTIVAL), nowMs)).toEqual(shown);
  });

  it('that stands first is shown while two hold, and the next one when it is over', () => {
    const strike = { ...FESTIVAL, until: '2026-02-17T00:00:00+08:00', words: { ...WORDS, en: 'No water today' } };
    const content = read(strike, FESTIVAL);
    expect(announcementAt(content, FROM_MS)?.en).toBe('No water today');
    expect(announcementAt(content, FROM_MS + 24 * 3_600_000)?.en).toBe('Closed for the festival');
  });

  it('is not shown where nothing was published', () => {
    expect(announcementAt(undefined, FROM_MS)).toBeUndefined();
    expect(announcementAt(read(), FROM_MS)).toBeUndefined();
  });

  it.each<[string, object]>([
    ['that ends before it begins', { until: FESTIVAL.from }],
    ['of a month that does not exist', { from: '2026-13-01T00:00:00+08:00' }],
    ['without a time zone', { from: '2026-02-16T00:00:00' }],
    ['without English words', { words: { 'zh-Hans': '休息', 'zh-Hant': '休息' } }],
    ['longer than a line', { words: { ...WORDS, en: 'x'.repeat(81) } }],
    ['longer than a line of Chinese', { words: { ...WORDS, 'zh-Hant': '休'.repeat(41) } }],
    ['with something that this release does not know', { blink: true }],
  ])('%s refuses the whole document', (_what, change) => {
    const read = readAnnouncements({ announcements: [FESTIVAL, { ...FESTIVAL, ...change }] });
    expect(read).toMatchObject({ ok: false, problem: { code: 'publication.refused' } });
  });
});
