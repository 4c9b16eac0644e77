import { describe, expect, it } from 'vitest';
import { ok, problem } from '../../contract/outcome.schema.ts';
import { honest, setup, type Behaviour } from './test-support/uplink-bench.ts';

describe('a platform that sets the pace', () => {
  const paced: Behaviour = (_batch, take) => {
    const answer = take();
    if (!answer.ok || answer.value.kind !== 'stored') return answer;
    return ok({ kind: 'stored', reply: { ...answer.value.reply, next: { afterMs: 30_000, maxRecords: 100 } } });
  };

  it('is given a backlog in the pieces and at the pace it asks for', async () => {
    const { uplink, clock, outbox, sent, line } = setup();
    line.behaviour = paced;
    outbox.add(700);
    uplink.start();
    await clock.run(60_000);
    expect(sent.map(({ at, seqs }) => [at, seqs.length])).toEqual([
      [0, 500],
      [30_000, 100],
      [60_000, 100],
    ]);
  });

  it('is not kept waiting for money that is in the very next batch', async () => {
    const { uplink, clock, outbox, sent, line } = setup();
    line.behaviour = paced;
    outbox.add(30);
    uplink.start();
    await clock.run(1_000);
    outbox.add(1);
    uplink.poke('money');
    await clock.run(0);
    expect(sent.map(({ at }) => at)).toEqual([0, 1_000]);
  });

  it('finds the one record it will not take, has all before it, and hears of the other streams meanwhile', async () => {
    const { uplink, clock, outbox, platform, sent, line } = setup();
    line.behaviour = (batch, take) =>
      batch.records.some(({ seq }) => seq === 18) && sent.at(-1)?.stream === undefined
        ? ok({ kind: 'refused', problem: problem('platform.refused', '422 body.notInContract') })
        : take();
    outbox.add(25);
    outbox.add(3, 'audit');
    uplink.start();
    await clock.run(10_000);
    expect(platform.stored.at(-1)).toBe(17);
    expect(outbox.unacknowledged('audit')).toBe(0);
    expect(sent.length).toBeLessThan(30);
    expect(uplink.status()).toMatchObject({
      state: 'waiting',
      problem: { code: 'sync.refused', detail: 'ledger record 18: 422 body.notInContract' },
    });
    line.behaviour = honest;
    await clock.run(300_000);
    expect(outbox.unacknowledged()).toBe(0);
  });
});
