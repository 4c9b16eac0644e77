/** Lines become answers: one line, or a whole list from BEGIN to END. upsd answers in order, one answer a question. */
import { NutDecoder, type NutMessage } from './nut.codec.ts';

export type NutAnswer =
  | { readonly kind: 'line'; readonly message: NutMessage }
  /** `what` as upsd repeats it: `VAR kiosk`. */
  | { readonly kind: 'list'; readonly what: string; readonly items: readonly NutMessage[] }
  /** Bytes that are no answer, or a list that ended otherwise than it began. */
  | { readonly kind: 'damaged' };

/** A supply has some sixty variables; more than this is no list. */
const MAX_ITEMS = 1_000;

interface OpenList {
  readonly what: string;
  readonly items: NutMessage[];
  isDamaged: boolean;
}

export class NutAnswers {
  readonly counts = { damaged: 0 };
  readonly #decoder = new NutDecoder();
  #list: OpenList | undefined;

  push(chunk: Uint8Array): NutAnswer[] {
    return this.#decoder.push(chunk).flatMap((event) => {
      const answers = this.#take(event.kind === 'message' ? event.message : undefined);
      this.counts.damaged += answers.filter(({ kind }) => kind === 'damaged').length;
      return answers;
    });
  }

  reset(): void {
    this.#decoder.reset();
    this.#list = undefined;
  }

  #take(message: NutMessage | undefined): NutAnswer[] {
    if (message?.kind === 'beginList') {
      const isInside = this.#list !== undefined;
      this.#list = { what: message['what'] ?? '', items: [], isDamaged: false };
      return isInside ? [{ kind: 'damaged' }] : [];
    }
    if (this.#list) return this.#takeInList(this.#list, message);
    return [message && message.kind !== 'endList' ? { kind: 'line', message } : { kind: 'damaged' }];
  }

  #takeInList(list: OpenList, message: NutMessage | undefined): NutAnswer[] {
    if (message?.kind !== 'endList') {
      if (message && list.items.length < MAX_ITEMS) list.items.push(message);
      else list.isDamaged = true;
      return [];
    }
    this.#list = undefined;
    if (list.isDamaged || message['what'] !== list.what) return [{ kind: 'damaged' }];
    return [{ kind: 'list', what: list.what, items: list.items }];
  }
}
