/** The reference central platform: one Fastify server on loopback over an SQLite file or a PostgreSQL server. */
import { fastify, type FastifyInstance } from 'fastify';
import type { Chance, Clock } from '../contract/clock.ts';
import type { EnrolledTerminal } from '../contract/enrolment.schema.ts';
import type { PlatformContext } from './context.ts';
import { databaseTarget } from './database/open-database.ts';
import { createPublications } from './documents/publications.ts';
import { answerErrorsInContract } from './http/errors.ts';
import { createLine } from './http/line.ts';
import { addOpsRoutes } from './http/ops-routes.ts';
import { addEnrolRoute } from './http/enrolment-routes.ts';
import { addTerminalRoutes } from './http/terminal-routes.ts';
import { createIngest } from './ingest/ingest.ts';
import { openStored } from './ingest/open-stored.ts';
import { createOpenOperations } from './ops/operations.ts';
import { createWatch, type Watch } from './ops/watch.ts';
import { createPresences } from './presences.ts';
import { seedResidents } from './identity/residents.ts';
import { seedStays } from './parking/stays.ts';
import { readDefaultSeed, readQueues, readTariff, type PlatformSeed } from './platform-data.ts';
import { createQueueLengths, seedWaiting } from './tickets/queue-lengths.ts';
import { admit } from './trust/enrolment.ts';
import type { SavedKeyring } from './trust/keyring.ts';
import { createTrust, signCheckpoint } from './trust/trust.ts';

export interface PlatformOptions {
  /** A file, `:memory:`, or `postgres://...`. */
  readonly databasePath: string;
  /** Loopback: a gateway in front of it ends TLS. */
  readonly host: '127.0.0.1';
  /** 0 takes any free port. */
  readonly port: number;
  /** The same for every node; see `trust/key-file.system.ts`. */
  readonly keys: SavedKeyring;
  /** Whose keys are known beforehand; all others are enrolled. */
  readonly terminals?: readonly EnrolledTerminal[];
  readonly clock: Clock;
  readonly chance: Chance;
  /** What a demonstration begins with; without it, `data/seed.json`. */
  readonly seed?: PlatformSeed;
  /** Told of bugs behind a 500; the answer itself says nothing of the inside. */
  readonly onFault?: (error: unknown) => void;
  /** Told when the disk has failed: nothing is stored any more before the program was started again. */
  readonly onLost?: (error: unknown) => void;
}

export interface RunningPlatform {
  readonly url: string;
  /** Ends open connections and closes the database; idempotent. */
  close(): Promise<void>;
}

/** Everything but the port: requests can be put in by hand. */
export interface OpenPlatform {
  readonly app: FastifyInstance;
  readonly context: PlatformContext;
  readonly watch: Watch;
  close(): Promise<void>;
}

/** Rejects when the database is not safe to use, the seed or data are wrong, or the port is taken. */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const { app, watch, close } = await openPlatform(options);
  try {
    watch.start(WATCH_EVERY_MS);
    const url = await app.listen({ host: options.host, port: options.port });
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Commits that a node has under way at a server: one is decided while another is written. */
const POSTGRES_LANES = 3;
/** How soon after its arrival a broken invariant, a version or an answer is seen. */
const WATCH_EVERY_MS = 5_000;

/** Rejects when the database is not safe to use, or the seed or data are wrong. */
export async function openPlatform(options: Omit<PlatformOptions, 'host' | 'port'>): Promise<OpenPlatform> {
  const { clock, chance, keys, onFault = () => undefined, onLost = onFault } = options;
  const target = databaseTarget(options.databasePath);
  const { database, store } = await openStored(target, { clock, onFault, onLost });
  const trust = createTrust({ database, keys, clock, chance });
  const presences = createPresences(database, clock);
  const queues = readQueues();
  const queueLengths = createQueueLengths({ database, clock, queues });
  const context: PlatformContext = {
    ...{ clock, database, trust, presences, queues, queueLengths },
    publications: createPublications({ database, keyring: trust.keyring, clock }),
    operations: createOpenOperations({ database, clock }),
    tariff: readTariff(),
    seed: options.seed ?? readDefaultSeed(),
    ingest: createIngest({
      store,
      clock,
      lanes: 'postgresUrl' in target ? POSTGRES_LANES : 1,
      signCheckpoint: (head, atMs) => signCheckpoint(trust.keyring, head, atMs),
      onClock: presences.clockSeen,
      onTicket: queueLengths.forget,
    }),
  };
  const app = fastify({ forceCloseConnections: true, requestTimeout: 10_000, routerOptions: { maxParamLength: 64 } });
  const watch = createWatch({ database, clock, onFault });
  const close = closeOnce(async () => {
    await app.close();
    await watch.stop();
    presences.stop();
    // what it would write is said again; closing must not wait for a database that is gone
    await presences.write().catch(() => undefined);
    await store.close();
    await database.destroy();
  });
  try {
    await admit(database, options.terminals ?? [], clock.wallMs());
    await seedStays(context);
    await seedWaiting(context);
    await seedResidents(context);
    answerErrorsInContract(app, onFault);
    const line = createLine();
    await app.register(async (scope) => addTerminalRoutes(scope, context, line), { prefix: '/v1/terminals' });
    await app.register(async (scope) => addEnrolRoute(scope, context, line));
    await app.register(async (scope) => addOpsRoutes(scope, context, line));
    await app.ready();
    return { app, context, watch, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function closeOnce(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close();
    return closing;
  };
}
