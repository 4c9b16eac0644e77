/** What came in today, newest last: numbers, money, paper and cases, as the records tell it. Also the demonstration's page. */
import { localHourMinute, localMoment } from '../local-time.ts';
import { caseMark } from './case-words.ts';
import { html, type Html } from './html.ts';
import { figure, mark, renderFrame, section, yuan } from './page-frame.ts';
import type { PlatformSummary } from './summary.ts';

const REFRESH_S = 4;

export function renderTodayPage(summary: PlatformSummary): string {
  const { nowMs, lineCut, totals } = summary;
  const aside = lineCut ? mark('bad', '线路已断', 'line cut') : mark('good', '线路正常', 'line up');
  const body = html`<section>
      <dl>
        ${figure('记录', 'records', totals.records)} ${figure('取号', 'tickets', totals.tickets)}
        ${figure('收款', 'paid, yuan', yuan(totals.paidCents))} ${figure('待办个案', 'open cases', totals.openCases)}
        ${figure('待核记录', 'parked', totals.parked)} ${figure('分叉', 'forks', totals.quarantined)}
      </dl>
    </section>
    ${renderQueues(summary)} ${renderTickets(summary)} ${renderPayments(summary)} ${renderCases(summary)}
    ${renderPrints(summary)} ${renderRatings(summary)} ${renderAttention(summary)}`;
  const frame = { title: '流水', subtitle: 'Records', page: '/today', nowMs, refreshS: REFRESH_S, aside } as const;
  return renderFrame(frame, body);
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
    asked: mark('warn', '不明', 'unknown'),
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
          <td>${row.settled_at === null ? '—' : localMoment(Date.parse(row.settled_at))}</td>
        </tr>`,
    ),
  );
}

function renderCases({ cases }: PlatformSummary): Html {
  return section(
    '个案',
    'Cases',
    ['个案码 code', '状态 state', '原因 reason', '金额 yuan', '终端 terminal', '开立 opened'],
    cases.map(
      (row) =>
        html`<tr>
          <td class="big"><a href="/cases/${row.terminal}/${row.code}">${row.code}</a></td>
          <td>${caseMark(row.state)}</td>
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
