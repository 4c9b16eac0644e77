import { describe, expect, it } from 'vitest';
import { createFlowBench, demoConfig, type FlowBench } from '../../tests/support/flow-bench.ts';
import { DUE, readCard } from '../../tests/support/scripted-ports.ts';
import { ok, problem } from '../../contract/outcome.schema.ts';
import { moneyPanel, spelled } from './money-panel.ts';
import { createTexts } from './texts.ts';

const texts = createTexts(demoConfig().locales);

async function toCharge(locale = 'zh-Hans'): Promise<FlowBench> {
  const bench = createFlowBench();
  bench.ports.reads.give(readCard());
  await bench.touch({ kind: 'choose', option: locale });
  await bench.touch({ kind: 'choose', option: 'livelihood-card' });
  bench.ports.setStatus('smart-card-reader', { media: 'present' });
  await bench.rest();
  await bench.touch({ kind: 'next' });
  await bench.touch({ kind: 'choose', option: 'parking' });
  await bench.touch({ kind: 'next' });
  await bench.touch({ kind: 'enter', value: '粤A8K562' });
  bench.ports.quotes.give(ok(DUE));
  await bench.rest();
  await bench.touch({ kind: 'next' });
  await bench.touch({ kind: 'next' });
  await bench.touch({ kind: 'choose', option: 'bank-card' });
  return bench;
}

async function inDoubt(): Promise<FlowBench> {
  const bench = await toCharge();
  bench.ports.standing = { paid: 'open', recorded: 'here' };
  bench.ports.charges.give({ kind: 'case', code: 'K7QM-2XRD', problem: problem('payment.unknown') });
  await bench.rest();
  return bench;
}

describe('the three lamps', () => {
  it('say who has the record: this machine while the line is cut, the centre once it has it', async () => {
    const bench = await toCharge();
    bench.ports.standing = { paid: 'yes', recorded: 'here' };
    bench.ports.charges.give({ kind: 'paid' });
    bench.ports.prints.give({ kind: 'printed' });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({
      kind: 'take-paper',
      lamps: [
        { label: '已付款', state: 'yes' },
        { label: '已打印', state: 'yes' },
        { label: '本机已记录', state: 'yes' },
      ],
      notice: expect.stringContaining('自动上传') as string,
    });
    bench.ports.standing = { paid: 'yes', recorded: 'platform' };
    bench.flow.refresh();
    expect(bench.view().screen).toMatchObject({ lamps: [{}, {}, { label: '中心已记录' }] });
    expect(bench.view().screen).not.toHaveProperty('notice');
  });

  it.each(['zh-Hans', 'zh-Hant', 'en'] as const)('have a sentence for everything that can be open, in %s', (locale) => {
    const speech = texts.speech(locale);
    for (const paid of ['yes', 'no', 'open', 'returning', 'returned'] as const)
      for (const printed of ['yes', 'no', 'open'] as const)
        for (const recorded of ['platform', 'here'] as const) {
          const panel = moneyPanel(speech, { money: { paid, recorded }, printed, code: 'K7QM-2XRD' });
          expect(panel.speech).toContain('K 7 Q M, 2 X R D');
          expect(panel.speech.length).toBeLessThan(480);
          // Whatever is not settled says what happens next.
          if (paid === 'open' || paid === 'returning' || printed !== 'yes')
            if (paid !== 'no' && paid !== 'returned') expect(panel.next).toBeTruthy();
        }
    expect(spelled('ABCD-1234')).toBe('A B C D, 1 2 3 4');
  });
});

