/** A service of the catalogue is data (law 2): its steps, what it needs, its texts' keys. */
import Type, { type Static } from 'typebox';
import { DeviceClass } from './driver.ts';
import { Picture } from './view.schema.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });

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
  /** Takes the next number of the queue that the named choose step picked. */
  Type.Object({ id: Id, kind: Type.Literal('issue-ticket'), choose: Id }, closed),
  Type.Object({ id: Id, kind: Type.Literal('print'), template: Id }, closed),
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
    needs: Type.Array(DeviceClass, { maxItems: 6 }),
    steps: Type.Array(StepDefinition, { minItems: 1, maxItems: 16 }),
  },
  closed,
);
export type ServiceDefinition = Static<typeof ServiceDefinition>;
