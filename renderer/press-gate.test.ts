import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../tests/support/simulated-clock.ts';
import { PressGate, SAME_SPOT_MS } from './press-gate.ts';

const NEAR_PX = 80;
const SPOT = { xPx: 500, yPx: 900 };

function gateAfterFirstTap() {
  const clock = new SimulatedClock();
  const gate = new PressGate(clock, () => NEAR_PX);
  gate.pageChanged(1);
  clock.advance(5_000);
  gate.touch(SPOT);
  clock.advance(60);
  gate.pageChanged(2);
  return { clock, gate };
}

describe('press gate', () => {
  it('refuses the second half of a double tap on the page it opened', () => {
    const { clock, gate } = gateAfterFirstTap();
    clock.advance(SAME_SPOT_MS - 1);
    expect(gate.touch({ xPx: SPOT.xPx + 10, yPx: SPOT.yPx - 10 })).toBe(false);
  });

  it('hears the same spot again once the page has stood long enough', () => {
    const { clock, gate } = gateAfterFirstTap();
    clock.advance(SAME_SPOT_MS);
    expect(gate.touch(SPOT)).toBe(true);
  });

  it('hears another spot at once', () => {
    const { gate } = gateAfterFirstTap();
    expect(gate.touch({ xPx: SPOT.xPx, yPx: SPOT.yPx - NEAR_PX - 1 })).toBe(true);
  });

  it('does not take a repainted page for a new one', () => {
    const { clock, gate } = gateAfterFirstTap();
    clock.advance(SAME_SPOT_MS);
    gate.pageChanged(2);
    expect(gate.touch(SPOT)).toBe(true);
  });

  it('gives one shot a page, and gives it back when the engine did not take it', () => {
    const { gate } = gateAfterFirstTap();
    expect([gate.spend(2), gate.spend(2)]).toEqual([true, false]);
    gate.giveBack(2);
    expect(gate.spend(2)).toBe(true);
    expect(gate.spend(3)).toBe(true);
  });
});
