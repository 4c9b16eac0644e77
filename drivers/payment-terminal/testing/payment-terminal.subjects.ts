/** The bank card terminals as the conformance suite opens them: TLV frames, and the strings of the DLL. */
import type { AnyDriver } from '../../opener.ts';
import { subject, type ConformanceSubject } from '../../testing/conformance/subject.ts';
import { MisDllDriver } from '../mis-dll.driver.ts';
import { PaymentTerminalDriver } from '../payment-terminal.driver.ts';
import { MisDllSimulator } from '../simulator/mis-dll.simulator.ts';
import { MisSimulator } from '../simulator/mis.simulator.ts';
import { terminalModel } from '../terminal-models.ts';

/** As in the ledger, no two trades share an echo. */
const trade = (echo: string) => ({ trade: `T-${echo}`, echo, amountCents: 200 });
const SALE = { kind: 'sale', ...trade('0371') } as const;
const DECLINED = { kind: 'sale', ...trade('0372') } as const;
const QUERY = { kind: 'query', ...trade('0373') } as const;
const REVERSE = { kind: 'reverse', ...trade('0374'), voucher: '000123' } as const;
const VOUCHER = 123;
/** How long the cardholder takes. */
const APPROVAL_MS = 1_500;
const BUDGET_MS = 20_000;

/** The reference begins with the time of day, so it differs from run to run; the rest must not. */
function checkPaid(state: 'approved' | 'reversed') {
  const expected = new RegExp(
    `^\\{"state":"${state}","voucher":"000123","reference":"\\d{6}000123","cardMasked":"620000\\*{6}0005"\\}$`,
  );
  return (reply: unknown): void => {
    const text = JSON.stringify(reply);
    if (!expected.test(text)) throw new Error(`not the sale that was made: ${text}`);
  };
}

const MIS_TLV = subject<MisSimulator>({
  name: 'payment-terminal mis-tlv',
  openDriver: (link, clock) =>
    new PaymentTerminalDriver({ id: 'pay', model: terminalModel('mis-tlv'), link, clock }) as AnyDriver,
  openDevice: ({ clock, chance }) => new MisSimulator({ clock, chance, approvalDelayMs: APPROVAL_MS }),
  noticeMs: 5_000,
  noHeartbeat: true,
  tasks: [
    {
      name: 'sale, approved',
      command: SALE,
      budgetMs: BUDGET_MS,
      prepare: (device) => device.renumber(VOUCHER),
      acts: (device) => device.state.saleRequests,
      variable: true,
      check: checkPaid('approved'),
    },
    {
      name: 'sale, declined',
      command: DECLINED,
      budgetMs: BUDGET_MS,
      prepare: (device) => device.setNext({ outcome: 'decline' }),
      acts: (device) => device.state.saleRequests,
    },
    {
      name: 'query of a sale whose answer was lost',
      command: QUERY,
      budgetMs: BUDGET_MS,
      prepare(device) {
        device.renumber(VOUCHER);
        device.sell(QUERY.echo, QUERY.amountCents);
      },
      variable: true,
      check: checkPaid('approved'),
    },
    {
      name: 'reverse',
      command: REVERSE,
      budgetMs: BUDGET_MS,
      prepare(device) {
        device.renumber(VOUCHER);
        device.sell(REVERSE.echo, REVERSE.amountCents);
        device.renumber(VOUCHER);
      },
      acts: (device) => device.state.voided,
      variable: true,
      check: checkPaid('reversed'),
    },
  ],
});

const MIS_DLL = subject<MisDllSimulator>({
  name: 'payment-terminal mis-dll',
  openDriver: (link, clock) =>
    new MisDllDriver({ id: 'pay', model: terminalModel('mis-dll'), link, clock }) as AnyDriver,
  openDevice: ({ clock, chance }) => new MisDllSimulator({ clock, chance, approvalDelayMs: APPROVAL_MS }),
  noticeMs: 5_000,
  noHeartbeat: true,
  tasks: [
    {
      name: 'sale, approved',
      command: SALE,
      budgetMs: BUDGET_MS,
      prepare: (device) => device.renumber(VOUCHER),
      acts: (device) => device.state.saleCalls,
      variable: true,
      check: checkPaid('approved'),
    },
    {
      name: 'sale, declined',
      command: DECLINED,
      budgetMs: BUDGET_MS,
      prepare(device) {
        device.faults.outcome = 'decline';
      },
      acts: (device) => device.state.saleCalls,
    },
    {
      name: 'reverse',
      command: REVERSE,
      budgetMs: BUDGET_MS,
      prepare(device) {
        device.renumber(VOUCHER);
        device.sell(REVERSE.amountCents);
      },
      acts: (device) => device.state.voided,
      variable: true,
      check: checkPaid('reversed'),
    },
  ],
});

export const SUBJECTS: readonly ConformanceSubject[] = [MIS_TLV, MIS_DLL];
