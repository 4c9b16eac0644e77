/** The fleet on one calm page: no script, refreshed by itself. Colour never speaks alone. */
import { localHourMinute, localMoment } from '../local-time.ts';
import { FLEET_STYLE } from './fleet-page.style.ts';
import { html, trusted, type Html } from './html.ts';
import type { PlatformSummary } from './summary.ts';

const REFRESH_S = 4;

export function renderFleetPage(summary: PlatformSummary): string {
  const page = html`<!doctype html>
    <html lang="zh-Hans">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="${REFRESH_S}" />
        <title>便民服务终端 · 平台</title>
        <style>
          ${trusted(FLEET_STYLE)}
        </style>
      </head>
      <body>
        ${renderHeader(summary)}
        <main>
          ${renderTerminals(summary)} ${renderQueues(summary)} ${renderTickets(summary)} ${renderPayments(summary)}
          ${renderCases(summary)} ${renderPrints(summary)} ${renderRatings(summary)} ${renderAttention(summary)}
        </main>
      </body>
    </html>`;
  return page.html;
}

function renderHeader({ nowMs, lineCut, totals }: PlatformSummary): Html {
  const line = lineCut ? mark('bad', '线路已断', 'line cut') : mark('good', '线路正常', 'line up');
  return html`<header>
    <h1>便民服务终端 <small>Fleet</small></h1>
    <p class="line">${line} <time>${localMoment(nowMs)}</time></p>
    <dl>
      ${figure('记录', 'records', totals.records)} ${figure('取号', 'tickets', totals.tickets)}
      ${figure('收款', 'paid, yuan', yuan(totals.paidCents))} ${figure('待办个案', 'open cases', totals.openCases)}
      ${figure('待核记录', 'parked', totals.parked)} ${figure('分叉', 'forks', totals.quarantined)}
    </dl>
  </header>`;
}

function renderTerminals({ terminals, nowMs }: PlatformSummary): Html {
  return section(
    '终端',
    'Terminals',
    ['终端 terminal', '状态 state', '最近联系 last heard', '已收记录 records', '账本 ledger'],
    terminals.map(
      (row) =>
        html`<tr>
          <td>${row.terminal}</td>
          <td>${terminalMark(row)}</td>
          <td>${row.lastSeenMs === null ? '—' : `${localMoment(row.lastSeenMs)} · ${ago(nowMs - row.lastSeenMs)}`}</td>
          <td class="number">${row.records}</td>
          <td class="code">${row.heads.map((head) => `${head.incarnation} → ${head.seq}`).join(', ') || '—'}</td>
        </tr>`,
    ),
  );
}

function terminalMark(row: PlatformSummary['terminals'][number]): Html {
  if (row.state === 'suspended') return mark('bad', '已停用', 'suspended');
  return row.online ? mark('good', '在线', 'online') : mark('quiet', '无联系', 'not heard');
}

function renderQueues({ queues }: PlatformSummary): Html {
  return section(
    '排队',
    'Queues',
    ['窗口 queue', '前面人数 ahead', '开门 opens'],
    queues.map(
      (row) =>
        html`<tr>
          <td>${row.queue}</td>
          <td class="number">${row.ahead}</td>
          <td>${row.opensAt ?? '—'}</td>
        </tr>`,
    ),
  );
}

function renderTickets({ tickets }: PlatformSummary): Html {
  return section(
    '取号（按到达次序）',
    'Tickets, in order of arrival',
    ['号 number', '窗口 queue', '终端 terminal', '取号时间 issued', '到达平台 received', '方式 how'],
    tickets.map(
      (row) =>
        html`<tr>
          <td class="big">${row.number ?? '无号 none'}</td>
          <td>${row.queue}</td>
          <td>${row.terminal}</td>
          <td>${localMoment(Date.parse(row.issued_at))}</td>
          <td>${localMoment(row.received_ms)}</td>
          <td>${row.offline === 1 ? mark('quiet', '离线', 'offline') : mark('good', '在线', 'online')}</td>
        </tr>`,
    ),
  );
}

