/**
 * One question at a time to the security module. All of them are harmless, so one that was spoilt on the way is said once
 * more (device-protocols 1.5); silence is not, it is reported. What an answer held is blanked as soon as it has been read.
 */
import type { Clock } from '../../contract/clock.ts';
import type { Instant } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import type { Interruption, Wait } from '../link/scope.ts';
import { readAnswer } from './sam-answer.codec.ts';
import { SamDecoder, type SamEvent } from './sam-frame.codec.ts';
import { FIND, statusClass, type Question } from './sam-questions.ts';

export type Said<Value> =
  | { readonly kind: 'got'; readonly value: Value }
  /** The module refuses: SW3. */
  | { readonly kind: 'code'; readonly code: number }
  /** Damaged on the way, twice. */
  | { readonly kind: 'spoilt' }
  | { readonly kind: 'silent' }
  | { readonly kind: Interruption };

export interface SamConversationOptions {
  readonly clock: Clock;
  /** Questions are padded with zeros to this many bytes. */
  readonly reportBytes: number;
  readonly readPauseMs: number;
  /** The module has spoken: a code it refuses with, or undefined when it answered as asked. */
  readonly onAnswer: (question: Question<unknown>, refusal: number | undefined) => void;
  readonly onSilence: () => void;
}

type Heard<Value> = Extract<Said<Value>, { kind: 'got' | 'code' | 'spoilt' }>;

/** The sheet's shortest interval between two questions for a card. */
const FIND_INTERVAL_MS = 300;
/** After a damaged frame: a sound one may follow at once, when the damaged one was noise. */
const AFTER_DAMAGE_MS = 100;
/** After a question that was left without its answer: this long nothing must come before the next one. */
const QUIET_MS = 300;
/** The longest answer takes 2.4 s at 9600 baud; a line that never falls quiet is not waited for. */
const QUIET_LIMIT_MS = 3_000;

export class SamConversation {
  readonly decoder = new SamDecoder();
  readonly #options: SamConversationOptions;
  readonly #held: Uint8Array[] = [];
  #lastFindAt: Instant = Number.NEGATIVE_INFINITY;
  #receivedBytes = 0;
  #isOwed = false;

  constructor(options: SamConversationOptions) {
    this.#options = options;
  }

  push(chunk: Uint8Array): SamEvent[] {
    this.#receivedBytes += chunk.length;
    const events = this.decoder.push(chunk);
    for (const event of events) if (event.kind === 'frame') this.#held.push(event.payload);
    return events;
  }

  /** The wire is new, or gone. */
  reset(): void {
    this.decoder.reset();
    this.blank();
    this.#isOwed = false;
  }

  /** Blanks what has been received, read or not. */
  blank(): void {
    for (const payload of this.#held.splice(0)) payload.fill(0);
  }

  /** Whether a card can be found, asked no more often than the sheet allows. */
  async find(turn: Turn<SamEvent>): Promise<Said<boolean>> {
    const waitMs = this.#lastFindAt + FIND_INTERVAL_MS - this.#options.clock.now();
    if (waitMs > 0 && !(await turn.scope.pause(waitMs))) return interruptionOf(turn);
    this.#lastFindAt = this.#options.clock.now();
    return this.ask(turn, FIND);
  }

  async ask<Value>(turn: Turn<SamEvent>, question: Question<Value>): Promise<Said<Value>> {
    if (this.#isOwed && !(await this.#waitForQuiet(turn))) return interruptionOf(turn);
    const first = await this.#askOnce(turn, question);
    const said = first.kind === 'spoilt' ? await this.#askOnce(turn, question) : first;
    this.blank();
    if (said.kind === 'got' || said.kind === 'code') {
      this.#options.onAnswer(question, said.kind === 'code' ? said.code : undefined);
    }
    if (said.kind === 'silent') this.#options.onSilence();
    return said;
  }

  async #askOnce<Value>(turn: Turn<SamEvent>, question: Question<Value>): Promise<Said<Value>> {
    const { readPauseMs } = this.#options;
    turn.discard();
    const receivedBefore = this.#receivedBytes;
    this.#isOwed = true;
    if (!turn.send(this.#padded(question.frame))) return { kind: 'lost' };
    if (question.isRead && readPauseMs > 0 && !(await turn.scope.pause(readPauseMs))) return interruptionOf(turn);
    let wait = await turn.next((event) => heard(event, question), question.timeoutMs);
    if (wait.kind === 'got' && wait.value === DAMAGED) {
      const sound = await turn.next((event) => soundOnly(heard(event, question)), AFTER_DAMAGE_MS);
      if (sound.kind !== 'timeout') wait = sound;
    }
    return this.#settle(wait, receivedBefore);
  }

  #settle<Value>(wait: Wait<Heard<Value>>, receivedBefore: number): Said<Value> {
    if (wait.kind === 'got') {
      this.#isOwed = false;
      return wait.value;
    }
    if (wait.kind !== 'timeout') return { kind: wait.kind };
    this.decoder.reset();
    // Something came, but no answer could be made of it.
    return { kind: this.#receivedBytes === receivedBefore ? 'silent' : 'spoilt' };
  }

  /** An answer that is late must not meet the next question. */
  async #waitForQuiet(turn: Turn<SamEvent>): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < QUIET_LIMIT_MS; waitedMs += QUIET_MS) {
      const before = this.#receivedBytes;
      if (!(await turn.scope.pause(QUIET_MS))) return false;
      if (before === this.#receivedBytes) break;
    }
    this.decoder.reset();
    this.#isOwed = false;
    return true;
  }

  #padded(frame: Uint8Array): Uint8Array {
    const padded = new Uint8Array(Math.max(frame.length, this.#options.reportBytes));
    padded.set(frame);
    return padded;
  }
}

const DAMAGED = { kind: 'spoilt' } as const;

function heard<Value>(event: SamEvent, question: Question<Value>): Heard<Value> | undefined {
  if (event.kind === 'damaged') return DAMAGED;
  const answer = readAnswer(event.payload);
  if (!answer) return undefined;
  const value = question.match(answer);
  if (value !== undefined) return { kind: 'got', value };
  const meaning = answer.data.length === 0 ? statusClass(answer.code) : undefined;
  if (meaning === 'linkFault') return { kind: 'spoilt' };
  return meaning !== undefined && question.refusals.has(meaning) ? { kind: 'code', code: answer.code } : undefined;
}

function soundOnly<Value>(value: Heard<Value> | undefined): Heard<Value> | undefined {
  return value?.kind === 'spoilt' ? undefined : value;
}

function interruptionOf(turn: Turn<SamEvent>): { readonly kind: Interruption } {
  return { kind: turn.scope.interruption ?? 'cancelled' };
}
