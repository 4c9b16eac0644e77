/** Turns device status into what a card or a slip did. The first word of a device tells a state, not an event. */
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
    return deviceClass === 'receipt-printer' ? paperEvent(before, media) : cardEvent(deviceClass, media);
  }
}

function cardEvent(deviceClass: DeviceClass, media: Media): MediaEvent | undefined {
  if (deviceClass !== 'smart-card-reader') return undefined;
  if (media === 'present') return { type: 'card.present' };
  return media === 'notPresent' ? { type: 'card.removed' } : undefined;
}

/** An empty mouth is news only when something lay in it. */
function paperEvent(before: Media, media: Media): MediaEvent | undefined {
  return before === 'present' && media === 'notPresent' ? { type: 'paper.taken' } : undefined;
}
