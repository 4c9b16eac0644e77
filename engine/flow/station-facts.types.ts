import type { Locale } from '../../contract/view.schema.ts';

/** What people need to know of the place itself. */
export interface StationFacts {
  readonly name: Readonly<Record<Locale, string>>;
  readonly address: Readonly<Record<Locale, string>>;
  readonly helperPhone: string;
  readonly helperHours: string;
}
