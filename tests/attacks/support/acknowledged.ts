/** A ledger that tells of every commit it reported as done: what may never be lost again. */
import type { Problem, Result } from '../../../contract/outcome.schema.ts';
import type { Txn } from '../../../engine/ledger/journal.schema.ts';
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import type { TicketRequest } from '../../../engine/ledger/tickets.ts';

/** `call`: `append`, `appendSoon`, `outbox.acknowledge`, ... `txn`: the transaction of an append or a ticket, as it stands now. */
export type OnDone = (done: { readonly call: string; readonly txn?: Txn; readonly value: unknown }) => void;

/** A refusal: nothing was committed. */
export type OnRefused = (refused: { readonly call: string; readonly problem: Problem }) => void;

export function tellingLedger(ledger: Ledger, onDone: OnDone, onRefused?: OnRefused): Ledger {
  return telling(ledger, '', (call, result, [first]) => {
    if (!result.ok) return onRefused?.({ call, problem: result.problem });
    const { value } = result;
    const isAppend = call === 'append' || call === 'appendSoon';
    const id = isAppend ? first : call === 'tickets.issue' ? (first as TicketRequest).operation : undefined;
    onDone({ call, value, ...(typeof id === 'string' && { txn: ledger.txn(id) }) });
  });
}

type Told = (call: string, result: Result<unknown>, args: readonly unknown[]) => void;

function telling<Target extends object>(target: Target, prefix: string, told: Told): Target {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (typeof name !== 'string') return value;
      if (typeof value === 'object' && value !== null) return telling(value, `${prefix}${name}.`, told);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(value, object, args);
        if (answer instanceof Promise) return answer.then((result: unknown) => noted(result, args));
        return noted(answer, args);
      };

      function noted(result: unknown, args: readonly unknown[]): unknown {
        if (isResult(result)) told(prefix + String(name), result, args);
        return result;
      }
    },
  });
}

function isResult(value: unknown): value is Result<unknown> {
  return typeof value === 'object' && value !== null && 'ok' in value && ('value' in value || 'problem' in value);
}
