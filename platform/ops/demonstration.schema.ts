/** What a demonstration may do to the platform's world. */
import Type from 'typebox';
import { ParkingQuoteRequest } from '../../contract/platform-api.schema.ts';

const closed = { additionalProperties: false } as const;

/** Cuts the line to all terminals, or mends it. */
export const LineRequest = Type.Object({ cut: Type.Boolean() }, closed);
/** A car comes in (again), so that parking can be paid a second time. */
export const ArrivalRequest = Type.Object(
  {
    plate: ParkingQuoteRequest.properties.plate,
    place: Type.String({ maxLength: 40 }),
    parkedMinutes: Type.Integer({ minimum: 0, maximum: 100_000 }),
  },
  closed,
);
