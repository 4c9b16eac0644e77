/** What every part of the platform is given. */
import type { Clock } from '../contract/clock.ts';
import type { PlatformDatabase } from './database/tables.ts';
import type { Publications } from './documents/publications.ts';
import type { OpenOperations } from './ops/operations.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { Presences } from './presences.ts';
import type { QueueLengths } from './tickets/queue-lengths.ts';
import type { Trust } from './trust/trust.ts';
import type { ParkingTariff } from '../contract/published-content.schema.ts';
import type { PlatformSeed, Queue } from './platform-data.ts';

export interface PlatformContext {
  readonly database: PlatformDatabase;
  readonly clock: Clock;
  readonly tariff: ParkingTariff;
  readonly queues: readonly Queue[];
  readonly seed: PlatformSeed;
  readonly trust: Trust;
  readonly publications: Publications;
  readonly ingest: Ingest;
  readonly presences: Presences;
  readonly queueLengths: QueueLengths;
  readonly operations: OpenOperations;
}
