/** The fleet on one calm page: how many of each alarm, then the terminals, worst first. Works without a script. */
import { alarmOf, ALARMS, LIMITS, type AlarmName } from './alarms.ts';
import {
  SORTS,
  type FleetPage,
  type FleetQuery,
  type FleetRow,
  type FleetTotals,
  type Sort,
  type VersionShare,
} from './fleet.ts';
import { html, trusted, type Html } from './html.ts';
import { ago, mark, renderFrame, table } from './page-frame.ts';

const REFRESH_S = 15;
const SORT_NAMES: Readonly<Record<Sort, string>> = {
  worst: '最需要关注 worst first',
  name: '名称 name',
  seen: '最久未联系 longest silent',
  backlog: '积压 backlog',
  version: '版本 version',
};

export interface FleetView {
  readonly nowMs: number;
  readonly lineCut: boolean;
  readonly query: FleetQuery;
  readonly fleet: FleetPage;
  readonly totals: FleetTotals;
  readonly versions: readonly VersionShare[];
}

export function renderFleetPage(view: FleetView): string {
  const { nowMs, lineCut, query, fleet, totals, versions } = view;
  const body = html`${renderTiles(totals, query)} ${renderVersions(versions)}
    <section>
      <div class="bar">${renderSearch(query)} ${renderPager(query, fleet)}</div>
    </section>
    <section>${renderRows(fleet, nowMs)}</section>
    ${fleet.pages > 1 ? renderPager(query, fleet) : html``}`;
  const aside = lineCut ? mark('bad', '线路已断', 'line cut') : html``;
  const refreshS = query.search === '' ? REFRESH_S : undefined;
  const frame = { title: '终端', subtitle: 'Fleet', page: '/', nowMs, aside } as const;
  return renderFrame({ ...frame, ...(refreshS === undefined ? {} : { refreshS }) }, body);
}

function renderTiles({ terminals, alarms }: FleetTotals, query: FleetQuery): Html {
  const all = tile(
    addressOf({ ...query, only: undefined, page: 1 }),
    query.only === undefined,
    '',
    terminals,
    '全部终端',
    'all terminals',
  );
  const tiles = ALARMS.map(({ name, text, english, tone }) => {
    const count = alarms[name];
    const address = addressOf({ ...query, only: name, page: 1 });
    return tile(address, query.only === name, count === 0 ? 'nothing' : tone, count, text, english);
  });
  return html`<nav class="tiles" aria-label="警报 alarms">${all} ${tiles}</nav>`;
}

function tile(address: string, isCurrent: boolean, tone: string, count: number, text: string, english: string): Html {
  return html`<a href="${address}" class="${tone}" ${trusted(isCurrent ? 'aria-current="true"' : '')}
    ><b>${count}</b><span>${text} <small>${english}</small></span></a
  >`;
}

const RING_NAMES = { 1: '首批 first', 2: '二十分之一 one in twenty', 3: '其余 all others' } as const;

/** Share of each version in each ring; a terminal that said nothing is unknown, not updated. */
function renderVersions(versions: readonly VersionShare[]): Html {
  const rings = [...Map.groupBy(versions, ({ ring }) => ring)];
  const lines = rings.map(([ring, shares]) => {
    const all = shares.reduce((sum, { count }) => sum + count, 0);
    const words = shares
      .toSorted((one, other) => other.count - one.count)
      .map(({ version, count }) => `${version ?? '不明 unknown'} ${percent(count, all)}`);
    return html`<tr>
      <td>${RING_NAMES[ring]}</td>
      <td>${all}</td>
      <td>${words.join(' · ')}</td>
    </tr>`;
  });
  return html`<section>
    <details>
      <summary>版本 <small>Versions that really run, by ring</small></summary>
      ${table(['批次 ring', '终端 terminals', '版本 version'], lines)}
    </details>
  </section>`;
}

function percent(count: number, all: number): string {
  return `${count} (${((100 * count) / all).toFixed(1)} %)`;
}

