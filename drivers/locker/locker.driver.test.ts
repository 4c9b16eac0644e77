import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { FakeLink } from '../link/testing/fake.link.ts';
import { boardOf, cabinet, driverOn } from './testing/locker-station.test-support.ts';

const OPEN_3 = { kind: 'open', door: 3 } as const;
const STATE_3 = { kind: 'state', door: 3 } as const;
const COMMISSION_3 = { kind: 'commission', door: 3 } as const;
const MODELS = ['board-8a', 'kerong-cu16', 'cu48'] as const;

describe.each(MODELS)('%s', (model) => {
  it('opens a door once, and says so only after its bit has turned', async () => {
    const { clock, execute, ran, simulator, link } = cabinet(model);
    const opened = execute(OPEN_3);
    await clock.run(400);
    expect(simulator.state).toMatchObject({ pulses: 1, doors: { 2: { open: false } } });
    expect(await clock.runUntil(opened)).toMatchObject({
      kind: 'done',
      reply: { kind: 'open', door: 3 },
      evidence: { method: 'locker.stateChange', value: expect.stringContaining('bit 1 to 0') as string },
    });
    expect(simulator.state).toMatchObject({ pulses: 1, doors: { 2: { open: true, pulses: 1 } } });
    expect(await ran(STATE_3)).toMatchObject({ reply: { state: 'open' } });
    expect(await ran({ kind: 'state', door: 4 })).toMatchObject({ reply: { state: 'closed' } });
    expect(link.reconnects).toBe(0);
  });

  it('a stuck latch: failed and partial, because the solenoid was pulsed and the board says the door is shut', async () => {
    const { ran, simulator, pulses } = cabinet(model);
    simulator.setDoor(3, { stuck: true });
    expect(await ran(OPEN_3)).toMatchObject({
      kind: 'failed',
      effect: 'partial',
      problem: { code: 'locker.notOpened' },
    });
    expect(pulses()).toBe(1);
  });

  it('a board that answers the pulse and gives none is not believed', async () => {
    const { ran, simulator } = cabinet(model);
    simulator.faults.lyingEcho = true;
    expect(await ran(OPEN_3)).toMatchObject({ kind: 'failed', problem: { code: 'locker.notOpened' } });
  });

  it('a board that says nothing to the pulse is believed by its state', async () => {
    const { ran, simulator } = cabinet(model);
    simulator.faults.muteEcho = true;
    expect(await ran(OPEN_3)).toMatchObject({ kind: 'done' });
  });

  it('a state that comes unasked right after the pulse proves nothing', async () => {
    const { ran, simulator } = cabinet(model);
    simulator.setDoor(3, { stuck: true });
    simulator.faults.strayOpenState = true;
    expect(await ran(OPEN_3)).toMatchObject({ kind: 'failed', problem: { code: 'locker.notOpened' } });
  });

  it('reads the truth behind the echo of its own bytes and behind stale answers', async () => {
    const { ran, simulator } = cabinet(model);
    simulator.faults.ownEcho = true;
    simulator.faults.staleAnswers = true;
    expect(await ran(OPEN_3)).toMatchObject({ kind: 'done' });
    simulator.setDoor(3, { open: false });
    await ran(STATE_3);
    expect(await ran(STATE_3)).toMatchObject({ reply: { state: 'closed' } });
  });

  it('the sensor wired the other way round: nothing is pulsed and nobody is told that the door is open', async () => {
    const { ran, simulator, pulses } = cabinet(model);
    simulator.faults.wrongPolarity = true;
    expect(await ran(OPEN_3)).toMatchObject({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'locker.alreadyOpen' },
    });
    expect(pulses()).toBe(0);
  });

  it('commissioning sees which way the bit turns', async () => {
    const { ran, simulator } = cabinet(model, [boardOf({ polarity: 'unknown' })]);
    expect(await ran(COMMISSION_3)).toMatchObject({ kind: 'done', reply: { polarity: 'bitMeansClosed' } });
    simulator.closeAll();
    simulator.faults.wrongPolarity = true;
    expect(await ran(COMMISSION_3)).toMatchObject({ kind: 'done', reply: { polarity: 'bitMeansOpen' } });
  });

  it('is silent for three beats: offline with a reason, and the wire is dialled anew', async () => {
    const { clock, simulator, driver, link } = cabinet(model);
    await clock.run(500);
    expect(driver.status()).toMatchObject({ device: 'online', signals: { openDoors: 0 } });
    simulator.wire.faults.silent = true;
    await clock.run(15_000);
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { code: 'device.absent' } });
    expect(link.reconnects).toBeGreaterThan(0);
    simulator.wire.faults.silent = false;
    await clock.run(5_000);
    expect(driver.status()).toMatchObject({ device: 'online' });
  });

  it('damaged answers: no state, no pulse, not online', async () => {
    const { clock, ran, simulator, pulses, driver } = cabinet(model);
    simulator.faults.wrongChecksum = true;
    expect(await ran(OPEN_3)).toMatchObject({ kind: 'failed', effect: 'none' });
    expect(await ran(STATE_3)).toMatchObject({ kind: 'failed', effect: 'none' });
    await clock.run(15_000);
    expect(pulses()).toBe(0);
    expect(driver.status().device).not.toBe('online');
  });
});

