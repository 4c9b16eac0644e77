/** Turns device status into what a card, a finger or a slip did. The first word of a device tells a state, not an event. */
import type { DeviceClass, DeviceStatus } from '../../contract/driver.ts';
import type { MediaEvent } from './flow.types.ts';

type Media = DeviceStatus['media'];

export class MediaEvents {
  readonly #last = new Map<DeviceClass, Media>();

  /** The event that this status means, after the one before it; most mean none. */
  learn(deviceClass: DeviceClass, { media }: DeviceStatus): MediaEvent | undefined {
    const before = this.#last.get(deviceClass) ?? 'unknown';
    this.#last.set(deviceClass, media);
    if (before === media || before === 'unknown') return undefined;
    return deviceClass === 'receipt-printer' ? paperEvent(before, media) : layEvent(deviceClass, media);
  }
}

/** What is laid on a reader or a sensor, and what is said of it. */
const LAID = {
  'smart-card-reader': { came: 'card.present', left: 'card.removed' },
  'id-card-reader': { came: 'id-card.present', left: 'id-card.removed' },
  'fingerprint-reader': { came: 'finger.present', left: 'finger.removed' },
} as const;

/** Classes whose media is news to a session. */
export const HEARD_CLASSES = ['smart-card-reader', 'id-card-reader', 'fingerprint-reader', 'receipt-printer'] as const;

function layEvent(deviceClass: DeviceClass, media: Media): MediaEvent | undefined {
  if (!(deviceClass in LAID)) return undefined;
  const { came, left } = LAID[deviceClass as keyof typeof LAID];
  // A smart card is there when it is `present`; the other two say `entering` as soon as something is laid on them.
  if (media === 'present' || (media === 'entering' && deviceClass !== 'smart-card-reader')) return { type: came };
  return media === 'notPresent' ? { type: left } : undefined;
}

/** An empty mouth is news only when something lay in it. */
function paperEvent(before: Media, media: Media): MediaEvent | undefined {
  return before === 'present' && media === 'notPresent' ? { type: 'paper.taken' } : undefined;
}
