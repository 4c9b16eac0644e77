/** One terminal: how it is, what is wrong, what it told, and what staff may ask of it. */
import { localMoment } from '../local-time.ts';
import { reasonWords } from './case-words.ts';
import { alarmMarks, freshness } from './fleet-page.ts';
import { html, type Html } from './html.ts';
import type { OperationRow } from './operations.ts';
import { ago, figure, renderFrame, section, yuan } from './page-frame.ts';
import type { TerminalDetail } from './terminal-detail.ts';

export function renderTerminalPage(detail: TerminalDetail, nowMs: number, problem?: string): string {
  const { row } = detail;
  const body = html`${renderState(detail, nowMs)}
    ${problem === undefined ? html`` : html`<p class="problem">${problem}</p>`} ${renderMoney(detail, nowMs)}
    <div class="two">${renderTrouble(detail)} ${renderOperations(detail, nowMs)}</div>
    <div class="two">${renderAudit(detail)} ${renderStreams(detail, nowMs)}</div>`;
  return renderFrame({ title: row.terminal, subtitle: row.station ?? 'Terminal', page: '/', nowMs }, body);
}

function renderState(detail: TerminalDetail, nowMs: number): Html {
  const { row, versionMs, clockOffsetMs, reportMs } = detail;
  return html`<section>
    <dl>
      <div>
        <dt>联系 <small>last heard</small></dt>
        <dd>${freshness(row, nowMs)}</dd>
      </div>
      ${figure('版本', versionMs === null ? 'runs' : `runs, told ${localMoment(versionMs)}`, row.version ?? '不明 unknown')}
      ${figure('积压', row.oldestMs === null ? 'backlog' : `backlog, oldest ${ago(row.oldestMs)}`, row.backlog ?? '—')}
      ${figure('时钟', 'offset ± error, ms', `${clockOffsetMs ?? '—'} ± ${row.clockErrorMs ?? '—'}`)}
      ${figure('磁盘', 'disk rung', row.diskRung ?? '—')}
      ${figure('离线设备', 'devices down', row.devicesDown.join(', ') || '无 none')}
      ${figure('报告', 'last report', reportMs === null ? '—' : ago(nowMs - reportMs))}
    </dl>
    ${alarmMarks(row)}
  </section>`;
}

function renderMoney({ doubtful, cases }: TerminalDetail, nowMs: number): Html {
  const lines = [
    ...doubtful.map(
      (row) =>
        html`<tr>
          <td class="fit">款项不明 <small>money unknown</small></td>
          <td class="code">${row.trade}</td>
          <td>${row.service}</td>
          <td class="fit">${yuan(row.amount_cents)}</td>
          <td class="fit">${row.asked_ms === null ? '—' : ago(nowMs - row.asked_ms)}</td>
        </tr>`,
    ),
    ...cases.map(
      (row) =>
        html`<tr>
          <td class="fit"><a href="/cases/${row.terminal}/${row.code}">${row.code}</a></td>
          <td class="code">${row.trade ?? row.operation}</td>
          <td>${reasonWords(row.reason)}</td>
          <td class="fit">${row.amount_cents === null ? '—' : yuan(row.amount_cents)}</td>
          <td class="fit">${ago(nowMs - row.received_ms)}</td>
        </tr>`,
    ),
  ];
  return section(
    '款项与个案',
    'Money in doubt and open cases',
    ['项 what', '交易 trade', '事由 why', '金额 yuan', '已久 for'],
    lines,
  );
}

