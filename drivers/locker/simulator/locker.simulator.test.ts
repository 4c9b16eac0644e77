import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf } from '../../simulator/byte-simulator.ts';
import { LockerSimulator } from './locker.simulator.ts';
import type { LockerWireName } from './locker-wires.ts';

function board(model: LockerWireName, address: number) {
  const clock = new SimulatedClock();
  const chance = { bytes: (length: number) => new Uint8Array(length) };
  const simulator = new LockerSimulator({ clock, chance, model, boards: [address] });
  const heard: string[] = [];
  simulator.onOutput((bytes) => heard.push(hexOf(bytes)));
  return {
    clock,
    simulator,
    async say(hex: string) {
      simulator.feed(bytesOf(hex));
      await clock.run(50);
      return heard.splice(0);
    },
  };
}

describe('the frames of device-protocols 6', () => {
  it('8A: query, open, query again', async () => {
    const { clock, simulator, say } = board('board-8a', 1);
    expect(await say('80010133B3')).toEqual(['8001011191']);
    expect(await say('8A0101119B')).toEqual(['8A0101119B']);
    await clock.run(200);
    expect(await say('80010133B3')).toEqual(['8001010080']);
    expect(simulator.state).toMatchObject({ pulses: 1, doors: { 0: { open: true } } });
  });

  it('8A: every lock at once, and a state of all that is longer than five bytes', async () => {
    const { clock, simulator, say } = board('board-8a', 1);
    await say('8A0100119A');
    await clock.run(200);
    expect(simulator.state.doors.every(({ open }) => open)).toBe(true);
    expect(await say('80010033B2')).toEqual(['8001000081']);
  });

  it('Kerong: all closed, then the first open, as published', async () => {
    const { clock, simulator, say } = board('kerong-cu16', 0);
    expect(await say('0200300335')).toEqual(['020035FFFF00000338']);
    await say('0200310336');
    await clock.run(200);
    expect(await say('0200300335')).toEqual(['020035FEFF00000337']);
    expect(simulator.state.pulses).toBe(1);
  });

  it('Kerong: the published answer of board 1 with lock 5 open and something in it', async () => {
    const { simulator, say } = board('kerong-cu16', 1);
    simulator.setDoor(6, { open: true, occupied: true });
    expect(await say('0210300345')).toEqual(['021035DFFF20000348']);
  });

  it('Kerong: busy after an unlock, and 38 wakes it', async () => {
    const { simulator, say } = board('kerong-cu16', 0);
    simulator.faults.busyMs = 5_000;
    await say('0200310336');
    expect(await say('0200300335')).toEqual([]);
    await say('020038033D');
    expect(await say('0200300335')).toHaveLength(1);
  });

  it('CU48: opens lock 5 and says which are closed', async () => {
    const { clock, say } = board('cu48', 0);
    await say('02000561036B');
    await clock.run(200);
    expect(await say('020000600365')).toEqual(['0200007506DFFFFFFFFFFF57']);
  });

  it.each([
    ['another board', '80020133B0'],
    ['a wrong XOR', '80010133B4'],
  ])('says nothing to %s', async (_what, hex) => {
    expect(await board('board-8a', 1).say(hex)).toEqual([]);
  });

  it('understands a request in pieces behind noise', async () => {
    const { simulator, say } = board('kerong-cu16', 0);
    for (const byte of 'FF00'.match(/../g) ?? []) simulator.feed(bytesOf(byte));
    for (const byte of '02003003'.match(/../g) ?? []) simulator.feed(bytesOf(byte));
    expect(await say('35')).toEqual(['020035FFFF00000338']);
  });
});
