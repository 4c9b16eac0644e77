/** Commands and replies of the class `sensors-and-lights` (Modbus I/O boards). Inputs are told in the status' `signals`. */
import Type, { type Static } from 'typebox';
import { Signals } from '../driver.ts';

const closed = { additionalProperties: false } as const;
const Name = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,31}$' });
/** XFS4IoT's flash rates. */
export const FlashRate = Type.Enum(['off', 'slow', 'medium', 'quick', 'continuous']);
export type FlashRate = Static<typeof FlashRate>;

export const SensorsCommand = Type.Union([
  Type.Object({ kind: Type.Literal('read') }, closed),
  /** `done` when the board reads the coil back as asked; flashing is this driver's own doing. */
  Type.Object({ kind: Type.Literal('light'), name: Name, rate: FlashRate }, closed),
]);
export type SensorsCommand = Static<typeof SensorsCommand>;

export const SensorsReply = Type.Union([
  Type.Object({ kind: Type.Literal('read'), signals: Signals }, closed),
  Type.Object({ kind: Type.Literal('light'), name: Name, rate: FlashRate }, closed),
]);
export type SensorsReply = Static<typeof SensorsReply>;