function renderPayments({ payments }: PlatformSummary): Html {
  const states = {
    paid: mark('good', '已收', 'paid'),
    cancelled: mark('quiet', '未收', 'not charged'),
    reversed: mark('quiet', '已退', 'reversed'),
  };
  const graces = { open: '可离场 may leave', closed: '已撤销 withdrawn' };
  return section(
    '收款',
    'Payments',
    ['交易 trade', '事项 service', '金额 yuan', '状态 state', '离场 exit', '终端 terminal', '时间 settled'],
    payments.map(
      (row) =>
        html`<tr>
          <td class="code">${row.trade}</td>
          <td>${row.service}</td>
          <td class="number">${yuan(row.amount_cents)}</td>
          <td>${states[row.state]}</td>
          <td>${row.grace === null ? '—' : graces[row.grace]}</td>
          <td>${row.terminal}</td>
          <td>${localMoment(Date.parse(row.settled_at))}</td>
        </tr>`,
    ),
  );
}

function renderCases({ cases }: PlatformSummary): Html {
  const states = {
    open: mark('bad', '待办', 'open'),
    paid: mark('good', '已查明：已收', 'settled: paid'),
    cancelled: mark('quiet', '已查明：未收', 'settled: not charged'),
    reversed: mark('quiet', '已查明：已退', 'settled: reversed'),
  };
  return section(
    '个案',
    'Cases',
    ['个案码 code', '状态 state', '原因 reason', '金额 yuan', '终端 terminal', '开立 opened'],
    cases.map(
      (row) =>
        html`<tr>
          <td class="big">${row.code}</td>
          <td>${states[row.state]}</td>
          <td class="code">${row.reason}</td>
          <td class="number">${row.amount_cents === null ? '—' : yuan(row.amount_cents)}</td>
          <td>${row.terminal}</td>
          <td>${localMoment(Date.parse(row.opened_at))}</td>
        </tr>`,
    ),
  );
}

function renderPrints({ prints }: PlatformSummary): Html {
  const states = { printed: mark('good', '已出纸', 'printed'), notPrinted: mark('bad', '未出纸', 'not printed') };
  return section(
    '打印',
    'Prints',
    ['作业 job', '单据 slip', '状态 state', '终端 terminal', '时间 settled'],
    prints.map(
      (row) =>
        html`<tr>
          <td class="code">${row.job}</td>
          <td>${row.template}</td>
          <td>${states[row.state]}</td>
          <td>${row.terminal}</td>
          <td>${localMoment(Date.parse(row.settled_at))}</td>
        </tr>`,
    ),
  );
}

function renderRatings({ ratings }: PlatformSummary): Html {
  return section(
    '评价',
    'Ratings',
    ['事项 service', '次数 count', '平均 mean of 5'],
    ratings.map(
      (row) =>
        html`<tr>
          <td>${row.service}</td>
          <td class="number">${row.count}</td>
          <td class="number">${row.meanStars.toFixed(1)}</td>
        </tr>`,
    ),
  );
}

function renderAttention({ parked, quarantine }: PlatformSummary): Html {
  if (parked.length + quarantine.length === 0) return html``;
  return section(
    '需要人看',
    'For a person to look at',
    ['终端 terminal', '记录 record', '种类 type', '原因 reason'],
    [
      ...parked.map(
        (row) =>
          html`<tr>
            <td>${row.terminal}</td>
            <td class="code">${row.incarnation} · ${row.seq}</td>
            <td>${row.type}</td>
            <td class="code">${row.parked_reason ?? ''}</td>
          </tr>`,
      ),
      ...quarantine.map(
        (row) =>
          html`<tr>
            <td>${row.terminal}</td>
            <td class="code">${row.incarnation} · ${row.seq}</td>
            <td>fork</td>
            <td class="code">
              ${row.known_hash.slice(0, 8)} ≠ ${row.hash.slice(0, 8)}, ${localHourMinute(row.received_ms)}
            </td>
          </tr>`,
      ),
    ],
  );
}

function section(title: string, subtitle: string, columns: readonly string[], rows: readonly Html[]): Html {
  const heads = columns.map((column) => html`<th scope="col">${column}</th>`);
  const body =
    rows.length > 0
      ? rows
      : [
          html`<tr>
            <td class="none" colspan="${columns.length}">暂无 none yet</td>
          </tr>`,
        ];
  return html`<section>
    <h2>${title} <small>${subtitle}</small></h2>
    <table>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </section>`;
}

function figure(name: string, english: string, value: string | number): Html {
  return html`<div>
    <dt>${name} <small>${english}</small></dt>
    <dd>${value}</dd>
  </div>`;
}

function mark(tone: 'good' | 'quiet' | 'bad', name: string, english: string): Html {
  return html`<span class="mark ${tone}">${name} <small>${english}</small></span>`;
}

function yuan(cents: number): string {
  return (cents / 100).toFixed(2);
}

function ago(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
