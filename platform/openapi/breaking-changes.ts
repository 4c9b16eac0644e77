/**
 * What of a changed OpenAPI document would break a terminal of an earlier release: an address that is gone, an answer that
 * says less or something else than before, a request that is asked for more. Additions break nothing.
 */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** `request`: what was allowed must stay allowed. `answer`: what was promised must stay promised. */
type Side = 'request' | 'answer';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly [limit: string]: unknown;
}

/** One line per broken promise, `POST /v1/...: request /queue: ...`; none when every earlier terminal is still served. */
export function breakingChanges(before: Document, after: Document): readonly string[] {
  const found: string[] = [];
  for (const [path, methods] of Object.entries(before.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const address = `${method.toUpperCase()} ${path}`;
      const next = after.paths[path]?.[method];
      if (next === undefined) found.push(`${address}: is gone`);
      else found.push(...new Comparison(before, after).operation(operation, next).map((line) => `${address}: ${line}`));
    }
  return found;
}

class Comparison {
  readonly #before: Document;
  readonly #after: Document;
  readonly #seen = new Set<string>();

  constructor(before: Document, after: Document) {
    this.#before = before;
    this.#after = after;
  }

  operation(before: unknown, after: unknown): readonly string[] {
    const found: string[] = [];
    if (text(at(before, 'security')) !== text(at(after, 'security'))) found.push('another caller may call it');
    for (const [type, content] of Object.entries(contentOf(at(before, 'requestBody')))) {
      const next = contentOf(at(after, 'requestBody'))[type];
      if (next === undefined) found.push(`request: ${type} is not taken any more`);
      else found.push(...this.schema(schemaIn(content), schemaIn(next), 'request', 'request '));
    }
    if (at(before, 'requestBody') === undefined && at(after, 'requestBody') !== undefined)
      found.push('request: a body is asked for');
    found.push(...newlyRequiredParameters(before, after), ...this.#answers(before, after));
    return found;
  }

  #answers(before: unknown, after: unknown): readonly string[] {
    const found: string[] = [];
    for (const [status, answer] of Object.entries(record(at(before, 'responses')))) {
      if (!isAnswer(status)) continue;
      const next = record(at(after, 'responses'))[status];
      if (next === undefined) found.push(`answer ${status}: is gone`);
      for (const [type, content] of Object.entries(contentOf(answer))) {
        const nextContent = contentOf(next)[type];
        if (nextContent === undefined) found.push(`answer ${status}: is not ${type} any more`);
        else found.push(...this.schema(schemaIn(content), schemaIn(nextContent), 'answer', `answer ${status} `));
      }
    }
    return found;
  }

  schema(before: Schema, after: Schema, side: Side, place: string): readonly string[] {
    // A schema that holds itself is compared once.
    const pair = `${side} ${text(before.$ref)} ${text(after.$ref)}`;
    if (before.$ref !== undefined && this.#seen.has(pair)) return [];
    if (before.$ref !== undefined) this.#seen.add(pair);
    const one = resolve(before, this.#before);
    const other = resolve(after, this.#after);
    if (one.anyOf || other.anyOf) return this.#variants(one, other, side, place);
    if (typeOf(one) !== typeOf(other)) return [`${place}: was ${typeOf(one)}, is ${typeOf(other)}`];
    return [
      ...values(one, other, side, place),
      ...limits(one, other, side, place),
      ...this.#properties(one, other, side, place),
      ...(one.items && other.items ? this.schema(one.items, other.items, side, `${place}/*`) : []),
    ];
  }

  #properties(before: Schema, after: Schema, side: Side, place: string): readonly string[] {
    const found: string[] = [];
    for (const [name, property] of Object.entries(before.properties ?? {})) {
      const next = after.properties?.[name];
      if (next === undefined) found.push(`${place}/${name}: is gone`);
      else found.push(...this.schema(property, next, side, `${place}/${name}`));
    }
    found.push(...requiredFields(before, after, side, place));
    return found;
  }

  /** Each variant of the narrower side must have one on the other side that it fits without a break. */
  #variants(before: Schema, after: Schema, side: Side, place: string): readonly string[] {
    const olds = before.anyOf ?? [before];
    const news = after.anyOf ?? [after];
    const [narrow, wide] = side === 'request' ? [olds, news] : [news, olds];
    return narrow.flatMap((variant, index) => {
      const fits = wide.some((candidate) => {
        const pair = side === 'request' ? ([variant, candidate] as const) : ([candidate, variant] as const);
        return new Comparison(this.#before, this.#after).schema(...pair, side, place).length === 0;
      });
      const is = side === 'request' ? 'is not taken any more' : 'was never answered before';
      return fits ? [] : [`${place}: variant ${variantName(variant, index)} ${is}`];
    });
  }
}

/** A request may ask for no more than before, an answer must promise no less. */
function requiredFields(before: Schema, after: Schema, side: Side, place: string): readonly string[] {
  const [old = [], now = []] = [before.required, after.required];
  if (side === 'request')
    return now.filter((name) => !old.includes(name)).map((name) => `${place}/${name}: is asked for now`);
  return old
    .filter((name) => !now.includes(name) && after.properties?.[name] !== undefined)
    .map((name) => `${place}/${name}: is not promised any more`);
}

function values(before: Schema, after: Schema, side: Side, place: string): readonly string[] {
  const [narrow, wide] = side === 'request' ? [valuesOf(before), valuesOf(after)] : [valuesOf(after), valuesOf(before)];
  if (!wide) return [];
  if (!narrow) return [`${place}: values are ${side === 'request' ? 'fewer' : 'more'} than before`];
  const is = side === 'request' ? 'is not taken any more' : 'was never answered before';
  return narrow.filter((value) => !wide.includes(value)).map((value) => `${place}: ${value} ${is}`);
}

/** In a request a limit may only widen, in an answer only narrow. */
function limits(before: Schema, after: Schema, side: Side, place: string): readonly string[] {
  const [narrow, wide] = side === 'request' ? [before, after] : [after, before];
  const found: string[] = [];
  for (const name of ['minimum', 'minLength', 'minItems'])
    if (number(wide[name], -Infinity) > number(narrow[name], -Infinity)) found.push(`${place}: ${name} changed`);
  for (const name of ['maximum', 'maxLength', 'maxItems'])
    if (number(wide[name], Infinity) < number(narrow[name], Infinity)) found.push(`${place}: ${name} changed`);
  if (wide.pattern !== undefined && wide.pattern !== narrow.pattern) found.push(`${place}: pattern changed`);
  return found;
}

function newlyRequiredParameters(before: unknown, after: unknown): readonly string[] {
  const known = new Set(listOf(at(before, 'parameters')).filter(isRequired).map(parameterName));
  return listOf(at(after, 'parameters'))
    .filter((parameter) => isRequired(parameter) && !known.has(parameterName(parameter)))
    .map((parameter) => `request: ${parameterName(parameter)} is asked for now`);
}

/** Refusals are for people and programs that look at the code; a terminal lives with any of them. */
function isAnswer(status: string): boolean {
  return status.startsWith('2') || status === '409';
}

function resolve(schema: Schema, document: Document): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  return (document.components.schemas[name] ?? {}) as Schema;
}

function typeOf(schema: Schema): string {
  if (schema.allOf) return 'all of some';
  return schema.type ?? ((schema.enum ?? schema.const !== undefined) ? 'string' : 'anything');
}

function valuesOf(schema: Schema): readonly string[] | undefined {
  if (schema.enum) return schema.enum.map(text);
  return schema.const === undefined ? undefined : [text(schema.const)];
}

function variantName(schema: Schema, index: number): string {
  const marks = Object.values(schema.properties ?? {}).filter((property) => property.const !== undefined);
  return marks.length > 0 ? marks.map((property) => text(property.const)).join(' ') : String(index + 1);
}

function contentOf(part: unknown): Readonly<Record<string, unknown>> {
  return record(at(part, 'content'));
}

function schemaIn(content: unknown): Schema {
  return record(at(content, 'schema'));
}

function at(value: unknown, key: string): unknown {
  return record(value)[key];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRequired(parameter: unknown): boolean {
  return at(parameter, 'required') === true;
}

function parameterName(parameter: unknown): string {
  return `${text(at(parameter, 'in'))} ${text(at(parameter, 'name'))}`;
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
