/** The worklist: open cases, oldest first, and a search for the code a resident holds. */
import { html, trusted, type Html } from './html.ts';
import { caseMark, reasonWords } from './case-words.ts';
import { LIMITS } from './alarms.ts';
import { ago, mark, renderFrame, table, yuan } from './page-frame.ts';
import type { CaseRow, Worklist, WorklistQuery } from './worklist.ts';

export interface WorklistView {
  readonly nowMs: number;
  readonly query: WorklistQuery;
  readonly list: Worklist;
}

export function renderWorklistPage({ nowMs, query, list }: WorklistView): string {
  const body = html`<section>
      <div class="bar">
        <form method="get" action="/cases" role="search">
          <label
            >个案码 code the resident holds
            <input type="search" name="code" value="${query.code}" maxlength="20" placeholder="7KQ2-M9XD" />
          </label>
          <button>查找 <small>find</small></button>
        </form>
        <nav class="pager" aria-label="状态 state">
          <p>${list.open} 件待办 open</p>
          ${link('/cases', '待办 open', query.state === 'open' && query.code === '')}
          ${link('/cases?state=closed', '已结 closed', query.state === 'closed' && query.code === '')}
        </nav>
      </div>
    </section>
    <section>${renderRows(list.rows, nowMs)}</section>
    ${renderSteps(query, list)}`;
  return renderFrame({ title: '个案', subtitle: 'Cases', page: '/cases', nowMs }, body);
}

function renderRows(rows: readonly CaseRow[], nowMs: number): Html {
  return table(
    ['个案码 code', '等候 waiting', '状态 state', '原因 what happened', '金额 yuan', '终端 terminal', '经办 who'],
    rows.map(
      (row) =>
        html`<tr>
          <td class="big fit"><a href="/cases/${row.terminal}/${row.code}">${row.code}</a></td>
          <td class="fit">${waiting(row, nowMs)}</td>
          <td>${caseMark(row.state)}</td>
          <td>${reasonWords(row.reason)}</td>
          <td class="fit">${row.amount_cents === null ? '—' : yuan(row.amount_cents)}</td>
          <td class="fit"><a href="/terminals/${row.terminal}">${row.terminal}</a></td>
          <td>${row.closed_by ?? row.taken_by ?? html`<small>无人 nobody yet</small>`}</td>
        </tr>`,
    ),
  );
}

function waiting({ state, received_ms, closed_ms }: CaseRow, nowMs: number): Html {
  if (state !== 'open') return html`<small>${closed_ms === null ? '—' : `${ago(nowMs - closed_ms)} 前结 ago`}</small>`;
  const ageMs = nowMs - received_ms;
  return ageMs >= LIMITS.caseOldMs ? mark('bad', ago(ageMs), 'over a day') : html`${ago(ageMs)}`;
}

function renderSteps({ state }: WorklistQuery, { page, hasMore }: Worklist): Html {
  const address = (to: number): string => `/cases?state=${state}&page=${to}`;
  const back = page > 1 ? link(address(page - 1), '上一页 previous', false) : html``;
  const on = hasMore ? link(address(page + 1), '下一页 next', false) : html``;
  return html`<nav class="pager" aria-label="页 pages">${back} ${on}</nav>`;
}

function link(address: string, text: string, isCurrent: boolean): Html {
  return html`<a href="${address}" ${trusted(isCurrent ? 'aria-current="page"' : '')}>${text}</a>`;
}
