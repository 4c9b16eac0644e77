import { describe, expect, it } from 'vitest';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { TicketBlock, TicketBlockRequest } from '../../contract/platform-api.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { createTicketBlockKeeper, type TicketBlockKeeper } from './ticket-blocks.ts';

const TODAY = '2026-01-05';

interface Setup {
  readonly keeper: TicketBlockKeeper;
  readonly clock: SimulatedClock;
  readonly asked: TicketBlockRequest[];
  readonly blocks: TicketBlock[];
  readonly world: { online: boolean; answer: 'leased' | 'lost' | 'refused'; day: string; store: Result<undefined> };
  use(queue: string, count: number): void;
  comeOnline(): void;
}

function setup(): Setup {
  const clock = new SimulatedClock();
  const asked: TicketBlockRequest[] = [];
  const blocks: TicketBlock[] = [];
  const used = new Map<string, number>();
  const world: Setup['world'] = { online: true, answer: 'leased', day: TODAY, store: ok(undefined) };
  const listeners = new Set<(online: boolean) => void>();
  let draws = 0;
  const leases = new Map<string, TicketBlock>();
  const keeper = createTicketBlockKeeper({
    clock,
    chance: { bytes: (length) => new Uint8Array(length).fill(++draws) },
    queues: ['civil-affairs', 'health'],
    localDay: () => TODAY,
    presence: {
      online: () => world.online,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    client: {
      leaseTicketBlock(request): Promise<Result<TicketBlock>> {
        asked.push(request);
        if (world.answer === 'refused') return Promise.resolve(fail('platform.refused'));
        const first = leases.size * 50 + 1;
        const block = leases.get(request.idempotencyKey) ?? {
          block: `b${first}`,
          queue: request.queue,
          prefix: 'A',
          first,
          last: first + request.size - 1,
          day: world.day,
        };
        leases.set(request.idempotencyKey, block);
        return Promise.resolve(world.answer === 'lost' ? fail('platform.offline') : ok(block));
      },
    },
    tickets: {
      store(block) {
        if (world.store.ok) blocks.push(block);
        return world.store;
      },
      remaining: (queue, day) =>
        blocks
          .filter((block) => block.queue === queue && block.day === day)
          .reduce((sum, block) => sum + block.last - block.first + 1, 0) - (used.get(queue) ?? 0),
    },
  });
  const use = (queue: string, count: number): void => void used.set(queue, (used.get(queue) ?? 0) + count);
  return {
    keeper,
    clock,
    asked,
    blocks,
    world,
    use,
    comeOnline: () => listeners.forEach((listener) => listener(true)),
  };
}

describe('leased numbers', () => {
  it('are topped up for each queue that runs low, and only then', async () => {
    const { keeper, clock, asked, use } = setup();
    keeper.start();
    await clock.run(600_000);
    expect(asked.map(({ queue, size }) => [queue, size])).toEqual([
      ['civil-affairs', 50],
      ['health', 50],
    ]);
    use('health', 40);
    await keeper.topUp();
    expect(asked).toHaveLength(2);
    use('health', 1);
    await keeper.topUp();
    expect(asked.at(-1)).toMatchObject({ queue: 'health' });
    keeper.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('are not asked for while the line is cut, and at once when it returns', async () => {
    const { keeper, clock, asked, world, comeOnline } = setup();
    world.online = false;
    keeper.start();
    await clock.run(600_000);
    expect(asked).toEqual([]);
    world.online = true;
    comeOnline();
    await clock.run(0);
    expect(asked).toHaveLength(2);
    keeper.stop();
  });

  it('are leased once when the answer is lost: the next try uses the same key', async () => {
    const { keeper, asked, blocks, world } = setup();
    world.answer = 'lost';
    await keeper.topUp();
    expect(keeper.problem()).toMatchObject({ code: 'platform.offline' });
    world.answer = 'leased';
    await keeper.topUp();
    expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
    expect(blocks.map(({ first }) => first)).toEqual([1, 51]);
    expect(keeper.problem()).toBeUndefined();
  });

  it('are asked for by a new key after a refusal', async () => {
    const { keeper, asked, world } = setup();
    world.answer = 'refused';
    await keeper.topUp();
    await keeper.topUp();
    expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(4);
  });

  it('are kept by the same key until the ledger has room for the block', async () => {
    const { keeper, asked, blocks, world } = setup();
    world.store = fail('ledger.full');
    await keeper.topUp();
    world.store = ok(undefined);
    await keeper.topUp();
    expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
    expect(blocks).toHaveLength(2);
  });

  it('are not leased away minute by minute when the platform’s day is another', async () => {
    const { keeper, clock, asked, world } = setup();
    world.day = '2026-01-06';
    keeper.start();
    await clock.run(9 * 60_000);
    expect(asked).toHaveLength(2);
    expect(keeper.problem()).toMatchObject({ code: 'platform.badAnswer' });
    await clock.run(2 * 60_000);
    expect(asked).toHaveLength(4);
    keeper.stop();
  });

  it('are leased by one look at a time', async () => {
    const { keeper, asked } = setup();
    await Promise.all([keeper.topUp(), keeper.topUp()]);
    expect(asked).toHaveLength(2);
  });
});
