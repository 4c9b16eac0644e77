/** Sends what the terminals wrote in groups, as they come to a platform: also again, and from before where it stands. */
import type { GroupStore, Outcome, SentBatch } from '../../../platform/ingest/ingest.types.ts';
import type { Head } from '../../../contract/platform-api.schema.ts';
import type { Draw } from '../support/draw.ts';
import type { StoreMark } from './store-life.ts';
import type { StoreTerminal } from './store-terminals.ts';

const RECORDS_A_BATCH = 4;
/** A terminal whose answer was lost sends again what the platform has, alone or before what is new. */
const AGAIN_PERCENT = 15;
/** Of groups that are given at once, not when the store takes the next. */
const AT_ONCE_PERCENT = 25;

interface Sent {
  readonly batch: SentBatch;
  readonly from: StoreTerminal;
  readonly to: number;
}

export class StoreSender {
  readonly #store: GroupStore;
  readonly #terminals: readonly StoreTerminal[];
  readonly #draw: Draw;
  readonly #mark: (said: StoreMark) => void;
  readonly #sent: Map<StoreTerminal, number>;
  readonly #answered: Promise<void>[] = [];

  /** `heads`: how far the platform is, by terminal. */
  constructor(
    { store, mark, draw }: { store: GroupStore; mark: (said: StoreMark) => void; draw: Draw },
    terminals: readonly StoreTerminal[],
    heads: ReadonlyMap<string, Head>,
  ) {
    this.#store = store;
    this.#mark = mark;
    this.#draw = draw;
    this.#terminals = terminals;
    this.#sent = new Map(terminals.map((one) => [one, heads.get(one.terminal.id)?.seq ?? 0]));
  }

  /** Resolves when the next group may be given. The answers are in `answered`. */
  async give(receivedMs: number): Promise<void> {
    const sent = Array.from({ length: 2 + this.#draw.below(4) }, () => this.#next(receivedMs));
    this.#mark({ call: 'given', upTo: Object.fromEntries(sent.map(({ from, to }) => [from.terminal.id, to])) });
    const written = Promise.withResolvers<void>();
    const stored = this.#store.store(
      sent.map(({ batch }) => batch),
      written.resolve,
    );
    const answered = stored.then((outcomes) => this.#hear(sent, outcomes));
    this.#answered.push(answered);
    if (!this.#draw.hits(AT_ONCE_PERCENT)) await Promise.race([written.promise, answered]);
  }

  /** All groups are answered, but for so many of the last. */
  async answered(butLast = 0): Promise<void> {
    await Promise.all(this.#answered.slice(0, this.#answered.length - butLast));
  }

  #next(receivedMs: number): Sent {
    const from = this.#draw.pick(this.#terminals);
    const sent = this.#sent.get(from) ?? 0;
    const isAgain = sent > 0 && this.#draw.hits(AGAIN_PERCENT);
    const first = isAgain ? 1 + Math.max(0, sent - 1 - this.#draw.below(RECORDS_A_BATCH)) : sent + 1;
    const to = isAgain && this.#draw.hits(50) ? sent : sent + 1 + this.#draw.below(RECORDS_A_BATCH);
    from.recordsUpTo(to);
    this.#sent.set(from, to);
    const { terminal } = from;
    const body = Buffer.from(JSON.stringify(terminal.batch(first, to)));
    return { batch: { terminal: terminal.id, stream: 'ledger', body, receivedMs }, from, to };
  }

  #hear(sent: readonly Sent[], outcomes: readonly Outcome[]): void {
    const heads: Record<string, Head> = {};
    for (const [index, { from, to }] of sent.entries()) {
      const outcome = outcomes[index];
      const head = outcome && 'head' in outcome ? outcome.head : undefined;
      const isRight = head && head.seq >= to && from.terminal.records[head.seq - 1]?.hash === head.hash;
      if (outcome?.kind !== 'accepted' || !isRight)
        throw new Error(`a batch of ${from.terminal.id} up to ${to} was answered ${JSON.stringify(outcome)}`);
      heads[from.terminal.id] = head;
    }
    this.#mark({ call: 'stored', heads });
  }
}
