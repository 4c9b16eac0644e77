import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TicketBlock } from '../../contract/platform-api.schema.ts';
import { batchOf, recordsOf, ticket } from '../test-support/ledger.ts';
import {
  startTestPlatform,
  type Answer,
  type TerminalName,
  type TestPlatform,
} from '../test-support/running-platform.ts';

let platform: TestPlatform;
beforeEach(async () => {
  platform = await startTestPlatform();
});
afterEach(() => platform.close());

function lease(terminal: TerminalName, key: string, queue = 'civil-affairs', size = 20): Promise<Answer> {
  return platform.post(terminal, 'ticket-blocks', { queue, size, idempotencyKey: key });
}

describe('leasing queue numbers', () => {
  it('never gives one number to two terminals that ask at the same time', async () => {
    const asked = Array.from({ length: 20 }, (_, index) => lease(index % 2 === 0 ? 'kiosk-1' : 'kiosk-2', `k${index}`));
    const numbers = (await Promise.all(asked)).flatMap((answer) => {
      const block = answer.body as TicketBlock;
      return Array.from({ length: block.last - block.first + 1 }, (_, index) => block.first + index);
    });
    expect(numbers).toHaveLength(400);
    expect(new Set(numbers).size).toBe(400);
  });

  it('gives the same block for the same key, even on the next day', async () => {
    const first = await lease('kiosk-1', 'k');
    platform.clock.advance(24 * 3_600_000);
    expect(await lease('kiosk-1', 'k')).toEqual(first);
    expect((await lease('kiosk-1', 'k2')).body).toMatchObject({ first: 1, day: '2026-01-06' });
  });

  it('refuses the same key for another request', async () => {
    await lease('kiosk-1', 'k');
    expect(await lease('kiosk-1', 'k', 'health')).toMatchObject({
      status: 422,
      body: { code: 'idempotency.keyReused' },
    });
    expect(await lease('kiosk-2', 'k')).toMatchObject({ status: 200, body: { first: 21 } });
  });

  it('counts each queue by itself, under its own letter', async () => {
    await lease('kiosk-1', 'a');
    expect((await lease('kiosk-1', 'b', 'health')).body).toMatchObject({ prefix: 'C', first: 1, last: 20 });
    expect(await lease('kiosk-1', 'c', 'nowhere')).toMatchObject({ status: 404 });
  });

  it('stops at the last number a slip can hold', async () => {
    for (let index = 0; index < 49; index++) await lease('kiosk-1', `k${index}`, 'health', 200);
    expect((await lease('kiosk-1', 'last', 'health', 200)).body).toMatchObject({ first: 9801, last: 9999 });
    expect(await lease('kiosk-1', 'over', 'health', 1)).toMatchObject({ status: 409, body: { code: 'queue.usedUp' } });
  });
});

describe('a number from the block of another terminal', () => {
  it('is parked, and the owner’s ticket stands', async () => {
    await lease('kiosk-1', 'k');
    const batch = batchOf(recordsOf([ticket('O1', 'A003')]));
    expect((await platform.sendBatch('kiosk-2', batch)).body).toMatchObject({
      parked: [{ seq: 1, reason: 'ticket.notFromItsBlock' }],
    });
    expect((await platform.sendBatch('kiosk-1', batch)).body).toMatchObject({ parked: [] });
    expect((await platform.summary()).tickets).toMatchObject([{ terminal: 'kiosk-1', number: 'A003' }]);
  });
});

describe('people ahead', () => {
  it('grows with each ticket that arrives and falls when the window calls', async () => {
    await lease('kiosk-1', 'k');
    await platform.sendBatch('kiosk-1', batchOf(recordsOf([ticket('O1', 'A001')])));
    expect(await ahead()).toBe(5);
    await platform.ops('queues/civil-affairs/call', {});
    expect(await ahead()).toBe(4);
    for (let time = 0; time < 9; time++) await platform.ops('queues/civil-affairs/call', {});
    expect(await ahead()).toBe(0);
  });

  async function ahead(): Promise<number | undefined> {
    const { queues } = (await platform.post('kiosk-1', 'heartbeat')).body as {
      queues: { queue: string; ahead: number }[];
    };
    return queues.find((queue) => queue.queue === 'civil-affairs')?.ahead;
  }
});
