import { describe, expect, it } from 'vitest';
import { failed } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import { createFlowBench, type FlowBench } from '../../tests/support/flow-bench.ts';
import { ID_CARD, readCard, readIdCard } from '../../tests/support/scripted-ports.ts';

async function toIdCard(): Promise<FlowBench> {
  const bench = createFlowBench();
  await bench.touch({ kind: 'choose', option: 'zh-Hans' });
  await bench.touch({ kind: 'choose', option: 'id-card' });
  return bench;
}

async function media(bench: FlowBench, now: 'entering' | 'latched' | 'notPresent'): Promise<void> {
  bench.ports.setStatus('id-card-reader', { media: now });
  await bench.rest();
}

async function readFails(bench: FlowBench, code: ProblemCode): Promise<void> {
  bench.ports.idReads.give(failed(code, 'none'));
  await media(bench, 'notPresent');
}

describe('the question which card (RU04)', () => {
  it('offers all three credentials, and closes only those whose reader is down', async () => {
    const bench = createFlowBench();
    bench.ports.setStatus('id-card-reader', { device: 'offline' });
    await bench.touch({ kind: 'choose', option: 'zh-Hans' });
    expect(bench.view().screen).toMatchObject({
      choices: [
        { id: 'id-card', unavailable: expect.any(String) as string },
        { id: 'livelihood-card' },
        { id: 'social-security-card' },
        { id: 'no-card' },
      ],
    });
    await bench.touch({ kind: 'choose', option: 'id-card' });
    expect(bench.view().screen.kind).toBe('question');
    expect(bench.ports.idReads.asked).toHaveLength(0);
  });
});

