/** One case: what happened, and what a person did about it. */
import { localMoment } from '../local-time.ts';
import { caseMark, eventWords, OUTCOMES, reasonWords } from './case-words.ts';
import { html, type Html } from './html.ts';
import { ago, figure, renderFrame, yuan } from './page-frame.ts';
import type { Happening } from './timeline.ts';
import type { CaseRow } from './worklist.ts';

export interface CaseView {
  readonly nowMs: number;
  readonly row: CaseRow;
  readonly timeline: readonly Happening[];
  /** Why a form was not taken. */
  readonly problem?: string;
}

export function renderCasePage({ nowMs, row, timeline, problem }: CaseView): string {
  const body = html`<section>
      <dl>
        <div>
          <dt>状态 <small>state</small></dt>
          <dd>${caseMark(row.state)}</dd>
        </div>
        ${figure('金额', 'yuan', row.amount_cents === null ? '—' : yuan(row.amount_cents))}
        ${figure('等候', 'since it came', ago((row.closed_ms ?? nowMs) - row.received_ms))}
        <div>
          <dt>终端 <small>terminal</small></dt>
          <dd><a href="/terminals/${row.terminal}">${row.terminal}</a></dd>
        </div>
      </dl>
      <p>${reasonWords(row.reason)}</p>
      <p class="code">操作 operation ${row.operation} · 交易 trade ${row.trade ?? '—'}</p>
    </section>
    <div class="two">
      <section>
        <h2>经过 <small>What the machine told</small></h2>
        ${renderTimeline(timeline)}
      </section>
      <section>
        <h2>处理 <small>What was done</small></h2>
        ${problem === undefined ? html`` : html`<p class="problem">${problem}</p>`} ${renderWork(row)}
      </section>
    </div>`;
  const frame = { title: `个案 ${row.code}`, subtitle: 'Case', page: '/cases', nowMs } as const;
  return renderFrame(frame, body);
}

function renderTimeline(timeline: readonly Happening[]): Html {
  if (timeline.length === 0) return html`<p class="none">没有记录 no records of it</p>`;
  const items = timeline.map(
    ({ atMs, receivedMs, event, seq, incarnation, parkedReason }) =>
      html`<li>
        <time>${localMoment(atMs)}</time>
        <div>
          <p>${eventWords(event)}</p>
          <p>
            到达平台 received ${localMoment(receivedMs)} · ${incarnation} ${seq}
            ${parkedReason === null ? '' : `· 待核 parked: ${parkedReason}`}
          </p>
        </div>
      </li>`,
  );
  return html`<ol class="timeline">
    ${items}
  </ol>`;
}

function renderWork(row: CaseRow): Html {
  const taken =
    row.taken_by === null || row.taken_ms === null
      ? html`<p class="none">无人经办 nobody has taken it</p>`
      : html`<p>${row.taken_by} 于 took it ${localMoment(row.taken_ms)}</p>`;
  if (row.state !== 'open') {
    const closed =
      row.closed_by === null
        ? html`<p>由终端的后续记录查明 settled by a later record of the terminal</p>`
        : html`<p>${row.closed_by} 结案 closed it${row.closed_ms === null ? '' : ` ${localMoment(row.closed_ms)}`}</p>
            <p>${row.note ?? ''}</p>`;
    return html`${taken} ${closed}`;
  }
  const address = `/cases/${row.terminal}/${row.code}`;
  const outcomes = OUTCOMES.map(([outcome, words]) => html`<option value="${outcome}">${words}</option>`);
  return html`${taken}
    <form method="post" action="${address}/take">
      <label>工号 your work number <input name="by" required maxlength="40" autocomplete="username" /></label>
      <button class="plain">由我处理 <small>take it</small></button>
    </form>
    <hr />
    <form method="post" action="${address}/close">
      <label>工号 your work number <input name="by" required maxlength="40" value="${row.taken_by ?? ''}" /></label>
      <label
        >结果 outcome
        <select name="outcome" required>
          <option value="">请选 choose</option>
          ${outcomes}
        </select></label
      >
      <label class="wide"
        >说明：看到什么、做了什么 what you saw and did
        <textarea name="note" required maxlength="500"></textarea>
      </label>
      <button>结案 <small>close</small></button>
    </form>`;
}
