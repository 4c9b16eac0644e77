/** Commands and replies of the class `locker` (8A, Kerong CU16 and CU48 boards). */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
/** As printed on the cabinet, from 1; the board and the wire's own count come from the settings. */
const Door = Type.Integer({ minimum: 1, maximum: 512 });
export const DoorState = Type.Enum(['open', 'closed', 'unknown']);
export type DoorState = Static<typeof DoorState>;

export const LockerCommand = Type.Union([
  /** `done` only when the door was read back as open; the echo of the command proves nothing. Never pulsed twice. */
  Type.Object({ kind: Type.Literal('open'), door: Door }, closed),
  Type.Object({ kind: Type.Literal('state'), door: Door }, closed),
  /**
   * Finds out what a board means by its state bit: the technician shuts all doors, this opens the named one and sees which
   * way the bit turned. Gives the `polarity` to write into the site's settings.
   */
  Type.Object({ kind: Type.Literal('commission'), door: Door }, closed),
]);
export type LockerCommand = Static<typeof LockerCommand>;

export const LockerReply = Type.Union([
  Type.Object({ kind: Type.Literal('open'), door: Door }, closed),
  Type.Object(
    {
      kind: Type.Literal('state'),
      door: Door,
      state: DoorState,
      /** Something lies in the compartment; absent where the board has no such sensor. */
      occupied: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('commission'), door: Door, polarity: Type.Enum(['bitMeansClosed', 'bitMeansOpen']) },
    closed,
  ),
]);
export type LockerReply = Static<typeof LockerReply>;
