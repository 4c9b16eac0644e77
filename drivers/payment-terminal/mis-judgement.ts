/** What a response says about the command that waits for it. Anything that does not fit together is `unknown`. */
import type { PaymentTerminalCommand, PaymentTerminalReply } from '../../contract/devices/payment-terminal.schema.ts';
import { done, failed, unknown, type Outcome } from '../../contract/outcome.schema.ts';
import type { MisResponse } from './mis-messages.codec.ts';
import type { TerminalModel } from './terminal-models.ts';

export type Verdict = Outcome<PaymentTerminalReply> | 'notOurs';

export interface Case {
  readonly command: PaymentTerminalCommand;
  readonly response: MisResponse;
  readonly model: TerminalModel;
  /** Echoes of trades given up as unknown, whose answers may still come. */
  readonly openEchoes: ReadonlySet<string>;
  /** The terminal has had no time yet to come to an end with this trade. */
  readonly mayStillRun: boolean;
}

/** `notOurs`: a late answer to an earlier trade, or to another question about this one; ours may still come. */
export function judge(one: Case): Verdict {
  switch (one.command.kind) {
    case 'sale':
      return judgeSale(one);
    case 'query':
      return judgeQuery(one);
    case 'reverse':
      return judgeReverse(one);
  }
}

function judgeSale({ command, response, model, openEchoes }: Case): Verdict {
  if (response.echo !== command.echo) {
    return openEchoes.has(response.echo) ? 'notOurs' : open(`answer to trade ${response.echo}`);
  }
  if (isOtherTrade(response, model.trades.sale.code)) return 'notOurs';
  if (response.resultCode !== model.approvedCode) return declined(response);
  if (response.amountCents !== command.amountCents) return openAmount(response);
  return reply('approved', response);
}

function judgeQuery({ command, response, model, openEchoes, mayStillRun }: Case): Verdict {
  const isSaleAnswer = response.tradeCode === model.trades.sale.code;
  if (response.echo !== command.echo) {
    if (isSaleAnswer && openEchoes.has(response.echo)) return 'notOurs';
    if (mayStillRun) {
      return failed('payment.unknown', 'none', `last result is trade ${response.echo}, ours may still run`);
    }
    return reply('notFound', { ...response, voucher: undefined, reference: undefined, cardMasked: undefined });
  }
  if (response.tradeCode === model.trades.void.code) return open('the last result is a void');
  if (!isSaleAnswer && model.cannotAnswerCodes.includes(response.resultCode)) {
    return failed('device.refused', 'none', `result ${response.resultCode}`);
  }
  const isAmountOurs = response.amountCents === command.amountCents;
  if (response.resultCode !== model.approvedCode) {
    return response.amountCents === undefined || isAmountOurs ? declined(response) : openAmount(response);
  }
  return isAmountOurs ? reply('approved', response) : openAmount(response);
}

function judgeReverse({ command, response, model, openEchoes }: Case): Verdict {
  if (response.echo !== command.echo) {
    return openEchoes.has(response.echo) ? 'notOurs' : open(`answer to trade ${response.echo}`);
  }
  if (isOtherTrade(response, model.trades.void.code)) return 'notOurs';
  if (model.alreadyVoidedCodes.includes(response.resultCode)) return reply('reversed', response);
  if (response.resultCode !== model.approvedCode)
    return failed('device.refused', 'none', `result ${response.resultCode}`);
  const isAmountOurs = response.amountCents === undefined || response.amountCents === command.amountCents;
  return isAmountOurs ? reply('reversed', response) : openAmount(response);
}

function isOtherTrade(response: MisResponse, tradeCode: string): boolean {
  return response.tradeCode !== undefined && response.tradeCode !== tradeCode;
}

function declined(response: MisResponse): Verdict {
  const evidence = { method: 'mis.result', value: `${response.echo} ${response.resultCode}` };
  return done({ state: 'declined', declineCode: response.resultCode }, evidence);
}

function reply(state: 'approved' | 'notFound' | 'reversed', response: MisResponse): Verdict {
  const { voucher, reference, cardMasked, echo, resultCode } = response;
  return done(
    {
      state,
      ...(voucher === undefined ? {} : { voucher }),
      ...(reference === undefined ? {} : { reference }),
      ...(cardMasked === undefined ? {} : { cardMasked }),
    },
    { method: 'mis.result', value: `${echo} ${resultCode}${voucher === undefined ? '' : ` voucher ${voucher}`}` },
  );
}

function open(detail: string): Verdict {
  return unknown('payment.unknown', detail);
}

function openAmount(response: MisResponse): Verdict {
  return open(response.amountCents === undefined ? 'the answer names no amount' : `amount ${response.amountCents} fen`);
}