describe('a door whose board nobody has commissioned', () => {
  const unknownPolarity = [boardOf({ polarity: 'unknown' })];

  it('has a state that nobody knows', async () => {
    const { ran } = cabinet('board-8a', unknownPolarity);
    expect(await ran(STATE_3)).toMatchObject({ kind: 'done', reply: { state: 'unknown' } });
  });

  it('counts as opened when its bit turned after the pulse', async () => {
    const { ran } = cabinet('board-8a', unknownPolarity);
    expect(await ran(OPEN_3)).toMatchObject({ kind: 'done' });
  });

  it('is in doubt when its bit did not turn', async () => {
    const { ran, simulator } = cabinet('board-8a', unknownPolarity);
    simulator.setDoor(3, { stuck: true });
    expect(await ran(OPEN_3)).toMatchObject({ kind: 'unknown', problem: { code: 'locker.notCommissioned' } });
  });
});

describe('one pulse', () => {
  it('a busy board is asked again, never pulsed again', async () => {
    const { ran, simulator, pulses } = cabinet();
    simulator.faults.busyMs = 1_000;
    expect(await ran(OPEN_3)).toMatchObject({ kind: 'done' });
    expect(pulses()).toBe(1);
  });

  it('a board that stays busy leaves the door in doubt, and the next command hears that it is busy', async () => {
    const { ran, simulator, pulses } = cabinet();
    simulator.faults.busyMs = 60_000;
    expect(await ran(OPEN_3)).toMatchObject({ kind: 'unknown', problem: { code: 'locker.notOpened' } });
    expect(pulses()).toBe(1);
  });

  it('is over before the next one starts, even when the command before was given up', async () => {
    const { clock, execute, ran, simulator } = cabinet();
    const abort = new AbortController();
    const first = execute(OPEN_3, 20_000, abort.signal);
    await clock.run(400);
    expect(simulator.state.pulses).toBe(1);
    abort.abort();
    expect(await first).toMatchObject({ kind: 'unknown', problem: { code: 'kiosk.cancelled' } });
    expect(await ran({ kind: 'open', door: 5 })).toMatchObject({ kind: 'done' });
    expect(simulator.state).toMatchObject({ pulses: 2, overlappingPulses: 0 });
  });

  it('the wire is cut behind it: unknown, and the next wire brings no second one', async () => {
    const { clock, execute, link, pulses } = cabinet();
    const opened = execute(OPEN_3);
    await clock.run(400);
    link.vanish();
    expect(await opened).toMatchObject({ kind: 'unknown', problem: { code: 'device.lost' } });
    link.come();
    await clock.run(10_000);
    expect(pulses()).toBe(1);
  });

  it('the deadline passes behind it: unknown; before it: failed without effect', async () => {
    const { ran, pulses } = cabinet();
    expect(await ran(OPEN_3, 600)).toMatchObject({ kind: 'unknown', problem: { code: 'device.deadline' } });
    expect(pulses()).toBe(1);
    expect(await ran(OPEN_3, 100)).toMatchObject({ kind: 'failed', effect: 'none' });
    expect(pulses()).toBe(1);
  });

  it('leaves 100 ms between any two frames', async () => {
    const { clock, link, simulator, ran } = cabinet();
    const sentAt: number[] = [];
    const { device } = link;
    link.device = (hex) => {
      sentAt.push(clock.now());
      device(hex);
    };
    await ran(OPEN_3);
    await ran(STATE_3);
    expect(sentAt.length).toBeGreaterThan(5);
    for (const [index, at] of sentAt.entries()) {
      if (index > 0) expect(at - (sentAt[index - 1] ?? 0)).toBeGreaterThanOrEqual(100);
    }
    expect(simulator.state.overlappingPulses).toBe(0);
  });

  it('a lock numbered off by one is named', async () => {
    const { ran, simulator } = cabinet();
    simulator.faults.offByOne = true;
    expect(await ran(OPEN_3)).toMatchObject({
      kind: 'failed',
      problem: { detail: expect.stringContaining('lock 3 turned instead') as string },
    });
  });
});

