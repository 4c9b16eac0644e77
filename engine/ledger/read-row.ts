/**
 * What stands in a row's `body`, believed only when it has its shape. Each shape is compiled when the first row of it is read:
 * a start reads a thousand rows, and one by one an interpreted check was a quarter of it. No page runs here, so eval is allowed.
 */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { JournalEntry, Txn } from './journal.schema.ts';

/** Undefined when the text is not JSON, or not of this shape. */
type ReadBody<Value> = (body: string) => Value | undefined;

export const readEntry = readerOf(JournalEntry);
export const readTxn = readerOf(Txn);

function readerOf<Schema extends TSchema>(schema: Schema): ReadBody<Static<Schema>> {
  let isOfShape: ((value: unknown) => value is Static<Schema>) | undefined;
  return (body) => {
    isOfShape ??= checkerOf(schema);
    try {
      const value: unknown = JSON.parse(body);
      return isOfShape(value) ? value : undefined;
    } catch {
      return undefined; // not even JSON: the same as not matching
    }
  };
}

function checkerOf<Schema extends TSchema>(schema: Schema): (value: unknown) => value is Static<Schema> {
  const compiled = Compile(schema);
  return (value): value is Static<Schema> => compiled.Check(value);
}
