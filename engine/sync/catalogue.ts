/** The channel `catalogue`: which services the office has closed for now, and what residents are told. */
import { parse } from '../../contract/check.ts';
import { CatalogueDocument, type Localised } from '../../contract/document.schema.ts';
import { fail, type Result } from '../../contract/outcome.schema.ts';

export function readCatalogue(content: unknown): Result<CatalogueDocument> {
  const read = parse(CatalogueDocument, content, 'publication.refused');
  if (!read.ok) return read;
  const names = read.value.closed.map(({ service }) => service);
  return new Set(names).size === names.length ? read : fail('publication.refused', 'a service stands in it twice');
}

/** `content` is what `readCatalogue` gave, or nothing. */
export function closureOf(content: unknown, service: string): Localised | undefined {
  const catalogue = content as CatalogueDocument | undefined;
  return catalogue?.closed.find((closed) => closed.service === service)?.words;
}
