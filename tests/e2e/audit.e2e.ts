/** The audit itself must notice: each planted fault has to be found, and the clean page must be silent. */
import { expect } from '@playwright/test';
import { collectGallery } from '../support/gallery.ts';
import { test } from './support/face-fixture.ts';
import { auditFocus, auditPage } from './support/mm-audit.ts';

const gallery = await collectGallery({ locale: 'zh-Hans', size: 'S2', contrast: 'light', reach: 'normal' });
const named = gallery.find(({ name }) => name === 'identify');
if (!named) throw new Error('the View is gone');
const { view } = named;

interface Plant {
  readonly tag: string;
  readonly text?: string;
  readonly title?: string;
}

const FAULTS: readonly {
  readonly fault: string;
  readonly css?: string;
  readonly plant?: Plant;
  readonly finding: RegExp;
}[] = [
  {
    fault: 'a tiny target',
    css: 'li button { height: 30px; min-height: 0; align-self: start; padding: 0; overflow: hidden }',
    finding: /^target/,
  },
  { fault: 'targets that touch', css: 'ul { gap: 0 !important }', finding: /^gap 0\.0 mm/ },
  { fault: '12 px text', css: 'h1 { font-size: 12px !important }', finding: /^glyph face 2\.74 mm/ },
  {
    fault: 'clipped text',
    css: 'li button { width: 120px !important; white-space: nowrap; overflow: hidden }',
    finding: /^text leaves its box/,
  },
  {
    fault: 'a block wider than the screen',
    css: 'h1 { width: 1500px; white-space: nowrap; font-size: 300px !important }',
    finding: /^text leaves/,
  },
  {
    fault: 'an unmasked identity number',
    plant: { tag: 'p', text: '44011319560412001X' },
    finding: /18-digit identity number in the text/,
  },
  {
    fault: 'a phone number in an attribute',
    plant: { tag: 'p', text: '-', title: '13800138000' },
    finding: /11-digit phone number in attribute title/,
  },
  { fault: 'a card number', plant: { tag: 'p', text: '6217 0033 2000 1234 567' }, finding: /card number in the text/ },
  { fault: 'a second h1', plant: { tag: 'h1', text: '二' }, finding: /^2 h1/ },
  {
    fault: 'a control above the reach line',
    css: 'nav { position: fixed; top: 0; left: 0; right: 0; z-index: 9 }',
    finding: /out of reach/,
  },
  {
    fault: 'a covered control',
    css: 'aside { position: fixed; inset: 900px 0 0 0; z-index: 9; background: #fff }',
    plant: { tag: 'aside' },
    finding: /^something covers/,
  },
];

test('a clean page gives no findings', async ({ open }) => {
  const face = await open({ orientation: 'portrait' });
  await face.show(view);
  expect(await auditPage(face.page, view.frame)).toEqual([]);
});

test('every planted fault is found', async ({ open }) => {
  const face = await open({ orientation: 'portrait' });
  const frame = { ...view.frame, display: { ...view.frame.display, lowerEdgeMm: 760 } };
  for (const { fault, css, plant, finding } of FAULTS) {
    await face.show({ ...view, frame });
    const undo = await face.page.evaluateHandle(
      ({ rules, element }) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(rules);
        document.adoptedStyleSheets = [sheet];
        const extra = element && document.createElement(element.tag);
        if (extra) {
          extra.textContent = element.text ?? '';
          extra.title = element.title ?? '';
          document.body.append(extra);
        }
        return () => {
          document.adoptedStyleSheets = [];
          extra?.remove();
        };
      },
      { rules: css ?? '', element: plant ?? null },
    );
    const findings = await auditPage(face.page, frame);
    expect(findings.filter((line) => finding.test(line)).length, `${fault}: ${findings.join(' | ')}`).toBeGreaterThan(
      0,
    );
    await undo.evaluate((run) => run());
  }
});

test('a missing focus ring is found', async ({ open }) => {
  const face = await open({ orientation: 'portrait' });
  await face.show(view);
  await face.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('button:focus-visible { outline: none !important }');
    document.adoptedStyleSheets = [sheet];
  });
  expect((await auditFocus(face.page, view.frame))[0]).toMatch(/^focus ring of 0\.0 mm/);
});
