/**
 * What stands on the glass when the engine cannot be kept running. The page needs nothing but itself; the View is for a
 * page that is already up and asks again. Both say the same: this terminal, for now; nothing is lost; whom to call.
 */
import type { View } from '../contract/view.schema.ts';
import { PROBLEMS } from '../contract/problem.catalogue.ts';
import type { Asset } from './static-assets.ts';

export const OUT_OF_SERVICE_PATH = '/out-of-service.html';
const STYLE_PATH = '/out-of-service.css';
const NUMBER = PROBLEMS['kiosk.engineGone'].number;

const TEXTS = {
  'zh-Hans': { title: '本机暂停服务', call: '需要帮助请拨打', explain: '已办理的业务不会丢失。' },
  'zh-Hant': { title: '本機暫停服務', call: '需要幫助請撥打', explain: '已辦理的業務不會遺失。' },
  en: { title: 'Out of service', call: 'For help please call', explain: 'Nothing you have done is lost.' },
} as const;

/** Asks for itself again, and is given the kiosk once there is one. */
const RETRY_SECONDS = 30;

const STYLE = `html{height:100%}
body{margin:0;min-height:100%;display:grid;place-content:center;gap:6vmin;text-align:center;background:#fff;color:#14202b;
font:6vmin/1.4 'Noto Sans CJK SC','Noto Sans SC',sans-serif}
h1{margin:0;font-size:8vmin}p{margin:0}strong{display:block;font-size:13vmin;letter-spacing:.04em}small{font-size:3vmin;color:#43505c}
`;

/** The shell's own pages by path, for both hosts. `telephone`: digits, spaces and `+-` only. */
export function outOfServiceAssets(telephone: string): ReadonlyMap<string, Asset> {
  const number = telephone.replaceAll(/[^0-9+\- ]/g, '');
  const zh = TEXTS['zh-Hans'];
  const html = `<!doctype html>
<html lang="zh-Hans">
<head><meta charset="utf-8"><meta http-equiv="refresh" content="${RETRY_SECONDS}">
<title>${zh.title}</title><link rel="stylesheet" href="${STYLE_PATH}"></head>
<body><h1>${zh.title}<br><span lang="en">${TEXTS.en.title}</span></h1>
<p>${zh.explain}<br><span lang="en">${TEXTS.en.explain}</span></p>
<p>${zh.call} · <span lang="en">${TEXTS.en.call}</span><strong>${number}</strong></p>
<small>${NUMBER}</small></body></html>
`;
  return new Map([
    [OUT_OF_SERVICE_PATH, { type: 'text/html; charset=utf-8', body: html }],
    [STYLE_PATH, { type: 'text/css; charset=utf-8', body: STYLE }],
  ]);
}

/** The same as a View, in the language and layout of the last one that was shown. */
export function outOfServiceView(last: View, telephone: string): View {
  const texts = TEXTS[last.frame.locale];
  return {
    page: last.page + 1,
    frame: {
      ...last.frame,
      helpBar: last.frame.helpBar.map((action) => ({ ...action, available: false })),
    },
    screen: {
      kind: 'out-of-service',
      title: texts.title,
      subtitle: texts.explain,
      picture: 'trouble',
      rows: [{ label: texts.call, value: telephone }],
      number: NUMBER,
    },
  };
}
