/**
 * The devices a profile names, as the rest of the engine knows them: each one's last status, commands to the one device of
 * a class, and the ladder that is climbed when one stays silent.
 */
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import type { Clock } from '../../contract/clock.ts';
import type { CommandOf, ReplyOf } from '../../contract/devices/device-classes.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { UNKNOWN_STATUS, type DeviceClass, type DeviceStatus, type Limits } from '../../contract/driver.ts';
import { failed, problem, type Outcome, type Result } from '../../contract/outcome.schema.ts';
import type { DeviceHost } from './device-host.ts';
import { HostKeeper } from './host-keeper.ts';
import { RecoveryLadder, type RecoveryNote, type Rung, type RungResult } from './recovery-ladder.ts';

export interface DeviceManagerOptions {
  readonly devices: readonly DeviceConfig[];
  readonly cardProfiles: readonly CardProfile[];
  readonly clock: Clock;
  /** Starts a host for a group of devices (`pcsc`, `wires`); called again after a death. */
  startHost(group: string): DeviceHost;
  /** Takes the power of a USB port away and gives it back; absent where the machine cannot. */
  readonly powerCycle?: (usbPort: string) => Promise<Result<object>>;
}

export interface DeviceReport {
  readonly config: DeviceConfig;
  readonly status: DeviceStatus;
  /** How often each rung of the ladder was climbed since the start. */
  readonly recoveries: Readonly<Record<Rung, number>>;
  readonly isIsolated: boolean;
}

export interface DeviceManager {
  status(deviceClass: DeviceClass): DeviceStatus;
  all(): readonly DeviceReport[];
  subscribe(listener: (deviceClass: DeviceClass, status: DeviceStatus) => void): () => void;
  /** Hears of every rung that was climbed. */
  onRecovery(listener: (note: RecoveryNote) => void): () => void;
  execute<Class extends DeviceClass>(
    deviceClass: Class,
    command: CommandOf<Class>,
    limits: Limits,
  ): Promise<Outcome<ReplyOf<Class>>>;
  close(): Promise<void>;
}

const NO_DEVICE: DeviceStatus = { device: 'noDevice', paper: 'unknown', media: 'unknown' };

interface Kept {
  readonly config: DeviceConfig;
  readonly ladder: RecoveryLadder;
  status: DeviceStatus;
  /** Its driver did not give the wire back when it was to be opened anew: only the end of its host frees it. */
  isStuck: boolean;
}

export function createDeviceManager(options: DeviceManagerOptions): DeviceManager {
  return new KeptDevices(options);
}

class KeptDevices implements DeviceManager {
  readonly #options: DeviceManagerOptions;
  readonly #hosts: HostKeeper;
  readonly #kept: readonly Kept[];
  readonly #listeners = new Set<(deviceClass: DeviceClass, status: DeviceStatus) => void>();
  readonly #recoveryListeners = new Set<(note: RecoveryNote) => void>();

  constructor(options: DeviceManagerOptions) {
    this.#options = options;
    this.#kept = options.devices.map((config) => this.#keep(config));
    this.#hosts = new HostKeeper({
      ...options,
      onStatus: (id, status) => this.#learn([id], status),
      onGone: (ids) => this.#learn(ids, { ...UNKNOWN_STATUS, device: 'offline', problem: problem('device.lost') }),
      onRefused: (ids, why) => this.#learn(ids, { ...UNKNOWN_STATUS, device: 'noDevice', problem: why }),
    });
    this.#hosts.start();
  }

  status(deviceClass: DeviceClass): DeviceStatus {
    return this.#deviceOf(deviceClass)?.status ?? NO_DEVICE;
  }

  all(): readonly DeviceReport[] {
    return this.#kept.map(({ config, status, ladder }) => ({
      config,
      status,
      recoveries: { ...ladder.counts },
      isIsolated: ladder.isIsolated,
    }));
  }

  subscribe(listener: (deviceClass: DeviceClass, status: DeviceStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onRecovery(listener: (note: RecoveryNote) => void): () => void {
    this.#recoveryListeners.add(listener);
    return () => this.#recoveryListeners.delete(listener);
  }

  async execute<Class extends DeviceClass>(
    deviceClass: Class,
    command: CommandOf<Class>,
    limits: Limits,
  ): Promise<Outcome<ReplyOf<Class>>> {
    const config = this.#deviceOf(deviceClass)?.config;
    const outcome = config && (await this.#hosts.lend(config, (host) => host.execute(config.id, command, limits)));
    return (outcome ?? failed('device.absent', 'none', deviceClass)) as Outcome<ReplyOf<Class>>;
  }

  async close(): Promise<void> {
    for (const { ladder } of this.#kept) ladder.stop();
    await this.#hosts.close();
  }

  #keep(config: DeviceConfig): Kept {
    const ladder = new RecoveryLadder({
      device: config.id,
      clock: this.#options.clock,
      act: (rung) => this.#climb(config, rung),
      note: (note) => {
        for (const listener of this.#recoveryListeners) listener(note);
      },
    });
    return { config, ladder, status: UNKNOWN_STATUS, isStuck: false };
  }

  #learn(ids: readonly string[], status: DeviceStatus): void {
    for (const device of this.#kept) {
      if (!ids.includes(device.config.id)) continue;
      device.status = status;
      device.ladder.learn(status);
      for (const listener of this.#listeners) listener(device.config.class, status);
    }
  }

  async #climb(config: DeviceConfig, rung: Exclude<Rung, 'isolate'>): Promise<RungResult> {
    switch (rung) {
      case 'reset':
        return resultOf(await this.#hosts.hostOf(config)?.reset(config.id));
      case 'reopen':
        return this.#reopen(config);
      case 'restartHost':
        return this.#restartHost(config);
      case 'powerCycle':
        return this.#powerCycle(config);
    }
  }

  async #reopen(config: DeviceConfig): Promise<RungResult> {
    const result = resultOf(await this.#hosts.hostOf(config)?.reopen(config.id));
    const device = this.#kept.find((candidate) => candidate.config === config);
    if (device) device.isStuck = result === 'failed';
    return result;
  }

  /** A host whose other devices are well is not what is ill, unless it holds a wire that it does not give back. */
  #restartHost(config: DeviceConfig): RungResult {
    const neighbours = this.#kept.filter((other) => other.config !== config && this.#hosts.share(other.config, config));
    const areWell = neighbours.some(({ status }) => status.device === 'online' || status.device === 'deviceBusy');
    const isStuck = this.#kept.some((device) => device.config === config && device.isStuck);
    if (areWell && !isStuck) return 'notFitted';
    return this.#hosts.restartHostOf(config) ? 'tried' : 'failed';
  }

  async #powerCycle({ usbPort }: DeviceConfig): Promise<RungResult> {
    const { powerCycle } = this.#options;
    return powerCycle && usbPort !== undefined ? resultOf(await powerCycle(usbPort)) : 'notFitted';
  }

  #deviceOf(deviceClass: DeviceClass): Kept | undefined {
    return this.#kept.find(({ config }) => config.class === deviceClass);
  }
}

function resultOf(result: Result<object> | undefined): RungResult {
  if (!result) return 'failed';
  if (result.ok) return 'tried';
  return result.problem.code === 'device.notFitted' ? 'notFitted' : 'failed';
}
