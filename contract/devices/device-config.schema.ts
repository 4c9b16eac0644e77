/** How a site profile names a device: its class, model and the wire it hangs on. */
import Type, { type Static } from 'typebox';
import { DeviceClass } from '../driver.ts';

const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

export const LinkConfig = Type.Union([
  Type.Object(
    { kind: Type.Literal('tcp'), host: Type.String({ minLength: 1, maxLength: 255 }), port: Port },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('serial'),
      path: Type.String({ minLength: 1, maxLength: 255 }),
      baudRate: Type.Enum([9600, 19_200, 38_400, 57_600, 115_200]),
    },
    { additionalProperties: false },
  ),
  /** The machine's PC/SC service; without `reader` the first one that has a card. */
  Type.Object(
    { kind: Type.Literal('pcsc'), reader: Type.Optional(Type.String({ maxLength: 128 })) },
    { additionalProperties: false },
  ),
  /** A virtual card over TCP in vpcd framing: this side listens on loopback, the card connects (device-protocols 2.7). */
  Type.Object({ kind: Type.Literal('vpcd'), port: Port }, { additionalProperties: false }),
]);
export type LinkConfig = Static<typeof LinkConfig>;

export const DeviceConfig = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }),
    class: DeviceClass,
    /** Key of the driver's own model table, e.g. `custom-vkp80`. */
    model: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
    link: LinkConfig,
  },
  { additionalProperties: false },
);
export type DeviceConfig = Static<typeof DeviceConfig>;
