/** The frame around every sample View: a 21.5-inch glass, reader at the right, paper at the left. */
import type { Contrast, Frame, HelpAction, Locale, TextSize } from '../../contract/view.schema.ts';
import { words, type Words } from './sample-words.ts';

const HELP_LABELS: Readonly<Record<HelpAction['id'], Words>> = {
  size: words('大字', '大字', 'Larger'),
  contrast: words('对比', '對比', 'Contrast'),
  reach: words('低位', '低位', 'Lower'),
  language: words('语言', '語言', 'Language'),
  help: words('求助', '求助', 'Help'),
  end: words('结束', '結束', 'End'),
};

const STATION = words('沙墟一村 · 24小时民生服务站', '沙墟一村 · 24小時民生服務站', 'Shaxu No. 1 Village · 24 h');
const ONLINE = words('已联网', '已連網', 'Online');

export function sampleFrame(locale: Locale, size: TextSize, contrast: Contrast): Frame {
  const ids: readonly HelpAction['id'][] = ['size', 'contrast', 'reach', 'language', 'help', 'end'];
  return {
    station: STATION[locale],
    clock: '02:14',
    network: { state: 'online', label: ONLINE[locale] },
    locale,
    size,
    contrast,
    reach: 'normal',
    display: { pixelsPerMm: 4.03, lowerEdgeMm: 720, cardReader: 'right', paperOutlet: 'left' },
    helpBar: ids.map((id) => ({
      id,
      label: HELP_LABELS[id][locale],
      pressed: (id === 'size' && size === 'S3') || (id === 'contrast' && contrast === 'dark'),
      available: true,
    })),
  };
}
