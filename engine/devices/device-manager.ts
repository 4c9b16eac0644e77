/**
 * Keeps the devices a profile names: starts their hosts, restarts a host that died, remembers each status, and carries
 * commands to the one device of a class. PC/SC lives in a host of its own, because its daemon can block a whole process.
 */
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import type { Clock } from '../../contract/clock.ts';
import type { CommandOf, ReplyOf } from '../../contract/devices/device-classes.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { UNKNOWN_STATUS, type DeviceClass, type DeviceStatus, type Limits } from '../../contract/driver.ts';
import { failed, problem, type Outcome } from '../../contract/outcome.schema.ts';
import type { DeviceHost } from './device-host.ts';

export interface DeviceManagerOptions {
  readonly devices: readonly DeviceConfig[];
  readonly cardProfiles: readonly CardProfile[];
  readonly clock: Clock;
  /** Starts a host for a group of devices (`pcsc`, `wires`); called again after a death. */
  startHost(group: string): DeviceHost;
}

export interface DeviceManager {
  status(deviceClass: DeviceClass): DeviceStatus;
  all(): readonly { readonly config: DeviceConfig; readonly status: DeviceStatus }[];
  subscribe(listener: (deviceClass: DeviceClass, status: DeviceStatus) => void): () => void;
  execute<Class extends DeviceClass>(
    deviceClass: Class,
    command: CommandOf<Class>,
    limits: Limits,
  ): Promise<Outcome<ReplyOf<Class>>>;
  close(): Promise<void>;
}

const RESTART_FIRST_MS = 500;
const RESTART_CAP_MS = 30_000;
const NO_DEVICE: DeviceStatus = { device: 'noDevice', paper: 'unknown', media: 'unknown' };

function groupOf(config: DeviceConfig): string {
  return config.link.kind === 'pcsc' ? 'pcsc' : 'wires';
}

export function createDeviceManager(options: DeviceManagerOptions): DeviceManager {
  const { devices, clock } = options;
  const statuses = new Map<string, DeviceStatus>(devices.map(({ id }) => [id, UNKNOWN_STATUS]));
  const hosts = new Map<string, DeviceHost>();
  const listeners = new Set<(deviceClass: DeviceClass, status: DeviceStatus) => void>();
  let isClosed = false;

  function learn(id: string, status: DeviceStatus): void {
    const config = devices.find((device) => device.id === id);
    if (!config) return;
    statuses.set(id, status);
    for (const listener of listeners) listener(config.class, status);
  }

  function start(group: string, delayMs: number): void {
    const members = devices.filter((config) => groupOf(config) === group);
    const host = options.startHost(group);
    const startedAt = clock.now();
    hosts.set(group, host);
    host.onStatus(learn);
    host.onGone(() => {
      for (const { id } of members)
        learn(id, { ...UNKNOWN_STATUS, device: 'offline', problem: problem('device.lost') });
      hosts.delete(group);
      if (isClosed) return;
      // A host that lived a while earns a quick restart; one that dies at birth waits longer each time.
      const livedLong = clock.now() - startedAt > RESTART_CAP_MS;
      const nextMs = livedLong ? RESTART_FIRST_MS : Math.min(delayMs * 2, RESTART_CAP_MS);
      clock.after(nextMs, () => {
        if (!isClosed) start(group, nextMs);
      });
    });
    void host.open(members, options.cardProfiles).then((opened) => {
      if (opened.ok) return;
      for (const { id } of members) learn(id, { ...UNKNOWN_STATUS, device: 'hardwareError', problem: opened.problem });
    });
  }

  for (const group of new Set(devices.map(groupOf))) start(group, RESTART_FIRST_MS);

  return {
    status(deviceClass) {
      const config = devices.find((device) => device.class === deviceClass);
      return config ? (statuses.get(config.id) ?? UNKNOWN_STATUS) : NO_DEVICE;
    },
    all: () => devices.map((config) => ({ config, status: statuses.get(config.id) ?? UNKNOWN_STATUS })),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async execute<Class extends DeviceClass>(deviceClass: Class, command: CommandOf<Class>, limits: Limits) {
      const config = devices.find((device) => device.class === deviceClass);
      const host = config && hosts.get(groupOf(config));
      if (!config || !host) return failed('device.absent', 'none', deviceClass);
      return (await host.execute(config.id, command, limits)) as Outcome<ReplyOf<Class>>;
    },
    async close() {
      isClosed = true;
      await Promise.all([...hosts.values()].map((host) => host.close()));
    },
  };
}
