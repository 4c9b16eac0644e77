/** What surrounds every page: where it stands, how it is drawn, what the help bar offers. */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const Label = Type.String({ minLength: 1, maxLength: 48 });

export const Locale = Type.Enum(['zh-Hans', 'zh-Hant', 'en']);
export type Locale = Static<typeof Locale>;
export const TextSize = Type.Enum(['S2', 'S3']);
export type TextSize = Static<typeof TextSize>;
export const Contrast = Type.Enum(['light', 'dark']);
export type Contrast = Static<typeof Contrast>;
export const Reach = Type.Enum(['normal', 'low']);
export type Reach = Static<typeof Reach>;

/** The help bar; its order and places never change. `pressed` marks a setting that is on. */
export const HELP_ACTIONS = ['size', 'contrast', 'reach', 'language', 'help', 'end'] as const;
export const HelpAction = Type.Object(
  {
    id: Type.Enum(HELP_ACTIONS),
    label: Label,
    pressed: Type.Boolean(),
    available: Type.Boolean(),
  },
  closed,
);
export type HelpAction = Static<typeof HelpAction>;

/** Zones A and E, and how everything is drawn. */
export const Frame = Type.Object(
  {
    station: Label,
    /** Wall time `HH:MM`. */
    clock: Type.String({ pattern: '^\\d{2}:\\d{2}$' }),
    network: Type.Object({ state: Type.Enum(['online', 'offline']), label: Label }, closed),
    locale: Locale,
    size: TextSize,
    contrast: Contrast,
    reach: Reach,
    /** Measured at commissioning: pixels per millimetre of this glass, and the height (mm above the floor) of its lower edge. */
    display: Type.Object(
      {
        pixelsPerMm: Type.Number({ minimum: 1, maximum: 20 }),
        lowerEdgeMm: Type.Integer({ minimum: 0, maximum: 1500 }),
        /** Where the slots are, seen from the front; the pictures are drawn from it. */
        cardReader: Type.Enum(['left', 'right']),
        paperOutlet: Type.Enum(['left', 'right']),
        /** Where the finger sensor is; absent: on the card reader's side. */
        fingerReader: Type.Optional(Type.Enum(['left', 'right'])),
      },
      closed,
    ),
    helpBar: Type.Array(HelpAction, { minItems: 6, maxItems: 6 }),
  },
  closed,
);
export type Frame = Static<typeof Frame>;
