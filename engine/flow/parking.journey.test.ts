import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../contract/outcome.schema.ts';
import { parse } from '../../contract/check.ts';
import { View } from '../../contract/view.schema.ts';
import { createFlowBench, type FlowBench } from '../../tests/support/flow-bench.ts';
import { DUE, FULL_PRICE, readCard } from '../../tests/support/scripted-ports.ts';

async function identify(bench: FlowBench): Promise<void> {
  await bench.touch({ kind: 'start' });
  await bench.touch({ kind: 'choose', option: 'zh-Hans' });
  await bench.touch({ kind: 'choose', option: 'livelihood-card' });
  bench.ports.reads.give(readCard());
  bench.ports.setStatus('smart-card-reader', { media: 'present' });
  await bench.rest();
  await bench.touch({ kind: 'next' });
}

async function toPay(bench: FlowBench): Promise<void> {
  await identify(bench);
  await bench.touch({ kind: 'choose', option: 'parking' });
  await bench.touch({ kind: 'next' });
  bench.ports.quotes.give(ok(DUE));
  await bench.touch({ kind: 'enter', value: '粤A8K562' });
  await bench.touch({ kind: 'next' });
  await bench.touch({ kind: 'next' });
}

describe('a parking fee', () => {
  it('is walked from attract to goodbye, each page valid, charged once, printed once', async () => {
    const bench = createFlowBench();
    const seen: string[] = [];
    const titles: string[] = [];
    bench.flow.subscribe((view) => {
      const checked = parse(View, view);
      expect(checked.ok ? '' : checked.problem.detail).toBe('');
      titles.push(view.screen.title);
      if (seen.at(-1) !== view.screen.kind) seen.push(view.screen.kind);
    });
    await toPay(bench);
    expect(titles).toContain('陈**，您想办什么事？');
    expect(bench.view().screen).toMatchObject({ kind: 'pay', amount: '9.60' });
    await bench.touch({ kind: 'choose', option: 'bank-card' });
    expect(bench.view().screen).toMatchObject({ kind: 'working', act: 'pay' });
    bench.ports.charges.give({ kind: 'paid', cardMasked: '622000******0005' });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'working', act: 'print' });
    bench.ports.prints.give({ kind: 'printed' });
    await bench.rest();
    expect(bench.view().screen.kind).toBe('take-paper');
    await bench.touch({ kind: 'next' });
    expect(bench.view().screen.kind).toBe('take-card');
    bench.ports.setStatus('smart-card-reader', { media: 'notPresent' });
    await bench.rest();
    await bench.touch({ kind: 'choose', option: 'stars-5' });
    expect(bench.view().screen.kind).toBe('goodbye');
    await bench.touch({ kind: 'next' });
    expect(seen).toEqual([
      'question',
      'present-card',
      'greeting',
      'home',
      'service-start',
      'pad',
      'working',
      'price',
      'review',
      'pay',
      'working',
      'take-paper',
      'take-card',
      'rate',
      'goodbye',
      'attract',
    ]);
    expect(bench.ports.charges.asked).toEqual([{ txn: 'T1', service: 'parking', amountCents: 960, quote: 'quote-1' }]);
    expect(bench.ports.quotes.asked).toEqual([{ plate: '粤A8K562', cardNumber: '5810000190010012' }]);
    expect(bench.ports.prints.asked).toHaveLength(1);
    expect(JSON.stringify(bench.ports.prints.asked)).toContain('"陈**"');
    expect(bench.ports.ratings).toEqual([{ service: 'parking', stars: 5 }]);
    expect(bench.ended.count).toBe(1);
  });

  it('is charged as it was shown, under the prices it was shown under', async () => {
    const bench = createFlowBench();
    const prices = { version: 7, sha256: 'a'.repeat(64) };
    bench.ports.quotes.give(ok({ ...DUE, prices }));
    await toPay(bench);
    await bench.touch({ kind: 'choose', option: 'bank-card' });
    expect(bench.ports.charges.asked).toEqual([
      { txn: 'T1', service: 'parking', amountCents: 960, quote: 'quote-1', prices },
    ]);
  });

  it('is charged once though the key is hit five times', async () => {
    const bench = createFlowBench();
    await toPay(bench);
    const { page } = bench.view();
    const taken = Array.from({ length: 5 }, () => bench.flow.send({ kind: 'choose', page, option: 'bank-card' }));
    await bench.rest();
    expect(taken).toEqual([true, false, false, false, false]);
    expect(bench.ports.charges.asked).toHaveLength(1);
  });

  it('cannot be left while the money moves, neither by End nor by silence', async () => {
    const bench = createFlowBench();
    await toPay(bench);
    await bench.touch({ kind: 'choose', option: 'bank-card' });
    expect(await bench.touch({ kind: 'end' })).toBe(false);
    await bench.ports.clock.run(600_000);
    expect(bench.view().screen).toMatchObject({ kind: 'working', act: 'pay' });
  });

  it('offers another try after a refusal, as a new transaction, and says that nothing was taken', async () => {
    const bench = createFlowBench();
    await toPay(bench);
    await bench.touch({ kind: 'choose', option: 'bank-card' });
    bench.ports.charges.give({ kind: 'declined', problem: { code: 'payment.declined' } });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'problem', money: '没有扣钱。', number: 'KP-2301' });
    await bench.touch({ kind: 'retry' });
    await bench.touch({ kind: 'choose', option: 'bank-card' });
    expect(bench.ports.charges.asked.map((asked) => (asked as { txn: string }).txn)).toEqual(['T1', 'T2']);
  });

  it('shows the code and offers no second charge when the bank has not answered', async () => {
    const bench = createFlowBench();
    await toPay(bench);
    await bench.touch({ kind: 'choose', option: 'bank-card' });
    bench.ports.charges.give({ kind: 'case', code: 'ABCD-1234', problem: { code: 'payment.unknown' } });
    await bench.rest();
    const { screen } = bench.view();
    expect(screen).toMatchObject({ kind: 'problem', claim: { value: 'ABCD-1234' } });
    expect(screen).not.toHaveProperty('retry');
    await bench.touch({ kind: 'retry' });
    expect(bench.ports.charges.asked).toHaveLength(1);
    await bench.touch({ kind: 'next' });
    bench.ports.setStatus('smart-card-reader', { media: 'notPresent' });
    await bench.rest();
    // nobody is asked how they liked it
    expect(bench.view().screen.kind).toBe('goodbye');
  });

  it.each([
    ['not printed, when the paper is out', 'printer.paperOut', 'no'],
    ['the print in doubt, when the printer is silent', 'device.deadline', 'open'],
  ] as const)('shows paid and recorded but %s, with a code', async (_what, code, printed) => {
    const bench = createFlowBench();
    await toPay(bench);
    await bench.touch({ kind: 'choose', option: 'bank-card' });
    bench.ports.charges.give({ kind: 'paid' });
    bench.ports.prints.give({ kind: 'case', code: 'WXYZ-7890', problem: { code } });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({
      kind: 'problem',
      claim: { value: 'WXYZ-7890' },
      lamps: [{ state: 'yes' }, { state: printed }, { state: 'yes' }],
    });
  });

  it('says why the price is full without a card', async () => {
    const bench = createFlowBench();
    await bench.touch({ kind: 'choose', option: 'en' });
    await bench.touch({ kind: 'choose', option: 'no-card' });
    await bench.touch({ kind: 'choose', option: 'parking' });
    await bench.touch({ kind: 'next' });
    bench.ports.quotes.give(ok(FULL_PRICE));
    await bench.touch({ kind: 'enter', value: '粤A8K562' });
    expect(bench.view().screen).toMatchObject({
      kind: 'price',
      amount: '12.00',
      why: 'Full price, because no livelihood card was shown.',
    });
    expect(bench.ports.quotes.asked).toEqual([{ plate: '粤A8K562', cardNumber: undefined }]);
  });

  it('refuses to price with the line cut and names the gate', async () => {
    const bench = createFlowBench();
    await identify(bench);
    await bench.touch({ kind: 'choose', option: 'parking' });
    await bench.touch({ kind: 'next' });
    bench.ports.quotes.give(fail('platform.offline'));
    await bench.touch({ kind: 'enter', value: '粤A8K562' });
    expect(bench.view().screen).toMatchObject({ kind: 'problem', number: 'KP-3001' });
    expect(bench.ports.charges.asked).toHaveLength(0);
  });

  it('goes back to the plate with what was typed, and names the wrong part of a plate', async () => {
    const bench = createFlowBench();
    await identify(bench);
    await bench.touch({ kind: 'choose', option: 'parking' });
    await bench.touch({ kind: 'next' });
    await bench.touch({ kind: 'enter', value: 'XA8K562' });
    expect(bench.view().screen).toMatchObject({ kind: 'pad', error: '第一个字应该是省份', prefill: 'XA8K562' });
    bench.ports.quotes.give(ok(DUE));
    await bench.touch({ kind: 'enter', value: '粤A8K562' });
    await bench.touch({ kind: 'next' });
    await bench.touch({ kind: 'choose', option: 'plate' });
    expect(bench.view().screen).toMatchObject({ kind: 'pad', prefill: '粤A8K562' });
  });
});
