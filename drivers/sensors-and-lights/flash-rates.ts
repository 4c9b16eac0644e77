/** XFS4IoT names the rates and gives no numbers. Assumed here; none is above three flashes a second (WCAG 2.3.1). */
import type { FlashRate } from '../../contract/devices/sensors-and-lights.schema.ts';

/** Milliseconds lit, and as many dark; undefined for a light that does not flash. */
const HALF_PERIOD_MS: Readonly<Record<FlashRate, number | undefined>> = {
  off: undefined,
  slow: 1_000,
  medium: 500,
  quick: 200,
  continuous: undefined,
};

export function halfPeriodMs(rate: FlashRate): number | undefined {
  return HALF_PERIOD_MS[rate];
}
