import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import type { Ledger } from './ledger.ts';
import { eventNames, TestLedgers } from './test-support/test-ledger.ts';

const RATED: TerminalEvent = { type: 'Rated', at: '2026-01-05T00:00:00.000Z', service: 'parking', stars: 5 };
const SALE = { step: 'charge.intent', echo: '0001', amountCents: 960, service: 'parking' } as const;

let ledgers: TestLedgers;
beforeEach(() => {
  ledgers = new TestLedgers();
});
afterEach(() => ledgers.dispose());

const sale = (n: number) => ({ ...SALE, trade: `t-${n}` });

/** Counts commits of many waiting callers by the kill point behind each. */
function counting() {
  const commits: number[] = [];
  const ledger = ledgers.open({ probe: (point) => void (point === 'ledger.append.after' && commits.push(0)) });
  return { ledger, commits };
}

describe('callers that wait together', () => {
  it('share a commit, and are answered only when it is durable', async () => {
    const { ledger, commits } = counting();
    let answered = 0;
    const waiting = Array.from({ length: 10 }, async (_, n) => {
      const written = await ledger.appendSoon(`op-${n}`, sale(n), [RATED]);
      answered++;
      return written;
    });
    await Promise.resolve();
    expect([answered, commits.length]).toEqual([0, 0]);
    const results = await ledgers.clock.runUntil(Promise.all(waiting));
    expect(results.every((result) => result.ok && result.value.state === 'charging')).toBe(true);
    expect(commits).toHaveLength(1);
    const found = ledgers.open({ path: ledgers.crashCopy(ledgers.path()) });
    expect([found.openTxns().length, found.outbox.unacknowledged()]).toEqual([10, 10]);
  });

  it('are written over several turns when they are many, all of them once', async () => {
    const { ledger, commits } = counting();
    const waiting = Array.from({ length: 150 }, (_, n) => ledger.appendSoon(`op-${n}`, sale(n), [RATED]));
    await ledgers.clock.runUntil(Promise.all(waiting));
    expect(commits).toHaveLength(3);
    expect(ledger.outbox.unacknowledged()).toBe(150);
    expect(new Set(ledger.openTxns().map(({ id }) => id)).size).toBe(150);
  });

  it('for one transaction are written in order, one commit after the other', async () => {
    const { ledger, commits } = counting();
    const waiting = [
      ledger.appendSoon('op', sale(1), []),
      ledger.appendSoon('op', { step: 'charge.paid', voucher: '000123' }, []),
      ledger.appendSoon('other', sale(2), []),
      ledger.appendSoon('op', { step: 'deliver.waived', reason: 'no slip wanted' }, []),
    ];
    await ledgers.clock.runUntil(Promise.all(waiting));
    expect(commits).toHaveLength(3);
    expect(ledger.txn('op').state).toBe('delivered');
  });

  it('are not dropped for one whose entry cannot follow: that caller alone hears of the bug', async () => {
    const ledger = ledgers.open();
    const good = ledger.appendSoon('a', sale(1), [RATED]);
    const bad = ledger.appendSoon('b', { step: 'deliver.done', evidence: '' }, [RATED]);
    const alsoGood = ledger.appendSoon('c', sale(2), [RATED]);
    const ends = await ledgers.clock.runUntil(Promise.allSettled([good, bad, alsoGood]));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(eventNames(ledger)).toEqual(['Rated', 'Rated']);
  });

  it('are not dropped for one that finds no room', async () => {
    const ledger = ledgers.open({ maxBytes: 200_000 });
    const large: TerminalEvent = { ...RATED, service: 'x'.repeat(300_000) };
    const waiting = [
      ledger.appendSoon('a', sale(1), [RATED]),
      ledger.appendSoon('b', sale(2), [large]),
      ledger.appendSoon('c', sale(3), [RATED]),
    ];
    const [first, second, third] = await ledgers.clock.runUntil(Promise.all(waiting));
    expect([first?.ok, third?.ok]).toEqual([true, true]);
    expect(second).toMatchObject({ ok: false, problem: { code: 'ledger.full' } });
    expect(ledger.txn('b').state).toBe('created');
    expect(chainOf(ledger)).toEqual([1, 2]);
  });

  it('all hear of it when the process breaks inside their commit, and nothing of it stays', async () => {
    let armed = true;
    const ledger = ledgers.open({
      probe(point) {
        if (armed && point === 'ledger.append.inside') throw new Error('broken');
      },
    });
    const waiting = [ledger.appendSoon('a', sale(1), [RATED]), ledger.appendSoon('b', sale(2), [RATED])];
    const ends = await ledgers.clock.runUntil(Promise.allSettled(waiting));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    armed = false;
    expect(ledger.outbox.unacknowledged()).toBe(0);
    expect(ledger.append('a', sale(1), [RATED]).ok).toBe(true);
  });
});

function chainOf(ledger: Ledger): readonly number[] {
  return ledger.outbox.pending(9).records.map(({ seq }) => seq);
}
