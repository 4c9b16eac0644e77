/** What does not agree between the provider's bill, the ledger and what came out: four lists, each entry with its case. */
import { html, type Html } from './html.ts';
import { renderFrame, section, yuan } from './page-frame.ts';
import type { readFindings } from './reconciliation.ts';

type Findings = Awaited<ReturnType<typeof readFindings>>;

const LISTS = [
  ['paidNotDelivered', '已收未交付', 'Paid, not delivered'],
  ['deliveredNotPaid', '已交付未收', 'Delivered, not paid'],
  ['reversedButBilled', '已退仍在账单', 'Reversed, still billed'],
  ['unknownToUs', '平台无此交易', 'Unknown to us'],
] as const;

export function renderBillsPage(findings: Findings, nowMs: number): string {
  const lists = LISTS.map(([finding, title, subtitle]) =>
    section(
      title,
      subtitle,
      ['日期 day', '交易 trade', '金额 yuan', '终端 terminal', '个案 case'],
      findings.filter((one) => one.finding === finding).map(renderFinding),
    ),
  );
  const body = html`<section>
      <p>
        导入账单 import a bill:
        <span class="code"
          >curl --data-binary @bill.csv -H 'content-type: text/csv'
          http://127.0.0.1:PORT/v1/ops/bills/PROVIDER/YYYY-MM-DD</span
        >
      </p>
    </section>
    <div class="two">${lists}</div>`;
  return renderFrame({ title: '对账', subtitle: 'Reconciliation with the provider', page: '/bills', nowMs }, body);
}

function renderFinding(row: Findings[number]): Html {
  return html`<tr>
    <td class="fit">${row.day}</td>
    <td class="code">${row.trade}</td>
    <td class="fit">${yuan(row.amount_cents)}</td>
    <td class="fit">${row.terminal}</td>
    <td class="fit"><a href="/cases/${row.terminal}/${row.code}">${row.code}</a></td>
  </tr>`;
}
