import { describe, expect, it } from 'vitest';
import { createFlowBench, type FlowBench } from '../../tests/support/flow-bench.ts';
import type { Locale } from '../../contract/view.schema.ts';

const WORDS = { 'zh-Hans': '窗口今天休息', 'zh-Hant': '窗口今日休息', en: 'The desk is closed today' };

async function toHome(bench: FlowBench): Promise<void> {
  await bench.touch({ kind: 'choose', option: bench.view().frame.locale });
  await bench.touch({ kind: 'choose', option: 'no-card' });
}

describe('what the office announces', () => {
  it.each(['zh-Hans', 'zh-Hant', 'en'] as Locale[])(
    'is said on the first page and over the tiles, in %s',
    async (locale) => {
      const bench = createFlowBench({ locale });
      bench.ports.facts.announced = WORDS;
      bench.flow.refresh();
      expect(bench.view().screen).toMatchObject({ kind: 'attract', announcement: WORDS[locale] });
      await toHome(bench);
      expect(bench.view().screen).toMatchObject({ kind: 'home', announcement: WORDS[locale] });
      expect(bench.view().speech).toContain(WORDS[locale]);
    },
  );

  it('goes from the glass by itself when its time is over, while nobody touches it', async () => {
    const bench = createFlowBench();
    bench.ports.facts.announced = WORDS;
    bench.flow.refresh();
    const { page } = bench.view();
    bench.ports.facts.announced = undefined;
    await bench.ports.clock.run(10_000);
    expect(bench.view().screen).not.toHaveProperty('announcement');
    // a finger that was on its way still counts
    expect(bench.view().page).toBe(page);
  });

  it('is not there when there is nothing to say', async () => {
    const bench = createFlowBench();
    await toHome(bench);
    expect(bench.view().screen.kind).toBe('home');
    expect(bench.view().screen).not.toHaveProperty('announcement');
    expect(bench.view()).not.toHaveProperty('speech');
  });
});
