/**
 * The one PIN a profile may name. Three wrong tries block a card, so it is said at most once while a card lies on the reader,
 * never to a card that has refused it before, and never when the card has fewer than two tries left (device-protocols 2.2).
 */
import type { CardPin } from '../../contract/card-profile.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { describeStatus, STATUS, triesLeft, verify } from './apdu.ts';
import type { Dialogue } from './card-dialogue.ts';

const LEAST_TRIES = 2;
/** A kiosk sees few cards whose PIN is another one; the oldest is forgotten first. */
const MAX_REFUSERS = 1_000;

/** `closed`: the card keeps its data back, and `why` is for maintainers. */
export type Opened = { readonly kind: 'open' } | { readonly kind: 'closed'; readonly why: string };

export class PinKeeper {
  #presentation = 0;
  #lastTry: { readonly presentation: number; readonly wasRefused: boolean } | undefined;
  readonly #refusers = new Set<string>();

  /** Another card lies there, or the same one again. */
  nextPresentation(): void {
    this.#presentation += 1;
  }

  /**
   * `card` tells cards apart as well as can be told before the PIN; empty when it cannot. Fails with `idCard.liftAgain` when the
   * PIN was said since the card was laid down and not refused: it is lifted and laid down before it is said again.
   */
  async open(dialogue: Dialogue, pin: CardPin, card: string): Promise<Result<Opened>> {
    const last = this.#lastTry?.presentation === this.#presentation ? this.#lastTry : undefined;
    if (last?.wasRefused === true || this.#refusers.has(card)) return closed('this card has refused the PIN before');
    if (last) return fail('idCard.liftAgain', 'the PIN was said already since the card was laid down');
    const asked = await dialogue.ask(verify(pin.reference));
    if (!asked.ok) return asked;
    const { status } = asked.value;
    if (status === STATUS.ok) return ok({ kind: 'open' });
    const why = whyNot(status, pin, card);
    return why === undefined ? this.#say(dialogue, pin, card) : closed(why);
  }

  async #say(dialogue: Dialogue, pin: CardPin, card: string): Promise<Result<Opened>> {
    const { length } = pin.value;
    const presentation = this.#presentation;
    this.#lastTry = { presentation, wasRefused: false };
    const answer = await dialogue.act(verify(pin.reference, Uint8Array.from(Buffer.from(pin.value, 'hex'))));
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if (status === STATUS.ok) return ok({ kind: 'open' });
    if (triesLeft(status) === undefined && status !== STATUS.pinBlocked) {
      return fail('card.unreadable', `PIN of ${length / 2} bytes: ${describeStatus(status)}`);
    }
    this.#lastTry = { presentation, wasRefused: true };
    if (card !== '') this.#refusers.add(card);
    const [oldest] = this.#refusers;
    if (this.#refusers.size > MAX_REFUSERS && oldest !== undefined) this.#refusers.delete(oldest);
    return closed(`PIN refused: ${describeStatus(status)}`);
  }
}

/** Why the PIN is not said to a card that gave this answer when it was asked for the tries left. */
function whyNot(status: number, pin: CardPin, card: string): string | undefined {
  const left = triesLeft(status);
  if (status === STATUS.pinBlocked || (left !== undefined && left < LEAST_TRIES)) return describeStatus(status);
  // blind only with a card that will be known again
  const mayBeBlind = pin.whenTriesUnknown === 'verify' && card !== '';
  return left === undefined && !mayBeBlind ? 'the card does not tell how many tries are left' : undefined;
}

function closed(why: string): Result<Opened> {
  return ok({ kind: 'closed', why });
}
