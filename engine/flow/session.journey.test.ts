import { describe, expect, it } from 'vitest';
import { failed, problem } from '../../contract/outcome.schema.ts';
import { createFlowBench, type FlowBench } from '../../tests/support/flow-bench.ts';
import { CARD, readCard } from '../../tests/support/scripted-ports.ts';

async function toHome(bench: FlowBench): Promise<void> {
  await bench.touch({ kind: 'choose', option: 'zh-Hans' });
  await bench.touch({ kind: 'choose', option: 'no-card' });
}

async function toGreeting(bench: FlowBench): Promise<void> {
  await bench.touch({ kind: 'choose', option: 'zh-Hans' });
  bench.ports.reads.give(readCard());
  bench.ports.setStatus('smart-card-reader', { media: 'present' });
  await bench.rest();
}

describe('a queue ticket', () => {
  it('takes two touches without a card, also with the line cut', async () => {
    const bench = createFlowBench();
    bench.ports.isOnline = false;
    await bench.touch({ kind: 'choose', option: 'ticket' });
    await bench.touch({ kind: 'choose', option: 'civil-affairs' });
    expect(bench.view().screen).toMatchObject({ kind: 'working', act: 'print' });
    const { receipt } = bench.ports.prints.asked[0] as { receipt: { lines: { text?: string; value?: string }[] } };
    const texts = receipt.lines.map((line) => line.text ?? line.value);
    expect(texts).toContain('A017');
    expect(texts).toContain('离线发出');
    expect(texts).toContain('不清楚，01:50 时有 4 人');
    bench.ports.prints.give({ kind: 'printed' });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'take-paper', number: 'A017' });
  });

  it('prints a slip without number, honoured at the window, when the leased block is used up', async () => {
    const bench = createFlowBench();
    bench.ports.tickets = [{ txn: 'T9', offline: true }];
    await bench.touch({ kind: 'choose', option: 'ticket' });
    await bench.touch({ kind: 'choose', option: 'other' });
    const asked = JSON.stringify(bench.ports.prints.asked[0]);
    expect(asked).toContain('窗口凭此票照样受理');
    expect(asked).not.toContain('A017');
  });

  it('shows the number when the paper fails, and never a second number', async () => {
    const bench = createFlowBench();
    await bench.touch({ kind: 'choose', option: 'ticket' });
    await bench.touch({ kind: 'choose', option: 'health' });
    bench.ports.prints.give({ kind: 'notPrinted', problem: problem('printer.paperOut') });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'problem', title: '您的号是 A017' });
  });
});

describe('a card', () => {
  it('that leaves too early is asked for again, with its own picture', async () => {
    const bench = createFlowBench();
    await bench.touch({ kind: 'choose', option: 'zh-Hans' });
    bench.ports.reads.give(failed('card.removed', 'none'));
    bench.ports.setStatus('smart-card-reader', { media: 'present' });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({
      kind: 'present-card',
      state: 'left-early',
      picture: 'card-left-early',
    });
    bench.ports.setStatus('smart-card-reader', { media: 'notPresent' });
    bench.ports.reads.give(readCard());
    bench.ports.setStatus('smart-card-reader', { media: 'present' });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'greeting', name: '陈**' });
  });

  it('that nobody knows is named as unknown, and the way on without a card stays open', async () => {
    const bench = createFlowBench();
    await bench.touch({ kind: 'choose', option: 'zh-Hans' });
    bench.ports.reads.give(failed('card.unknown', 'none'));
    bench.ports.setStatus('smart-card-reader', { media: 'present' });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'present-card', state: 'unknown' });
    await bench.touch({ kind: 'next' });
    expect(bench.view().screen.kind).toBe('home');
  });

  it('laid down before anything was touched is read at once', async () => {
    const bench = createFlowBench();
    bench.ports.reads.give(readCard());
    bench.ports.setStatus('smart-card-reader', { media: 'present' });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'greeting', name: '陈**' });
  });

  it('that was left behind never greets the next person with a stranger’s name', async () => {
    const bench = createFlowBench();
    await toGreeting(bench);
    await bench.touch({ kind: 'next' });
    await bench.touch({ kind: 'end' });
    await bench.ports.clock.run(30_000 + 30_000 + 15_000 + 1_000);
    expect(bench.view().screen.kind).toBe('attract');
    await bench.touch({ kind: 'choose', option: 'zh-Hans' });
    await bench.touch({ kind: 'choose', option: 'livelihood-card' });
    expect(bench.view().screen).toMatchObject({ kind: 'present-card', state: 'waiting' });
    expect(bench.ports.reads.asked).toHaveLength(1);
  });

  it('of somebody else is given back and nothing of it is kept', async () => {
    const bench = createFlowBench();
    await toGreeting(bench);
    await bench.touch({ kind: 'back' });
    expect(bench.view().screen.kind).toBe('take-card');
    bench.ports.setStatus('smart-card-reader', { media: 'notPresent' });
    await bench.rest();
    expect(bench.view().screen.kind).toBe('goodbye');
    expect(JSON.stringify(bench.view())).not.toContain(CARD.holderName);
  });
});

