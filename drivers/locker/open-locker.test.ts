import { describe, expect, it } from 'vitest';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { FakeLink } from '../link/testing/fake.link.ts';
import { openLocker } from './open-locker.ts';
import { boardOf } from './testing/locker-station.test-support.ts';

const wiring = { clock: new SimulatedClock(), cardProfiles: [], wrapLink: () => new FakeLink() };

function config(model: string, boards: unknown): DeviceConfig {
  return {
    id: 'cabinet',
    class: 'locker',
    model,
    link: { kind: 'serial', path: '/dev/null', baudRate: 9_600 },
    settings: { boards },
  };
}

describe('a locker’s settings', () => {
  it('opens two boards whose doors follow each other', async () => {
    const opened = openLocker(config('board-8a', [boardOf(), boardOf({ address: 2, firstDoor: 9 })]), wiring);
    expect(opened.ok && opened.value.describe).toMatchObject({ id: 'cabinet', class: 'locker', model: 'board-8a' });
    if (opened.ok) await opened.value.close();
  });

  it.each([
    ['no boards', 'board-8a', [], '/boards'],
    ['an unknown polarity word', 'board-8a', [boardOf({ polarity: 'maybe' as 'unknown' })], 'polarity'],
    ['a door on two boards', 'board-8a', [boardOf(), boardOf({ address: 2, firstDoor: 8 })], 'door 8'],
    ['an address twice', 'board-8a', [boardOf(), boardOf({ firstDoor: 9 })], 'twice'],
    ['board 15, which on the wire means all', 'kerong-cu16', [boardOf({ address: 15 })], '0 to 14'],
    ['more locks than the board has', 'kerong-cu16', [boardOf({ locks: 17 })], 'at most 16'],
    ['a model nobody knows', 'winnsen', [boardOf()], 'winnsen'],
  ])('%s is refused by name', (_what, model, boards, detail) => {
    expect(openLocker(config(model, boards), wiring)).toMatchObject({
      ok: false,
      problem: { code: 'kiosk.badConfig', detail: expect.stringContaining(detail) as string },
    });
  });

  it('a link that carries no bytes is refused', () => {
    const wrong = { ...config('cu48', [boardOf()]), link: { kind: 'pcsc' } as const };
    expect(openLocker(wrong, wiring)).toMatchObject({ ok: false, problem: { code: 'kiosk.badConfig' } });
  });
});
