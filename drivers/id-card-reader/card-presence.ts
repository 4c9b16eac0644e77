/**
 * Whether a card lies on the reader. No reader says so by itself: it is inferred (device-protocols 1.11). A card that can be
 * found again is looked for by `find`; one that must be lifted first answers 80 like an empty reader, and shows that it is
 * there only by still giving its appended address.
 */
import type { MediaState } from '../../contract/driver.ts';
import type { Turn } from '../link/exchange.ts';
import type { SamConversation, Said } from './sam-conversation.ts';
import type { SamEvent } from './sam-frame.codec.ts';
import { APPENDED_ADDRESS, statusClass } from './sam-questions.ts';

type Media = Extract<MediaState, 'unknown' | 'entering' | 'present' | 'latched' | 'notPresent'>;

export class CardPresence {
  readonly #conversation: SamConversation;
  readonly #liftAgain: boolean;
  readonly #onChange: () => void;
  #media: Media = 'unknown';

  constructor(conversation: SamConversation, liftAgain: boolean, onChange: () => void) {
    this.#conversation = conversation;
    this.#liftAgain = liftAgain;
    this.#onChange = onChange;
  }

  get media(): MediaState {
    return this.#media;
  }

  /** A card lies there and is watched until it leaves. */
  get isWatched(): boolean {
    return this.#media === 'present' || this.#media === 'latched';
  }

  get mustBeLifted(): boolean {
    return this.#media === 'latched';
  }

  enter(): void {
    this.#become('entering');
  }

  leave(): void {
    this.#become('notPresent');
  }

  /** The wire is new: what lies there is not known. */
  forget(): void {
    this.#become('unknown');
  }

  /** The reading is over and the card still lies there; `isUsed`: it was read, or may have been. */
  rest(isUsed: boolean): void {
    this.#become(isUsed && this.#liftAgain ? 'latched' : 'present');
  }

  /** Whether the watched card is still there; keeps what it finds out. */
  async look(turn: Turn<SamEvent>): Promise<Said<boolean>> {
    const said = this.mustBeLifted ? await this.#stillAnswers(turn) : await this.#conversation.find(turn);
    if (said.kind === 'got' && !said.value) this.leave();
    // A module at fault says nothing about the card, and is asked for its status from now on.
    if (isFault(said)) this.forget();
    return said;
  }

  async #stillAnswers(turn: Turn<SamEvent>): Promise<Said<boolean>> {
    const said = await this.#conversation.ask(turn, APPENDED_ADDRESS);
    if (said.kind === 'got') return { kind: 'got', value: true };
    return said.kind !== 'code' || isFault(said) ? said : { kind: 'got', value: false };
  }

  #become(media: Media): void {
    if (media === this.#media) return;
    this.#media = media;
    this.#onChange();
  }
}

function isFault(said: Said<unknown>): boolean {
  return said.kind === 'code' && statusClass(said.code) === 'samFault';
}
