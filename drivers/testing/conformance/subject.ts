/**
 * What the one conformance suite needs to know of a class to try it: how to open its driver on a wire, how to open the
 * device at the other end, and which commands to give. Every driver has at least one subject.
 */
import type { Chance, Clock } from '../../../contract/clock.ts';
import type { ByteLink } from '../../link/byte-link.ts';
import type { AnyDriver } from '../../opener.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import type { FaultyWire } from '../../simulator/faulty-wire.ts';

export interface SimulatedDevice extends ByteSimulator {
  readonly wire: FaultyWire;
}

export interface ConformanceTask<Device extends SimulatedDevice> {
  readonly name: string;
  /** A command of the class. */
  readonly command: unknown;
  /** Simulated milliseconds from the command to its deadline; enough for a healthy device. */
  readonly budgetMs: number;
  /** Sets the scene before the command: a card on the reader, paper in the roll, a finger on the sensor. */
  prepare?(device: Device): void;
  /**
   * How often the outside world has been changed so far: sales made, slips cut, doors pulsed. Present for physical commands
   * only; the suite then demands that one command never makes two, and that `failed` with effect `none` made none.
   */
  acts?(device: Device): number;
  /** What the reply must be besides being the same in every run; optional. */
  check?(reply: unknown): void;
  /** The reply differs from run to run (a random template, a time); only `check` looks at it. */
  readonly variable?: boolean;
}

export interface ConformanceSubject<Device extends SimulatedDevice = SimulatedDevice> {
  /** Class and model, as a person reads it in the list of tests. */
  readonly name: string;
  /** Opens the driver of one model; `link` reconnects by itself and is opened by the driver. */
  openDriver(link: ByteLink, clock: Clock): AnyDriver;
  openDevice(surroundings: { readonly clock: Clock; readonly chance: Chance }): Device;
  readonly tasks: readonly ConformanceTask<Device>[];
  /** Simulated milliseconds within which a healthy device is seen `online`, and a vanished or mute one no longer is. */
  readonly noticeMs: number;
  /** The device cannot be asked anything harmless: mute while idle is not noticed before the next command. */
  readonly noHeartbeat?: boolean;
}

/** Keeps the device's type inside; the suite needs only what every subject has. */
export function subject<Device extends SimulatedDevice>(description: ConformanceSubject<Device>): ConformanceSubject {
  return description as unknown as ConformanceSubject;
}
