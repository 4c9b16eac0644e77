/** A resident without eyes: reads Views, does what the page asks, in the order a person would. */
import type { Intent } from '../../contract/intent.schema.ts';
import type { Screen, View } from '../../contract/view.schema.ts';

type Touch = Intent extends infer I ? (I extends { kind: string } ? Omit<I, 'page'> : never) : never;

/** What a person does next: touch the glass, do something in the cabinet, wait, or leave. */
export type Move =
  | { readonly kind: 'touch'; readonly touch: Touch }
  | { readonly kind: 'hands'; readonly device: string; readonly action: string; readonly input?: unknown }
  | { readonly kind: 'wait' }
  | { readonly kind: 'leave'; readonly why: string };

export interface Persona {
  readonly journey: 'parking' | 'ticket';
  readonly plate: string;
  readonly card: string;
}

type Rule = (screen: Screen, persona: Persona) => Move;

const touch = (touched: Touch): Move => ({ kind: 'touch', touch: touched });
const next = touch({ kind: 'next' });

type Topic = Extract<Screen, { kind: 'question' }>['topic'];
const ANSWERS: Readonly<Partial<Record<Topic, string>>> = {
  language: 'zh-Hans',
  identify: 'livelihood-card',
  queue: 'civil-affairs',
};

/** One rule a screen kind; a screen without a rule is waited out. */
const RULES: Partial<Record<Screen['kind'], Rule>> = {
  attract: (_screen, { journey }) =>
    touch(journey === 'ticket' ? { kind: 'choose', option: 'ticket' } : { kind: 'start' }),
  question: (screen) => {
    if (screen.kind !== 'question') return { kind: 'wait' };
    const wanted = ANSWERS[screen.topic];
    if (wanted === undefined) return { kind: 'leave', why: screen.title };
    // a device that has only just been found is closed for a moment
    const isClosed = screen.choices.some(({ id, unavailable }) => id === wanted && unavailable !== undefined);
    return isClosed ? { kind: 'wait' } : touch({ kind: 'choose', option: wanted });
  },
  'present-card': (screen, { card }) => {
    if (screen.kind !== 'present-card') return { kind: 'wait' };
    if (screen.state === 'waiting') return { kind: 'hands', device: 'card-1', action: 'insert', input: { card } };
    return screen.state === 'reading' ? { kind: 'wait' } : { kind: 'leave', why: `card ${screen.state}` };
  },
  greeting: () => next,
  home: (screen, { journey }) => {
    const tile = screen.kind === 'home' ? screen.choices.find((choice) => choice.id === journey) : undefined;
    return tile && tile.unavailable === undefined
      ? touch({ kind: 'choose', option: journey })
      : { kind: 'leave', why: tile?.unavailable ?? 'no such service' };
  },
  'service-start': () => next,
  pad: (_screen, { plate }) => touch({ kind: 'enter', value: plate }),
  price: () => next,
  review: () => next,
  pay: () => touch({ kind: 'choose', option: 'bank-card' }),
  'take-paper': () => ({ kind: 'hands', device: 'receipt-1', action: 'take-slip' }),
  'take-card': () => ({ kind: 'hands', device: 'card-1', action: 'remove' }),
  rate: () => touch({ kind: 'choose', option: 'stars-5' }),
  goodbye: () => ({ kind: 'leave', why: 'goodbye' }),
  problem: (screen) => ({ kind: 'leave', why: screen.kind === 'problem' ? `${screen.number} ${screen.title}` : '' }),
  'out-of-service': (screen) => ({ kind: 'leave', why: screen.kind === 'out-of-service' ? screen.number : '' }),
};

export function nextMove(view: View, persona: Persona): Move {
  return RULES[view.screen.kind]?.(view.screen, persona) ?? { kind: 'wait' };
}
