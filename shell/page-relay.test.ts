import { describe, expect, it } from 'vitest';
import { KIOSK_RPC } from '../contract/kiosk.rpc.ts';
import type { Problem } from '../contract/outcome.schema.ts';
import { connect } from '../contract/rpc.ts';
import type { View } from '../contract/view.schema.ts';
import { portPair } from '../tests/support/port-pair.ts';
import { settled, SimulatedClock } from '../tests/support/simulated-clock.ts';
import { StubLauncher } from '../tests/support/stub-launcher.ts';
import { stubView } from '../tests/support/stub-view.ts';
import { EngineKeeper } from './engine-keeper.ts';
import { relayPage } from './page-relay.ts';

async function setUp() {
  const clock = new SimulatedClock();
  const launcher = new StubLauncher();
  const problems: Problem[] = [];
  const report = (problem: Problem) => problems.push(problem);
  const keeper = new EngineKeeper({ launcher, clock, report });
  await clock.runUntil(keeper.start());
  const [pageEnd, shellEnd] = portPair();
  relayPage(shellEnd, { keeper, clock, telephone: '12345', report });
  const client = connect(pageEnd, KIOSK_RPC, clock);
  return { clock, launcher, keeper, problems, pageEnd, shellEnd, client };
}

describe('page relay', () => {
  it('carries the View, an Intent and the next View', async () => {
    const { launcher, client } = await setUp();
    const seen: View[] = [];
    client.on('view', (view) => seen.push(view));
    expect(await client.call('view', {})).toMatchObject({ ok: true, value: { page: 1 } });
    expect(await client.call('send', { kind: 'start', page: 1 })).toEqual({ ok: true, value: { taken: true } });
    launcher.latest.show(stubView(2, true, '1'));
    await settled();
    expect(seen.map((view) => view.page)).toEqual([2]);
  });

  it.each([
    ['a method of nobody', { call: 1, method: 'eval', input: {} }],
    ['a method of every object', { call: 1, method: 'constructor', input: {} }],
    ['an Intent of nobody', { call: 1, method: 'send', input: { kind: 'open-locker', page: 1 } }],
    ['an Intent with more than it may hold', { call: 1, method: 'send', input: { kind: 'next', page: 1, x: 1 } }],
    ['a call with more than it may hold', { call: 1, method: 'view', input: {}, as: 'maintainer' }],
  ])('answers %s with a problem, and the engine never hears of it', async (_name, message) => {
    const { launcher, pageEnd, shellEnd, problems } = await setUp();
    pageEnd.post(message);
    await settled();
    expect(shellEnd.posted).toEqual([
      { answer: 1, problem: { code: 'kiosk.badMessage', detail: expect.any(String) as string } },
    ]);
    expect(problems).toHaveLength(1);
    expect(launcher.latest.sent).toEqual([]);
  });

  it.each([null, 'view', 7, [], { event: 'view', payload: {} }, { answer: 1, value: {} }, { call: 0 }])(
    'drops %j without an answer',
    async (message) => {
      const { pageEnd, shellEnd, problems } = await setUp();
      pageEnd.post(message);
      await settled();
      expect(shellEnd.posted).toEqual([]);
      expect(problems).toHaveLength(1);
    },
  );

  it('closes a page that keeps saying what nobody understands', async () => {
    const { pageEnd, shellEnd } = await setUp();
    for (let count = 0; count < 7; count += 1) pageEnd.post('noise');
    await settled();
    expect(shellEnd.isClosed).toBe(false);
    pageEnd.post('noise');
    await settled();
    expect(shellEnd.isClosed).toBe(true);
  });

  it('forgets old strikes', async () => {
    const { clock, pageEnd, shellEnd } = await setUp();
    for (let count = 0; count < 20; count += 1) {
      pageEnd.post('noise');
      await clock.run(10_000);
    }
    expect(shellEnd.isClosed).toBe(false);
  });

  it('does not let a page pile up calls', async () => {
    const { launcher, pageEnd, shellEnd } = await setUp();
    launcher.latest.isHanging = true;
    for (let call = 1; call <= 100; call += 1) pageEnd.post({ call, method: 'send', input: { kind: 'help', page: 1 } });
    await settled();
    expect(launcher.latest.sent).toHaveLength(32);
    expect(shellEnd.isClosed).toBe(true);
  });

  it('shows the telephone number on the page that is up when the engine is given up', async () => {
    const { clock, launcher, client } = await setUp();
    const seen: View[] = [];
    client.on('view', (view) => seen.push(view));
    for (let count = 0; count < 4; count += 1) {
      launcher.latest.die('exit code 1');
      await clock.run(2_000);
    }
    expect(seen.at(-1)?.screen).toMatchObject({ kind: 'out-of-service', rows: [{ value: '12345' }] });
    expect(await client.call('view', {})).toMatchObject({ value: { screen: { kind: 'out-of-service' } } });
    await clock.run(600_000);
    expect(seen.at(-1)?.screen).toMatchObject({ kind: 'attract' });
  });
});
