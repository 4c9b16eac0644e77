/** What makes one terminal this terminal: its station, its glass, its devices, its services, its patience. */
import Type, { type Static } from 'typebox';
import { DeviceConfig } from '../contract/devices/device-config.schema.ts';
import { StationConfig } from '../contract/station-config.schema.ts';
import { PaymentProfile } from './payment-profile.schema.ts';
import { Contrast, Frame, Locale, Reach, TextSize } from '../contract/view.schema.ts';

const closed = { additionalProperties: false } as const;
const Localised = Type.Object(
  {
    'zh-Hans': Type.String({ minLength: 1, maxLength: 48 }),
    'zh-Hant': Type.String({ minLength: 1, maxLength: 48 }),
    en: Type.String({ minLength: 1, maxLength: 48 }),
  },
  closed,
);

export const SiteProfile = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
    station: Type.Object(
      {
        name: Localised,
        address: Localised,
        helperPhone: Type.String({ minLength: 3, maxLength: 24 }),
        helperHours: Type.String({ minLength: 3, maxLength: 40 }),
        /** IANA name, for the clock on the glass and the day on slips. */
        timeZone: Type.String({ minLength: 3, maxLength: 40 }),
        platePrefix: Type.String({ pattern: '^[\\u4e00-\\u9fff][A-Z]$' }),
      },
      closed,
    ),
    defaults: Type.Object({ locale: Locale, size: TextSize, contrast: Contrast, reach: Reach }, closed),
    display: Frame.properties.display,
    patience: Type.Object(
      {
        quietMs: Type.Integer({ minimum: 20_000, maximum: 600_000 }),
        warningSeconds: Type.Integer({ minimum: 20, maximum: 60 }),
        takeCardMs: Type.Integer({ minimum: 10_000, maximum: 120_000 }),
        goodbyeSeconds: Type.Integer({ minimum: 3, maximum: 60 }),
      },
      closed,
    ),
    /**
     * What starts the machine afresh when a device has stayed isolated for half an hour and nobody stands before it, and how
     * often a day that may happen at most. Absent: never.
     */
    reboot: Type.Optional(
      Type.Object(
        {
          command: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 8 }),
          atMostADay: Type.Integer({ minimum: 1, maximum: 6 }),
        },
        closed,
      ),
    ),
    /** After an outage, terminals come back spread over this time, so that the platform is not run over. */
    sync: Type.Object({ firstContactSpreadMs: Type.Integer({ minimum: 0, maximum: 600_000 }) }, closed),
    /** The rules of whoever takes the money; those of a bank card terminal when absent. */
    payment: Type.Optional(PaymentProfile),
    /** Where the signed face model lies, and the site's key for it: Ed25519, SPKI DER in base64. Absent: no such model. */
    faceModel: Type.Optional(
      Type.Object(
        {
          folder: Type.String({ pattern: '^/', maxLength: 255 }),
          publicKey: Type.String({ pattern: '^[A-Za-z0-9+/]{59}=$' }),
        },
        closed,
      ),
    ),
    /** Card kinds the identify question offers. */
    cards: Type.Array(Type.Enum(['id-card', 'livelihood-card', 'social-security-card']), { minItems: 1, maxItems: 3 }),
    cardProfiles: Type.Array(Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), { minItems: 1, maxItems: 12 }),
    services: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }), { minItems: 1, maxItems: 60 }),
    devices: Type.Array(DeviceConfig, { minItems: 1, maxItems: 40 }),
    /** The simulated station that stands in for the cabinet in demonstrations; absent on a real terminal. */
    simulation: Type.Optional(StationConfig),
  },
  closed,
);
export type SiteProfile = Static<typeof SiteProfile>;
