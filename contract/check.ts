/**
 * Parsing on arrival. Checks are interpreted, not compiled: the renderer's content policy forbids eval, and one way of
 * checking everywhere is worth more than the microseconds.
 */
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { fail, ok, type Result } from './outcome.schema.ts';
import type { ProblemCode } from './problem.catalogue.ts';

/** The value with its type, or a problem whose detail names the first wrong place (`/pages/0/title must be string`). */
export function parse<Schema extends TSchema>(
  schema: Schema,
  value: unknown,
  code: ProblemCode = 'kiosk.badMessage',
): Result<Static<Schema>> {
  if (Value.Check(schema, value)) return ok(value);
  return fail(code, describeFirstError(schema, value));
}

/** One line naming the deepest first error; a wrong key is named, its value is not (it may be personal). */
export function describeFirstError(schema: TSchema, value: unknown): string {
  const errors = [...Value.Errors(schema, value)].filter((error) => error.keyword !== 'anyOf');
  const deepest = errors.toSorted((a, b) => depth(b.instancePath) - depth(a.instancePath))[0];
  if (!deepest) return 'does not match the schema';
  const extra =
    deepest.keyword === 'additionalProperties' || deepest.keyword === 'boolean'
      ? 'is not a known key'
      : deepest.message;
  return `${deepest.instancePath || '/'} ${extra}`;
}

function depth(path: string): number {
  return path.split('/').length;
}