describe('an answer that is not ours', () => {
  /** A board that answers what the test says, in order; the last answer for ever. */
  function scripted(...answers: readonly string[]) {
    const clock = new SimulatedClock();
    const link = new FakeLink();
    let next = 0;
    link.device = (hex) => {
      if (hex.startsWith('021030')) link.say(answers[Math.min(next++, answers.length - 1)] ?? '');
    };
    const driver = driverOn(link, clock, 'kerong-cu16', [boardOf({ locks: 16 })]);
    const limits = () => ({ deadline: clock.now() + 20_000, signal: new AbortController().signal });
    return {
      clock,
      link,
      ran: (command: typeof OPEN_3 | typeof STATE_3) => clock.runUntil(driver.execute(command, limits())),
    };
  }
  /** Board 1: all closed, and lock 2 (door 3) open. */
  const SHUT = '021035FFFF00000348';
  const OPEN = '021035FBFF00000344';
  const OTHER_BOARD = '022035FBFF00000354';

  it('one late state between true ones opens nothing', async () => {
    const { ran } = scripted(SHUT, SHUT, SHUT, OPEN, SHUT, SHUT, SHUT);
    expect((await ran(OPEN_3)).kind).toBe('unknown');
  });

  it('two that contradict each other count as none', async () => {
    const { ran } = scripted(SHUT, SHUT, SHUT, OPEN + SHUT, OPEN + SHUT, OPEN + SHUT, OPEN + SHUT, OPEN + SHUT);
    expect((await ran(OPEN_3)).kind).toBe('unknown');
  });

  it('a state of another board is not taken for this one', async () => {
    const { ran } = scripted(OTHER_BOARD);
    expect(await ran(STATE_3)).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.absent' } });
  });

  it('the same state twice is one answer', async () => {
    const { ran } = scripted(SHUT + SHUT);
    expect(await ran(STATE_3)).toMatchObject({ reply: { state: 'closed' } });
  });

  it('half a frame left over does not swallow the next answer', async () => {
    const { ran } = scripted('021035FFFF', SHUT, SHUT);
    expect(await ran(STATE_3)).toMatchObject({ reply: { state: 'closed' } });
  });
});

describe('doors and boards', () => {
  const twoBoards = [boardOf({ address: 1, firstDoor: 1 }), boardOf({ address: 2, firstDoor: 9, infrared: true })];

  it('finds the printed door on its board and tells what lies in it where there are sensors', async () => {
    const { ran, simulator } = cabinet('kerong-cu16', twoBoards);
    simulator.setDoor(10, { occupied: true });
    expect(await ran({ kind: 'state', door: 10 })).toMatchObject({ reply: { state: 'closed', occupied: true } });
    expect(await ran({ kind: 'state', door: 2 })).toMatchObject({
      reply: { kind: 'state', door: 2, state: 'closed' },
    });
    const without = await ran({ kind: 'state', door: 2 });
    expect(without.kind === 'done' && 'occupied' in without.reply).toBe(false);
    await ran({ kind: 'open', door: 9 });
    expect(simulator.state.doors.filter(({ open }) => open).map(({ door }) => door)).toEqual([9]);
  });

  it('sees a door that somebody left open', async () => {
    const { clock, simulator, driver } = cabinet('kerong-cu16', twoBoards);
    simulator.setDoor(12, { open: true });
    await clock.run(5_000);
    expect(driver.status().signals).toMatchObject({ openDoors: 1, door12: true, door1: false });
  });

  it('one of two boards is dead: named, and the wire of the other is left alone', async () => {
    const { clock, driver, link } = cabinet('kerong-cu16', twoBoards);
    const { device } = link;
    link.device = (hex) => {
      if (!hex.startsWith('0220')) device(hex);
    };
    await clock.run(30_000);
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { detail: 'board 2 is silent' } });
    expect(link.reconnects).toBe(0);
  });

  it('refuses a door that no board has', async () => {
    const { ran } = cabinet();
    expect(await ran({ kind: 'open', door: 99 })).toMatchObject({ kind: 'failed', effect: 'none' });
  });
});

describe('the locker itself', () => {
  it('opens nothing in its self-test and names what is not commissioned', async () => {
    const { clock, driver, pulses } = cabinet('cu48', [boardOf({ polarity: 'unknown' })]);
    const lines = (async () => {
      const all = [];
      for await (const line of driver.selfTest()) all.push(line);
      return all;
    })();
    const all = await clock.runUntil(lines);
    expect(all.map(({ step, result }) => `${step}: ${result}`)).toEqual([
      'link: pass',
      'board 1: pass',
      'polarity of board 1: fail',
      'line: pass',
      'model: skip',
    ]);
    expect(pulses()).toBe(0);
  });

  it('closes at any time, twice, and leaves no timer', async () => {
    const { clock, execute, driver } = cabinet();
    const opened = execute(OPEN_3);
    await clock.run(400);
    await driver.close();
    await driver.close();
    expect((await opened).kind).toBe('unknown');
    await clock.run(1_000);
    expect(clock.pendingTimers).toBe(0);
    expect(await driver.execute(STATE_3, { deadline: 9_000, signal: new AbortController().signal })).toMatchObject({
      kind: 'failed',
      effect: 'none',
    });
  });
});
