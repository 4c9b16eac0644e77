/** The channel `prices`: checked here, named in every question about a price, and worked with by the platform. */
import { parse } from '../../contract/check.ts';
import { fail, type Result } from '../../contract/outcome.schema.ts';
import { PricesDocument } from '../../contract/published-content.schema.ts';

export function readPrices(content: unknown): Result<PricesDocument> {
  const read = parse(PricesDocument, content, 'publication.refused');
  if (!read.ok) return read;
  const ids = read.value.parking.places.map(({ id }) => id);
  return new Set(ids).size === ids.length ? read : fail('publication.refused', 'a car park stands in it twice');
}
