/**
 * The whole of what a screen shows (law 1). Texts arrive in the resident's language; the renderer adds nothing but
 * layout, pictures and the keys being pressed. No field may hold an unmasked name, number or card.
 */
import Type, { type Static } from 'typebox';
import { FaceAdapter, FaceChallenge, FaceHint, Finger } from './check.schema.ts';
import { Picture } from './picture.schema.ts';
import { Frame } from './view-frame.schema.ts';

export { Contrast, Frame, HELP_ACTIONS, HelpAction, Locale, Reach, TextSize } from './view-frame.schema.ts';

const closed = { additionalProperties: false } as const;
const Text = Type.String({ minLength: 1, maxLength: 240 });
const Label = Type.String({ minLength: 1, maxLength: 48 });
const OptionId = Type.String({ pattern: '^[a-z0-9][a-zA-Z0-9-]{0,39}$' });

/** One thing that can be pressed; `badge` is the digit of the tactile pad. With `unavailable` it is shown, greyed, with the reason. */
export const Choice = Type.Object(
  {
    id: OptionId,
    label: Label,
    detail: Type.Optional(Text),
    picture: Type.Optional(Picture),
    badge: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    unavailable: Type.Optional(Text),
  },
  closed,
);
export type Choice = Static<typeof Choice>;

/** The action row: back at the left, next at the right, always in the same place. Absent = not possible here. */
const actions = { back: Type.Optional(Label), next: Type.Optional(Label) };
const heading = { title: Type.String({ minLength: 1, maxLength: 80 }), subtitle: Type.Optional(Text) };
const Row = Type.Object({ label: Label, value: Type.String({ minLength: 1, maxLength: 80 }) }, closed);
/** One of the three lamps of money: paid, printed, recorded. `open`: it cannot be told yet. */
export const Lamp = Type.Object({ label: Label, state: Type.Enum(['yes', 'no', 'open']) }, closed);
export type Lamp = Static<typeof Lamp>;
/** Shown amount, already formatted: `9.60`. The sign is the renderer's. */
const Amount = Type.String({ pattern: '^\\d{1,6}\\.\\d{2}$' });

