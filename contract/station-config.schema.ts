/** The simulated station: which device simulators it starts, where each listens, and where its page is. */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' });
/** 0 = any free port; the ready line tells which. */
const AnyPort = Type.Integer({ minimum: 0, maximum: 65_535 });

const TcpListen = Type.Object({ kind: Type.Literal('tcp'), port: AnyPort }, closed);
/** One end of a pseudo-terminal pair; the kiosk opens the other. */
const SerialListen = Type.Object(
  { kind: Type.Literal('serial'), path: Type.String({ minLength: 1, maxLength: 255 }) },
  closed,
);
/** The card connects out to a listener: the kiosk's own, or the machine's PC/SC service (device-protocols 2.7). */
const VpcdTarget = Type.Object(
  {
    kind: Type.Literal('vpcd'),
    host: Type.String({ minLength: 1, maxLength: 255 }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  },
  closed,
);
const WireListen = Type.Union([TcpListen, SerialListen]);

export const StationDevice = Type.Union([
  Type.Object(
    {
      id: Id,
      class: Type.Literal('receipt-printer'),
      model: Type.Enum(['epson-tm-t88', 'custom-vkp80', 'cashino-kp628e', 'citizen-pmu', 'star-tsp']),
      listen: WireListen,
      /** Millimetres a second; 0 = at once. */
      speedMmPerS: Type.Optional(Type.Integer({ minimum: 0, maximum: 500 })),
      rollCm: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000 })),
      /** XOFF at half of it, XON at a quarter; without it the buffer never fills. */
      receiveBufferBytes: Type.Optional(Type.Integer({ minimum: 128, maximum: 1_000_000 })),
    },
    closed,
  ),
  Type.Object(
    {
      id: Id,
      class: Type.Literal('payment-terminal'),
      model: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
      listen: WireListen,
      /** From the request to the result: how long the cardholder takes. */
      approvalDelayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
    },
    closed,
  ),
  Type.Object(
    {
      id: Id,
      class: Type.Literal('smart-card-reader'),
      model: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
      listen: VpcdTarget,
    },
    closed,
  ),
  /** Classes whose simulator needs nothing but its wire; what it holds is put in on the page. */
  Type.Object(
    {
      id: Id,
      class: Type.Enum([
        'id-card-reader',
        'fingerprint-reader',
        'document-printer',
        'scanner',
        'locker',
        'health',
        'sensors-and-lights',
        'ups',
      ]),
      model: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
      listen: WireListen,
    },
    closed,
  ),
]);
export type StationDevice = Static<typeof StationDevice>;
/** The configuration of one class; several classes share the last row of the union. */
export type StationDeviceOf<Class extends StationDevice['class']> = Holding<StationDevice, Class>;
type Holding<Device, Class> = Device extends { class: infer Known }
  ? Class extends Known
    ? Device & { readonly class: Class }
    : never
  : never;

export const StationConfig = Type.Object(
  { controlPort: AnyPort, devices: Type.Array(StationDevice, { minItems: 1, maxItems: 20 }) },
  closed,
);
export type StationConfig = Static<typeof StationConfig>;
