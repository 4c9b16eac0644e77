/** A ledger in which a hundred acts were begun and never ended, and what the devices know of them. */
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import type { TerminalEvent } from '../../../contract/terminal-event.schema.ts';

/** What the payment terminal and the printer remember. */
export interface DeviceMemory {
  readonly trades: [trade: string, state: 'approved' | 'declined' | 'reversed'][];
  readonly slips: string[];
}

const AT = '2026-01-05T00:00:00.000Z';
const VOUCHER = '000123';

/** In turn: asked and taken, asked and never arrived, paid, begun to print with and without a slip, begun to give back. */
export function leaveOpen(ledger: Ledger, count: number): DeviceMemory {
  const memory: DeviceMemory = { trades: [], slips: [] };
  for (let index = 0; index < count; index++) {
    const operation = ledger.newOperation();
    const kind = index % 6;
    const trade = ask(ledger, operation);
    if (kind !== 1) memory.trades.push([trade, 'approved']);
    if (kind >= 2) pay(ledger, operation, trade);
    if (kind === 3 || kind === 4) {
      const job = ledger.newJob();
      const print = { step: 'deliver.intent', job, template: 'parking', checkpoint: 'cuts=0' } as const;
      written(ledger.append(operation, print, []));
      if (kind === 3) memory.slips.push(job);
    }
    if (kind === 5) written(ledger.append(operation, { step: 'reverse.intent', reason: 'asked for' }, []));
  }
  return memory;
}

const SALE = { amountCents: 960, service: 'parking' } as const;

function ask(ledger: Ledger, operation: string): string {
  const { trade, echo } = ledger.newTrade();
  const asked: TerminalEvent = { type: 'ChargeAsked', at: AT, operation, trade, ...SALE };
  written(ledger.append(operation, { step: 'charge.intent', trade, echo, ...SALE }, [asked]));
  return trade;
}

function pay(ledger: Ledger, operation: string, trade: string): void {
  const settled: TerminalEvent = { type: 'ChargeSettled', at: AT, operation, trade, ...SALE, state: 'paid' };
  written(ledger.append(operation, { step: 'charge.paid', voucher: VOUCHER }, [settled]));
}

function written(result: { readonly ok: boolean }): void {
  if (!result.ok) throw new Error('the acts could not be written');
}
