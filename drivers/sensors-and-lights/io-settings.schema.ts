/** How a site wires its board: which input and which coil has which name. Numbers are the protocol's, counted from 0. */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const Name = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,31}$' });
const Address = Type.Integer({ minimum: 0, maximum: 0xffff });

export const InputWiring = Type.Object(
  {
    /** Discrete input (function 2). */
    input: Address,
    /** False: the signal is true while the contact is open, as of a door with a normally closed contact. Default true. */
    activeHigh: Type.Optional(Type.Boolean()),
    /** A change counts after it has stood so long. Default 50. */
    debounceMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    /** A door nobody but staff opens: told at the first look, however short, and for a minute after. */
    tamper: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type InputWiring = Static<typeof InputWiring>;

export const LampWiring = Type.Object(
  {
    /** Coil (functions 1 and 5). */
    coil: Address,
    /** False: the lamp is lit while the coil is off. Default true. */
    activeHigh: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type LampWiring = Static<typeof LampWiring>;

export const SensorsSettings = Type.Object(
  {
    /** Address of the board on its line; default by model. */
    unit: Type.Optional(Type.Integer({ minimum: 1, maximum: 247 })),
    /** Between two looks at the inputs. Default 200. */
    pollMs: Type.Optional(Type.Integer({ minimum: 50, maximum: 10_000 })),
    inputs: Type.Optional(Type.Record(Name, InputWiring, { maxProperties: 32 })),
    lamps: Type.Optional(Type.Record(Name, LampWiring, { maxProperties: 32 })),
  },
  closed,
);
export type SensorsSettings = Static<typeof SensorsSettings>;

/** The wiring of the simulated station, used where a site gives none. Assumed, as no cabinet has been built. */
export const USUAL_INPUTS: Readonly<Record<string, InputWiring>> = {
  cabinetDoor: { input: 0, tamper: true },
  serviceDoor: { input: 1 },
  presence: { input: 2, debounceMs: 300 },
};
export const USUAL_LAMPS: Readonly<Record<string, LampWiring>> = {
  cardReader: { coil: 0 },
  receiptPrinter: { coil: 1 },
  documentPrinter: { coil: 2 },
  scanner: { coil: 3 },
  cabinetLight: { coil: 4 },
};