export const SCREENS = {
  /** R0. Any touch starts; a language or a quick service starts with that choice made. */
  attract: Type.Object(
    {
      kind: Type.Literal('attract'),
      ...heading,
      start: Label,
      quick: Type.Array(Choice, { maxItems: 2 }),
      /** Of the office, one line, while it holds. */
      announcement: Type.Optional(Text),
      /** Leads to the honest board. */
      board: Type.Optional(Label),
      languages: Type.Array(Choice, { minItems: 1, maxItems: 3 }),
    },
    closed,
  ),
  /** R2, R7: one question, a few answers. Choosing an answer leads on. With `even` they stand side by side, equal in all. */
  question: Type.Object(
    {
      kind: Type.Literal('question'),
      topic: Type.Enum(['language', 'identify', 'queue', 'card', 'finger', 'face', 'other-way']),
      ...heading,
      /** In place of the topic's own. */
      picture: Type.Optional(Picture),
      even: Type.Optional(Type.Literal(true)),
      notice: Type.Optional(Text),
      choices: Type.Array(Choice, { minItems: 1, maxItems: 8 }),
      ...actions,
    },
    closed,
  ),
  /** R3. */
  'present-card': Type.Object(
    {
      kind: Type.Literal('present-card'),
      state: Type.Enum([
        'waiting',
        'reading',
        'left-early',
        'lift-again',
        'unknown',
        'unreadable',
        'expired',
        'not-genuine',
        'broken',
      ]),
      ...heading,
      picture: Picture,
      ...actions,
    },
    closed,
  ),
  /** Which finger, and what it should do now. Never a score: nobody fails at a sensor. `next` is the way without a finger. */
  'present-finger': Type.Object(
    {
      kind: Type.Literal('present-finger'),
      state: Type.Enum(['place', 'hold', 'lift', 'dry', 'wet', 'press', 'still', 'other', 'done']),
      finger: Finger,
      ...heading,
      picture: Picture,
      ...actions,
    },
    closed,
  ),
  /**
   * The camera page. The renderer looks at the frames, says the hint that fits and answers once with the intent `face`;
   * no frame is kept. The camera runs while this page is on the glass and at no other time.
   */
  'face-camera': Type.Object(
    {
      kind: Type.Literal('face-camera'),
      ...heading,
      hints: Type.Record(FaceHint, Text),
      challenges: Type.Array(FaceChallenge, { minItems: 1, maxItems: 2 }),
      adapter: FaceAdapter,
      /** After this many seconds without a good picture the page answers `notLive`. */
      seconds: Type.Integer({ minimum: 5, maximum: 120 }),
      ...actions,
    },
    closed,
  ),
  /** R4. `name` is masked: surname and stars. */
  greeting: Type.Object(
    { kind: Type.Literal('greeting'), ...heading, name: Label, notice: Text, yes: Label, no: Label },
    closed,
  ),
  /** R5, with the banner of X5. */
  home: Type.Object(
    {
      kind: Type.Literal('home'),
      ...heading,
      banner: Type.Optional(Text),
      announcement: Type.Optional(Text),
      choices: Type.Array(Choice, { minItems: 1, maxItems: 8 }),
      board: Type.Optional(Label),
    },
    closed,
  ),
  /** The honest board: what works now, what waits, what is down, and how old each thing is that is said here. */
  board: Type.Object(
    {
      kind: Type.Literal('board'),
      ...heading,
      groups: Type.Array(
        Type.Object(
          {
            state: Type.Enum(['works', 'waits', 'stops']),
            label: Label,
            items: Type.Array(Type.Object({ label: Label, detail: Type.Optional(Text) }, closed), {
              minItems: 1,
              maxItems: 12,
            }),
          },
          closed,
        ),
        { minItems: 1, maxItems: 3 },
      ),
      sources: Type.Object({ label: Label, rows: Type.Array(Row, { minItems: 1, maxItems: 6 }) }, closed),
      back: Label,
    },
    closed,
  ),
  /** R6. */
  'service-start': Type.Object(
    {
      kind: Type.Literal('service-start'),
      ...heading,
      picture: Picture,
      rows: Type.Array(Row, { minItems: 1, maxItems: 4 }),
      ...actions,
    },
    closed,
  ),
  /**
   * R8: a licence plate on our own keys. `firstKeys` are offered while nothing is typed (provinces), `keys` after that.
   * The renderer keeps what is typed and sends it with `enter`; `next` works from `minLength` on.
   */
  pad: Type.Object(
    {
      kind: Type.Literal('pad'),
      ...heading,
      prefill: Type.String({ maxLength: 10 }),
      firstKeys: Type.Array(Type.String({ minLength: 1, maxLength: 2 }), { maxItems: 40 }),
      keys: Type.Array(Type.String({ minLength: 1, maxLength: 2 }), { minItems: 1, maxItems: 40 }),
      minLength: Type.Integer({ minimum: 1, maximum: 10 }),
      maxLength: Type.Integer({ minimum: 1, maximum: 10 }),
      erase: Label,
      clear: Label,
      error: Type.Optional(Text),
      ...actions,
    },
    closed,
  ),
  /** The fee: one big number, how it came about, and why. */
  price: Type.Object(
    {
      kind: Type.Literal('price'),
      ...heading,
      amount: Amount,
      rows: Type.Array(Row, { minItems: 1, maxItems: 4 }),
      why: Text,
      ...actions,
    },
    closed,
  ),
  /** R10. `change` leads back to where this answer was given. */
  review: Type.Object(
    {
      kind: Type.Literal('review'),
      ...heading,
      rows: Type.Array(
        Type.Object(
          {
            label: Label,
            value: Type.String({ minLength: 1, maxLength: 80 }),
            change: Type.Optional(Type.Object({ id: OptionId, label: Label }, closed)),
          },
          closed,
        ),
        { minItems: 1, maxItems: 6 },
      ),
      total: Type.Object({ label: Label, amount: Amount }, closed),
      ...actions,
    },
    closed,
  ),
  /** R11: choose how to pay. */
  pay: Type.Object(
    {
      kind: Type.Literal('pay'),
      ...heading,
      amount: Amount,
      choices: Type.Array(Choice, { minItems: 1, maxItems: 3 }),
      ...actions,
    },
    closed,
  ),
  /** R12: named steps; no cancel once committed. */
  working: Type.Object(
    {
      kind: Type.Literal('working'),
      act: Type.Enum(['price', 'pay', 'print', 'verify']),
      ...heading,
      picture: Picture,
      amount: Type.Optional(Amount),
      steps: Type.Array(Type.Object({ label: Label, state: Type.Enum(['done', 'now', 'next']) }, closed), {
        minItems: 1,
        maxItems: 4,
      }),
      ...actions,
    },
    closed,
  ),
  /** R13. */
  'take-card': Type.Object(
    { kind: Type.Literal('take-card'), ...heading, picture: Picture, urgent: Type.Boolean() },
    closed,
  ),
  /** R14, R15: the paper is out, by the printer's own evidence. `number` is a queue number, shown as large as it goes. */
  'take-paper': Type.Object(
    {
      kind: Type.Literal('take-paper'),
      ...heading,
      picture: Picture,
      number: Type.Optional(Type.String({ minLength: 1, maxLength: 12 })),
      rows: Type.Array(Row, { maxItems: 4 }),
      /** Where money was taken: what is done, said by those who know. */
      lamps: Type.Optional(Type.Array(Lamp, { minItems: 1, maxItems: 3 })),
      /** What happens by itself from here on. */
      notice: Type.Optional(Text),
      next: Label,
    },
    closed,
  ),
  /** R16. */
  rate: Type.Object(
    { kind: Type.Literal('rate'), ...heading, choices: Type.Array(Choice, { minItems: 5, maxItems: 5 }), skip: Label },
    closed,
  ),
  /** R17. */
  goodbye: Type.Object(
    {
      kind: Type.Literal('goodbye'),
      ...heading,
      reference: Type.Optional(Row),
      next: Label,
      seconds: Type.Integer({ minimum: 1, maximum: 60 }),
    },
    closed,
  ),
  /** X1: shown over whatever was there; one press brings it back untouched. */
  'still-there': Type.Object(
    {
      kind: Type.Literal('still-there'),
      ...heading,
      seconds: Type.Integer({ minimum: 0, maximum: 120 }),
      stay: Label,
      end: Label,
    },
    closed,
  ),
  /** X2. */
  help: Type.Object(
    {
      kind: Type.Literal('help'),
      ...heading,
      picture: Picture,
      rows: Type.Array(Row, { minItems: 1, maxItems: 4 }),
      explains: Text,
      back: Label,
    },
    closed,
  ),
  /** X3, X6: what happened, what became of money and card, what to do now. `claim` is the code of an open case. */
  problem: Type.Object(
    {
      kind: Type.Literal('problem'),
      ...heading,
      picture: Picture,
      money: Type.Optional(Text),
      lamps: Type.Array(Lamp, { maxItems: 3 }),
      claim: Type.Optional(Row),
      whatToDo: Text,
      /** For the telephone: `KP-2103`. Small, never in the heading. */
      number: Type.String({ pattern: '^KP-\\d{4}$' }),
      retry: Type.Optional(Label),
      ...actions,
    },
    closed,
  ),
  /** X4. */
  'out-of-service': Type.Object(
    {
      kind: Type.Literal('out-of-service'),
      ...heading,
      picture: Picture,
      rows: Type.Array(Row, { maxItems: 3 }),
      number: Type.String({ pattern: '^KP-\\d{4}$' }),
    },
    closed,
  ),
} as const;

export type ScreenKind = keyof typeof SCREENS;
export type ScreenOf<Kind extends ScreenKind> = Static<(typeof SCREENS)[Kind]>;
export type Screen = { [Kind in ScreenKind]: ScreenOf<Kind> }[ScreenKind];
/** `Object.values` loses which schema is which, so the type is stated. */
export const Screen = Type.Unsafe<Screen>(Type.Union(Object.values(SCREENS)));

export const View = Type.Object(
  {
    /** Grows with every page; an Intent names the page it answers, so that a second tap never lands on the next page. */
    page: Type.Integer({ minimum: 1 }),
    frame: Frame,
    screen: Screen,
    /** What is said aloud where that is not title and subtitle alone: lamps of money, a code letter by letter. */
    speech: Type.Optional(Type.String({ minLength: 1, maxLength: 480 })),
  },
  closed,
);
export interface View {
  readonly page: number;
  readonly frame: Frame;
  readonly screen: Screen;
  readonly speech?: string;
}
