/**
 * Devices with a memory send what they kept, too. A reading belongs to a command only when the device's own clock says that
 * it was made after the command began; the kiosk's clock is the judge (device-protocols 7.5, stored-measurement burst).
 */
import { byteAt } from './garbage.ts';

export type Freshness = 'fresh' | 'old' | 'ahead' | 'undated';

/** A device clock that is this far ahead is wrong; its readings say nothing. */
const AHEAD_MS = 10 * 60_000;

/**
 * `deviceTime` is `YYYY-MM-DDTHH:MM:SS` in the station's own time; without one the reading counts as just made: devices must
 * date what they keep. Seconds are all a device knows; nothing that was begun after the command ends in the same second.
 */
export function freshnessOf(
  deviceTime: string | undefined,
  {
    startedWallMs,
    nowWallMs,
    utcOffsetMinutes,
  }: Readonly<Record<'startedWallMs' | 'nowWallMs' | 'utcOffsetMinutes', number>>,
): Freshness {
  if (deviceTime === undefined) return 'fresh';
  const parts = deviceTime.split(/[-T:]/).map(Number);
  const at = (place: number): number => byteAt(parts, place);
  if ([0, 1, 2].some((place) => at(place) === 0)) return 'undated';
  const madeWallMs = Date.UTC(at(0), at(1) - 1, at(2), at(3), at(4), at(5)) - utcOffsetMinutes * 60_000;
  if (madeWallMs > nowWallMs + AHEAD_MS) return 'ahead';
  return madeWallMs > startedWallMs ? 'fresh' : 'old';
}

/** What was passed over while waiting, for the detail of a failure. */
export class PassedOver {
  readonly #counts = new Map<Freshness, number>();

  add(freshness: Freshness): void {
    this.#counts.set(freshness, (this.#counts.get(freshness) ?? 0) + 1);
  }

  toString(): string {
    if (this.#counts.size === 0) return 'no reading came';
    const parts = [...this.#counts].map(([freshness, count]) => `${count} ${freshness}`);
    return `only readings from before or with a wrong clock: ${parts.join(', ')}`;
  }
}
