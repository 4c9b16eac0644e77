/** One slot of a reader as a command uses it: connects to what lies there, talks to it within the command's scope, lets go. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import { INTERRUPTION_CODES, type Interruption, type Scope } from '../link/scope.ts';
import type { Transmit } from './apdu.ts';
import { dialogueOver, type Dialogue } from './card-dialogue.ts';
import type { CardConnection, CardLink } from './card-link.ts';

type Failure = ReturnType<typeof fail>;

export interface OpenSlot {
  readonly dialogue: Dialogue;
  readonly atr: Uint8Array;
  /** Lets go behind the caller's back; the next `open` waits for it. */
  end(): void;
}

/** A card that stops answering may be on its way out; PC/SC looks every 400 ms whether it is still there. */
const PULL_NOTICE_MS = 450;

export class CardSlot {
  readonly #link: CardLink;
  readonly #pulledAs: ProblemCode;
  /** What lies there was let go behind an outcome; the next one waits for that. */
  #ending: Promise<void> = Promise.resolve();

  /** `pulledAs`: what it is called when nothing lies there, or not any more. */
  constructor(link: CardLink, pulledAs: ProblemCode = 'card.removed') {
    this.#link = link;
    this.#pulledAs = pulledAs;
  }

  /** `lostAs`: what the loss of the link meant, asked when it happened. */
  async open(scope: Scope, lostAs: () => ProblemCode): Promise<Result<OpenSlot>> {
    const ended = (reason: Interruption | 'timeout'): Failure => endedBy(reason, lostAs);
    const { state, presence, problem } = this.#link.condition;
    if (state !== 'online') return fail(problem?.code ?? 'device.absent', problem?.detail);
    if (presence !== 'present') return fail(this.#pulledAs, 'no card on the reader');
    const free = await scope.raceOf(this.#ending);
    if (free.kind !== 'got') return ended(free.kind);
    const connecting = this.#link.connect();
    const wait = await scope.raceOf(connecting);
    if (wait.kind !== 'got') {
      this.#ending = connecting.then((late) => (late.ok ? late.value.end() : undefined));
      return ended(wait.kind);
    }
    if (!wait.value.ok) return afterLook(scope, this.#named(wait.value), ended);
    const connection = wait.value.value;
    return ok({
      dialogue: dialogueOver(this.#transmitOver(scope, connection, ended), this.#link.isChecked),
      atr: connection.atr,
      end: () => {
        this.#ending = connection.end();
      },
    });
  }

  #transmitOver(
    scope: Scope,
    connection: CardConnection,
    ended: (reason: Interruption | 'timeout') => Failure,
  ): Transmit {
    return async (apdu) => {
      // a command whose time is over says nothing more
      if (scope.interruption) return ended(scope.interruption);
      const wait = await scope.raceOf(connection.transmit(apdu));
      if (wait.kind !== 'got') return ended(wait.kind);
      return wait.value.ok ? wait.value : afterLook(scope, this.#named(wait.value), ended);
    };
  }

  #named(failure: Failure): Failure {
    return failure.problem.code === 'card.removed' ? fail(this.#pulledAs, failure.problem.detail) : failure;
  }
}

/** A card that gave no answer was perhaps pulled, which the reader says a moment later. */
async function afterLook(
  scope: Scope,
  failure: Failure,
  ended: (reason: Interruption | 'timeout') => Failure,
): Promise<Failure> {
  if (failure.problem.code !== 'card.unreadable') return failure;
  const isStillThere = await scope.pause(PULL_NOTICE_MS);
  return isStillThere ? failure : ended(scope.interruption ?? 'cancelled');
}

function endedBy(reason: Interruption | 'timeout', lostAs: () => ProblemCode): Failure {
  if (reason === 'lost') return fail(lostAs());
  return fail(reason === 'timeout' ? 'device.deadline' : INTERRUPTION_CODES[reason]);
}
