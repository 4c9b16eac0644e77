/**
 * Handing something in. The act is the record itself: it goes up like every other one, so the effect is one commit, with the
 * personal part sealed before it is written anywhere.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { at, type EffectContext } from './effect-context.ts';

export interface SubmitRequest {
  readonly txn: string;
  readonly service: string;
  readonly form: string;
  readonly formVersion: string;
  /** What the resident filled in: plain JSON data. */
  readonly content: unknown;
}

/** Durable when it returns ok; handed in once however often it is asked for. `device.notFitted`: not enrolled; `ledger.*`: nothing was written. */
export async function submit(
  context: EffectContext,
  { txn, content, ...form }: SubmitRequest,
): Promise<Result<undefined>> {
  const { ledger, seal } = context;
  if (ledger.txn(txn).form) return ok(undefined);
  if (!seal) return fail('device.notFitted', 'no key of the platform to seal to');
  const { commitment, sealed } = await seal(content);
  // somebody pressed twice
  if (ledger.txn(txn).form) return ok(undefined);
  const named = { ...form, personal: commitment };
  const event = { type: 'FormSubmitted', at: at(context), operation: txn, ...named } as const;
  const written = ledger.submit(txn, { step: 'form.submitted', ...named }, event, sealed);
  if (!written.ok) return written;
  context.probe('submit.recorded');
  return ok(undefined);
}