describe('silence', () => {
  it('asks once, counts down, and one touch brings the same page back, ten times over', async () => {
    const bench = createFlowBench();
    await toHome(bench);
    for (let time = 0; time < 11; time += 1) {
      await bench.ports.clock.run(60_000);
      expect(bench.view().screen).toMatchObject({ kind: 'still-there', seconds: 30 });
      await bench.ports.clock.run(5_000);
      expect(bench.view().screen).toMatchObject({ seconds: 25 });
      await bench.touch({ kind: 'stay' });
      expect(bench.view().screen.kind).toBe('home');
    }
  });

  it('ends the session after the warning, and the next person starts with the site’s own settings', async () => {
    const bench = createFlowBench();
    await toHome(bench);
    await bench.touch({ kind: 'set', setting: 'contrast' });
    expect(bench.view().frame.contrast).toBe('dark');
    await bench.ports.clock.run(60_000 + 30_000 + 15_000 + 1_000);
    expect(bench.view().screen.kind).toBe('attract');
    expect(bench.view().frame).toMatchObject({ contrast: 'light', locale: 'zh-Hans' });
    expect(bench.ended.count).toBe(1);
  });

  it('ends a session that went no further than the language question, and so does the End key', async () => {
    const bench = createFlowBench();
    await bench.touch({ kind: 'start' });
    await bench.ports.clock.run(60_000 + 30_000 + 1_000);
    expect(bench.view().screen.kind).toBe('attract');
    await bench.touch({ kind: 'start' });
    await bench.touch({ kind: 'end' });
    expect(bench.view().screen.kind).toBe('attract');
    expect(bench.ended.count).toBe(2);
  });

  it('is given twice the time in large print', async () => {
    const bench = createFlowBench({ size: 'S3' });
    await toHome(bench);
    await bench.ports.clock.run(119_000);
    expect(bench.view().screen.kind).toBe('home');
    await bench.ports.clock.run(2_000);
    expect(bench.view().screen.kind).toBe('still-there');
  });
});

describe('the help bar', () => {
  it('changes the language on any page and keeps the page', async () => {
    const bench = createFlowBench();
    await toHome(bench);
    await bench.touch({ kind: 'set', setting: 'language' });
    await bench.touch({ kind: 'choose', option: 'en' });
    expect(bench.view().screen).toMatchObject({ kind: 'home', title: 'What would you like to do?' });
  });

  it('lays help over the page, and Back brings the page back untouched', async () => {
    const bench = createFlowBench();
    await toHome(bench);
    await bench.touch({ kind: 'help' });
    expect(bench.view().screen.kind).toBe('help');
    await bench.touch({ kind: 'back' });
    expect(bench.view().screen.kind).toBe('home');
  });

  it('hears a double tap once: the second one was made on a page that is gone', async () => {
    const bench = createFlowBench();
    const { page } = bench.view();
    expect(bench.flow.send({ kind: 'start', page })).toBe(true);
    await bench.rest();
    expect(bench.flow.send({ kind: 'choose', page, option: 'zh-Hans' })).toBe(false);
    expect(bench.view().screen).toMatchObject({ kind: 'question', topic: 'language' });
  });
});

describe('a service that cannot work now', () => {
  it('is shown closed with its reason before anyone starts it', async () => {
    const bench = createFlowBench();
    bench.ports.setStatus('payment-terminal', { device: 'offline' });
    await toHome(bench);
    expect(bench.view().screen).toMatchObject({
      banner: expect.any(String) as string,
      choices: [{ id: 'ticket' }, { id: 'parking', unavailable: '刷卡机暂时不能用' }, { id: 'collect-card' }],
    });
    await bench.touch({ kind: 'choose', option: 'parking' });
    expect(bench.view().screen.kind).toBe('home');
  });

  it('stays closed while an earlier payment is being settled', async () => {
    const bench = createFlowBench();
    bench.ports.isPaidOpen = false;
    await toHome(bench);
    expect(bench.view().screen).toMatchObject({ choices: [{}, { unavailable: '上一笔付款还在核对' }, {}] });
  });
});
