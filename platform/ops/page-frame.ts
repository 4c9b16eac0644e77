/** What all pages of operations share: frame, sections and marks. No script; colour never speaks alone. */
import { localMoment } from '../local-time.ts';
import { html, trusted, type Html } from './html.ts';
import { OPS_STYLE } from './page-frame.style.ts';

export interface Frame {
  readonly title: string;
  readonly subtitle: string;
  /** Which of the navigation's pages this is or belongs to. */
  readonly page: '/' | '/cases' | '/bills' | '/today';
  readonly nowMs: number;
  /** Reads itself again; not while somebody fills a form in. */
  readonly refreshS?: number;
  readonly aside?: Html;
}

const PAGES = [
  ['/', '终端', 'Fleet'],
  ['/cases', '个案', 'Cases'],
  ['/bills', '对账', 'Bills'],
  ['/today', '流水', 'Records'],
] as const;

export type Tone = 'good' | 'quiet' | 'warn' | 'bad';

export function renderFrame(frame: Frame, body: Html): string {
  const links = PAGES.map(
    ([address, name, english]) =>
      html`<a href="${address}" ${trusted(address === frame.page ? 'aria-current="page"' : '')}
        >${name} <small>${english}</small></a
      >`,
  );
  const refresh =
    frame.refreshS === undefined ? html`` : html`<meta http-equiv="refresh" content="${frame.refreshS}" />`;
  const page = html`<!doctype html>
    <html lang="zh-Hans">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh}
        <title>${frame.title} · 便民服务终端平台</title>
        <style>
          ${trusted(OPS_STYLE)}
        </style>
      </head>
      <body>
        <header>
          <nav>${links}</nav>
          <p class="when">${frame.aside ?? html``} <time>${localMoment(frame.nowMs)}</time></p>
        </header>
        <main>
          <h1>${frame.title} <small>${frame.subtitle}</small></h1>
          ${body}
        </main>
      </body>
    </html>`;
  return page.html.replaceAll(/\n\s+/g, '\n');
}

export function section(
  title: string,
  subtitle: string,
  columns: readonly string[],
  rows: readonly Html[],
  below: Html = html``,
): Html {
  return html`<section>
    <h2>${title} <small>${subtitle}</small></h2>
    ${table(columns, rows)} ${below}
  </section>`;
}

export function table(columns: readonly (string | Html)[], rows: readonly Html[]): Html {
  const heads = columns.map(
    (column) => html`<th scope="col">${typeof column === 'string' ? twoTongues(column) : column}</th>`,
  );
  const body =
    rows.length > 0
      ? rows
      : [
          html`<tr>
            <td class="none" colspan="${columns.length}">暂无 none</td>
          </tr>`,
        ];
  return html`<table>
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody>
      ${body}
    </tbody>
  </table>`;
}

export function mark(tone: Tone, name: string, english: string): Html {
  return html`<span class="mark ${tone}">${name} <small>${english}</small></span>`;
}

export function figure(name: string, english: string, value: string | number): Html {
  return html`<div>
    <dt>${name} <small>${english}</small></dt>
    <dd>${value}</dd>
  </div>`;
}

export function yuan(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** `45 s`, `12 min`, `7 h`, `3 d`: how long ago, in the unit a person would use. */
export function ago(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** `终端 terminal`: the English word smaller. */
function twoTongues(column: string): Html {
  const [name = '', ...english] = column.split(' ');
  return english.length === 0 ? html`${name}` : html`${name} <small>${english.join(' ')}</small>`;
}
