/** Collecting a card on real processes and wires: an ID card, worn thumbs, an index finger that will do; or no finger, no face. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Intent } from '../../contract/intent.schema.ts';
import type { Screen, View } from '../../contract/view.schema.ts';
import type { RunningEngine } from '../../scripts/journey/processes.ts';
import { rest, until, viewOf } from '../../scripts/journey/watching.ts';
import { CHEN, devicesOf, startRig, type Rig, type Terminal } from '../support/kiosk-rig.ts';

type Touch = Intent extends infer I ? (I extends { kind: string } ? Omit<I, 'page'> : never) : never;
type Move = { readonly touch: Touch } | { readonly hands: readonly [device: string, action: string, input?: object] };
type Rules = Partial<Record<Screen['kind'], (screen: Screen) => Move | undefined>>;

const LOOK_MS = 80;
const JOURNEY_MS = 150_000;
const TEST_MS = 240_000;
/** As the platform's seed says. */
const PICK_UP_CODE = '260417';

let rig: Rig;
let terminal: Terminal;
let engine: RunningEngine;

beforeAll(async () => {
  rig = await startRig();
  const [first] = rig.terminals;
  if (!first) throw new Error('no terminal');
  terminal = first;
  engine = await terminal.open();
}, JOURNEY_MS);
afterAll(() => rig.close());

const choose = (option: string): Move => ({ touch: { kind: 'choose', option } });
const NEXT: Move = { touch: { kind: 'next' } };

function answer(answers: Readonly<Record<string, string>>): (screen: Screen) => Move | undefined {
  return (screen) => {
    const option = screen.kind === 'question' ? answers[screen.topic] : undefined;
    return option === undefined ? undefined : choose(option);
  };
}

/** What both residents do alike. */
const COMMON: Rules = {
  attract: () => ({ touch: { kind: 'start' } }),
  greeting: () => NEXT,
  home: () => choose('collect-card'),
  'service-start': () => NEXT,
  'present-card': (screen) =>
    screen.kind === 'present-card' && screen.state === 'waiting'
      ? { hands: ['id-1', 'lay', { card: 'chen-xiaoming' }] }
      : undefined,
  'take-paper': () => ({ hands: ['receipt-1', 'take-slip'] }),
  'take-card': () => ({ hands: ['id-1', 'lift'] }),
  rate: () => NEXT,
};

/** One move a page; gives every page seen, until goodbye. */
async function visit(rules: Rules): Promise<readonly View[]> {
  const seen: View[] = [];
  await until('an empty start page', async () => (await viewOf(engine)).screen.kind === 'attract');
  for (const endMs = performance.now() + JOURNEY_MS; performance.now() < endMs; await rest(LOOK_MS)) {
    const view = await viewOf(engine);
    const last = seen.at(-1);
    if (last?.page === view.page && JSON.stringify(last.screen) === JSON.stringify(view.screen)) continue;
    seen.push(view);
    if (view.screen.kind === 'goodbye') {
      await engine.client.call('send', { kind: 'next', page: view.page });
      return seen;
    }
    const move = (rules[view.screen.kind] ?? COMMON[view.screen.kind])?.(view.screen);
    if (move && 'touch' in move) await engine.client.call('send', { ...move.touch, page: view.page } as Intent);
    if (move && 'hands' in move) await terminal.station.act(move.hands[0], move.hands[1], move.hands[2]);
  }
  throw new Error(`stuck at ${JSON.stringify(seen.at(-1)?.screen)}`);
}

async function stateOf(device: string): Promise<Record<string, unknown>> {
  const { devices } = await terminal.station.state();
  return devices.find(({ id }) => id === device)?.state ?? {};
}

/** `right-thumb` as the station calls it. */
function stationFinger(finger: string): string {
  return finger.replaceAll(/-(.)/g, (_whole, letter: string) => letter.toUpperCase());
}

it(
  'worn thumbs lead on to an index finger; the slip is printed and nothing of the finger stays',
  async () => {
    const states: string[] = [];
    const views = await visit({
      question: answer({ language: 'zh-Hans', identify: 'id-card', finger: 'give' }),
      'present-finger': (screen) => {
        if (screen.kind !== 'present-finger') return undefined;
        states.push(`${screen.finger} ${screen.state}`);
        if (screen.state === 'lift') return { hands: ['finger-1', 'lift'] };
        if (screen.state === 'done') return undefined;
        const finger = stationFinger(screen.finger);
        return { hands: ['finger-1', 'press', { person: 'resident', finger }] };
      },
    });
    expect(states.filter((state) => state.startsWith('right-thumb')).length).toBeGreaterThan(1);
    expect(states.some((state) => state.startsWith('left-thumb'))).toBe(true);
    expect(states.at(-1)).toBe('right-index done');
    expect(views.map(({ screen }) => screen.kind)).toContain('take-card');
    const text = JSON.stringify(views);
    expect(text).not.toContain(CHEN.name);
    expect(text).not.toContain(CHEN.idNumber);
    expect((await devicesOf(terminal)).printer.slips.at(-1)?.text).toContain('陈');
    await until('the module is wiped', async () => (await stateOf('finger-1'))['holdsAPerson'] === false);
  },
  TEST_MS,
);

it(
  'who gives neither finger nor face types the code of the phone, and gets the same slip',
  async () => {
    const before = (await devicesOf(terminal)).printer.slips.length;
    const views = await visit({
      question: answer({ language: 'zh-Hans', identify: 'id-card', finger: 'cannot', face: 'decline' }),
      pad: () => ({ touch: { kind: 'enter', value: PICK_UP_CODE } }),
    });
    expect(views.map(({ screen }) => screen.kind)).not.toContain('present-finger');
    expect(views.map(({ screen }) => screen.kind)).not.toContain('face-camera');
    expect((await devicesOf(terminal)).printer.slips.length).toBe(before + 1);
  },
  TEST_MS,
);
