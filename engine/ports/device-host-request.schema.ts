/**
 * How an engine in a utility process gets its device hosts: only Electron's main process may start one. Spoken beside
 * KIOSK_RPC on the same channel, because a port travels with a message and not inside one.
 */
import Type from 'typebox';

const closed = { additionalProperties: false } as const;
/** Counted by the engine, from one. */
const HostNumber = Type.Integer({ minimum: 1 });

/** Engine to main: start a device host for a group of devices. */
export const DeviceHostRequest = Type.Object(
  { startDeviceHost: HostNumber, group: Type.String({ pattern: '^[a-z]{1,16}$' }) },
  closed,
);
/** Engine to main: this one was told to end and has not; end it without asking. */
export const DeviceHostEnd = Type.Object({ endDeviceHost: HostNumber }, closed);
/** Main to engine, with one port: what the device host says comes there. */
export const DeviceHostStarted = Type.Object({ deviceHost: HostNumber }, closed);
/** Main to engine: it has ended, or was refused. Its port closes too; this does not depend on which is told first. */
export const DeviceHostGone = Type.Object({ deviceHostGone: HostNumber }, closed);

/** How long a device host whose channel was closed may take to end: longer than its own limit for closing its drivers. */
export const DEVICE_HOST_END_MS = 4_000;
