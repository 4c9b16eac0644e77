/** What every part of the platform is given. */
import type { Clock } from '../contract/clock.ts';
import type { PlatformDatabase } from './database/tables.ts';
import type { PlatformSeed, ParkingTariff, Queue } from './platform-data.ts';

export interface PlatformContext {
  readonly database: PlatformDatabase;
  readonly clock: Clock;
  readonly tariff: ParkingTariff;
  readonly queues: readonly Queue[];
  readonly seed: PlatformSeed;
}
