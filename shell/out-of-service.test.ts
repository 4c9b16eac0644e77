import { describe, expect, it } from 'vitest';
import { parse } from '../contract/check.ts';
import { View } from '../contract/view.schema.ts';
import { stubView } from '../tests/support/stub-view.ts';
import { outOfServiceAssets, outOfServiceView, OUT_OF_SERVICE_PATH } from './out-of-service.ts';

describe('out of service', () => {
  it('is a View of the contract in every language', () => {
    for (const locale of ['zh-Hans', 'zh-Hant', 'en'] as const) {
      const last = stubView(7, true, 'x');
      const view = outOfServiceView({ ...last, frame: { ...last.frame, locale } }, '12345');
      expect(parse(View, view)).toMatchObject({ ok: true });
      expect(view.page).toBe(8);
    }
  });

  it('shows the number to call, and no markup that came with it', () => {
    const page = outOfServiceAssets('020-1234 <script>').get(OUT_OF_SERVICE_PATH)?.body;
    expect(page).toContain('<strong>020-1234 </strong>');
    expect(page).not.toContain('<script');
    expect(page).not.toContain(' style=');
  });
});
