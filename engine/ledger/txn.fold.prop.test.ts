import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { JournalEntry, Txn } from './journal.schema.ts';
import { applyEntry, blocksPaidServices, holdsMoney, isOpen, newTxn } from './txn.fold.ts';

const ENTRIES: readonly JournalEntry[] = [
  { step: 'charge.intent', trade: 't-1', echo: '0001', amountCents: 960, service: 'parking', quote: 'q' },
  { step: 'charge.paid', voucher: '000123' },
  { step: 'charge.cancelled', reason: 'payment.declined' },
  { step: 'ticket.issued', queue: 'civil', day: '2026-01-05', number: 'A001', block: 'b', offline: true },
  { step: 'deliver.intent', job: 'j-1', template: 'parking', checkpoint: 'cuts=1' },
  { step: 'deliver.intent', job: 'j-2', template: 'parking', checkpoint: 'cuts=1' },
  { step: 'deliver.done', evidence: 'cut' },
  { step: 'deliver.failed', problem: { code: 'printer.paperOut' }, effect: 'none' },
  { step: 'deliver.waived', reason: 'no slip wanted' },
  { step: 'reverse.intent', reason: 'customer gone' },
  { step: 'reverse.done', evidence: 'mis.result 00' },
  { step: 'flag', code: '0000-0000', reason: 'print.unknown' },
  { step: 'flag', code: '0000-0000', reason: 'charge.unknown' },
  { step: 'flag.closed', outcome: 'reversed', by: 'staff-1' },
  { step: 'deliver.intent', job: 'j-3', template: 'parking', checkpoint: 'cuts=1', more: 1 },
  { step: 'deliver.intent', job: 'j-4', act: 'unlock', target: '7', checkpoint: 'shut' },
  { step: 'form.submitted', service: 's', form: 'f', formVersion: '1', personal: '0'.repeat(64) },
];

/** Random histories; an entry that cannot follow is left out, as the ledger refuses it. */
const history = fc.array(fc.constantFrom(...ENTRIES), { maxLength: 40 }).map((entries) => {
  const states: Txn[] = [newTxn('op')];
  const kept: JournalEntry[] = [];
  for (const entry of entries) {
    const before = states.at(-1) ?? newTxn('op');
    try {
      states.push(applyEntry(before, entry));
      kept.push(entry);
    } catch {
      // refused: nothing changed
    }
  }
  return { states, kept };
});

describe('any history the fold allows', () => {
  it('has one charge at most, and a state that matches its schema', () => {
    fc.assert(
      fc.property(history, ({ states, kept }) => {
        expect(kept.filter((entry) => entry.step === 'charge.intent').length).toBeLessThanOrEqual(1);
        for (const entry of kept) expect(Value.Check(JournalEntry, entry)).toBe(true);
        for (const state of states) expect(Value.Check(Txn, state)).toBe(true);
      }),
    );
  });

  it('never delivers and gives back by itself, and never changes what is at its end', () => {
    fc.assert(
      fc.property(history, ({ states, kept }) => {
        const steps = kept.map((entry) => entry.step);
        if (!steps.includes('flag.closed')) {
          const isBoth =
            states.some((txn) => txn.state === 'delivered') && states.some((txn) => txn.state === 'reversed');
          expect(isBoth).toBe(false);
        }
        const end = states.findIndex((txn) => ['cancelled', 'delivered', 'reversed'].includes(txn.state));
        if (end >= 0) expect(states.length).toBe(end + 1);
      }),
    );
  });

  it('is open, or with staff, as long as money is with us and nothing was delivered', () => {
    fc.assert(
      fc.property(history, ({ states }) => {
        for (const txn of states) {
          if (holdsMoney(txn) && txn.state !== 'delivered') expect(isOpen(txn) || txn.case !== undefined).toBe(true);
          if (blocksPaidServices(txn)) expect(isOpen(txn)).toBe(true);
        }
      }),
    );
  });
});

describe('an entry that cannot follow', () => {
  it.each<[string, readonly JournalEntry[]]>([
    ['a second charge', [ENTRIES[0], ENTRIES[2], ENTRIES[0]] as JournalEntry[]],
    ['a charge paid that was never asked for', [ENTRIES[1]] as JournalEntry[]],
    [
      'money given back by itself for what came out in part',
      [ENTRIES[0], ENTRIES[1], ENTRIES[14], ENTRIES[6], ENTRIES[9]] as JournalEntry[],
    ],
    ['a print before the money is known', [ENTRIES[0], ENTRIES[4]] as JournalEntry[]],
    ['a print of the same job', [ENTRIES[3], ENTRIES[4], ENTRIES[7], ENTRIES[4]] as JournalEntry[]],
    [
      'a reversal while the printer may be printing',
      [ENTRIES[0], ENTRIES[1], ENTRIES[4], ENTRIES[9]] as JournalEntry[],
    ],
    ['a reversal done that was never begun', [ENTRIES[0], ENTRIES[1], ENTRIES[10]] as JournalEntry[]],
    ['a second number for one ticket', [ENTRIES[3], ENTRIES[3]] as JournalEntry[]],
  ])('throws: %s', (_name, entries) => {
    expect(() => entries.reduce(applyEntry, newTxn('op'))).toThrow(/cannot follow/);
  });
});
