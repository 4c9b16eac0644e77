/** An uplink between an outbox in memory and a platform whose behaviour the test decides. */
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import type { BatchRequest } from '../../../contract/platform-api.schema.ts';
import type { Stream } from '../../../contract/terminal-event.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import type { BatchAnswer } from '../platform-client.ts';
import { steadyChance } from './fake-chance.ts';
import { createFakeOutbox, createFakePlatform, type FakeOutbox } from './fake-outbox.ts';
import { createUplink, type Uplink, type UplinkOptions } from '../uplink.ts';

export type Behaviour = (batch: BatchRequest, take: () => Result<BatchAnswer>) => Result<BatchAnswer>;
export const honest: Behaviour = (_batch, take) => take();
export const offline: Behaviour = () => fail('platform.offline');
/** The platform stores the batch; its answer never arrives. */
export const replyLost: Behaviour = (_batch, take) => {
  take();
  return fail('platform.offline', 'no answer in 10000 ms');
};

export interface Setup {
  readonly uplink: Uplink;
  readonly clock: SimulatedClock;
  readonly outbox: FakeOutbox;
  readonly platform: ReturnType<typeof createFakePlatform>;
  /** `stream` is left out for the ledger. */
  readonly sent: { readonly at: number; readonly seqs: readonly number[]; readonly stream?: Stream }[];
  readonly line: { behaviour: Behaviour };
  readonly checks: readonly number[];
  comeOnline(): void;
}

/** `steadyChance(128)`: every draw is about one half, so the back-off is 0.5, 1, 2, 4 ... s. */
export function setup(more: Partial<UplinkOptions> = {}): Setup {
  const clock = new SimulatedClock();
  const outbox = createFakeOutbox();
  const platform = createFakePlatform();
  const sent: Setup['sent'] = [];
  const line = { behaviour: honest };
  const checks: number[] = [];
  const listeners = new Set<(online: boolean) => void>();
  const uplink = createUplink({
    outbox,
    clock,
    chance: steadyChance(128),
    client: {
      sendBatch: (batch, stream = 'ledger') => {
        const seqs = batch.records.map(({ seq }) => seq);
        sent.push({ at: Math.floor(clock.now()), seqs, ...(stream === 'ledger' ? {} : { stream }) });
        const take = (): Result<BatchAnswer> => {
          const { taken, reply } = platform.take(batch, stream);
          return ok({ kind: taken ? 'stored' : 'standsElsewhere', reply });
        };
        return Promise.resolve(line.behaviour(batch, take));
      },
    },
    presence: {
      online: () => true,
      check: () => {
        checks.push(clock.now());
        return Promise.resolve();
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    ...more,
  });
  const comeOnline = (): void => listeners.forEach((listener) => listener(true));
  return { uplink, clock, outbox, platform, sent, line, checks, comeOnline };
}
