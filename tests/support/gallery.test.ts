import { describe, expect, it } from 'vitest';
import { parse } from '../../contract/check.ts';
import { SCREENS, View, type Locale } from '../../contract/view.schema.ts';
import { collectGallery } from './gallery.ts';

describe('the gallery of pages', () => {
  it.each(['zh-Hans', 'zh-Hant', 'en'] as Locale[])('holds every kind of page, each valid, in %s', async (locale) => {
    const views = await collectGallery({ locale, size: 'S2', contrast: 'light', reach: 'normal' });
    for (const { name, view } of views) {
      const checked = parse(View, view);
      expect(checked.ok ? '' : `${name}: ${checked.problem.detail}`).toBe('');
      expect(view.frame.locale).toBe(locale);
    }
    expect(new Set(views.map(({ name }) => name)).size).toBe(views.length);
    const unreached = Object.keys(SCREENS).filter((kind) => !views.some(({ view }) => view.screen.kind === kind));
    expect(unreached).toEqual([]);
  });

  it('shows no clear name, card or plate on any page', async () => {
    const views = await collectGallery({ locale: 'zh-Hans', size: 'S3', contrast: 'dark', reach: 'low' });
    const shown = JSON.stringify(views.filter(({ view }) => view.screen.kind !== 'pad'));
    for (const secret of ['陈小明', '5810000190010012', '粤A8K562', '8K562']) expect(shown).not.toContain(secret);
  });
});
