/** A reader without a reader: the test lays cards down, lifts them, and is the card. */
import { fail, ok, problem, type Problem, type Result } from '../../../contract/outcome.schema.ts';
import { ConditionHolder, type CardConnection, type CardLink, type CardLinkCondition } from '../card-link.ts';

/** An answer as hex, a failure, or `undefined` for a card that never answers. Asked with each command as capital hex. */
export type FakeCard = (command: string, count: number) => string | Result<Uint8Array> | undefined;

export class FakeCardLink implements CardLink {
  readonly address = 'fake';
  isChecked = true;
  readonly commands: string[] = [];
  readonly #condition = new ConditionHolder();
  /** Connections that were opened and not yet let go. */
  openConnections = 0;
  maxOpenConnections = 0;
  connectFailure: Problem | undefined;
  /** While set, `connect` waits for it. */
  connectAfter: Promise<void> = Promise.resolve();
  /** While set, letting go takes until then. */
  endAfter: Promise<void> = Promise.resolve();
  card: FakeCard = () => '9000';

  get condition(): CardLinkCondition {
    return this.#condition.value;
  }

  onChange(listener: (condition: CardLinkCondition) => void): () => void {
    return this.#condition.onChange(listener);
  }

  open(): void {
    this.#condition.online('notPresent');
  }

  lay(card: FakeCard): void {
    this.card = card;
    this.#condition.online('present');
  }

  lift(): void {
    this.#condition.online('notPresent');
  }

  goOffline(why: Problem = problem('device.absent', 'fake reader is out')): void {
    this.#condition.offline(why);
  }

  async connect(): Promise<Result<CardConnection>> {
    await this.connectAfter;
    if (this.connectFailure) return { ok: false, problem: this.connectFailure };
    this.openConnections += 1;
    this.maxOpenConnections = Math.max(this.maxOpenConnections, this.openConnections);
    let isEnded = false;
    return ok({
      atr: Uint8Array.of(0x3b, 0x00),
      transmit: (apdu) => this.#transmit(apdu),
      end: async () => {
        await this.endAfter;
        if (!isEnded) this.openConnections -= 1;
        isEnded = true;
      },
    });
  }

  close(): Promise<void> {
    this.#condition.offline(problem('device.absent', 'closed'));
    return Promise.resolve();
  }

  #transmit(apdu: Uint8Array): Promise<Result<Uint8Array>> {
    const command = Buffer.from(apdu).toString('hex').toUpperCase();
    this.commands.push(command);
    const answer = this.card(command, this.commands.length);
    if (answer === undefined) return new Promise(() => {});
    if (typeof answer !== 'string') return Promise.resolve(answer);
    const bytes = Uint8Array.from(Buffer.from(answer, 'hex'));
    return Promise.resolve(bytes.length < 2 ? fail('card.unreadable', 'no status word') : ok(bytes));
  }
}