function renderTrouble(detail: TerminalDetail): Html {
  const { violations, forks, parked, row, seen } = detail;
  const lines = [
    ...violations.map((one) => troubleLine(`不变量 ${one.invariant}`, one.operation, one.detail, one.seen_ms)),
    ...forks.map((one) =>
      troubleLine(
        '分叉 fork',
        `${one.stream} ${one.seq}`,
        `${one.known_hash.slice(0, 8)} ≠ ${one.hash.slice(0, 8)}`,
        one.received_ms,
      ),
    ),
    ...parked.map((one) =>
      troubleLine('待核 parked', `${one.stream} ${one.seq} ${one.type}`, one.parked_reason ?? '', one.received_ms),
    ),
  ];
  const forms = (['invariant.broken', 'chain.fork', 'record.parked'] as const)
    .filter((alarm) => row.alarms.includes(alarm))
    .map(
      (alarm) =>
        html`<form method="post" action="/terminals/${row.terminal}/seen">
          <input type="hidden" name="alarm" value="${alarm}" />
          <label>${alarm} <input name="by" required maxlength="40" placeholder="工号 work number" /></label>
          <button class="plain">已查看 <small>seen</small></button>
        </form>`,
    );
  const lastSeen = seen.map(
    (one) => html`<p><small>${one.alarm}：${one.seen_by} ${localMoment(one.seen_ms)}</small></p>`,
  );
  const columns = ['种类 kind', '所在 where', '详情 detail', '时间 when'];
  return section('需要人看', 'For a person to look at', columns, lines, html`${forms} ${lastSeen}`);
}

function troubleLine(kind: string, where: string, detail: string, atMs: number): Html {
  return html`<tr>
    <td class="fit">${kind}</td>
    <td class="code">${where}</td>
    <td class="code">${detail}</td>
    <td class="fit">${localMoment(atMs)}</td>
  </tr>`;
}

function renderOperations({ operations, row }: TerminalDetail, nowMs: number): Html {
  const lines = operations.map(
    (one) =>
      html`<tr>
        <td class="code">${commandWords(one)}</td>
        <td>${one.asked_by}</td>
        <td class="fit">${localMoment(one.asked_ms)}</td>
        <td>${answerWords(one, nowMs)}</td>
      </tr>`,
  );
  const form = html`<form method="post" action="/terminals/${row.terminal}/operations">
    <label
      >命令 command
      <select name="kind" required>
        <option value="selfTest">自检设备 self test</option>
        <option value="resyncChannel">重新同步 resync</option>
        <option value="restartApp">重启程序 restart app</option>
        <option value="collectLogs">收集日志（近一小时） collect logs, last hour</option>
        <option value="rotateKey">更换密钥 rotate key</option>
      </select>
    </label>
    <label>设备 device <input name="device" maxlength="64" placeholder="仅自检 self test only" /></label>
    <label>工号 your work number <input name="by" required maxlength="40" /></label>
    <button>发出 <small>ask</small></button>
  </form>`;
  return section('遥控', 'Asked of it', ['命令 command', '何人 who', '时间 when', '答复 answer'], lines, form);
}

function commandWords({ command }: OperationRow): string {
  const { kind, ...more } = JSON.parse(command) as { readonly kind: string; readonly device?: string };
  return more.device === undefined ? kind : `${kind} ${more.device}`;
}

function answerWords({ answered_ms, answer, expires_ms }: OperationRow, nowMs: number): string {
  if (answered_ms !== null) return `${answer ?? ''} · ${localMoment(answered_ms)}`;
  return expires_ms <= nowMs ? '已过期 expired' : `等待 waiting, until ${localMoment(expires_ms)}`;
}

function renderAudit({ audit }: TerminalDetail): Html {
  const lines = audit.map(
    (one) =>
      html`<tr>
        <td class="fit">${localMoment(one.received_ms)}</td>
        <td class="code">${one.action}</td>
        <td>${one.target ?? ''} <small>${one.detail ?? ''}</small></td>
        <td>${one.actor}</td>
      </tr>`,
  );
  return section('审计', 'Audit, newest first', ['到达 received', '动作 action', '对象 target', '何人 actor'], lines);
}

function renderStreams({ heads, incarnations }: TerminalDetail, nowMs: number): Html {
  const lines = heads.map((one) => {
    const own = incarnations.find(({ incarnation }) => incarnation === one.incarnation);
    return html`<tr>
      <td class="code">${one.incarnation}</td>
      <td>${one.stream}</td>
      <td class="fit">${one.seq}</td>
      <td class="fit">${ago(nowMs - one.moved_ms)}</td>
      <td><small>${own?.predecessor ?? ''} ${own?.doubt ?? ''}</small></td>
    </tr>`;
  });
  return section(
    '数据流',
    'Streams',
    ['账本 incarnation', '流 stream', '序号 seq', '上次 moved', '承接 continues'],
    lines,
  );
}