function renderSearch(query: FleetQuery): Html {
  const options = SORTS.map(
    (sort) =>
      html`<option value="${sort}" ${trusted(sort === query.sort ? 'selected' : '')}>${SORT_NAMES[sort]}</option>`,
  );
  const only = query.only === undefined ? html`` : html`<input type="hidden" name="only" value="${query.only}" />`;
  return html`<form method="get" action="/" role="search">
    <label>终端 terminal <input type="search" name="q" value="${query.search}" maxlength="64" /></label>
    <label
      >排序 order
      <select name="sort">
        ${options}
      </select></label
    >
    ${only}
    <button>查找 <small>find</small></button>
  </form>`;
}

function renderPager(query: FleetQuery, { page, pages, matching }: FleetPage): Html {
  const step = (to: number, text: string): Html =>
    to < 1 || to > pages ? html`` : html`<a href="${addressOf({ ...query, page: to })}">${text}</a>`;
  return html`<nav class="pager" aria-label="页 pages">
    <p>${matching} 台 terminals · ${page} / ${pages}</p>
    ${step(page - 1, '上一页 previous')} ${step(page + 1, '下一页 next')}
  </nav>`;
}

/** Only what differs from the plain page stands in the address. */
function addressOf({ search, sort, only, page }: Omit<FleetQuery, 'only'> & { only?: AlarmName | undefined }): string {
  const parts = new URLSearchParams({
    ...(search === '' ? {} : { q: search }),
    ...(sort === 'worst' ? {} : { sort }),
    ...(only === undefined ? {} : { only }),
    ...(page === 1 ? {} : { page: String(page) }),
  }).toString();
  return parts === '' ? '/' : `/?${parts}`;
}

function renderRows({ rows }: FleetPage, nowMs: number): Html {
  return table(
    [
      '终端 terminal',
      '联系 last heard',
      '警报 alarms',
      '版本 version',
      '积压 backlog',
      '款项 money?',
      '个案 cases',
      '待核 parked',
      '时钟 clock ±',
      '磁盘 disk',
    ],
    rows.map((row) => renderRow(row, nowMs)),
  );
}

function renderRow(row: FleetRow, nowMs: number): Html {
  return html`<tr>
    <td class="fit">
      <a href="/terminals/${row.terminal}">${row.terminal}</a><br /><small>${row.station ?? ''}</small>
    </td>
    <td class="fit">${freshness(row, nowMs)}</td>
    <td>${alarmMarks(row)}</td>
    <td class="fit">${row.version ?? html`<small>不明 unknown</small>`}${lastTold(row)}</td>
    ${cell(row.backlog, row.oldestMs === null ? '' : ago(row.oldestMs))} ${cell(row.moneyUnknown)}
    ${cell(row.openCases)} ${cell(row.parked)}
    <td class="fit">${row.clockErrorMs === null ? '—' : `${row.clockErrorMs} ms`}</td>
    ${cell(row.diskRung)}
  </tr>`;
}

function lastTold({ version, toldVersion }: FleetRow): Html {
  return version === null && toldVersion !== null ? html`<br /><small>曾报 told ${toldVersion}</small>` : html``;
}

function cell(value: number | null, more = ''): Html {
  if (value === null) return html`<td>—</td>`;
  return html`<td class="fit ${value === 0 ? 'zero' : ''}">${value} <small>${more}</small></td>`;
}

export function freshness({ state, lastSeenMs }: FleetRow, nowMs: number): Html {
  if (state !== 'active') return mark('quiet', '已停用', 'suspended');
  if (lastSeenMs === null) return mark('warn', '从未', 'never');
  const ageMs = nowMs - lastSeenMs;
  if (ageMs <= LIMITS.onlineMs) return mark('good', '在线', ago(ageMs));
  return ageMs < LIMITS.silentMs ? mark('quiet', '稍早', ago(ageMs)) : mark('warn', '失联', ago(ageMs));
}

/** What the other columns do not say by themselves. */
export function alarmMarks({ alarms, devicesDown }: FleetRow): Html {
  const shown = alarms.filter((name) => name !== 'terminal.suspended' && name !== 'version.unknown');
  const marks = shown.map((name) => {
    const { text, english, tone } = alarmOf(name);
    return mark(tone, text, name === 'device.down' ? devicesDown.join(', ') : english);
  });
  return html`<div class="marks">${marks}</div>`;
}
