/** What a string of the DLL says about a command. Anything that does not fit together is `unknown`. */
import type { PaymentTerminalReply } from '../../contract/devices/payment-terminal.schema.ts';
import { done, failed, unknown, type Evidence, type Outcome } from '../../contract/outcome.schema.ts';
import { maskCard } from './mis-messages.codec.ts';
import type { DllResponse } from './mis-dll.codec.ts';
import type { DllTrade } from './mis-dll-trades.ts';
import type { DllModel } from './terminal-models.ts';

export type DllOutcome = Outcome<PaymentTerminalReply>;

/** The answer to our own sale. */
export function judgeDllSale(response: DllResponse, amountCents: number, model: DllModel): DllOutcome {
  const { resultCode, amountCents: answered } = response;
  if (resultCode !== model.approvedCode) {
    return done({ state: 'declined', declineCode: resultCode }, evidenceOf(response));
  }
  if (answered !== amountCents) return unknown('payment.unknown', `amount ${answered ?? 'missing'} fen`);
  return done(replyOf('approved', response), evidenceOf(response));
}

/** A reprint of the last result, asked because the answer to the sale was lost. */
export function judgeDllReprint(
  response: DllResponse,
  trade: DllTrade,
  model: DllModel,
  mayStillRun: boolean,
): DllOutcome {
  const { resultCode, voucher } = response;
  if (resultCode !== model.approvedCode || voucher === '') {
    return failed('device.refused', 'none', `no last result: ${resultCode}`);
  }
  if (trade.voucherBefore === undefined) {
    return failed('payment.unknown', 'none', `last voucher ${voucher}, and the one before our sale is not known`);
  }
  if (voucher === trade.voucherBefore) {
    if (mayStillRun) return failed('payment.unknown', 'none', `last voucher still ${voucher}, ours may still run`);
    return done({ state: 'notFound' }, evidenceOf(response));
  }
  return judgeDllSale(response, trade.amountCents, model);
}

export function judgeDllVoid(response: DllResponse, amountCents: number, model: DllModel): DllOutcome {
  const { resultCode, amountCents: answered } = response;
  if (model.alreadyVoidedCodes.includes(resultCode)) return done({ state: 'reversed' }, evidenceOf(response));
  if (resultCode !== model.approvedCode) return failed('device.refused', 'none', `result ${resultCode}`);
  if (answered !== undefined && answered !== amountCents) return unknown('payment.unknown', `amount ${answered} fen`);
  return done(replyOf('reversed', response), evidenceOf(response));
}

function replyOf(state: 'approved' | 'reversed', response: DllResponse): PaymentTerminalReply {
  const { voucher, reference } = response;
  const { cardMasked } = maskCard(response.card);
  return {
    state,
    ...(voucher !== '' && { voucher }),
    ...(reference !== '' && { reference }),
    ...(cardMasked !== undefined && { cardMasked }),
  };
}

function evidenceOf({ echo, resultCode, voucher }: DllResponse): Evidence {
  return { method: 'mis.dll', value: `${echo} ${resultCode}${voucher === '' ? '' : ` voucher ${voucher}`}` };
}
