/** The reference central platform: one Fastify server on loopback over one SQLite file. */
import { fastify } from 'fastify';
import type { Clock } from '../contract/clock.ts';
import type { PlatformContext } from './context.ts';
import { openDatabase } from './database/open-database.ts';
import { answerErrorsInContract } from './http/errors.ts';
import { createLine } from './http/line.ts';
import { addOpsRoutes } from './http/ops-routes.ts';
import { enrol, type TerminalCredential } from './http/terminal-auth.ts';
import { addTerminalRoutes } from './http/terminal-routes.ts';
import { seedResidents } from './identity/residents.ts';
import { seedStays } from './parking/stays.ts';
import { readDefaultSeed, readQueues, readTariff, type PlatformSeed } from './platform-data.ts';
import { seedWaiting } from './tickets/queue-lengths.ts';

export interface PlatformOptions {
  /** A file, or `:memory:`. */
  readonly databasePath: string;
  /** Loopback: a gateway in front of it ends TLS. */
  readonly host: '127.0.0.1';
  /** 0 takes any free port. */
  readonly port: number;
  readonly terminals: readonly TerminalCredential[];
  readonly clock: Clock;
  /** What a demonstration begins with; without it, `data/seed.json`. */
  readonly seed?: PlatformSeed;
  /** Told of bugs behind a 500; the answer itself says nothing of the inside. */
  readonly onFault?: (error: unknown) => void;
}

export interface RunningPlatform {
  readonly url: string;
  /** Ends open connections and closes the database; idempotent. */
  close(): Promise<void>;
}

/** Rejects when the database is not safe to use, the seed or data are wrong, or the port is taken. */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const context: PlatformContext = {
    clock: options.clock,
    tariff: readTariff(),
    queues: readQueues(),
    seed: options.seed ?? readDefaultSeed(),
    database: openDatabase(options.databasePath),
  };
  const app = fastify({ forceCloseConnections: true, requestTimeout: 10_000, routerOptions: { maxParamLength: 64 } });
  const close = closeOnce(async () => {
    await app.close();
    await context.database.destroy();
  });
  try {
    await enrol(context.database, options.terminals);
    await seedStays(context);
    await seedWaiting(context);
    await seedResidents(context);
    answerErrorsInContract(app, options.onFault ?? (() => undefined));
    const line = createLine();
    await app.register(async (scope) => addTerminalRoutes(scope, context, line), { prefix: '/v1/terminals' });
    await app.register(async (scope) => addOpsRoutes(scope, context, line));
    const url = await app.listen({ host: options.host, port: options.port });
    return { url, close };
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
