/**
 * What a check offers when it cannot prove it: three choices of one size, no blame, no red. The words say why in a sentence
 * that tells nobody which part of a check did not fit.
 */
import type { Picture } from '../../contract/picture.schema.ts';
import type { Choice } from '../../contract/view.schema.ts';
import type { Answers, Holder, Page, Scene, StepInput } from './flow.types.ts';

export type OtherWayReason =
  | 'tried'
  | 'chosen'
  | 'offline'
  | 'closed'
  | 'noPrints'
  | 'sensorBroken'
  | 'noCard'
  | 'noCamera'
  | 'paused'
  | 'notOffered'
  | 'child';

interface Ways {
  readonly instead?: string;
  readonly ticket?: string;
}

const REASON_PICTURES: Readonly<Partial<Record<OtherWayReason, Picture>>> = {
  offline: 'offline',
  sensorBroken: 'finger-broken',
  noCamera: 'camera-broken',
  noCard: 'no-card',
  paused: 'face-pause',
};

/** `instead` is not offered without a card: there is nobody to compare with. */
export function otherWaysPage(name: string, why: OtherWayReason, input: Checked, { speech }: Scene): Page {
  const { instead, ticket } = waysOf(input);
  const choices: Omit<Choice, 'badge'>[] = [
    ...(instead === undefined
      ? []
      : [{ id: 'other', label: speech.say(`otherWay.${instead.kind}`), picture: instead.picture }]),
    ...(ticket === undefined
      ? []
      : [
          {
            id: 'ticket',
            label: speech.say('otherWay.ticket'),
            detail: speech.say('otherWay.ticketDetail'),
            picture: 'take-number' as const,
          },
        ]),
    {
      id: 'person',
      label: speech.say('otherWay.person'),
      detail: speech.say('otherWay.personDetail'),
      picture: 'person',
    },
  ];
  return {
    name: `${name}.${why}`,
    screen: {
      kind: 'question',
      topic: 'other-way',
      title: speech.say(`otherWay.why.${why}.title`),
      subtitle: speech.say(`otherWay.why.${why}.subtitle`),
      picture: REASON_PICTURES[why] ?? 'help',
      choices: choices.map((choice, index) => ({ ...choice, badge: index + 1 })),
      back: speech.say('action.back'),
    },
  };
}

type CheckKind = 'verify-finger' | 'verify-face' | 'verify-code';
/** What the three checks have in common. */
export type Checked = Pick<StepInput, 'answers' | 'holder' | 'service'> & {
  readonly definition: {
    readonly identify: string;
    readonly unless?: readonly string[];
    readonly instead?: string;
    readonly ticket?: string;
  };
};

const INSTEAD_PICTURES: Readonly<Record<CheckKind, Picture>> = {
  'verify-finger': 'finger-give',
  'verify-face': 'face-give',
  'verify-code': 'pick-up-code',
};

function waysOf(input: Checked): {
  readonly instead?: { readonly kind: CheckKind; readonly picture: Picture };
  readonly ticket?: string;
} {
  const { instead, ticket }: Ways = input.definition;
  const other = ownerOf(input) && input.service.steps.find((step) => step.id === instead);
  const kind = other?.kind as CheckKind | undefined;
  return {
    ...(kind === undefined ? {} : { instead: { kind, picture: INSTEAD_PICTURES[kind] } }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

/** The step that proves it otherwise, when there is one and somebody to compare with. */
export function insteadOf(input: Checked): string | undefined {
  return ownerOf(input) === undefined ? undefined : input.definition.instead;
}

/** Whose card was read, in this service or when the session began. */
export function ownerOf({ answers, holder, definition }: Checked): Holder | undefined {
  const answer = answers[definition.identify];
  return answer?.kind === 'holder' ? answer.holder : holder;
}

/** Another check has proven it already. */
export function isProven({ answers, definition }: Checked): boolean {
  return (definition.unless ?? []).some((id) => isVerified(answers, id));
}

function isVerified(answers: Answers, id: string): boolean {
  return answers[id]?.kind === 'verified';
}
