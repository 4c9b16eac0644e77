/**
 * A reader without hardware: a virtual card in vpcd framing over any byte link (device-protocols 2.7). A card lies on the
 * reader when it has said its ATR; a link that is lost for no reason is a reader without a card.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { fail, ok, problem, type Result } from '../../contract/outcome.schema.ts';
import type { ByteLink, LinkState } from '../link/byte-link.ts';
import { ConditionHolder, type CardConnection, type CardLink, type CardLinkCondition } from './card-link.ts';
import { VpcdCard } from './vpcd-card.ts';

/** A lifted card closes its wire; the poll finds the one that only fell silent. */
const POLL_MS = 1_000;

export class VpcdCardLink implements CardLink {
  readonly isChecked = false;
  readonly #wire: ByteLink;
  readonly #clock: Clock;
  readonly #condition = new ConditionHolder();
  readonly #stops: (() => void)[];
  #card: VpcdCard | undefined;
  #timer: TimerHandle | undefined;
  #isClosed = false;

  constructor(wire: ByteLink, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
    this.#stops = [
      wire.onData((chunk) => this.#card?.received(chunk)),
      wire.onState((state) => this.#wireBecame(state)),
    ];
  }

  get address(): string {
    return this.#wire.address;
  }

  get condition(): CardLinkCondition {
    return this.#condition.value;
  }

  onChange(listener: (condition: CardLinkCondition) => void): () => void {
    return this.#condition.onChange(listener);
  }

  open(): void {
    if (!this.#isClosed) this.#wire.open();
  }

  async connect(): Promise<Result<CardConnection>> {
    const card = this.#card;
    if (!card) return fail('card.removed');
    card.powerOn();
    const atr = await card.atr();
    if (!atr.ok) return atr;
    return ok({
      atr: atr.value,
      async transmit(apdu) {
        const answer = await card.exchange(apdu, atr.value);
        return answer.ok && answer.value.length < 2 ? fail('card.unreadable', 'no status word') : answer;
      },
      end() {
        card.powerOff();
        return Promise.resolve();
      },
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#wentOff();
    this.#condition.offline(problem('device.absent', 'closed'));
    await this.#wire.close();
  }

  #wireBecame(state: LinkState): void {
    this.#wentOff();
    if (state === 'open') {
      const card = new VpcdCard(this.#wire, this.#clock);
      this.#card = card;
      card.powerOn();
      void this.#poll(card);
    } else if (this.#wire.problem) this.#condition.offline(this.#wire.problem);
    else if (state === 'lost') this.#condition.online('notPresent');
  }

  async #poll(card: VpcdCard): Promise<void> {
    const atr = card.isIdle ? await card.atr() : undefined;
    if (card !== this.#card || card.isGone) return;
    if (atr?.ok) this.#condition.online('present');
    this.#timer = this.#clock.after(POLL_MS, () => void this.#poll(card));
  }

  #wentOff(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#card?.lost();
    this.#card = undefined;
  }
}
