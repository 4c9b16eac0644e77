/**
 * Keeps the device hosts running, one a group of devices: starts them, starts one again that died or was ended on purpose,
 * and waits longer each time one dies young. PC/SC lives in a host of its own, because its daemon can block a whole process.
 */
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import type { Clock } from '../../contract/clock.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import type { Problem } from '../../contract/outcome.schema.ts';
import type { DeviceHost } from './device-host.ts';

export interface HostKeeperOptions {
  readonly devices: readonly DeviceConfig[];
  readonly cardProfiles: readonly CardProfile[];
  readonly clock: Clock;
  /** Starts a host for a group of devices (`pcsc`, `wires`); called again after a death. */
  startHost(group: string): DeviceHost;
  onStatus(device: string, status: DeviceStatus): void;
  /** The host of these devices is gone. */
  onGone(devices: readonly string[]): void;
  /** The host refused to open these devices: a fault of the configuration. */
  onRefused(devices: readonly string[], problem: Problem): void;
}

const RESTART_FIRST_MS = 500;
const RESTART_CAP_MS = 30_000;

export class HostKeeper {
  readonly #options: HostKeeperOptions;
  readonly #hosts = new Map<string, DeviceHost>();
  /** Commands under way, by group: a host is not restarted under one. */
  readonly #running = new Map<string, number>();
  #isClosed = false;

  constructor(options: HostKeeperOptions) {
    this.#options = options;
  }

  /** Called once, when whoever made this can hear of statuses. */
  start(): void {
    for (const group of new Set(this.#options.devices.map(groupOf))) this.#start(group, RESTART_FIRST_MS);
  }

  hostOf(config: DeviceConfig): DeviceHost | undefined {
    return this.#hosts.get(groupOf(config));
  }

  share(one: DeviceConfig, other: DeviceConfig): boolean {
    return groupOf(one) === groupOf(other);
  }

  /** Lets `use` have the host; while it does, nobody restarts it. */
  async lend<Value>(config: DeviceConfig, use: (host: DeviceHost) => Promise<Value>): Promise<Value | undefined> {
    const host = this.hostOf(config);
    if (!host) return undefined;
    const group = groupOf(config);
    this.#count(group, 1);
    try {
      return await use(host);
    } finally {
      this.#count(group, -1);
    }
  }

  /** Ends the host of this device so that it is started afresh; false while any command of the group is under way. */
  restartHostOf(config: DeviceConfig): boolean {
    const group = groupOf(config);
    const host = this.#hosts.get(group);
    if (!host || (this.#running.get(group) ?? 0) > 0) return false;
    void host.close();
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#hosts.values()].map((host) => host.close()));
  }

  #start(group: string, delayMs: number): void {
    const { devices, cardProfiles, clock } = this.#options;
    const members = devices.filter((config) => groupOf(config) === group);
    const ids = members.map(({ id }) => id);
    const host = this.#options.startHost(group);
    const startedAt = clock.now();
    this.#hosts.set(group, host);
    host.onStatus((device, status) => this.#options.onStatus(device, status));
    host.onGone(() => {
      this.#hosts.delete(group);
      this.#options.onGone(ids);
      if (this.#isClosed) return;
      // A host that lived a while earns a quick restart; one that dies at birth waits longer each time.
      const livedLong = clock.now() - startedAt > RESTART_CAP_MS;
      const nextMs = livedLong ? RESTART_FIRST_MS : Math.min(delayMs * 2, RESTART_CAP_MS);
      clock.after(nextMs, () => {
        if (!this.#isClosed) this.#start(group, nextMs);
      });
    });
    void host.open(members, cardProfiles).then((opened) => {
      if (!opened.ok) this.#options.onRefused(ids, opened.problem);
    });
  }

  #count(group: string, change: number): void {
    this.#running.set(group, (this.#running.get(group) ?? 0) + change);
  }
}

function groupOf(config: DeviceConfig): string {
  return config.link.kind === 'pcsc' ? 'pcsc' : 'wires';
}
