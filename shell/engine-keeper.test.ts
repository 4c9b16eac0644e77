import { describe, expect, it } from 'vitest';
import type { Problem } from '../contract/outcome.schema.ts';
import { SimulatedClock } from '../tests/support/simulated-clock.ts';
import { StubLauncher } from '../tests/support/stub-launcher.ts';
import { EngineKeeper, type EngineState } from './engine-keeper.ts';

function setUp() {
  const clock = new SimulatedClock();
  const launcher = new StubLauncher();
  const problems: Problem[] = [];
  const keeper = new EngineKeeper({ launcher, clock, report: (problem) => problems.push(problem) });
  const states: EngineState[] = [];
  keeper.onState((state) => states.push(state));
  return { clock, launcher, keeper, states, problems };
}

describe('engine keeper', () => {
  it('is not up before the engine has answered', async () => {
    const { clock, keeper } = setUp();
    const started = keeper.start();
    expect(keeper.state).toBe('starting');
    expect(await keeper.view()).toMatchObject({ ok: false, problem: { code: 'kiosk.engineGone' } });
    await clock.runUntil(started);
    expect(keeper.state).toBe('up');
    expect(keeper.lastView?.screen.kind).toBe('attract');
  });

  it('brings a dead engine back within two seconds and settles what was asked of it', async () => {
    const { clock, keeper, launcher, states, problems } = setUp();
    await clock.runUntil(keeper.start());
    launcher.latest.isHanging = true;
    const asked = keeper.send({ kind: 'start', page: 1 });
    launcher.latest.die('exit code 139');
    expect(await asked).toEqual({ ok: false, problem: { code: 'kiosk.engineGone' } });
    await clock.run(2_000);
    expect(states).toEqual(['up', 'down', 'starting', 'up']);
    expect(launcher.engines).toHaveLength(2);
    expect(problems).toEqual([{ code: 'kiosk.engineGone', detail: 'exit code 139' }]);
  });

  it('does not restart for ever: out of service after three, and one more try when the window has passed', async () => {
    const { clock, keeper, launcher } = setUp();
    await clock.runUntil(keeper.start());
    for (let count = 0; count < 4; count += 1) {
      launcher.latest.die('exit code 1');
      await clock.run(2_000);
    }
    expect(launcher.engines).toHaveLength(4);
    expect(keeper.state).toBe('outOfService');
    await clock.run(590_000);
    expect(keeper.state).toBe('outOfService');
    await clock.run(10_000);
    expect(keeper.state).toBe('up');
  });

  it('ends an engine that answers no more, though its process lives', async () => {
    const { clock, keeper, launcher } = setUp();
    await clock.runUntil(keeper.start());
    const hung = launcher.latest;
    hung.isHanging = true;
    await clock.run(25_000);
    expect(hung.wasKilled).toBe(true);
    expect(keeper.state).toBe('up');
    expect(launcher.engines).toHaveLength(2);
  });

  it('does not wait for ever for an engine that never answers', async () => {
    const { clock, keeper, launcher } = setUp();
    launcher.startHanging = true;
    await clock.runUntil(keeper.start());
    expect(keeper.state).toBe('outOfService');
    expect(launcher.engines).toHaveLength(4);
  });

  it('leaves no engine and no timer behind when closed, even when the engine does not listen', async () => {
    const { clock, keeper, launcher } = setUp();
    await clock.runUntil(keeper.start());
    launcher.latest.isHanging = true;
    await clock.runUntil(keeper.close());
    expect(launcher.latest.wasKilled).toBe(true);
    expect(clock.pendingTimers).toBe(0);
    expect(launcher.engines).toHaveLength(1);
  });
});
