/** A service of the catalogue is data (law 2): its steps, what it needs, its texts' keys. */
import Type, { type Static } from 'typebox';
import { DeviceClass } from './driver.ts';
import { FaceAdapter } from './check.schema.ts';
import { Picture } from './picture.schema.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });

/** Passed over in the walk; reached only when a step before it names it as another way. The walk goes on behind it. */
const aside = { aside: Type.Optional(Type.Literal(true)) };
/** Passed over when one of these steps has already proven who this is. */
const unless = { unless: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 4 })) };
/** Other ways on from a check: a later step that proves it otherwise, and a later step that gives a number for the window. */
const otherWays = { instead: Type.Optional(Id), ticket: Type.Optional(Id) };

export const StepDefinition = Type.Union([
  /** R6: what you get, what you need, minutes, fee; texts under `service.<id>.guide.*`. */
  Type.Object({ id: Id, kind: Type.Literal('guide') }, closed),
  Type.Object(
    { id: Id, kind: Type.Literal('identify'), accepts: Type.Array(Id, { minItems: 1, maxItems: 4 }) },
    closed,
  ),
  /** One question; each option has a text `service.<id>.<step>.<option>`. */
  Type.Object(
    {
      id: Id,
      kind: Type.Literal('choose'),
      options: Type.Array(Type.Object({ id: Id, picture: Type.Optional(Picture) }, closed), {
        minItems: 1,
        maxItems: 6,
      }),
    },
    closed,
  ),
  Type.Object({ id: Id, kind: Type.Literal('fill'), field: Type.Enum(['plate']) }, closed),
  /** Asks the platform what it costs and shows it; `fill` names the step that typed the plate. */
  Type.Object({ id: Id, kind: Type.Literal('price'), tariff: Type.Enum(['parking']), fill: Id }, closed),
  Type.Object({ id: Id, kind: Type.Literal('review'), price: Id }, closed),
  Type.Object({ id: Id, kind: Type.Literal('pay'), price: Id }, closed),
  /** Takes the next number of a queue: the one that the named choose step picked, or always the same. */
  Type.Object({ id: Id, kind: Type.Literal('issue-ticket'), choose: Id }, closed),
  Type.Object({ id: Id, kind: Type.Literal('issue-ticket'), queue: Id, ...aside }, closed),
  Type.Object({ id: Id, kind: Type.Literal('print'), template: Id, ...aside }, closed),
  /** Is this the card's owner? By finger, by face, by the code sent to the owner. `identify` names the step that read the card. */
  Type.Object({ id: Id, kind: Type.Literal('verify-finger'), identify: Id, ...unless, ...otherWays }, closed),
  Type.Object(
    { id: Id, kind: Type.Literal('verify-face'), identify: Id, adapter: FaceAdapter, ...unless, ...otherWays },
    closed,
  ),
  Type.Object({ id: Id, kind: Type.Literal('verify-code'), identify: Id, ...unless, ...otherWays }, closed),
]);
export type StepDefinition = Static<typeof StepDefinition>;
export type StepKind = StepDefinition['kind'];

export const ServiceDefinition = Type.Object(
  {
    id: Id,
    /** Item of the source briefing, `S48`. */
    item: Type.String({ pattern: '^S\\d{2}$' }),
    picture: Picture,
    /** Can be started from R0 without a card. */
    quick: Type.Boolean(),
    /** Whether it works while the platform cannot be reached. */
    offline: Type.Boolean(),
    /** What it takes is handed in to an office: with the line cut it is kept here until the line is back. */
    handsIn: Type.Optional(Type.Literal(true)),
    needs: Type.Array(DeviceClass, { maxItems: 6 }),
    steps: Type.Array(StepDefinition, { minItems: 1, maxItems: 16 }),
  },
  closed,
);
export type ServiceDefinition = Static<typeof ServiceDefinition>;
