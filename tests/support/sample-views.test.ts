import { describe, expect, it } from 'vitest';
import { describeFirstError } from '../../contract/check.ts';
import { parse } from '../../contract/check.ts';
import { SCREENS, View, type Locale } from '../../contract/view.schema.ts';
import { sampleViews } from './sample-views.ts';

const LOCALES: readonly Locale[] = ['zh-Hans', 'zh-Hant', 'en'];

describe('sample views', () => {
  it.each(LOCALES)('fit the contract in %s', (locale) => {
    for (const { name, view } of sampleViews(locale, 'S2', 'light')) {
      const parsed = parse(View, view);
      expect(parsed.ok ? '' : `${name}: ${describeFirstError(SCREENS[view.screen.kind], view.screen)}`).toBe('');
    }
  });

  it('show every kind of screen', () => {
    const kinds = new Set(sampleViews('en', 'S3', 'dark').map(({ view }) => view.screen.kind));
    expect([...kinds].toSorted()).toEqual(Object.keys(SCREENS).toSorted());
  });

  it('have names of their own', () => {
    const names = sampleViews('zh-Hans', 'S2', 'light').map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
