/**
 * The theatre's menu: mishaps as residents and maintainers meet them, each a few actions on the devices that are there.
 * Played from the page by a trainer, from tests and rehearsals by their id.
 */
import type { DeviceClass } from '../contract/driver.ts';
import { ok, type Result } from '../contract/outcome.schema.ts';
import type { StationDeviceHandle } from './station-device.ts';

interface SceneAct {
  readonly class: DeviceClass;
  readonly action: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

export interface Scene {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly acts: readonly SceneAct[];
}

export const SCENES: readonly Scene[] = [
  {
    id: 'paper-ends-in-mid-receipt',
    title: 'Paper ends in mid-receipt',
    detail: 'Four lines into the next slip the roll is over.',
    acts: [{ class: 'receipt-printer', action: 'faults', input: { paperOutAfterLines: 4 } }],
  },
  {
    id: 'slip-sticks',
    title: 'The slip sticks',
    detail: 'Printed and cut, and then it does not come out.',
    acts: [{ class: 'receipt-printer', action: 'faults', input: { jamAfterPrint: true } }],
  },
  {
    id: 'printer-unplugged',
    title: 'Printer line cut',
    detail: 'The wire goes in the middle of whatever is said.',
    acts: [{ class: 'receipt-printer', action: 'hang-up' }],
  },
  {
    id: 'bank-answer-lost',
    title: 'The bank’s answer is lost',
    detail: 'The next sale is made and nobody says so.',
    acts: [{ class: 'payment-terminal', action: 'next', input: { replyLost: true } }],
  },
  {
    id: 'bank-slow',
    title: 'The bank takes 70 seconds',
    detail: 'Longer than anyone stands still.',
    acts: [{ class: 'payment-terminal', action: 'next', input: { approvalDelayMs: 70_000 } }],
  },
  {
    id: 'card-pulled-early',
    title: 'Card pulled too early',
    detail: 'It leaves after the second answer.',
    acts: [{ class: 'smart-card-reader', action: 'faults', input: { removeAfterExchange: 2 } }],
  },
  {
    id: 'id-card-pulled-early',
    title: 'ID card pulled too early',
    detail: 'Found, selected, and gone before it is read.',
    acts: [{ class: 'id-card-reader', action: 'faults', input: { pulledAtExchange: 3 } }],
  },
  {
    id: 'id-reader-sick',
    title: 'ID reader fails its self-test',
    detail: 'The security module says so until it is replaced.',
    acts: [{ class: 'id-card-reader', action: 'faults', input: { samCode: 0x60 } }],
  },
  {
    id: 'worn-finger',
    title: 'A worn finger',
    detail: 'The right thumb lies there, dry, hardly a ridge to see.',
    acts: [
      {
        class: 'fingerprint-reader',
        action: 'press',
        input: { person: 'resident', finger: 'rightThumb', quality: 22, skin: 'dry' },
      },
    ],
  },
  {
    id: 'hostile-code',
    title: 'A hostile code is held up',
    detail: 'A link to a place that looks like ours.',
    acts: [{ class: 'scanner', action: 'hold-up', input: { text: 'https://panyu-gov.example/login?next=x' } }],
  },
  {
    id: 'locker-stuck',
    title: 'A locker door stays shut',
    detail: 'Door 3 is told to open, and its latch sticks.',
    acts: [{ class: 'locker', action: 'latch', input: { door: 3, stuck: true } }],
  },
  {
    id: 'locker-lies',
    title: 'The locker board lies',
    detail: 'It says that it opened, whatever the door does.',
    acts: [{ class: 'locker', action: 'faults', input: { lyingEcho: true } }],
  },
  {
    id: 'cabinet-opened',
    title: 'The cabinet is opened',
    detail: 'Nobody announced a visit.',
    acts: [{ class: 'sensors-and-lights', action: 'cabinet-door', input: { open: true } }],
  },
  {
    id: 'power-cut',
    title: 'The mains fail',
    detail: 'The machine runs on its battery, at 30 percent.',
    acts: [
      { class: 'ups', action: 'pull-mains' },
      { class: 'ups', action: 'charge', input: { percent: 30 } },
    ],
  },
  {
    id: 'document-jams',
    title: 'The A4 printer jams',
    detail: 'After the first sheet of the next document.',
    acts: [{ class: 'document-printer', action: 'faults', input: { jamAfterSheets: 1 } }],
  },
  {
    id: 'everything-silent',
    title: 'Every device falls silent',
    detail: 'The wires stand; nobody answers.',
    acts: [
      { class: 'receipt-printer', action: 'wire', input: { silent: true } },
      { class: 'payment-terminal', action: 'wire', input: { silent: true } },
      { class: 'id-card-reader', action: 'wire', input: { silent: true } },
      { class: 'fingerprint-reader', action: 'wire', input: { silent: true } },
      { class: 'locker', action: 'wire', input: { silent: true } },
    ],
  },
];

/** Those whose devices are all there. */
export function scenesFor(devices: readonly StationDeviceHandle[]): readonly Scene[] {
  const there = new Set(devices.map((device) => device.class));
  return [...SCENES.filter(({ acts }) => acts.every((act) => there.has(act.class))), allWhole(devices)];
}

/** Acts in order; the first that is refused ends the scene. */
export function playScene(scene: Scene, devices: readonly StationDeviceHandle[]): Result<null> {
  for (const { class: deviceClass, action, input } of scene.acts) {
    for (const device of devices.filter((candidate) => candidate.class === deviceClass)) {
      const done = device.actions[action]?.run(input ?? {}) ?? ok(null);
      if (!done.ok) return done;
    }
  }
  return ok(null);
}

function allWhole(devices: readonly StationDeviceHandle[]): Scene {
  const classes = [...new Set(devices.map((device) => device.class))];
  return {
    id: 'all-whole',
    title: 'Make everything whole again',
    detail: 'Every fault off, every device as delivered.',
    acts: classes.map((deviceClass) => ({ class: deviceClass, action: 'reset' })),
  };
}
