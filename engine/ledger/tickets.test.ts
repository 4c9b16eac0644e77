import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TicketBlock } from '../../contract/platform-api.schema.ts';
import { eventsOf, seededChance, TestLedgers } from './test-support/test-ledger.ts';

const DAY = '2026-01-05';
const BLOCK: TicketBlock = { block: 'b-1', queue: 'civil', prefix: 'A', first: 1, last: 2, day: DAY };

let ledgers: TestLedgers;
beforeEach(() => {
  ledgers = new TestLedgers();
});
afterEach(() => ledgers.dispose());

const request = (operation: string) => ({ queue: 'civil', day: DAY, operation, offline: true });

describe('a queue number', () => {
  it('comes from the leased block, with its event, and the slip has none when the block is used up', () => {
    const ledger = ledgers.open();
    expect(ledger.tickets.store(BLOCK).ok).toBe(true);
    expect(ledger.tickets.issue(request('a'))).toEqual({ ok: true, value: { number: 'A001' } });
    expect(ledger.tickets.issue(request('b'))).toEqual({ ok: true, value: { number: 'A002' } });
    expect(ledger.tickets.remaining('civil', DAY)).toBe(0);
    expect(ledger.tickets.issue(request('c'))).toEqual({ ok: true, value: { number: undefined } });
    expect(eventsOf(ledger)).toMatchObject([
      { type: 'TicketIssued', number: 'A001', operation: 'a', block: 'b-1', offline: true },
      { type: 'TicketIssued', number: 'A002' },
      { type: 'TicketIssued', number: '', operation: 'c' },
    ]);
    expect(ledger.txn('a')).toMatchObject({ state: 'ticketed', ticket: { number: 'A001' } });
  });

  it('is not of another day or another queue', () => {
    const ledger = ledgers.open();
    ledger.tickets.store(BLOCK);
    expect(ledger.tickets.issue({ ...request('a'), day: '2026-01-06' })).toMatchObject({
      value: { number: undefined },
    });
    expect(ledger.tickets.issue({ ...request('b'), queue: 'health' })).toMatchObject({ value: { number: undefined } });
    expect(ledger.tickets.forgetBefore('2026-01-06').ok).toBe(true);
    expect(ledger.tickets.remaining('civil', DAY)).toBe(0);
  });

  it('is not given again when the platform answers with the same block, or one that overlaps', () => {
    const ledger = ledgers.open();
    ledger.tickets.store(BLOCK);
    ledger.tickets.issue(request('a'));
    expect(ledger.tickets.store(BLOCK).ok).toBe(true);
    expect(ledger.tickets.issue(request('b'))).toMatchObject({ value: { number: 'A002' } });
    const overlapping = ledger.tickets.store({ ...BLOCK, block: 'b-2', last: 9 });
    expect(overlapping).toMatchObject({ ok: false, problem: { code: 'platform.badAnswer' } });
  });

  it('is used up or not at all when the process ends while it is taken', () => {
    for (const point of ['ledger.append.before', 'ledger.append.inside', 'ledger.append.after']) {
      const path = ledgers.path(`${point}.sqlite`);
      const probe = (passed: string): void => {
        if (passed === point) throw new Error('killed');
      };
      const ledger = ledgers.open({ path, probe });
      ledger.tickets.store(BLOCK);
      expect(() => ledger.tickets.issue(request('a'))).toThrow('killed');
      const copy = ledgers.crashCopy(path);
      ledger.close();
      const again = ledgers.open({ path: copy });
      const told = eventsOf(again).length;
      expect(again.tickets.remaining('civil', DAY)).toBe(2 - told);
      expect(told).toBe(point === 'ledger.append.after' ? 1 : 0);
    }
  });
});

describe('two terminals of one station', () => {
  it('never give the same number, and every gap is a number still leased', () => {
    const step = fc.record({
      terminal: fc.constantFrom(0, 1),
      act: fc.constantFrom('issue', 'issue', 'issue', 'lease', 'crash'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const own = new TestLedgers();
        const terminals = [1, 2].map((seed) => {
          const path = own.path(`${seed}.sqlite`);
          return { seed, path, ledger: own.open({ path, chance: seededChance(seed) }) };
        });
        const given: string[] = [];
        let next = 1;
        for (const [index, { terminal: which, act }] of steps.entries()) {
          const terminal = terminals[which];
          if (!terminal) continue;
          if (act === 'lease') {
            terminal.ledger.tickets.store({ ...BLOCK, block: `b-${next}`, first: next, last: next + 3 });
            next += 4;
          } else if (act === 'issue') {
            const issued = terminal.ledger.tickets.issue(request(`op-${index}`));
            if (issued.ok && issued.value.number) given.push(issued.value.number);
          } else {
            terminal.path = own.crashCopy(terminal.path);
            terminal.ledger.close();
            terminal.ledger = own.open({ path: terminal.path, chance: seededChance(terminal.seed) });
          }
        }
        const left = terminals.map(({ ledger }) => ledger.tickets.remaining('civil', DAY));
        expect(new Set(given).size).toBe(given.length);
        expect(given.length + left.reduce((sum, count) => sum + count, 0)).toBe(next - 1);
        own.dispose();
      }),
      { numRuns: 40 },
    );
  });
});
