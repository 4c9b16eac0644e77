/** What parking costs: per started hour, less the livelihood card's share. Pure. */
import type { ParkingPlace } from '../platform-data.ts';

export type PriceBasis = 'livelihoodCard' | 'noCard';

export interface Price {
  readonly fullCents: number;
  readonly discountCents: number;
  readonly dueCents: number;
}

/** Whole minutes count, so that exactly three hours cost three; the first minute is a started hour. */
export function startedHours(parkedMinutes: number): number {
  return Math.max(1, Math.ceil(parkedMinutes / 60));
}

export function priceOf(place: ParkingPlace, hours: number, why: PriceBasis): Price {
  const fullCents = hours * place.centsPerStartedHour;
  const percent = why === 'livelihoodCard' ? place.livelihoodDiscountPercent : 0;
  const discountCents = Math.round((fullCents * percent) / 100);
  return { fullCents, discountCents, dueCents: fullCents - discountCents };
}
