/** How a site profile names a device: its class, model and the wire it hangs on. */
import Type, { type Static } from 'typebox';
import { DeviceClass } from '../driver.ts';

const Port = Type.Integer({ minimum: 1, maximum: 65_535 });
const UsbId = Type.Integer({ minimum: 0, maximum: 0xffff });

export const LinkConfig = Type.Union([
  Type.Object(
    { kind: Type.Literal('tcp'), host: Type.String({ minLength: 1, maxLength: 255 }), port: Port },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('serial'),
      path: Type.String({ minLength: 1, maxLength: 255 }),
      baudRate: Type.Enum([4800, 9600, 19_200, 38_400, 57_600, 115_200]),
      /** Eight data bits and one stop bit always; without it no parity. */
      parity: Type.Optional(Type.Enum(['none', 'odd', 'even'])),
    },
    { additionalProperties: false },
  ),
  /** The machine's PC/SC service; without `reader` the first one that has a card. */
  Type.Object(
    { kind: Type.Literal('pcsc'), reader: Type.Optional(Type.String({ maxLength: 128 })) },
    { additionalProperties: false },
  ),
  /** A USB-HID device; a report is a chunk. Without `serialNumber` the only one of its kind. */
  Type.Object(
    {
      kind: Type.Literal('hid'),
      vendorId: UsbId,
      productId: UsbId,
      serialNumber: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    },
    { additionalProperties: false },
  ),
  /** A printer-class USB device through the kernel's own character device, `/dev/usb/lp0`. */
  Type.Object(
    { kind: Type.Literal('usb-printer'), path: Type.String({ minLength: 1, maxLength: 255 }) },
    { additionalProperties: false },
  ),
  /** A print queue of CUPS or an IPP Everywhere printer: `ipp://127.0.0.1:631/printers/a4`. */
  Type.Object(
    { kind: Type.Literal('ipp'), uri: Type.String({ pattern: '^ipps?://[^/?#]+/[^?#]*$', maxLength: 255 }) },
    { additionalProperties: false },
  ),
  /** One supply of a Network UPS Tools server. */
  Type.Object(
    {
      kind: Type.Literal('nut'),
      host: Type.String({ minLength: 1, maxLength: 255 }),
      port: Port,
      ups: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }),
    },
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
    /** The USB port it hangs on as the kernel names it, `1-1.4`: where the machine can take a port's power away. */
    usbPort: Type.Optional(Type.String({ pattern: '^\\d{1,3}-\\d{1,3}(\\.\\d{1,3}){0,6}$' })),
    /** What the class lets a site set, e.g. the polarity of a locker board; the driver's opener checks it by its own schema. */
    settings: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,31}$' }), Type.Unknown())),
  },
  { additionalProperties: false },
);
export type DeviceConfig = Static<typeof DeviceConfig>;
