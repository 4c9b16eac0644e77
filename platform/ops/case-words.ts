/** How operations, cases and their records are said to staff. */
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import type { Tables } from '../database/tables.ts';
import type { Html } from './html.ts';
import { mark, yuan } from './page-frame.ts';

export function caseMark(state: Tables['cases']['state']): Html {
  switch (state) {
    case 'open':
      return mark('warn', '待办', 'open');
    case 'paid':
      return mark('good', '已查明：已收', 'settled: paid');
    case 'cancelled':
      return mark('quiet', '已结：未收', 'settled: not charged');
    case 'reversed':
      return mark('quiet', '已结：已退', 'settled: reversed');
    case 'delivered':
      return mark('good', '已结：已交付', 'settled: delivered');
    case 'refunded':
      return mark('quiet', '已结：已退款', 'settled: refunded');
  }
}

export const OUTCOMES = [
  ['delivered', '已交付 delivered'],
  ['reversed', '已冲正 reversed'],
  ['cancelled', '未收款 not charged'],
  ['refunded', '已另行退款 refunded otherwise'],
] as const;

const REASONS: Readonly<Record<string, string>> = {
  'charge.unknown': '收款结果不明 outcome of the charge unknown',
  'payment.unknown': '收款结果不明 outcome of the charge unknown',
  'print.unknown': '出纸结果不明 outcome of the print unknown',
  'reverse.unknown': '退款结果不明 outcome of the reversal unknown',
  'bill.paidNotDelivered': '账单已收，未交付 billed as paid, nothing delivered',
  'bill.deliveredNotPaid': '已交付，账单无款 delivered, not on the bill',
  'bill.reversedButBilled': '已退款，账单仍收 reversed here, still billed',
  'bill.unknownToUs': '账单有，平台无 on the bill, unknown to us',
};

export function reasonWords(reason: string): string {
  return REASONS[reason] ?? reason;
}

/** One line of a timeline; ids, amounts and states, nothing personal. */
export function eventWords(event: TerminalEvent): string {
  switch (event.type) {
    case 'ChargeAsked':
      return `开始收款 charge begun · ${yuan(event.amountCents)} · ${event.trade}`;
    case 'ChargeSettled':
      return `收款 charge ${CHARGES[event.state]} · ${yuan(event.amountCents)} · ${event.trade}`;
    case 'PrintSettled':
      return `${PRINTS[event.state]} · ${event.template} · ${event.evidence}`;
    case 'ActSettled':
      return `${event.act} ${event.target} · ${ACTS[event.state]} · ${event.evidence}`;
    case 'CaseOpened':
      return `开立个案 case opened · ${event.code} · ${reasonWords(event.reason)}`;
    case 'CaseClosed':
      return `终端结案 closed at the machine · ${event.outcome} · ${event.by}`;
    case 'TicketIssued':
      return `取号 ticket ${event.number || '无号 none'} · ${event.queue}`;
    case 'FormSubmitted':
      return `提交表单 form handed in · ${event.form}`;
    case 'Rated':
      return `评价 rated ${event.stars}`;
  }
}

const CHARGES = { paid: '已收 paid', cancelled: '未收 not charged', reversed: '已退 reversed' } as const;
const PRINTS = { printed: '已出纸 printed', notPrinted: '未出纸 not printed' } as const;
const ACTS = { done: '已完成 done', notDone: '未完成 not done' } as const;