describe('a payment the bank has not answered', () => {
  it('has its code on the glass, in the ear and on paper', async () => {
    const bench = await inDoubt();
    expect(bench.view().screen).toMatchObject({
      kind: 'problem',
      claim: { value: 'K7QM-2XRD' },
      lamps: [{ state: 'open' }, { state: 'open' }, { state: 'yes' }],
    });
    expect(bench.view().speech).toContain('K 7 Q M, 2 X R D');
    const [slip] = bench.ports.prints.asked as { txn: string; template: string }[];
    const [charge] = bench.ports.charges.asked as { txn: string }[];
    expect(slip?.template).toBe('claim-slip');
    expect(slip?.txn).not.toBe(charge?.txn);
    expect(JSON.stringify(slip)).toMatch(/K7QM-2XRD.*9\.60 元/);
    bench.ports.prints.give({ kind: 'notPrinted', problem: problem('printer.paperOut') });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ claim: { value: 'K7QM-2XRD' }, lamps: [{}, { state: 'no' }, {}] });
  });

  it.each([
    ['yes', '查清了：已经付好'],
    ['no', '查清了：没有扣钱'],
  ] as const)('keeps its code when the answer comes late, and says what it was: %s', async (paid, title) => {
    const bench = await inDoubt();
    bench.ports.standing = { paid, recorded: 'platform' };
    bench.flow.refresh();
    expect(bench.view().screen).toMatchObject({ title, claim: { value: 'K7QM-2XRD' } });
    expect(bench.view().screen).not.toHaveProperty('retry');
  });

  it('takes its code along to the last page, and to nobody else', async () => {
    const bench = await inDoubt();
    await bench.touch({ kind: 'next' });
    bench.ports.setStatus('smart-card-reader', { media: 'notPresent' });
    await bench.rest();
    expect(bench.view()).toMatchObject({
      screen: { kind: 'goodbye', reference: { value: 'K7QM-2XRD' } },
      speech: expect.stringContaining('K 7 Q M') as string,
    });
    await bench.touch({ kind: 'next' });
    expect(JSON.stringify(bench.view())).not.toContain('K7QM');
    await bench.touch({ kind: 'choose', option: 'ticket' });
    expect(JSON.stringify(bench.view())).not.toContain('K7QM');
  });
});

describe('slips while nobody has confirmed the time', () => {
  it.each([
    [true, false],
    [false, true],
  ])('say so: verified %s', async (isVerified, isSaid) => {
    const bench = createFlowBench();
    bench.ports.facts.isTimeVerified = isVerified;
    await bench.touch({ kind: 'choose', option: 'ticket' });
    await bench.touch({ kind: 'choose', option: 'health' });
    expect(JSON.stringify(bench.ports.prints.asked).includes('时间未经核对')).toBe(isSaid);
  });
});

describe('the honest board', () => {
  it('is open to anybody, follows what happens, and leaves nothing behind', async () => {
    const bench = createFlowBench();
    await bench.touch({ kind: 'choose', option: 'board' });
    expect(bench.view().screen).toMatchObject({ kind: 'board', groups: [{ state: 'works', items: { length: 3 } }] });
    bench.ports.isOnline = false;
    Object.assign(bench.ports.facts, { unsent: 12, heardMsAgo: 3 * 3_600_000 });
    bench.flow.refresh();
    expect(bench.view().screen).toMatchObject({
      groups: [
        { state: 'works', items: [{ label: '取号' }] },
        { state: 'waits', items: [{ label: '办好的记录' }] },
        { state: 'stops', items: [{ label: '停车缴费' }, { label: '领卡' }] },
      ],
    });
    expect(JSON.stringify(bench.view().screen)).toContain('3 小时前');
    await bench.touch({ kind: 'back' });
    expect(bench.view().screen.kind).toBe('attract');
  });

  it('says the same as the tiles, whatever is down', async () => {
    const bench = createFlowBench();
    for (const change of ['line', 'printer', 'suspended'] as const) {
      if (change === 'line') bench.ports.isOnline = false;
      if (change === 'printer') bench.ports.setStatus('receipt-printer', { paper: 'out' });
      if (change === 'suspended') bench.ports.facts.isSuspended = true;
      bench.flow.refresh();
      const tile = bench.view().screen;
      const closed = tile.kind === 'attract' && tile.quick[0]?.unavailable !== undefined;
      await bench.touch({ kind: 'choose', option: 'board' });
      const { screen } = bench.view();
      const stopped = screen.kind === 'board' ? screen.groups.find(({ state }) => state === 'stops') : undefined;
      expect(stopped?.items.some(({ label }) => label === '取号') ?? false, change).toBe(closed);
      await bench.touch({ kind: 'back' });
    }
  });
});
