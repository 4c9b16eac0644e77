/** The channels a kiosk uses, and how each one's content is checked before it becomes active: here, and where it is published. */
import { readAnnouncements } from './announcements.ts';
import { readCatalogue } from './catalogue.ts';
import type { DocumentsOptions } from './documents.ts';
import { readPrices } from './prices.ts';

export const CHANNEL_READERS = {
  catalogue: readCatalogue,
  prices: readPrices,
  announce: readAnnouncements,
} as const satisfies DocumentsOptions['readers'];
