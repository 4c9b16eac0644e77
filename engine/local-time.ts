/** Wall time as the people of the station's time zone read it. For slips and the clock on the glass, never for order. */
import type { Clock } from '../contract/clock.ts';
import type { ClockTrust } from './sync/clock-trust.ts';

/** `day` is `YYYY-MM-DD`, `time` is `HH:MM`. */
export function localTime(
  clock: Pick<Clock, 'wallMs'>,
  timeZone: string,
): { readonly day: string; readonly time: string } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(clock.wallMs());
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return { day: `${part('year')}-${part('month')}-${part('day')}`, time: `${part('hour')}:${part('minute')}` };
}

/** A clock of people's time only: the platform's as far as it is known. */
export function trusted(time: ClockTrust): Pick<Clock, 'wallMs'> {
  return { wallMs: () => time.nowMs() };
}
