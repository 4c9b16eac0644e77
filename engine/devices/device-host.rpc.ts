/** What the engine says to a device host: open these, carry this out, never mind. Outcomes are parsed by class on arrival. */
import Type from 'typebox';
import { CardProfile } from '../../contract/card-profile.schema.ts';
import { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { DeviceStatus, SelfTestLine } from '../../contract/driver.ts';
import { Nothing } from '../../contract/rpc.ts';

const closed = { additionalProperties: false } as const;
const CallId = Type.Integer({ minimum: 1 });
const DeviceId = Type.String({ maxLength: 32 });

export const DEVICE_HOST_RPC = {
  methods: {
    open: {
      input: Type.Object(
        {
          devices: Type.Array(DeviceConfig, { maxItems: 40 }),
          cardProfiles: Type.Array(CardProfile, { maxItems: 12 }),
        },
        closed,
      ),
      output: Nothing,
    },
    execute: {
      input: Type.Object(
        { id: CallId, device: DeviceId, command: Type.Unknown(), budgetMs: Type.Number({ minimum: 0 }) },
        closed,
      ),
      output: Type.Unknown(),
    },
    cancel: { input: Type.Object({ id: CallId }, closed), output: Nothing },
    selfTest: {
      input: Type.Object({ device: DeviceId }, closed),
      output: Type.Array(SelfTestLine, { maxItems: 60 }),
    },
    reset: { input: Type.Object({ device: DeviceId }, closed), output: Nothing },
    reopen: { input: Type.Object({ device: DeviceId }, closed), output: Nothing },
  },
  events: { status: Type.Object({ device: DeviceId, status: DeviceStatus }, closed) },
} as const;
