/** Purchases on the real PC/SC daemon, card and PSAM in its two virtual slots, and the daemon killed in every state of a card. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../contract/clock.system.ts';
import type { SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { until as happens } from '../../scripts/journey/watching.ts';
import { isEmpty, isOffline, isPresent, PcscdBench } from '../support/pcscd-bench.test-support.ts';
import { whatPcscdLacks } from '../support/pcscd.ts';

const missing = whatPcscdLacks();
const CHEN = { kind: 'done', reply: { cardNumber: '4401130000010017', holderName: '陈小明' } };
const BUY = { kind: 'purchase', trade: 'T-1', amountCents: 200 } as const;

function debitOf(outcome: Outcome<SmartCardReply>): string {
  if (outcome.kind !== 'unknown' || !outcome.lastEvidence) throw new Error(JSON.stringify(outcome));
  return outcome.lastEvidence.value;
}

describe.skipIf(missing !== undefined)(`card and PSAM on real pcscd${missing ? ` (missing: ${missing})` : ''}`, () => {
  let bench: PcscdBench;
  beforeEach(() => {
    bench = new PcscdBench();
  });
  afterEach(() => bench.close());

  async function paying() {
    const daemon = await bench.startDaemon();
    const psam = bench.psam();
    const card = bench.card();
    const reader = bench.reader();
    await reader.until(isEmpty, 'online and empty');
    card.insert('livelihood-chen');
    await reader.until(isPresent, 'present');
    await happens('the PSAM is in its slot', async () => {
      for await (const { step, result } of reader.driver.selfTest()) if (step === 'PSAM') return result === 'pass';
      return false;
    });
    return { daemon, psam, card, ...reader };
  }

  it('pays once, tears, and settles', async () => {
    const { card, psam, run, until } = await paying();
    expect(await run({ kind: 'read', purse: true })).toMatchObject({
      ...CHEN,
      reply: { balanceCents: 1_234, log: [{ type: 'purchase' }, { type: 'load' }] },
    });
    expect(await run(BUY)).toMatchObject({
      kind: 'done',
      reply: { purchase: { state: 'charged', balanceCents: 1_034 } },
    });
    expect(psam.state.accepted).toBe(1);

    for (const [tear, state, balanceCents] of [
      ['afterDebit', 'charged', 834],
      ['beforeDebit', 'notCharged', 834],
    ] as const) {
      card.faults.tear = tear;
      const trade = `T-${tear}`;
      const debit = debitOf(await run({ ...BUY, trade }));
      await until(isEmpty, 'empty after the tear');
      card.insert('livelihood-chen');
      await until(isPresent, 'present again');
      expect(await run({ kind: 'settle', trade, debit })).toMatchObject({
        kind: 'done',
        reply: { purchase: { state, balanceCents } },
      });
    }
    expect(card.debits).toBe(2);
  });

  it.each(['no card', 'a card that lies there', 'a card being read', 'a card being debited'])(
    'with %s survives the daemon’s death and works on the next one',
    async (state) => {
      const { daemon, card, run, until } = await paying();
      if (state === 'no card') {
        card.remove();
        await until(isEmpty, 'empty');
      }
      const isBusy = state === 'a card being read' || state === 'a card being debited';
      if (isBusy) card.faults.slowMs = 300;
      const running = isBusy ? run(state === 'a card being read' ? { kind: 'read' } : BUY, 20_000) : undefined;
      if (running) {
        const wanted = state === 'a card being read' ? 1 : 6;
        await happens('the card is in the middle of it', () => Promise.resolve(card.state.exchanges >= wanted));
      }
      const killedAt = clock.now();
      await bench.kill(daemon);
      await until(isOffline, 'offline');
      if (running) {
        const outcome = await running;
        expect(clock.now() - killedAt).toBeLessThan(2_000);
        if (state === 'a card being read') expect(outcome).toMatchObject({ kind: 'failed', effect: 'none' });
        else expect(outcome.kind === 'failed' ? [outcome.effect, card.debits] : outcome.kind).toEqual('unknown');
      }
      card.faults.slowMs = 0;
      await bench.startDaemon();
      if (state === 'no card') {
        await until(isEmpty, 'online on the new daemon');
        card.insert('livelihood-chen');
      }
      await until(isPresent, 'present on the new daemon');
      if (state === 'a card being debited' && running) {
        const settled = await run({ kind: 'settle', trade: BUY.trade, debit: debitOf(await running) });
        expect(settled).toMatchObject({ reply: { purchase: { state: card.debits === 1 ? 'charged' : 'notCharged' } } });
      }
      expect(await run({ kind: 'read' })).toMatchObject(CHEN);
    },
  );

  it('keeps its deadline with a card that answers after a minute, and reads the next one', async () => {
    const { card, run, until } = await paying();
    card.faults.slowMs = 60_000;
    const before = clock.now();
    expect(await run({ kind: 'read' }, 1_500)).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.deadline' },
    });
    expect(clock.now() - before).toBeLessThan(1_700);
    card.faults.slowMs = 0;
    card.remove();
    await until(isEmpty, 'empty again');
    card.insert('livelihood-chen');
    await until(isPresent, 'present again');
    expect(await run({ kind: 'read' })).toMatchObject(CHEN);
  });

  it('names the reader that is not there, and a PSAM that is out', async () => {
    await bench.startDaemon();
    const other = bench.reader('HID Global');
    await other.until(({ problem }) => problem?.detail?.includes('no reader named HID Global') === true, 'named');
    expect(await other.run({ kind: 'read' })).toMatchObject({ kind: 'failed', problem: { code: 'device.absent' } });
    await other.driver.close();
    const { until, run } = bench.reader();
    const card = bench.card();
    await until(isEmpty, 'online');
    card.insert('livelihood-chen');
    await until(isPresent, 'present');
    expect(await run(BUY)).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.absent' } });
    expect(card.debits).toBe(0);
  });
});
