/** Data the platform works with and a demonstration begins with: read from `data/`, checked, never written in code. */
import { readFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { parse } from '../contract/check.ts';
import { ParkingQuoteRequest } from '../contract/platform-api.schema.ts';
import { Finger } from '../contract/check.schema.ts';
import { ParkingTariff } from '../contract/published-content.schema.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });

export type ParkingPlace = ParkingTariff['places'][number];

export const Queue = Type.Object(
  {
    id: Id,
    prefix: Type.String({ pattern: '^[A-Z]$' }),
    /** When the window opens, as the slip prints it. */
    opensAt: Type.String({ pattern: '^\\d{2}:\\d{2}$' }),
  },
  closed,
);
export type Queue = Static<typeof Queue>;
const Queues = Type.Object({ queues: Type.Array(Queue, { minItems: 1, maxItems: 26 }) }, closed);

export const PlatformSeed = Type.Object(
  {
    /** Cars that stand in a car park when the platform starts; made-up plates. */
    stays: Type.Array(
      Type.Object(
        { plate: ParkingQuoteRequest.properties.plate, place: Id, parkedMinutes: Type.Integer({ minimum: 0 }) },
        closed,
      ),
    ),
    /** People the desk gave a number to before the kiosk was asked. */
    waiting: Type.Array(Type.Object({ queue: Id, people: Type.Integer({ minimum: 0, maximum: 500 }) }, closed)),
    /** People whose cards can be shown at a simulated reader; all made up. */
    residents: Type.Array(
      Type.Object(
        {
          id: Id,
          cards: Type.Array(Type.Object({ kind: Id, number: Type.String({ pattern: '^[0-9A-Z]{8,20}$' }) }, closed), {
            minItems: 1,
            maxItems: 4,
          }),
          fingers: Type.Array(
            Type.Object({ finger: Finger, template: Type.String({ minLength: 4, maxLength: 2048 }) }, closed),
            { maxItems: 10 },
          ),
          /** What a certified matcher would answer for this person; absent: no face is kept. */
          rehearsedFace: Type.Optional(Type.Enum(['match', 'noMatch'])),
          /** For the model on a terminal, base64. */
          faceReference: Type.Optional(
            Type.Object(
              { model: Type.String({ maxLength: 64 }), reference: Type.String({ maxLength: 65_536 }) },
              closed,
            ),
          ),
          /** The code this person was sent for what waits for them. */
          code: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
        },
        closed,
      ),
      { maxItems: 50 },
    ),
  },
  closed,
);
export type PlatformSeed = Static<typeof PlatformSeed>;

export function readTariff(): ParkingTariff {
  return checked(ParkingTariff, 'parking-tariff.json');
}

export function readQueues(): readonly Queue[] {
  return checked(Queues, 'queues.json').queues;
}

export function readDefaultSeed(): PlatformSeed {
  return checked(PlatformSeed, 'seed.json');
}

function checked<Schema extends Type.TSchema>(schema: Schema, name: string): Static<Schema> {
  const content: unknown = JSON.parse(readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8'));
  const result = parse(schema, content, 'kiosk.badConfig');
  if (!result.ok) throw new Error(`platform/data/${name}: ${result.problem.detail ?? 'wrong'}`);
  return result.value;
}
