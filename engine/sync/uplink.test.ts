import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../contract/outcome.schema.ts';
import { createFakeOutbox, hashAt, type FakeOutbox } from './test-support/fake-outbox.ts';
import { honest, offline, replyLost, setup, type Setup } from './test-support/uplink-bench.ts';

describe('sending', () => {
  it('goes at once for money, and else with 20 records or after 5 s', async () => {
    const { uplink, clock, outbox, sent } = setup();
    uplink.start();
    await clock.run(1_000);
    outbox.add(1);
    uplink.poke();
    await clock.run(100);
    outbox.add(2);
    await clock.run(5_000);
    expect(sent).toEqual([
      { at: 1_000, seqs: [1] },
      { at: 6_000, seqs: [2, 3] },
    ]);
    outbox.add(1);
    uplink.poke('soon');
    await clock.run(1_000);
    expect(sent).toHaveLength(2);
    outbox.add(19);
    uplink.poke('soon');
    await clock.run(0);
    expect(sent[2]).toMatchObject({ at: 7_100, seqs: { length: 20 } });
    expect(uplink.status()).toMatchObject({ state: 'idle', unacknowledged: 0, problem: undefined });
  });

  it('gives the ledger first, then the audit, then attachments one part at a time, then metrics', async () => {
    const parts: string[] = [];
    let partsLeft = 2;
    const { uplink, outbox, sent } = setup({
      attachments: {
        waiting: () => partsLeft,
        sendPart() {
          parts.push(sent.map(({ stream = 'ledger' }) => stream).join(' '));
          // What comes up meanwhile goes before the next part.
          if (partsLeft-- === 2) outbox.add(1);
          return Promise.resolve(ok(undefined));
        },
      },
    });
    outbox.add(1, 'metrics');
    outbox.add(1, 'audit');
    outbox.add(1);
    await uplink.flush();
    expect(parts).toEqual(['ledger audit', 'ledger audit ledger']);
    expect(sent.map(({ stream = 'ledger' }) => stream)).toEqual(['ledger', 'audit', 'ledger', 'metrics']);
  });

  it('sends a long backlog in batches of 500, one after the other', async () => {
    const { uplink, outbox, platform, sent } = setup();
    outbox.add(1_201);
    await uplink.flush();
    expect(sent.map(({ seqs }) => seqs.length)).toEqual([500, 500, 201]);
    expect(platform.stored).toHaveLength(1_201);
  });

  it('never has two batches on the way', async () => {
    const { uplink, outbox, sent } = setup();
    outbox.add(1);
    await Promise.all([uplink.flush(), uplink.flush(), uplink.flush()]);
    expect(sent).toHaveLength(1);
  });

  it('stops without leaving a timer', async () => {
    const { uplink, clock } = setup();
    uplink.start();
    await clock.run(6_000);
    uplink.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a line that fails', () => {
  it('is tried again after twice as long each time, at most 300 s', async () => {
    const { uplink, clock, outbox, sent, line } = setup();
    line.behaviour = offline;
    outbox.add(1);
    uplink.start();
    await clock.run(3_600_000);
    const gaps = sent.map(({ at }, index) => at - (sent[index - 1]?.at ?? at)).slice(1);
    expect(gaps.slice(0, 4).map((gap) => Math.round(gap / 500))).toEqual([1, 2, 4, 8]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(300_000);
    expect(gaps.at(-1)).toBeGreaterThan(140_000);
    expect(uplink.status()).toMatchObject({
      state: 'waiting',
      unacknowledged: 1,
      problem: { code: 'platform.offline' },
    });
  });

  it('makes presence look at once', async () => {
    const { uplink, clock, outbox, line, checks } = setup();
    line.behaviour = offline;
    uplink.start();
    await clock.run(1_000);
    outbox.add(1);
    uplink.poke();
    await clock.run(0);
    expect(checks).toEqual([1_000]);
  });

  it('is left in peace by pokes while it rests', async () => {
    const { uplink, clock, outbox, sent, line } = setup();
    line.behaviour = offline;
    outbox.add(1);
    uplink.start();
    await clock.run(400);
    for (let time = 0; time < 50; time++) uplink.poke();
    expect(sent).toHaveLength(1);
  });

  it('gives each record once when the platform took it and only the answer was lost', async () => {
    const { uplink, clock, outbox, platform, sent, line } = setup();
    line.behaviour = replyLost;
    outbox.add(3);
    uplink.start();
    await clock.run(400);
    line.behaviour = honest;
    await clock.run(10_000);
    expect(sent.length).toBeGreaterThan(1);
    expect(platform.stored).toEqual([1, 2, 3]);
    expect(outbox.unacknowledged()).toBe(0);
  });

  it('is tried within the spread when it returns, however long the rest would still be', async () => {
    const { uplink, clock, outbox, platform, line, comeOnline } = setup({ firstContactSpreadMs: 2_000 });
    line.behaviour = offline;
    outbox.add(1);
    uplink.start();
    await clock.run(600_000);
    line.behaviour = honest;
    comeOnline();
    await clock.run(900);
    expect(platform.stored).toEqual([]);
    await clock.run(1_100);
    expect(platform.stored).toEqual([1]);
  });

  it('waits as long as the platform asks and its part of a second more, also when the line returns meanwhile', async () => {
    const { uplink, clock, outbox, sent, line, comeOnline } = setup({ firstContactSpreadMs: 0 });
    line.behaviour = () => ok({ kind: 'later', afterMs: 90_000 });
    outbox.add(1);
    uplink.start();
    await clock.run(1_000);
    line.behaviour = honest;
    comeOnline();
    uplink.poke();
    await clock.run(100_000);
    expect(sent.map(({ at }) => at)).toEqual([0, 90_501]);
  });
});

describe('a platform that stands elsewhere', () => {
  it('gets everything again from its head after it was restored from a backup', async () => {
    const { uplink, outbox, platform, sent } = setup();
    outbox.add(5);
    await uplink.flush();
    platform.restoreTo(2);
    outbox.add(1);
    await uplink.flush();
    expect(sent.map(({ seqs }) => seqs)).toEqual([[1, 2, 3, 4, 5], [6], [3, 4, 5, 6]]);
    expect(platform.stored).toEqual([1, 2, 3, 4, 5, 6]);
    expect(outbox.unacknowledged()).toBe(0);
  });

  it('stops the uplink for good when its history is another one', async () => {
    const { uplink, clock, outbox, sent, line } = setup();
    outbox.add(2);
    line.behaviour = () =>
      ok({ kind: 'standsElsewhere', reply: { head: { seq: 1, hash: hashAt(1, 'b') }, parked: [] } });
    uplink.start();
    await clock.run(600_000);
    uplink.poke();
    await uplink.flush();
    expect(sent).toHaveLength(1);
    expect(uplink.status()).toMatchObject({ state: 'stopped', unacknowledged: 2, problem: { code: 'platform.fork' } });
    expect(clock.pendingTimers).toBe(0);
  });

  it('is told the history anew under another incarnation, when there is one', async () => {
    const { outbox, sent, platform } = setup();
    outbox.add(2);
    const renamed = { ...outbox, incarnation: 'inc-1' };
    const incarnations: string[] = [];
    const { uplink } = setup({
      outbox: renamed,
      client: {
        sendBatch(batch) {
          incarnations.push(batch.incarnation);
          const head = { seq: 1, hash: hashAt(1, 'b') };
          if (batch.incarnation === 'inc-1')
            return Promise.resolve(ok({ kind: 'standsElsewhere', reply: { head, parked: [] } }));
          return Promise.resolve(ok({ kind: 'stored', reply: platform.take(batch).reply }));
        },
      },
      onFork() {
        renamed.incarnation = 'inc-2';
        return ok(undefined);
      },
    });
    await uplink.flush();
    expect(sent).toEqual([]);
    expect(incarnations).toEqual(['inc-1', 'inc-2']);
    expect(outbox.unacknowledged()).toBe(0);
    expect(uplink.status()).toMatchObject({ state: 'idle', problem: undefined });
  });

  it('is not believed when it claims a success of another history', async () => {
    const { uplink, outbox, line } = setup();
    outbox.add(1);
    line.behaviour = () => ok({ kind: 'stored', reply: { head: { seq: 1, hash: hashAt(1, 'b') }, parked: [] } });
    await uplink.flush();
    expect(uplink.status()).toMatchObject({ state: 'stopped', unacknowledged: 1 });
  });

  it.each(['stored', 'standsElsewhere'] as const)(
    'is not asked in a tight loop when it never moves on: %s',
    async (kind) => {
      const { uplink, clock, outbox, sent, line } = setup();
      outbox.add(1);
      line.behaviour = () => ok({ kind, reply: { head: { seq: 0, hash: hashAt(0) }, parked: [] } });
      uplink.start();
      await clock.run(60_000);
      expect(sent.length).toBeLessThan(16);
      expect(uplink.status()).toMatchObject({ state: 'waiting', unacknowledged: 1 });
    },
  );
});

describe('our own book-keeping', () => {
  it('is not taken for a lost line when it throws: the bug comes out', async () => {
    const outbox = createFakeOutbox();
    outbox.add(1);
    const broken = {
      ...outbox,
      acknowledge: () => {
        throw new Error('bug in the ledger');
      },
    };
    const { uplink } = setup({ outbox: broken });
    await expect(uplink.flush()).rejects.toThrow('bug in the ledger');
  });

  it('makes the same records go up again, and be stored once, when the disk is full', async () => {
    const { uplink, clock, outbox, platform } = await fullDisk();
    await clock.run(60_000);
    expect(platform.stored).toEqual([1, 2]);
    expect(outbox.unacknowledged()).toBe(0);
    uplink.stop();
  });

  async function fullDisk(): Promise<Setup> {
    const outbox = createFakeOutbox();
    outbox.add(2);
    let failures = 2;
    const acknowledge: FakeOutbox['acknowledge'] = (head) =>
      failures-- > 0 ? fail('ledger.full') : outbox.acknowledge(head);
    const made = setup({ outbox: { ...outbox, acknowledge } });
    made.uplink.start();
    await made.clock.run(100);
    expect(made.uplink.status()).toMatchObject({ state: 'waiting', problem: { code: 'ledger.full' } });
    return { ...made, outbox };
  }

  it('keeps what the platform parked, once', async () => {
    const { uplink, outbox, line } = setup();
    line.behaviour = (_batch, take) => {
      const answer = take();
      const parked = [{ seq: 1, reason: 'charge.amountChanged' }];
      if (!answer.ok || answer.value.kind !== 'stored') return answer;
      return ok({ kind: 'stored', reply: { ...answer.value.reply, parked } });
    };
    outbox.add(1);
    await uplink.flush();
    outbox.add(1);
    await uplink.flush();
    expect(uplink.status().parked).toEqual([{ seq: 1, reason: 'charge.amountChanged' }]);
  });
});
