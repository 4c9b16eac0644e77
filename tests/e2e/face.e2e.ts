import { expect } from '@playwright/test';
import type { Contrast, Frame, Locale, Reach, TextSize } from '../../contract/view.schema.ts';
import { collectGallery, type GalleryView } from '../support/gallery.ts';
import { axeFindings } from './support/axe.ts';
import type { Orientation } from './support/browser.ts';
import { test } from './support/face-fixture.ts';
import { auditFocus, auditPage, helpBarPlaces } from './support/mm-audit.ts';
import type { Face } from './support/page-with-view.ts';

interface Setting {
  readonly locale: Locale;
  readonly size: TextSize;
  readonly contrast: Contrast;
  readonly orientation: Orientation;
  readonly reach: Reach;
}

/** Every size and orientation in the two scripts that differ most; the third language, the dark theme and low reach once each way. */
const SETTINGS: readonly Setting[] = [
  ...(['zh-Hans', 'en'] as const).flatMap((locale) =>
    (['S2', 'S3'] as const).flatMap((size) =>
      (['portrait', 'landscape'] as const).map((orientation): Setting => ({
        locale,
        size,
        contrast: 'light',
        orientation,
        reach: 'normal',
      })),
    ),
  ),
  { locale: 'zh-Hant', size: 'S2', contrast: 'dark', orientation: 'portrait', reach: 'normal' },
  { locale: 'zh-Hant', size: 'S3', contrast: 'dark', orientation: 'landscape', reach: 'normal' },
  { locale: 'zh-Hant', size: 'S3', contrast: 'light', orientation: 'portrait', reach: 'low' },
  { locale: 'en', size: 'S2', contrast: 'light', orientation: 'landscape', reach: 'low' },
];

const PLAIN = { locale: 'zh-Hans', size: 'S2', contrast: 'light', reach: 'normal' } as const;

for (const setting of SETTINGS) {
  test(`every screen holds the rules: ${Object.values(setting).join(' ')}`, async ({ open }) => {
    // A page that is shown nothing for seconds takes its engine for lost, and reloads: the Views come first.
    const views = await collectGallery(setting);
    const face = await open({ orientation: setting.orientation });
    expect(await findingsOf(face, views)).toEqual([]);
    expect(await face.violations(), 'content policy').toEqual([]);
  });
}

test('a high-mounted large glass keeps every control under the reach line', async ({ open }) => {
  const views = await collectGallery(PLAIN);
  const face = await open({ orientation: 'portrait' });
  const display = { pixelsPerMm: 2.71, lowerEdgeMm: 700, cardReader: 'left', paperOutlet: 'right' } as const;
  const findings: string[] = [];
  for (const { name, view } of views) {
    const frame: Frame = { ...view.frame, display };
    await face.show({ ...view, frame });
    findings.push(...(await auditPage(face.page, frame)).map((finding) => `${name}: ${finding}`));
  }
  expect(findings).toEqual([]);
});

test('Tab reaches every control and draws a ring of 2 mm', async ({ open }) => {
  const views = await collectGallery(PLAIN);
  const face = await open({ orientation: 'portrait' });
  const findings: string[] = [];
  for (const { name, view } of views) {
    if (name === 'plate-fault') continue;
    await face.show(view);
    findings.push(...(await auditFocus(face.page, view.frame)).map((finding) => `${name}: ${finding}`));
  }
  expect(findings).toEqual([]);
});

async function findingsOf(face: Face, views: readonly GalleryView[]): Promise<string[]> {
  const findings: string[] = [];
  let places = '';
  for (const { name, view } of views) {
    await face.show(view);
    const found = [...(await auditPage(face.page, view.frame)), ...(await axeFindings(face.page))];
    const now = await helpBarPlaces(face.page);
    if (places && now !== places) found.push('the help bar has moved');
    places = now;
    findings.push(...found.map((finding) => `${name}: ${finding}`));
  }
  return findings;
}