describe('an ID card', () => {
  it('is read as soon as the route is entered, and its owner greeted by a masked name', async () => {
    const bench = await toIdCard();
    expect(bench.ports.idReads.asked).toEqual([{ kind: 'read', fingerprints: false, appendedAddress: false }]);
    expect(bench.view().screen).toMatchObject({ state: 'waiting', picture: 'id-card-on-reader' });
    await media(bench, 'entering');
    expect(bench.view().screen).toMatchObject({ state: 'reading', picture: 'id-card-reading' });
    bench.ports.idReads.give(readIdCard());
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'greeting', name: '黄**' });
    expect(JSON.stringify(bench.view())).not.toContain(ID_CARD.document.number);
  });

  it('that must be lifted is asked for so, and costs no try', async () => {
    const bench = await toIdCard();
    await media(bench, 'latched');
    expect(bench.view().screen).toMatchObject({ state: 'lift-again', picture: 'id-card-lift' });
    for (let again = 0; again < 6; again += 1) {
      await readFails(bench, 'idCard.liftAgain');
      expect(bench.view().screen).toMatchObject({ kind: 'present-card', state: 'lift-again' });
      await bench.ports.clock.run(300);
    }
  });

  it('that left too early and is back within 2 s goes on in the same step', async () => {
    const bench = await toIdCard();
    await media(bench, 'entering');
    await readFails(bench, 'card.removed');
    expect(bench.view().screen).toMatchObject({ state: 'left-early', picture: 'id-card-left-early' });
    await bench.ports.clock.run(2_000);
    expect(bench.ports.idReads.asked).toHaveLength(2);
    await media(bench, 'entering');
    expect(bench.view().screen).toMatchObject({ state: 'reading' });
    bench.ports.idReads.give(readIdCard());
    await bench.rest();
    expect(bench.view().screen.kind).toBe('greeting');
  });

  it.each([
    ['idCard.notGenuine', 'not-genuine', 'id-card-not-genuine'],
    ['idCard.unknownDocument', 'unknown', 'id-card-unknown'],
    ['card.unreadable', 'unreadable', 'id-card-lift'],
  ] as const)('with %s has its own picture, time to be read, and then another try', async (code, state, picture) => {
    const bench = await toIdCard();
    await readFails(bench, code);
    expect(bench.view().screen).toMatchObject({ state, picture });
    await bench.ports.clock.run(3_000);
    expect(bench.ports.idReads.asked).toHaveLength(1);
    await bench.ports.clock.run(1_000);
    expect(bench.ports.idReads.asked).toHaveLength(2);
    expect(bench.view().screen).toMatchObject({ state, picture });
  });

  it('is tried four times, then another card, a person or no card is offered', async () => {
    const bench = await toIdCard();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(bench.view().screen.kind).toBe('present-card');
      await readFails(bench, 'card.removed');
      await bench.ports.clock.run(300);
    }
    expect(bench.view().screen).toMatchObject({
      topic: 'card',
      choices: [{ id: 'other-card' }, { id: 'person' }, { id: 'no-card' }],
    });
    expect(bench.ports.idReads.asked).toHaveLength(4);
    await bench.touch({ kind: 'choose', option: 'person' });
    expect(bench.view().screen.kind).toBe('help');
    await bench.touch({ kind: 'back' });
    await bench.touch({ kind: 'choose', option: 'no-card' });
    expect(bench.view().screen.kind).toBe('home');
  });

  it('of somebody else on the second try leaves nothing of the first', async () => {
    const bench = await toIdCard();
    bench.ports.idReads.give(readIdCard());
    await bench.rest();
    await bench.touch({ kind: 'back' });
    await bench.ports.clock.run(30_000 + 15_000 + 60_000);
    const first = bench.ended.count;
    expect(first).toBe(1);
    await bench.touch({ kind: 'choose', option: 'zh-Hans' });
    await bench.touch({ kind: 'choose', option: 'id-card' });
    bench.ports.idReads.give(readIdCard({ name: '李四', number: '440106199910017896' }));
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'greeting', name: '李*' });
  });

  it('is waited for without an end, as long as somebody is there', async () => {
    const bench = await toIdCard();
    bench.ports.idReads.give(failed('device.deadline', 'none'));
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ state: 'waiting' });
    await bench.ports.clock.run(300);
    expect(bench.ports.idReads.asked).toHaveLength(2);
  });

  it('may also be a livelihood card laid on the other reader', async () => {
    const bench = await toIdCard();
    bench.ports.reads.give(readCard());
    bench.ports.setStatus('smart-card-reader', { media: 'present' });
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'greeting', name: '陈**' });
  });

  it.each(['device.lost', 'idCard.samFault'] as const)(
    'reader with %s is named as broken, other cards go on',
    async (code) => {
      const bench = await toIdCard();
      await readFails(bench, code);
      expect(bench.view().screen).toMatchObject({ state: 'broken', picture: 'reader-broken' });
      await bench.touch({ kind: 'back' });
      await bench.touch({ kind: 'choose', option: 'livelihood-card' });
      expect(bench.view().screen).toMatchObject({ state: 'waiting', picture: 'card-on-reader' });
    },
  );

  it.each(['present', 'latched'] as const)('%s on its reader is asked for before the goodbye', async (lying) => {
    const bench = await toIdCard();
    bench.ports.idReads.give(readIdCard());
    bench.ports.setStatus('id-card-reader', { media: lying });
    await bench.rest();
    await bench.touch({ kind: 'back' });
    expect(bench.view().screen.kind).toBe('take-card');
    await media(bench, 'notPresent');
    expect(bench.view().screen.kind).toBe('goodbye');
  });
});

describe('a livelihood card', () => {
  it('is tried four times as well', async () => {
    const bench = createFlowBench();
    await bench.touch({ kind: 'choose', option: 'zh-Hans' });
    await bench.touch({ kind: 'choose', option: 'livelihood-card' });
    for (let attempt = 0; attempt < 4; attempt += 1) {
      bench.ports.reads.give(failed('card.removed', 'none'));
      bench.ports.setStatus('smart-card-reader', { media: 'present' });
      await bench.rest();
      bench.ports.setStatus('smart-card-reader', { media: 'notPresent' });
      await bench.rest();
    }
    expect(bench.view().screen).toMatchObject({ topic: 'card' });
  });
});
