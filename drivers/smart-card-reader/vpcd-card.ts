/** One virtual card on its wire: questions one after the other, each with its answer, until the card is gone. */
import type { Clock } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { encodeVpcd, VPCD_GET_ATR, VPCD_POWER_OFF, VPCD_POWER_ON, VpcdDecoder } from './vpcd.codec.ts';

/** A card that answers later than this counts as lifted (2.7). */
const ANSWER_LIMIT_MS = 5_000;
/** Commands that wait for their turn; a driver with one command in flight never has more than a handful. */
const MAX_WAITING = 16;

interface Question {
  readonly payload: Uint8Array;
  readonly settle: (answer: Result<Uint8Array>) => void;
}

export class VpcdCard {
  readonly #wire: ByteLink;
  readonly #clock: Clock;
  readonly #decoder = new VpcdDecoder();
  readonly #waiting: Question[] = [];
  #asked: (Question & { readonly stopTimer: () => void }) | undefined;
  #isGone = false;

  constructor(wire: ByteLink, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get isIdle(): boolean {
    return this.#asked === undefined && this.#waiting.length === 0;
  }

  powerOn(): void {
    this.#control(VPCD_POWER_ON);
  }

  powerOff(): void {
    this.#control(VPCD_POWER_OFF);
  }

  atr(): Promise<Result<Uint8Array>> {
    return this.#ask(Uint8Array.of(VPCD_GET_ATR));
  }

  /**
   * One command. vpcd numbers nothing, so that a doubled answer would pass for the next one: behind each command the ATR is
   * asked for, and whatever comes in its place shows that the card is out of step.
   */
  async exchange(apdu: Uint8Array, atr: Uint8Array): Promise<Result<Uint8Array>> {
    const [answer, witness] = await Promise.all([this.#ask(apdu), this.atr()]);
    if (!answer.ok) return answer;
    if (!witness.ok) return witness;
    if (isSame(witness.value, atr) && !isSame(answer.value, atr)) return answer;
    this.drop();
    return fail('card.unreadable', 'out of step');
  }

  received(chunk: Uint8Array): void {
    if (this.#isGone) return;
    const { payloads, isBroken } = this.#decoder.push(chunk);
    for (const payload of payloads) {
      const asked = this.#asked;
      // an answer to no question: from here on every answer would belong to the question before
      if (!asked) return this.drop();
      this.#asked = undefined;
      asked.stopTimer();
      asked.settle(ok(payload));
      this.#next();
    }
    if (isBroken) this.drop();
  }

  /** The wire is gone. */
  lost(): void {
    this.#isGone = true;
    this.#asked?.stopTimer();
    const open = this.#asked ? [this.#asked, ...this.#waiting] : this.#waiting;
    for (const { settle } of [...open]) settle(fail('card.removed'));
    this.#asked = undefined;
    this.#waiting.length = 0;
  }

  /** There is no way back into step: the card has to come again. */
  drop(): void {
    if (this.#isGone) return;
    this.lost();
    this.#wire.reconnect();
  }

  /** Waits its turn. An answer nobody waits for any more is still waited for, so that it is not taken for the next one. */
  #ask(payload: Uint8Array): Promise<Result<Uint8Array>> {
    if (this.#isGone) return Promise.resolve(fail('card.removed'));
    if (this.#waiting.length >= MAX_WAITING) return Promise.resolve(fail('device.busy'));
    return new Promise((settle) => {
      this.#waiting.push({ payload, settle });
      this.#next();
    });
  }

  /** Power goes in between answers only; it has none of its own. */
  #control(control: number): void {
    if (!this.#isGone) this.#wire.write(encodeVpcd(Uint8Array.of(control)));
  }

  #next(): void {
    if (this.#asked || this.#isGone) return;
    const question = this.#waiting.shift();
    if (!question) return;
    const timer = this.#clock.after(ANSWER_LIMIT_MS, () => this.drop());
    this.#asked = { ...question, stopTimer: () => this.#clock.cancel(timer) };
    this.#wire.write(encodeVpcd(question.payload));
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
