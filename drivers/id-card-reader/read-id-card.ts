/**
 * Reading one card: find, select, read, the appended address if asked (device-protocols 1.4, 1.11). It waits for a card until
 * the deadline and changes nothing in the world: whatever happens is `done` or `failed` with effect `none`.
 */
import type { IdCardCommand, IdCardReply } from '../../contract/devices/id-card-reader.schema.ts';
import { done, failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import type { Turn } from '../link/exchange.ts';
import { notBegun, type Interruption } from '../link/scope.ts';
import type { CardPresence } from './card-presence.ts';
import type { Said, SamConversation } from './sam-conversation.ts';
import type { SamEvent } from './sam-frame.codec.ts';
import { APPENDED_ADDRESS, READ_ALL, READ_TEXT, SELECT, statusClass, type CardContent } from './sam-questions.ts';

type ReadCommand = Extract<IdCardCommand, { kind: 'read' }>;

export interface Reading {
  readonly turn: Turn<SamEvent>;
  readonly command: ReadCommand;
  readonly conversation: SamConversation;
  readonly presence: CardPresence;
}

/** Something went wrong in the middle. Whether the card has left decides what to say, so it is looked for again. */
interface Doubt {
  readonly kind: 'doubt';
  /** What to say when the card still lies there; undefined: begin again with it. */
  readonly verdict: ProblemCode | undefined;
  readonly detail: string;
  /** The card was read, or may have been. */
  readonly isUsed: boolean;
}

type Seen = 'found' | 'again' | Outcome<never>;

/** How often a reading is begun again with the same card. */
const RESTARTS = 3;
const LIFT_POLL_MS = 300;

export async function readIdCard(reading: Reading): Promise<Outcome<IdCardReply>> {
  let doubt: Doubt | undefined;
  for (let attempt = 0; ; attempt += 1) {
    let seen: Seen = 'again';
    while (seen === 'again') {
      seen = reading.presence.mustBeLifted ? await waitForLift(reading) : await lookForCard(reading, doubt);
    }
    if (seen !== 'found') return seen;
    const result = await readFoundCard(reading);
    if (result.kind !== 'doubt') return result;
    doubt = attempt < RESTARTS ? result : { ...result, verdict: result.verdict ?? 'card.unreadable' };
  }
}

/** The card that was read last still lies there, and cannot be found again before it has been lifted. */
async function waitForLift({ turn, presence }: Reading): Promise<Seen> {
  const said = await presence.look(turn);
  switch (said.kind) {
    case 'got':
      if (!said.value || (await turn.scope.pause(LIFT_POLL_MS))) return 'again';
      return notLifted(turn.scope.interruption ?? 'cancelled');
    case 'code':
      return failed(refusalOf(said.code) ?? 'card.unreadable', 'none', codeText(said.code));
    case 'silent':
    case 'spoilt':
      return 'again';
    default:
      return notLifted(said.kind);
  }
}

async function lookForCard({ turn, conversation, presence }: Reading, doubt: Doubt | undefined): Promise<Seen> {
  const said = await conversation.find(turn);
  switch (said.kind) {
    case 'got':
      break;
    case 'code': {
      const refusal = refusalOf(said.code);
      return refusal === undefined ? 'again' : refused(presence, refusal, `find: ${codeText(said.code)}`);
    }
    case 'silent':
    case 'spoilt':
      return 'again';
    default:
      return interrupted(presence, said.kind, doubt?.isUsed ?? false);
  }
  if (!said.value) {
    presence.leave();
    return doubt ? failed('card.removed', 'none', doubt.detail) : 'again';
  }
  if (doubt?.verdict) {
    presence.rest(false);
    return failed(doubt.verdict, 'none', doubt.detail);
  }
  presence.enter();
  return 'found';
}

async function readFoundCard(reading: Reading): Promise<Outcome<IdCardReply> | Doubt> {
  const { turn, conversation, presence, command } = reading;
  const selected = await conversation.ask(turn, SELECT);
  if (selected.kind !== 'got') return broken(presence, selected, 'select');
  const read = await readContent(reading);
  if (read.kind !== 'got') return broken(presence, read, 'read');
  const { document, photo, fingerprints, bytes } = read.value;
  if (!document.ok) {
    presence.rest(true);
    return failed(document.problem.code, 'none', document.problem.detail);
  }
  const appended = command.appendedAddress ? await conversation.ask(turn, APPENDED_ADDRESS) : NOT_ASKED;
  const hasNone = appended.kind === 'code' && statusClass(appended.code) === 'variantFault';
  if (appended.kind !== 'got' && !hasNone) return broken(presence, appended, 'address');
  presence.rest(true);
  const appendedAddress = appended.kind === 'got' ? appended.value : '';
  return done(
    {
      kind: 'read',
      document: document.value,
      photo,
      fingerprints: [...fingerprints],
      ...(appendedAddress === '' ? {} : { appendedAddress }),
    },
    { method: 'sam.read', value: `90, ${bytes} bytes` },
  );
}

const NOT_ASKED = { kind: 'got', value: '' } as const;

/** A module that knows no 30 10 is asked for text and photo alone. */
async function readContent({ turn, conversation, command }: Reading): Promise<Said<CardContent>> {
  if (!command.fingerprints) return conversation.ask(turn, READ_TEXT);
  const said = await conversation.ask(turn, READ_ALL);
  const isUnknown = said.kind === 'code' && statusClass(said.code) === 'variantFault';
  return isUnknown ? conversation.ask(turn, READ_TEXT) : said;
}

type Step = 'select' | 'read' | 'address';

function broken(
  presence: CardPresence,
  said: Exclude<Said<unknown>, { kind: 'got' }>,
  step: Step,
): Outcome<never> | Doubt {
  const isUsed = step !== 'select';
  const doubt = (verdict: ProblemCode | undefined, what: string): Doubt => ({
    kind: 'doubt',
    verdict,
    detail: `${step}: ${what}`,
    isUsed,
  });
  switch (said.kind) {
    case 'code': {
      const refusal = refusalOf(said.code);
      // A failed select says only that the card did not answer; a failed read ends the presentation.
      const isAnotherTry = refusal === undefined || (refusal === 'card.unreadable' && step === 'select');
      if (isAnotherTry) return doubt(undefined, codeText(said.code));
      if (refusal === 'card.unreadable') return doubt(refusal, codeText(said.code));
      return refused(presence, refusal, `${step}: ${codeText(said.code)}`);
    }
    case 'spoilt':
      return doubt('device.garbage', 'damaged answers');
    case 'silent':
      return doubt(isUsed ? 'card.unreadable' : undefined, 'silence');
    default:
      return interrupted(presence, said.kind, isUsed);
  }
}

/** A module at fault says nothing about the card. */
function refused(presence: CardPresence, refusal: ProblemCode, detail: string): Outcome<never> {
  if (refusal === 'idCard.samFault') presence.forget();
  else presence.rest(false);
  return failed(refusal, 'none', detail);
}

/** What the code of a refusal means for a reading (1.5); undefined: begin again with find. */
function refusalOf(code: number): ProblemCode | undefined {
  switch (statusClass(code)) {
    case 'sequence':
      return undefined;
    case 'notGenuine':
      return 'idCard.notGenuine';
    case 'unknownCard':
      return 'card.unknown';
    case 'samFault':
      return 'idCard.samFault';
    case 'variantFault':
      return 'device.refused';
    default:
      return 'card.unreadable';
  }
}

function interrupted(presence: CardPresence, reason: Interruption, isUsed: boolean): Outcome<never> {
  if (presence.media === 'entering') presence.rest(isUsed);
  return notBegun(reason);
}

/** The card was there all the time; only a hand could have helped. */
function notLifted(reason: Interruption): Outcome<never> {
  return reason === 'deadline' ? failed('idCard.liftAgain', 'none') : notBegun(reason);
}

function codeText(code: number): string {
  return code.toString(16).toUpperCase().padStart(2, '0');
}
